// What `make qemu` does: a lamp in QEMU beside a real recorder, which starts and stops to record; the lamp is drawn in the
// terminal, with what it says on its serial line. Ends by itself. With a PATH, also what `make screenshot` does: leaves there
// what the display shows while it records, as PNG.
//
//   run.js BOARD [PATH]
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { id, key } = require('../e2e/support');
const { makeCertificates, startPair } = require('../e2e/wiremock');
const { lamp, settings, startNetwork } = require('./support');

const [board, picture] = process.argv.slice(2);

async function main() {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };

  console.log('Two WireMocks start: a recorder, and one in front of it that answers as WireMock Cloud does.');
  await startNetwork();
  const pair = await startPair({ id, key, certificates: makeCertificates('one') });
  const running = await lamp(scope, board, await settings({ url: pair.front.tlsUrl }));
  let shown = 0;
  const show = async (what) => {
    const isLit = await running.isLitNow();

    process.stdout.write(running.output.slice(shown).replace(/\r/g, '').trim().replace(/^/gm, '    '));
    shown = running.output.length;
    console.log(`\n\n${what}\n    ${isLit ? '\x1b[1;31m(*)\x1b[0m lit' : '( ) dark'}\n`);
  };

  await running.until(/status=NeverStarted.*\r\n/);
  await show('Nothing was ever recorded.');
  await pair.startRecording();
  await running.until(/status=Recording.*\r\n/);
  await show('The recorder records.');
  if (picture !== undefined)
    fs.writeFileSync(picture, await running.picture('png'));
  await pair.stopRecording();
  await running.until(/status=Stopped.*\r\n/);
  await show('It has stopped.');
  for (const clean of cleaners.reverse())
    await clean();
  await pair.stop();
  process.exit(0);
}

main().catch((error) => {
  console.error(`make qemu: ${error.message}`);
  process.exit(1);
});
