// Writes to the memory of a lamp in an emulator, by GDB's remote serial protocol (GDB manual, appendix E).
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { built, temporaryFolder } = require('../e2e/wiremock');
const { painted } = require('./memory');
const { boards, connect } = require('./support');

/** Thumb instructions (ARMv7-M, A7.7), as 16-bit words. */
const thumb = {
  undefined: [0xde00],
  hang: [0xe7fe], // a branch to itself
  recurse: [0xb510, 0xe7fd], // push {r4, lr}; a branch back to it
  jump: (from, to) => [...(from % 4 === 0 ? [] : [0xbf00]), 0x4900, 0x4708, to & 0xffff, to >>> 16], // nop; ldr r1, [pc, #0]; bx r1
};

/** The address of a function or variable in the firmware of this board. */
function addressOf(board, name) {
  const symbols = execFileSync('arm-none-eabi-nm', [built(`${board}/lamp.elf`)], { encoding: 'utf8' });
  const found = new RegExp(`^(\\w+) . ${name}$`, 'm').exec(symbols);

  assert.ok(found, `there is no ${name}`);
  return Number.parseInt(found[1], 16);
}

/** Sends a packet and waits for its answer, which must be OK. */
async function exchange(socket, packet) {
  const sum = [...packet].reduce((total, character) => total + character.charCodeAt(0), 0) % 256;
  let answer = '';

  socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`);
  while (!answer.includes('$OK#9a')) { // a packet that reports that the core has stopped may come first
    answer += (await once(socket, 'data'))[0];
    assert.doesNotMatch(answer, /\$E/, packet);
  }
  socket.write('+');
}

/** The bytes in one packet. QEMU takes packets of up to 4 KiB, and a byte is two hexadecimal digits. */
const pieceLength = 1024;

/** Writes bytes to a lamp's memory, or to its flash. */
async function poke(running, address, bytes) {
  const socketPath = path.join(temporaryFolder(), `gdb-${randomBytes(4).toString('hex')}`);

  await running.monitor(`gdbserver unix:${socketPath},server=on,wait=off`);
  const socket = await connect(socketPath); // stops the core

  for (let at = 0; at < bytes.length; at += pieceLength) {
    const piece = bytes.subarray(at, at + pieceLength);

    await exchange(socket, `M${(address + at).toString(16)},${piece.length.toString(16)}:${piece.toString('hex')}`);
  }
  await exchange(socket, 'D'); // detach: the core continues
  socket.destroy();
  await running.monitor('gdbserver none');
}

/** Replaces the first instructions of a function. Returns a function that restores them. */
async function patch(running, board, name, words) {
  const at = addressOf(board, name);
  const flash = fs.readFileSync(built(`${board}/lamp.bin`));
  const offset = at - boards[board].flash;

  await poke(running, at, Buffer.from(Uint16Array.from(words).buffer));
  return () => poke(running, at, flash.subarray(offset, offset + 2 * words.length));
}

/** Resets the peaks of stack and arena of a lamp that sleeps. */
async function forgetPeaks(running, board) {
  const stack = addressOf(board, 'stack_start');
  const inUse = Buffer.alloc(4);

  inUse.writeUInt32LE((await running.memory()).arena.inUse);
  await poke(running, addressOf(board, 'platform') + 12, inUse);
  await running.monitor('stop');
  const pointer = Number.parseInt(/R13=(\w+)/.exec(await running.monitor('info registers'))[1], 16);
  await poke(running, stack, Buffer.alloc(pointer - stack, painted));
}

module.exports = { addressOf, forgetPeaks, patch, poke, thumb };
