// Faults in the firmware: the lamp reports the place, restarts, and works again.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answering, says } = require('../e2e/support');
const { addressOf, patch, thumb } = require('./debugger');
const { boards, hasty, lamp, settings, startNetwork } = require('./support');

const everyStep = 'waiting_for'; // each step of the lamp calls this function, and the compiler has not inlined it

test.before(startNetwork);

/** Waits for a status, replaces instructions in every step, waits for the report `pattern`, and restores them. The lamp must then
 * work again. */
async function breakOnce(t, board, words, pattern) {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '10s' }), { options: hasty });

  await running.until(/status=Recording.*\r\n/);
  const restore = await patch(running, board, everyStep, words);
  await running.until(pattern);
  await restore();
  await running.until(new RegExp(`${pattern.source}[^]*wmrec board=[^]*settings=ok\r\n[^]*status=Recording.*\r\n`));
  return pattern.exec(running.output);
}

for (const board of Object.keys(boards)) {
  test(`${board}: a fault is reported with its address, and the board restarts`, async (t) => {
    const at = addressOf(board, everyStep).toString(16).padStart(8, '0');
    const [, pc, cfsr] = await breakOnce(t, board, thumb.undefined, /\r\nwmrec fault pc=0x(\w+) lr=0x\w+ cfsr=0x(\w+)\r\n/);

    assert.deepStrictEqual([pc, cfsr], [at, '00010000']); // UNDEFINSTR
  });

  test(`${board}: a failed assertion of lwIP is reported with its line, and the board restarts`, async (t) => {
    await breakOnce(t, board, thumb.jump(addressOf(board, everyStep), addressOf(board, 'wmrec_lwip_assert_failed') + 1),
      /wmrec lwip-assertion-line=\d+\r\n/);
  });
}

test('mps2_an385: a stack overflow is reported, and the board restarts', async (t) => {
  await breakOnce(t, 'mps2_an385', thumb.recurse, /wmrec fault stack=overflow cfsr=0x\w+\r\n/);
});

test('lm3s6965evb: the watchdog restarts the board if the main loop hangs', async (t) => {
  await breakOnce(t, 'lm3s6965evb', thumb.hang, /status=Recording[^]*(?=wmrec board=)/);
});
