// `make emulate`: runs a lamp in an emulator and a real WireMock, which starts and stops a recording. Draws the LED, the display and the
// serial line in the terminal, and ends by itself. With PATH, for `make screenshot`: writes a PNG of the display during the recording.
//
//   run.js BOARD [PATH]
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { id, key } = require('../e2e/support');
const { makeCertificates, startPair } = require('../e2e/wiremock');
const { assertIndicates, assertShows, boards, lamp, settings, startNetwork } = require('./support');

const [board, picture] = process.argv.slice(2);

/** Waits until the display shows this status. Returns its rows in a frame; '' if there is no display. */
async function drawDisplay(running, status) {
  if (!boards[board].display)
    return '';
  const edge = `    +${'-'.repeat(23)}+\n`;
  const rows = [id, status, 'answered just now', ''];

  await assertShows(running, rows);
  return `${edge}${rows.map((row) => `    | ${row.padEnd(21)} |\n`).join('')}${edge}`;
}

async function main() {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };

  console.log('Starting two WireMocks: one that records, and one in front of it that answers as WireMock Cloud does.');
  await startNetwork();
  const pair = await startPair({ id, key, certificates: makeCertificates('one') });
  const running = await lamp(scope, board, await settings({ url: pair.front.tlsUrl }));
  let shown = 0;
  const show = async (what, indication, status) => {
    await assertIndicates(running, indication);
    process.stdout.write(running.output.slice(shown).replace(/\r/g, '').trim().replace(/^/gm, '    '));
    shown = running.output.length;
    console.log(`\n\n${what}\n    ${indication === 'recording' ? '\x1b[1;31m(*)\x1b[0m lit' : '( ) dark'}\n${await drawDisplay(running, status)}`);
  };

  await running.until(/status=NeverStarted.*\r\n/);
  await show('The mock API has never recorded.', 'not recording', 'Never recorded');
  await pair.startRecording();
  await running.until(/status=Recording.*\r\n/);
  await show('The recording has started.', 'recording', 'Recording');
  if (picture !== undefined)
    fs.writeFileSync(picture, await running.picture('png'));
  await pair.stopRecording();
  await running.until(/status=Stopped.*\r\n/);
  await show('The recording has stopped.', 'not recording', 'Not recording');
  for (const clean of cleaners.reverse())
    await clean();
  await pair.stop();
  process.exit(0);
}

main().catch((error) => {
  console.error(`make emulate: ${error.message}`);
  process.exit(1);
});
