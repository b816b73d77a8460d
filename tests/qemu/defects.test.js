// Parts of a W5500-EVB-Pico that fail, and power failures: the lamp works on, or again.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, says, until } = require('../e2e/support');
const { built, temporaryFolder } = require('../e2e/wiremock');
const { assertIndicates, assertShows, lamp, settings, startNetwork } = require('./support');

const board = 'w5500_evb_pico';

test.before(startNetwork);

/** A server whose status is server.status. */
async function serving(t, status) {
  const server = await answering(t, () => says(server.status));

  server.status = status;
  return server;
}

/** A lamp that has shown server.status once. */
async function plug(t, server, options) {
  const running = await lamp(t, board, await settings(server), options);

  await running.until(new RegExp(`status=${server.status} .*\r\n`));
  return running;
}

/** Waits for the next status, which is another one. */
async function follows(running, server, status) {
  server.status = status;
  await running.until(new RegExp(`status=${status} (?!.*error).*\r\n`));
}

const faults = {
  'three times, does not report that a frame is sent': 'w5500 silent 3',
  'gives 0 as the length of a frame': 'w5500 wrong_length 0',
  'gives 61 as the length of a frame': 'w5500 wrong_length 61',
  'gives 1517 as the length of a frame': 'w5500 wrong_length 1517',
  'gives 65535 as the length of a frame': 'w5500 wrong_length 65535',
  'resets itself': 'w5500 reset',
};

for (const [what, command] of Object.entries(faults))
  test(`a W5500 that ${what}: the lamp goes on`, async (t) => {
    const server = await serving(t, 'Recording');
    const running = await plug(t, server);

    await running.monitor(command);
    await follows(running, server, 'Stopped');
    await follows(running, server, 'NeverStarted');
    assert.strictEqual(running.output.match(/wmrec board=/g).length, 1);
  });

for (const answer of ['0x00', '0xff']) {
  test(`a W5500 that says ${answer} to everything at the start: the lamp reports it, and works when it answers`, async (t) => {
    const server = await serving(t, 'Recording');
    const running = await lamp(t, board, await settings(server), { commands: [`w5500 answer ${answer}`] });

    await running.until(/defect=w5500 does not answer\r\n/);
    await assertIndicates(running, 'attention');
    await running.monitor('w5500 answer normal');
    await running.until(/defect=none\r\n[^]*status=Recording .*\r\n/);
  });

  test(`a W5500 that says ${answer} to everything from now on: the status becomes unknown; then the lamp recovers`, async (t) => {
    const server = await serving(t, 'Recording');
    const running = await plug(t, server, { pace: 'hasty' });

    await running.monitor(`w5500 answer ${answer}`);
    await running.until(/defect=w5500 does not answer\r\n[^]*status=Unknown age=.*\r\n/);
    await running.monitor('w5500 answer normal');
    await follows(running, server, 'Stopped');
  });
}

const displays = {
  'that is missing': ['display absent', /^(?![^]*defect=)/],
  'that holds the bus low': ['display holds', /defect=display holds the bus low\r\n/],
};

for (const [what, [command, report]] of Object.entries(displays))
  test(`a display ${what}: the lamp works without it`, async (t) => {
    const server = await serving(t, 'Recording');
    const running = await plug(t, server, { commands: [command] });

    await assertIndicates(running, 'recording');
    assert.match(running.output, report);
  });

test('a display that holds the bus low for nine clocks is freed, and shows the status', async (t) => {
  const running = await plug(t, await serving(t, 'Recording'), { commands: ['display holds 9'] });

  await assertShows(running, ['jjl8y', 'Recording', 'answered just now', '']);
});

test('a display that is unplugged and plugged in again does not hold the lamp up', async (t) => {
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  for (const presence of ['holds', 'present', 'absent'])
    await running.monitor(`display ${presence}`);
  await follows(running, server, 'Stopped');
});

