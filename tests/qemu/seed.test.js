// The seed in the flash of a W5500-EVB-Pico, in whole starts of the lamp; ../unit/flash_seed_test.c cuts the power at each byte.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes, randomInt } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, says, until } = require('../e2e/support');
const { temporaryFolder, top } = require('../e2e/wiremock');
const { headerLength, packets } = require('./capture');
const { assertIndicates, lamp, settings, startNetwork } = require('./support');

const board = 'w5500_evb_pico';

test.before(startNetwork);

/** The identifiers of DHCP transactions (RFC 2131, section 2), which are among the first random numbers of a start. */
function transactions(capture) {
  const bytes = fs.readFileSync(capture);
  const sent = bytes.length <= headerLength ? [] : packets(bytes.subarray(headerLength));

  return sent.filter(({ ports }) => ports[1] === 67).map(({ payload }) => payload.readUInt32BE(4));
}

/** Waits until the lamp has started `count` times, and has sent a packet of DHCP in its last start. */
async function untilStarted(running, capture, count, sentBefore) {
  await until(() => running.output.split('wmrec seed=').length > count && running.output.split('wmrec seed=')[count].includes('\r\nwmrec address='));
  await until(() => transactions(capture).length > sentBefore);
}

for (const [what, cut] of [['', null], [', and whose power fails while the flash is written', () => randomInt(12000)]])
  test(`20 starts of a lamp whose noise source is stuck${what}: no two have the same first numbers`, async (t) => {
    const capture = path.join(temporaryFolder(), `capture-${randomBytes(4).toString('hex')}`);
    const server = await answering(t, says('Recording'), { certificate: null });
    const running = await lamp(t, board, await settings(server, { isSelfHosted: true, cacert: null }), { seed: null, capture });
    const first = [];

    await running.until(/\r\nwmrec seed=new noise=ok\r\n/);
    await running.monitor('noise 1');
    for (let starts = 1; starts <= 20; starts++) {
      const sent = starts === 1 ? 0 : transactions(capture).length;

      if (starts > 1) {
        if (cut !== null)
          await running.monitor(`power_cut ${cut()}`);
        await running.monitor('power_cycle');
      }
      await untilStarted(running, capture, starts, sent);
      await running.monitor(`power_cut ${Number.MAX_SAFE_INTEGER}`);
      first.push(transactions(capture)[sent]);
    }
    assert.strictEqual(new Set(first).size, 20, String(first));
    assert.deepStrictEqual(new Set(running.output.match(/wmrec seed=.*/g)), new Set(['wmrec seed=new noise=ok', 'wmrec seed=ok noise=stuck']));
  });

test('settings without a secret: the lamp says so, and the LED asks for help', async (t) => {
  const running = await lamp(t, board, path.join(top, 'tests/golden/settings/least.bin'), { seed: null });

  await running.until(/wmrec seed=no-secret noise=ok\r\n/);
  await assertIndicates(running, 'attention');
});

test('a first start with a noise source that is stuck: the lamp says so, and makes a seed when it works again', async (t) => {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server), { seed: null, commands: ['noise 0'] });

  await running.until(/wmrec seed=no-noise noise=stuck\r\n/);
  await assertIndicates(running, 'attention');
  assert.strictEqual(server.connections, 0);
  await running.monitor('noise random');
  await running.monitor('power_cycle');
  await running.until(/wmrec seed=new noise=ok\r\n[^]*status=Recording.*\r\n/);
});
