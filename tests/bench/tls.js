// make bench-tls: what TLS costs in each profile, in one table, which is printed and written to tls.md. A lamp's figures are
// those of tests/qemu/cost.js, the desktop's of cost.js, its instructions by callgrind. In a network of this process's own
// (inside.sh).
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

const cross = process.env.CROSS ?? 'arm-none-eabi-';
const lamps = { small: 'lm3s6965evb-small', device: 'lm3s6965evb' };
const kinds = [['cold', 'ec', 'cold, P-256'], ['cold', 'rsa', 'cold, RSA-2048'], ['resumed', 'rsa', 'resumed'], ['warm', 'rsa', 'warm']];
const columns = ['arena at its peak', 'stack at its peak', 'flash', 'instructions', 'bytes sent', 'bytes received'];
const polls = [2, 22]; // under callgrind: what the second has more than the first, is counted

/** It counts what all steps of a poll take, but for the painting of the stack in one of them. */
const callgrind = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', '--toggle-collect=wmrec_drive_step', '--toggle-collect=paint_stack'];

/** What is to be reached, in instructions of the lamp's core: a row's name, and the most. A handshake took 145 million before. */
const goals = [['device, TLS 1.2, cold, P-256', 145000000 / 2], ['device, TLS 1.2, resumed', 600000], ['device, TLS 1.3, resumed', 20000000]];

/** Bytes of flash that a lamp takes. */
function lampFlash(folder) {
  const [, flash] = /(\d+)(?: of \d+)? bytes of flash/.exec(execFileSync('sh', ['tests/bench/lamp_size.sh', cross, folder], { cwd: top, encoding: 'utf8' }));

  return Number(flash);
}

/** Bytes of wmrec's code and of its data that have a value. */
function desktopSize() {
  const [text, data] = execFileSync('size', [path.join(top, 'build/wmrec')], { encoding: 'utf8' }).match(/\d+/g).map(Number);

  return text + data;
}

async function ofLamp(profile) {
  const flash = lampFlash(lamps[profile]);
  const polled = (await lampRows(lamps[profile])).filter(([, , peaks]) => peaks !== undefined);

  return polled.map(([name, [instructions, , sent, , , received], [arena, stack]]) =>
    [`${profile}, ${name}`, [arena, stack, flash, instructions, sent, received]]);
}

/** Instructions of user space that one poll takes, and its other figures. */
async function ofWay(version, way, certificate) {
  const counted = [];
  let figures = [];

  for (const times of polls) {
    const { lines, stderr } = await measure(version, { certificate, honorCipherOrder: false, ways: [way, String(times)], under: callgrind });

    counted.push(Number(/Collected : (\d+)/.exec(stderr)[1]));
    [[, figures]] = lines;
  }
  return { instructions: Math.round((counted[1] - counted[0]) / (polls[1] - polls[0])), figures };
}

async function ofDesktop() {
  const size = desktopSize();
  const all = [];

  for (const version of ['TLSv1.2', 'TLSv1.3'])
    for (const [way, certificate, name] of kinds) {
      const { instructions, figures: [sent, received, , , , , arena, stack] } = await ofWay(version, way, certificate);

      all.push([`desktop, ${version.replace('v', ' ')}, ${name}`, [arena, stack, size, instructions, sent, received]]);
    }
  return all;
}

function table(head, rows) {
  return [head, head.map((column, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function report(all) {
  const instructions = new Map(all.map(([name, figures]) => [name, figures[3]]));

  return `<!-- Written by make bench-tls. -->
# What \`make bench-tls\` measured

One poll, in the three profiles of port/mbedtls: cold is a new connection with a full handshake, resumed one with the session of
the one before, warm the connection of the poll before. The server is OpenSSL's TLS with one certificate, right under a root;
for what is resumed and warm, of RSA-2048. All in bytes, but for the instructions.

${table(['', ...columns], all.map(([name, figures]) => [name, ...figures.map(withCommas)]))}

- Arena: what TLS has allocated when it is most; in pieces, so that it needs more than that to be given (boards/README.md:
  what does for a chain of three certificates).
- Stack: a lamp's from its end, so all that runs; the desktop's from the poll on, once the name is looked up.
- Flash: the whole lamp's on \`lm3s6965evb\`, with lwIP, display and all; of the desktop, code and data of \`wmrec\`.
- Instructions: a lamp's on a Cortex-M3, in QEMU, from the name's lookup to the answer, less what it executes anyway; the desktop's
  in user space, on x86-64 with AES-NI, by callgrind, a mean of ${polls[1] - polls[0]}. They differ by less than 5 % from one run to the next.
- Bytes sent and received: of TLS, in TCP.

What is to be reached, in instructions:

${table(['', 'at most', 'measured'], goals.map(([name, most]) => [name, withCommas(most), withCommas(instructions.get(name))]))}
`;
}

async function main() {
  useAllCertificates();
  await startNetwork();
  const text = report([...await ofLamp('small'), ...await ofLamp('device'), ...await ofDesktop()]);

  process.stdout.write(text);
  fs.writeFileSync(path.join(__dirname, 'tls.md'), text);
  process.exit(0);
}

main().catch((error) => {
  console.error(`make bench-tls: ${error.message}`);
  process.exit(1);
});
