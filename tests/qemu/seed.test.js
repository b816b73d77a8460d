// The seed that a W5500-EVB-Pico keeps in its flash: no two starts have the same numbers, whatever happens to noise, power and flash.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes, randomInt } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, id, says, until } = require('../e2e/support');
const { temporaryFolder, top } = require('../e2e/wiremock');
const { headerLength, packets } = require('./capture');
const { assertIndicates, assertShows, lamp, settings, startNetwork } = require('./support');

const board = 'w5500_evb_pico';
const seedFlash = { at: 0x101fc000, size: 8192 };

test.before(startNetwork);

/** A lamp whose network is captured, and a server. block: a file of settings; null: those of the server. Of each start, `numbers` has the first random numbers. */
async function plug(t, { commands = [], block = null } = {}) {
  const capture = path.join(temporaryFolder(), `capture-${randomBytes(4).toString('hex')}`);
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, block ?? await settings(server), { capture, pace: 'hasty', commands });
  const sent = () => packets(fs.readFileSync(capture).subarray(headerLength));
  const hello = (payload) => payload[0] === 22 && payload[5] === 1; // a handshake record, with a ClientHello: RFC 8446, section 5.1

  return {
    server,
    running,
    /** Waits until a status has been shown after this many starts. */
    starts: (count) => running.until({
      test: (output) => output.split('wmrec board=').length > count && /status=Recording /.test(output.split('wmrec board=').at(-1)),
      toString: () => `status after start ${count}`,
    }),
    numbers: () => ({
      clientRandoms: sent().filter(({ ports, payload }) => ports[1] === server.port && hello(payload)).map(({ payload }) => payload.toString('hex', 11, 43)),
      transactions: [...new Set(sent().filter(({ ports }) => ports[1] === 67).map(({ payload }) => payload.readUInt32BE(4)))], // RFC 2131, section 2
    }),
    seeds: () => running.output.match(/seed=\S+ noise=\S+/g),
  };
}

const areDifferent = (values) => assert.strictEqual(new Set(values).size, values.length, values.join('\n'));

test('twenty starts, the noise of all but the first one being stuck: no two have the same first numbers', async (t) => {
  const { running, starts, numbers, seeds } = await plug(t);

  await starts(1);
  await running.monitor('noise 1');
  for (let start = 2; start <= 20; start++) {
    await running.monitor('power_cycle');
    await starts(start);
  }
  const { clientRandoms, transactions } = numbers();
  assert.ok(clientRandoms.length >= 20 && transactions.length >= 20, running.output);
  areDifferent(clientRandoms);
  areDifferent(transactions);
  assert.deepStrictEqual(seeds(), ['seed=new noise=ok', ...Array(19).fill('seed=ok noise=stuck')]);
});

test('the power fails while the seed is rewritten, ten times: the lamp works, and no number comes again', async (t) => {
  const { running, starts, numbers, seeds } = await plug(t);

  await starts(1);
  await running.monitor('noise 1');
  for (let cut = 0; cut < 10; cut++) {
    const before = seeds().length;

    await running.monitor(`power_cut ${randomInt(512)}`); // two pages are programmed: the new seed, and zeros over the old one
    await running.monitor('power_cycle');
    await until(() => seeds().length > before);
    await starts(2 + cut);
  }
  areDifferent(numbers().clientRandoms);
  assert.match(seeds().at(-1), /seed=ok/);
});

test('two devices with the same flash, and different noise, have different numbers', async (t) => {
  const flash = path.join(temporaryFolder(), 'seed-flash');
  const first = await plug(t);

  await first.starts(1);
  await first.running.monitor(`pmemsave ${seedFlash.at} ${seedFlash.size} "${flash}"`);
  assert.ok(fs.readFileSync(flash).some((byte) => byte !== 0xff));
  const copies = [await plug(t, { commands: [`load_flash ${seedFlash.at} ${flash}`] }), await plug(t, { commands: [`load_flash ${seedFlash.at} ${flash}`] })];
  for (const { starts, seeds } of copies) {
    await starts(1);
    assert.deepStrictEqual(seeds(), ['seed=ok noise=ok']);
  }
  areDifferent([first, ...copies].flatMap(({ numbers }) => numbers().clientRandoms));
});

test('settings without a secret: the lamp says so, by the LED too', async (t) => {
  const { running, seeds } = await plug(t, { block: path.join(top, 'tests/golden/settings/least.bin') }); // of version 1

  await running.until(/settings=ok[^]*seed=/);
  await assertIndicates(running, 'attention');
  assert.deepStrictEqual(seeds(), ['seed=no-secret noise=ok']);
});

const damages = {
  erased: Buffer.alloc(seedFlash.size, 0xff),
  'all zeros': Buffer.alloc(seedFlash.size),
  garbage: randomBytes(seedFlash.size),
};

for (const [what, content] of Object.entries(damages)) {
  const file = () => {
    const name = path.join(temporaryFolder(), `flash-${what.replace(' ', '-')}`);

    fs.writeFileSync(name, content);
    return name;
  };

  test(`the seed flash is ${what}: with noise, the lamp makes a new seed`, async (t) => {
    const { starts, seeds } = await plug(t, { commands: [`load_flash ${seedFlash.at} ${file()}`] });

    await starts(1);
    assert.deepStrictEqual(seeds(), ['seed=new noise=ok']);
  });

  test(`the seed flash is ${what}, and the noise is stuck: the lamp says so, by the LED too, and does not connect`, async (t) => {
    const { running, server, seeds } = await plug(t, { commands: ['noise 0', `load_flash ${seedFlash.at} ${file()}`] });

    await running.until(/sntp=ok/);
    await assertShows(running, [id, 'Unknown', '', 'waiting for a seed']);
    await assertIndicates(running, 'attention');
    assert.deepStrictEqual(seeds(), ['seed=no-noise noise=stuck']);
    assert.strictEqual(server.connections, 0);
  });
}
