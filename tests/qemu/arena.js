// Finds the smallest memory for TLS on a board (LAMP_ARENA) with which the lamp verifies its worst chain, three certificates under
// a root of RSA-4096, over TLS 1.2 and 1.3, and then resumes the session. With "check", tests the figures in boards/README.md
// instead. Must run by inside.sh.
//
//   arena.js BOARD [check]
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { answering, says, useAllCertificates } = require('../e2e/support');
const { inBuild, top } = require('../e2e/wiremock');
const { lamp, settings, startNetwork } = require('./support');

const versions = ['TLSv1.2', 'TLSv1.3'];
const step = 250; // bytes
const present = Number(/#define LAMP_ARENA (\d+)/.exec(fs.readFileSync(path.join(top, 'examples/lamp/lamp.c'), 'utf8'))[1]);

/** Builds a lamp with `size` bytes for TLS. */
function build(board, size) {
  const elf = `${process.env.BUILD ?? 'build'}/${board}/lamp-${size}.elf`;

  execFileSync('make', [elf, inBuild], { cwd: top, stdio: ['ignore', 'ignore', 'pipe'] });
  return path.resolve(top, elf);
}

/** Returns true if the lamp receives two answers, the second one over a resumed session. */
async function suffices(board, version, size) {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };
  const server = await answering(scope, (request, number) => says(number === 1 ? 'Stopped' : 'Recording', { Connection: 'close' }),
    { certificate: 'rsa-3', minVersion: version, maxVersion: version });
  const running = await lamp(scope, board, await settings(server), { elf: build(board, size) });

  await running.until(/ error=\S.*\r\n| status=Recording .*\r\n/);
  const isEnough = /status=Recording .*tls=resumed/.test(running.output);
  const isTooSmall = /error=tls-memory/.test(running.output) || /status=Recording .*tls=verified/.test(running.output);
  for (const clean of cleaners)
    await clean();
  if (isEnough === isTooSmall)
    throw new Error(`unexpected output:\n${running.output}`);
  return isEnough;
}

async function smallest(board, version) {
  let tooSmall = 0;
  let enough = Math.ceil(present / step);

  while (enough - tooSmall > 1) {
    const middle = Math.floor((tooSmall + enough) / 2);

    if (await suffices(board, version, middle * step))
      enough = middle;
    else
      tooSmall = middle;
  }
  return enough * step;
}

async function print(board) {
  for (const version of versions)
    console.log(`${board}, ${version}: ${await smallest(board, version)} bytes`);
}

/** Prints TAP. */
async function check(board) {
  const readme = fs.readFileSync(path.join(top, 'boards/README.md'), 'utf8');
  const documented = (what) => Number(new RegExp(`^\\| TLS, ${what} \\| ([0-9,]+)`, 'm').exec(readme)[1].replace(',', ''));
  const enough = documented('the smallest that works');
  const isReserved = documented('what the lamp reserves') === present && enough <= present;

  console.log(`1..${versions.length + 1}`);
  for (const [index, version] of versions.entries()) {
    const isTrue = await suffices(board, version, enough);
    console.log(`${isTrue ? 'ok' : 'not ok'} ${index + 1} - ${board}, ${version}: TLS works with ${enough} bytes, as boards/README.md says`);
  }
  console.log(`${isReserved ? 'ok' : 'not ok'} ${versions.length + 1} - LAMP_ARENA is as boards/README.md says, and no smaller than that`);
}

async function main(board, task = 'print') {
  useAllCertificates();
  await startNetwork();
  await (task === 'check' ? check(board) : print(board));
  process.exit(0);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`make cost-device: ${error.message}`);
  process.exit(1);
});
