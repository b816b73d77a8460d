// The text on the board's display, read from the emulator's picture of it, pixel by pixel.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, id, says, until, useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { readFont, readPng } = require('./screen');
const { among, assertShows, lamp, settings, startNetwork, time } = require('./support');

const [board] = among('lm3s6965evb', 'w5500_evb_pico');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

test('the font has a glyph for each character of printable ASCII, and no two are equal', () => {
  assert.deepStrictEqual([...readFont().values()], Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)));
});

test(`${board}: without a problem, the display shows id, status and age, as in the picture of README`, async (t) => {
  let status = 'Recording';
  const server = await answering(t, () => says(status));
  const running = await lamp(t, board, await settings(server));

  await running.until(/status=Recording.*\r\n/);
  await assertShows(running, [id, 'Recording', 'answered just now', '']);
  const picture = readPng(fs.readFileSync(path.join(top, 'examples/lamp/display.png')));
  await until(async () => readPng(await running.picture('png')).equals(picture))
    .catch(() => assert.fail('examples/lamp/display.png differs from the display: run make screenshot'));
  status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  await assertShows(running, [id, 'Not recording', 'answered just now', '']);
  status = 'NeverStarted';
  await running.until(/status=NeverStarted.*\r\n/);
  await assertShows(running, [id, 'Never recorded', 'answered just now', '']);
});

test(`${board}: when the server goes down, the error is shown at once, and the status until it is stale`, async (t) => {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '20s' })); // stale after a minute: time enough to see the status with the error

  await running.until(/status=Recording.*\r\n/);
  await server.stop();
  await running.until(/status=Recording.*error=connect/);
  await assertShows(running, [id, 'Recording', 'answered just now', 'connect']);
  await running.until(/status=Unknown.*error=connect/);
  await assertShows(running, [id, 'Unknown', /^answered \d+ min ago$/, 'connect']);
});

test(`${board}: without any answer, no age is shown: a 401`, async (t) => {
  const server = await answering(t, answer(401));
  const running = await lamp(t, board, await settings(server));

  await running.until(/error=unauthorized/);
  await assertShows(running, [id, 'Unknown', '', 'unauthorized']);
});

test(`${board}: the display shows what the lamp waits for: the date, then an answer`, async (t) => {
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

test(`${board}: without settings, the display shows the board's name, and that they are missing`, async (t) => {
  const running = await lamp(t, board, null);

  await running.until(/settings=missing/);
  await assertShows(running, [board, 'Unknown', '', 'settings missing']);
});
