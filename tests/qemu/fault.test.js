// Faults in the firmware: the lamp reports the place, restarts, and works again.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answering, says } = require('../e2e/support');
const { addressOf, patch, thumb } = require('./debugger');
const { boards, lamp, settings, startNetwork } = require('./support');

const everyStep = 'waiting_for'; // each step of the lamp calls this function, and the compiler has not inlined it

test.before(startNetwork);

/** Waits for a status, replaces instructions in every step, waits for the report `pattern`, and restores them. The lamp must then
 * work again. */
async function breakOnce(t, board, words, pattern) {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '10s' }), { pace: 'hasty' });

  await running.until(/status=Recording.*\r\n/);
  const restore = await patch(running, board, everyStep, words);
  await running.until(pattern);
  await restore();
  await running.until(new RegExp(`${pattern.source}[^]*wmrec board=[^]*settings=ok\r\n[^]*status=Recording.*\r\n`));
  return pattern.exec(running.output);
}

for (const [board, { fault, stackOverflow, watchdog }] of Object.entries(boards)) {
  test(`${board}: a fault is reported with its address, and the board restarts`, async (t) => {
    const at = addressOf(board, everyStep).toString(16).padStart(8, '0');
    const [, pc, cfsr] = await breakOnce(t, board, thumb.undefined, /\r\nwmrec fault pc=0x(\w+) lr=0x\w+(?: cfsr=0x(\w+))?\r\n/);

    assert.deepStrictEqual([pc, cfsr ?? null], [at, fault]);
  });

  test(`${board}: a failed assertion of lwIP is reported with its line, and the board restarts`, async (t) => {
    await breakOnce(t, board, thumb.jump(addressOf(board, everyStep), addressOf(board, 'wmrec_lwip_assert_failed') + 1),
      /wmrec lwip-assertion-line=\d+\r\n/);
  });

  if (stackOverflow === 'reported')
    test(`${board}: a stack overflow is reported, and the board restarts`, async (t) => {
      await breakOnce(t, board, thumb.recurse, /wmrec fault stack=overflow cfsr=0x\w+\r\n/);
    });

  if (stackOverflow === 'lockup')
    test(`${board}: a stack overflow locks the core up, the watchdog restarts the board, and the lamp says so`, async (t) => {
      await breakOnce(t, board, thumb.recurse, /wmrec restart=watchdog stack=overflow\r\n/);
    });

  if (watchdog)
    test(`${board}: the watchdog restarts the board if the main loop hangs`, async (t) => {
      await breakOnce(t, board, thumb.hang, stackOverflow === 'lockup' ? /wmrec restart=watchdog\r\n/ : /status=Recording[^]*(?=wmrec board=)/);
    });
}
