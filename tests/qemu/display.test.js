// What the lamp shows on a board's display, in QEMU: its picture is read back, pixel by pixel, by the font's own text.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, id, says, useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { readFont, readPng } = require('./screen');
const { lamp, settings, startNetwork, time } = require('./support');

const board = 'lm3s6965evb';

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

/** Looks until the display shows these rows; bounded, as it draws row by row. */
async function assertShows(running, rows) {
  let seen;

  for (let looks = 0; looks < 5000; looks++) {
    seen = await running.screen();
    if (seen.every((text, row) => text === rows[row]))
      return;
  }
  assert.deepStrictEqual(seen, rows);
}

test('the font has all of printable ASCII, and no two look the same', () => {
  assert.deepStrictEqual([...readFont().values()], Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)));
});

test(`${board}: id, status and age are shown, and nothing else, while all is well; README's picture is what it shows`, async (t) => {
  let status = 'Recording';
  const server = await answering(t, () => says(status));
  const running = await lamp(t, board, await settings(server));

  await running.until(/status=Recording.*\r\n/);
  await assertShows(running, [id, 'Recording', 'answered just now', '']);
  assert.ok(readPng(await running.picture('png')).equals(readPng(fs.readFileSync(path.join(top, 'examples/lamp/display.png')))),
    'examples/lamp/display.png shows something else: make screenshot');
  status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  await assertShows(running, [id, 'Not recording', 'answered just now', '']);
  status = 'NeverStarted';
  await running.until(/status=NeverStarted.*\r\n/);
  await assertShows(running, [id, 'Never recorded', 'answered just now', '']);
});

test(`${board}: a server that goes away leaves the status, for a while, and what is wrong; then the status is unknown`, async (t) => {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '5s' }));

  await running.until(/status=Recording.*\r\n/);
  await server.stop();
  await running.until(/status=Recording.*error=connect/);
  await assertShows(running, [id, 'Recording', 'answered just now', 'connect']);
  await running.until(/status=Unknown.*error=connect/);
  await assertShows(running, [id, 'Unknown', 'answered just now', 'connect']);
});

test(`${board}: a key that is refused is shown, and no age, as there never was an answer`, async (t) => {
  const server = await answering(t, answer(401));
  const running = await lamp(t, board, await settings(server));

  await running.until(/error=unauthorized/);
  await assertShows(running, [id, 'Unknown', '', 'unauthorized']);
});

test(`${board}: what it waits for is shown: the date, then an answer`, async (t) => {
  const server = await answering(t, '');
  time.isSilent = true;
  t.after(() => { time.isSilent = false; });
  const running = await lamp(t, board, await settings(server));

  await running.until(/address=/);
  await assertShows(running, [id, 'Unknown', '', 'waiting for the date']);
  time.isSilent = false;
  await running.until(/sntp=ok/);
  await assertShows(running, [id, 'Unknown', '', 'waiting for an answer']);
});

test(`${board}: without settings, it shows what it is, and that they are missing`, async (t) => {
  const running = await lamp(t, board, null);

  await running.until(/settings=missing/);
  await assertShows(running, [board, 'Unknown', '', 'settings missing']);
});
