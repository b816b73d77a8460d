// make bench-tls: measures TLS in each profile, prints the table and writes it to tls.md. A lamp's figures are from
// tests/qemu/cost.js. The desktop's are from cost.js, and its instructions from callgrind. Runs in a network namespace (inside.sh).
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { rows: lampRows, withCommas } = require('../qemu/cost');
const { startNetwork } = require('../qemu/support');
const { measure } = require('./cost');
const { built, codeAndData, run, table } = require('./support');

const cross = process.env.CROSS ?? 'arm-none-eabi-';
const lamps = { small: 'lm3s6965evb-small', device: 'lm3s6965evb' };
const kinds = [['cold', 'ec', 'cold, P-256'], ['cold', 'rsa', 'cold, RSA-2048'], ['resumed', 'rsa', 'resumed'], ['warm', 'rsa', 'warm']];
const columns = ['arena at its peak', 'stack at its peak', 'flash', 'instructions', 'bytes sent', 'bytes received'];
const polls = [2, 22]; // under callgrind: the difference of the two runs is counted

/** Counts the instructions of all steps of a poll, without those that paint the stack. */
const callgrind = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', '--toggle-collect=wmrec_drive_step', '--toggle-collect=paint_stack'];

/** The aims, in instructions: [row, maximum]. A handshake took 145 million before. */
const aims = [['device, TLS 1.2, cold, P-256', 145000000 / 2], ['device, TLS 1.2, resumed', 600000], ['device, TLS 1.3, resumed', 20000000]];

/** A lamp's flash in bytes. */
function lampFlash(folder) {
  const [, flash] = /(\d+)(?: of \d+)? bytes of flash/.exec(execFileSync('sh', ['tests/bench/lamp_size.sh', cross, folder], { cwd: top, encoding: 'utf8' }));

  return Number(flash);
}

async function measureLamp(profile) {
  const flash = lampFlash(lamps[profile]);
  const polled = (await lampRows(lamps[profile])).filter(([, , peaks]) => peaks !== undefined);

  return polled.map(([name, [instructions, , sent, , , received], [arena, stack]]) =>
    [`${profile}, ${name}`, [arena, stack, flash, instructions, sent, received]]);
}

/** Measures one way to poll: its instructions in user space, and its other figures. */
async function measureWay(version, way, certificate) {
  const counted = [];
  let figures = [];

  for (const times of polls) {
    const { lines, stderr } = await measure(version, { certificate, honorCipherOrder: false, ways: [way, String(times)], wrapper: callgrind });

    counted.push(Number(/Collected : (\d+)/.exec(stderr)[1]));
    [[, figures]] = lines;
  }
  return { instructions: Math.round((counted[1] - counted[0]) / (polls[1] - polls[0])), figures };
}

async function measureDesktop() {
  const size = codeAndData(built('wmrec'));
  const all = [];

  for (const version of ['TLSv1.2', 'TLSv1.3'])
    for (const [way, certificate, name] of kinds) {
      const { instructions, figures: [sent, received, , , , , arena, stack] } = await measureWay(version, way, certificate);

      all.push([`desktop, ${version.replace('v', ' ')}, ${name}`, [arena, stack, size, instructions, sent, received]]);
    }
  return all;
}

function report(all) {
  const instructions = new Map(all.map(([name, figures]) => [name, figures[3]]));

  return `<!-- Written by make bench-tls. -->
# What \`make bench-tls\` measured

One poll, in the three profiles of port/mbedtls. Cold: a new connection with a full handshake. Resumed: a new connection with the
session of the last one. Warm: the last connection again. The server is OpenSSL with one certificate, issued by a root; it is
RSA-2048 for resumed and warm. All figures are bytes, except the instructions.

${table(['', ...columns], all.map(([name, figures]) => [name, ...figures.map(withCommas)]))}

- Arena: the peak of the bytes that TLS has allocated. The arena must be larger, as free memory is fragmented (boards/README.md: the
  size for a chain of three certificates).
- Stack: a lamp's includes everything that runs; the desktop's begins with the poll, after the name is looked up.
- Flash: the whole lamp's on \`lm3s6965evb\`, with lwIP and display; the desktop's is code and data of \`wmrec\`.
- Instructions: a lamp's on a Cortex-M3, in QEMU, from the name's lookup to the answer, minus those of an idle lamp; the
  desktop's in user space, on x86-64 with AES-NI, by callgrind, a mean of ${polls[1] - polls[0]}. Runs differ by less than 5 %.
- Bytes sent and received: over TCP.

The aims, in instructions:

${table(['', 'at most', 'measured'], aims.map(([name, max]) => [name, withCommas(max), withCommas(instructions.get(name))]))}
`;
}

async function main() {
  useAllCertificates();
  await startNetwork();
  const text = report([...await measureLamp('small'), ...await measureLamp('device'), ...await measureDesktop()]);

  process.stdout.write(text);
  fs.writeFileSync(path.join(__dirname, 'tls.md'), text);
  process.exit(0);
}

run('bench-tls', main);
