// Faults of the firmware's own: the lamp says where, restarts, and works again.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answering, says } = require('../e2e/support');
const { addressOf, patch, thumb } = require('./debugger');
const { boards, hasty, lamp, settings, startNetwork } = require('./support');

const everyStep = 'awaited'; // a function that each step of the loop calls, and the compiler has not put into others

test.before(startNetwork);

/** A lamp that has answered once, and then has these instructions in each step, until it says `pattern`: it must work again. */
async function breakOnce(t, board, words, pattern) {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '10s' }), { options: hasty });

  await running.until(/status=Recording.*\r\n/);
  const mend = await patch(running, board, everyStep, words);
  await running.until(pattern);
  await mend();
  await running.until(new RegExp(`${pattern.source}[^]*wmrec board=[^]*settings=ok\r\n[^]*status=Recording.*\r\n`));
  return pattern.exec(running.output);
}

for (const board of Object.keys(boards)) {
  test(`${board}: a fault says where, and restarts the board, which works`, async (t) => {
    const at = addressOf(board, everyStep).toString(16).padStart(8, '0');
    const [, pc, cfsr] = await breakOnce(t, board, thumb.undefined, /\r\nwmrec fault pc=0x(\w+) lr=0x\w+ cfsr=0x(\w+)\r\n/);

    assert.deepStrictEqual([pc, cfsr], [at, '00010000']); // UNDEFINSTR
  });

  test(`${board}: a broken rule of lwIP says which, and restarts the board, which works`, async (t) => {
    await breakOnce(t, board, thumb.jump(addressOf(board, everyStep), addressOf(board, 'wmrec_lwip_assert_failed') + 1),
      /wmrec lwip-broken-in-line=\d+\r\n/);
  });
}

test('mps2_an385: a stack that overflows is said to, and restarts the board, which works', async (t) => {
  await breakOnce(t, 'mps2_an385', thumb.recurse, /wmrec fault stack=overflow cfsr=0x\w+\r\n/);
});

test('lm3s6965evb: a loop that hangs is ended by the watchdog, and the board works', async (t) => {
  await breakOnce(t, 'lm3s6965evb', thumb.hang, /status=Recording[^]*(?=wmrec board=)/);
});
