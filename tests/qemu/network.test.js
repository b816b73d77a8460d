// What networks do to a lamp, and that it recovers unaided: cables, name servers, DHCP, lost frames, dead hosts, floods.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const test = require('node:test');

const { answering, says } = require('../e2e/support');
const { assertBlinks, boards, lamp, settings, startNetwork, time } = require('./support');
const { changeCard, here, lose, lost, network, serveNames, startWire } = require('./wire');

const board = 'lm3s6965evb';

/** QEMU counts the board's time by its instructions, and skips its sleep: its minutes pass in seconds of ours. */
const hasty = ['-icount', 'shift=5,sleep=off'];

test.before(async () => {
  await startNetwork();
  startWire();
});

/** A server on the wire, that answers `server.status`. */
async function serving(t, status, { fields, ...options } = {}) {
  const server = await answering(t, () => says(server.status, fields), { host: here[0], ...options });

  server.status = status;
  return server;
}

/** A lamp on the wire, that asks `server`. */
async function plug(t, server, { on = board, interval = '10s', more = hasty } = {}) {
  t.after(() => lose(0));
  return lamp(t, on, await settings(server, { interval }), { network, more });
}

/** Does something, and waits until the lamp says `pattern` after it. */
async function after(running, happens, pattern) {
  const from = running.output.length;

  await happens();
  await running.until({ test: (output) => pattern.test(output.slice(from)), toString: () => `${pattern} after\n${running.output.slice(0, from)}` });
}

const nothing = () => {};

for (const on of Object.keys(boards)) {
  test(`${on}: a pulled cable makes what is known stale, never "not recording"; plugged in again, the lamp asks for its address, and answers`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Stopped');
    const running = await plug(t, server, { on });

    await running.until(/status=Stopped.*\r\n/);
    assert.strictEqual(await running.isLitNow(), false);
    server.status = 'Recording';
    await after(running, () => running.monitor('set_link net off'), /status=Unknown age=\d+s.*\r\n/);
    await assertBlinks(running, 'temporary');
    await after(running, () => running.monitor('set_link net on'), /status=Recording.*\r\n/);
    assert.strictEqual(await running.isLitNow(), true);
    if (on === 'mps2_an385') { // the other one's PHY is not emulated
      assert.match(running.output, /link=down\r\n[^]*link=up\r\n/);
      assert.strictEqual(names.log.match(/DHCPACK/g).length, 2, names.log);
    }
  });
}

const silences = {
  'goes silent': ['name', (names) => names.pause(), (names) => names.go()],
  'is gone': ['name', (names) => names.stop(), (names, t) => serveNames(t)],
  'knows no such name': ['name', (names) => names.rename(null), (names) => names.rename(here[0])],
};

for (const [what, [error, breaks, mends]] of Object.entries(silences)) {
  test(`a name server that ${what}: ${error}, and the lamp blinks; when it is back, all is well`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Recording', { fields: { Connection: 'close' } });
    const running = await plug(t, server);

    await running.until(/status=Recording.*\r\n/);
    await after(running, () => breaks(names), new RegExp(`status=\\w+ age=\\d+s error=${error}`));
    await assertBlinks(running, 'temporary');
    server.status = 'Stopped';
    await after(running, () => mends(names, t), /status=Stopped.*\r\n/);
    assert.strictEqual(await running.isLitNow(), false);
  });
}
