// How much memory TLS needs on a board, for the worst chain that the lamp is made for: three certificates under a root of
// RSA-4096, over TLS 1.2 and 1.3, and then a session that is resumed. Prints the smallest that does, in steps; or with
// "check" tests that what boards/README.md tells does. In a network of this process's own (inside.sh).
//
//   arena.js BOARD [check]
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { answering, says, useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { lamp, settings, startNetwork } = require('./support');

const versions = ['TLSv1.2', 'TLSv1.3'];
const step = 250; // bytes
const most = Number(/#define LAMP_ARENA (\d+)/.exec(fs.readFileSync(path.join(top, 'examples/lamp/lamp.c'), 'utf8'))[1]);

/** The lamp, whose TLS has so many bytes. */
function build(board, size) {
  const elf = `build/${board}/lamp-${size}.elf`;

  execFileSync('make', [elf], { cwd: top, stdio: ['ignore', 'ignore', 'pipe'] });
  return path.join(top, elf);
}

/** True if it is answered twice, the second time over a session that is resumed. */
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
    throw new Error(`something else went wrong:\n${running.output}`);
  return isEnough;
}

async function smallest(board, version) {
  let tooSmall = 0;
  let enough = Math.ceil(most / step);

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

/** Speaks TAP. */
async function check(board) {
  const readme = fs.readFileSync(path.join(top, 'boards/README.md'), 'utf8');
  const told = (what) => Number(new RegExp(`^\\| TLS, ${what} \\| ([0-9,]+)`, 'm').exec(readme)[1].replace(',', ''));
  const enough = told('the smallest that does');
  const isSetAside = told('what the lamp sets aside') === most && enough <= most;

  console.log(`1..${versions.length + 1}`);
  for (const [index, version] of versions.entries()) {
    const isTrue = await suffices(board, version, enough);
    console.log(`${isTrue ? 'ok' : 'not ok'} ${index + 1} - ${board}, ${version}: ${enough} bytes do for TLS, as boards/README.md tells`);
  }
  console.log(`${isSetAside ? 'ok' : 'not ok'} ${versions.length + 1} - the lamp sets aside for TLS what boards/README.md tells, and no less than does`);
}

async function main(board, task = 'print') {
  useAllCertificates();
  await startNetwork();
  await (task === 'check' ? check(board) : print(board));
  process.exit(0);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`make arena: ${error.message}`);
  process.exit(1);
});