/** A UF2 of the lamp's settings for this server. */
async function settingsUf2(server) {
  const block = fs.readFileSync(await settings(server));
  const content = Buffer.alloc(8192, 0xff);
  const file = path.join(temporaryFolder(), 'settings.uf2');

  block.copy(content);
  fs.writeFileSync(file, Buffer.concat(Array.from({ length: 32 }, (_, number) => {
    const head = Uint32Array.of(0x0a324655, 0x9e5d5157, 0x2000, 0x101fe000 + 256 * number, 256, number, 32, 0xe48bff56);

    return Buffer.concat([Buffer.from(head.buffer), content.subarray(256 * number, 256 * number + 256), Buffer.alloc(220),
      Buffer.from(Uint32Array.of(0x0ab16f30).buffer)]);
  })));
  return file;
}

test('settings that are dropped onto the drive are used, and survive an update of the firmware, a reset and a power failure', async (t) => {
  const server = await serving(t, 'Recording');
  const running = await lamp(t, board, null);
  const starts = (count) => running.until({ test: (output) => (output.match(/settings=ok[^]*?status=Recording /g) ?? []).length === count });

  await running.until(/settings=missing/);
  assert.match(await running.monitor(`drop ${await settingsUf2(server)}`), /^complete/);
  await starts(1);
  assert.match(await running.monitor(`drop ${built(`${board}/lamp.uf2`)}`), /^complete/);
  await starts(2);
  await running.monitor('system_reset');
  await starts(3);
  await running.monitor('power_cycle');
  await starts(4);
});

test('half a UF2 of settings: the lamp says that its settings are corrupt', async (t) => {
  const server = await serving(t, 'Recording');
  const whole = fs.readFileSync(await settingsUf2(server));
  const half = path.join(temporaryFolder(), 'half.uf2');
  const running = await lamp(t, board, null);

  fs.writeFileSync(half, whole.subarray(0, 512));
  await running.until(/settings=missing/);
  assert.match(await running.monitor(`drop ${half}`), /^not complete/);
  await running.monitor('system_reset');
  await running.until(/settings=missing[^]*settings=corrupt/);
  assert.strictEqual(server.connections, 0);
});

const seeds = (running) => running.output.match(/seed=.*\r\n/g) ?? [];

/** Restarts the lamp. Returns the report of its next seed. */
async function restart(running, command = 'power_cycle') {
  const before = seeds(running).length;

  await running.monitor(command);
  await until(() => seeds(running).length > before);
  return seeds(running).at(-1);
}

test('with the noise source stuck, there is no first seed, and no TLS; a seed that is in flash goes on', async (t) => {
  const server = await serving(t, 'Recording');
  const running = await lamp(t, board, await settings(server), { commands: ['noise 1'] });

  await running.until(/seed=no-noise noise=stuck\r\n[^]*sntp=ok/);
  await assertIndicates(running, 'attention');
  assert.strictEqual(server.connections, 0);
  await running.monitor('noise random');
  assert.match(await restart(running), /seed=new noise=ok/);
  await running.until(/status=Recording /);
  await running.monitor('noise 0');
  assert.match(await restart(running), /seed=ok noise=stuck/);
  await running.until(/noise=stuck\r\n[^]*seed=new[^]*noise=stuck\r\n[^]*status=Recording /);
});

test('the power fails at any byte while the seed in flash is replaced: the next start has a seed', async (t) => {
  const server = await serving(t, 'Recording');
  const running = await lamp(t, board, await settings(server));

  await running.until(/seed=new/);
  for (const bytes of [0, 1, 31, 32, 63, 64, 100, 255, 256, 1000, 4095, 4096, 4200, 4400]) {
    await running.monitor(`power_cut ${bytes}`);
    for (let starts = 0; starts < 3; starts++)
      assert.match(await restart(running, 'system_reset'), /seed=ok/);
  }
  assert.ok(running.output.match(/board=/g).length >= seeds(running).length + 10, 'the power was never cut');
});
