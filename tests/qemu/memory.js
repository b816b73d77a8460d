// Reads the memory of a running lamp by QEMU's monitor, without help from the firmware.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { temporaryFolder } = require('../e2e/wiremock');

/** The symbols of a firmware: a Map from name to address, or to the value that the linker script has set. */
function readSymbols(elf) {
  const lines = execFileSync('arm-none-eabi-nm', [elf], { encoding: 'utf8' }).trim().split('\n');

  return new Map(lines.map((line) => line.trim().split(' ').reverse()).map(([name, , address]) => [name, parseInt(address, 16)]));
}

/** The byte with which startup.c fills the stack. */
const painted = 0xa5;

function stackPeak(byte, symbols) {
  let address = symbols.get('stack_start');

  while (byte(address) === painted)
    address++;
  return symbols.get('stack_end') - address;
}

/** The arena, which is the first member of `platform` (lamp.c). A block's header counts its length in headers of 8 bytes (arena.c). */
function readArena(word, symbols) {
  const at = symbols.get('platform');
  const arena = { size: word(at + 4), inUse: word(at + 8), peak: word(at + 12), largestFree: 0 };

  for (let block = word(at); (word(block) & 0x7fffffff) !== 0; block += 8 * (1 + (word(block) & 0x7fffffff)))
    if (word(block) >>> 31 === 0)
      arena.largestFree = Math.max(arena.largestFree, 8 * word(block));
  return arena;
}

/** The number of free elements in each of lwIP's pools. A free element begins with a pointer to the next one (memp.c). */
function freeInPools(word, symbols) {
  const free = {};

  for (const [name, at] of symbols)
    if (name.startsWith('memp_tab_')) {
      const pool = name.slice('memp_tab_'.length);
      free[pool] = 0;
      for (let next = word(at); next !== 0; next = word(next))
        free[pool]++;
    }
  return free;
}

/** The bytes in use of lwIP's heap, with headers. Each block begins with the offsets of the next and of the previous block and a flag for
 * used (mem.c). The last block is always used, and does not count. */
function heapInUse(word, symbols) {
  const start = word(symbols.get('ram'));
  const end = word(symbols.get('ram_end'));
  let sum = 0;

  for (let block = start, next; block < end; block = next) {
    next = start + (word(block) & 0xffff);
    if ((word(block + 4) & 0xff) !== 0)
      sum += next - block;
  }
  return sum;
}

/** The memory that a running lamp has allocated, all of one moment. */
async function readMemory(monitor, symbols) {
  const file = path.join(temporaryFolder(), 'memory');
  const start = symbols.get('stack_start');

  await monitor(`pmemsave ${start} ${symbols.get('bss_end') - start} "${file}"`);
  const bytes = fs.readFileSync(file);
  const word = (address) => bytes.readUInt32LE(address - start);
  return {
    stackPeak: stackPeak((address) => bytes[address - start], symbols),
    arena: readArena(word, symbols),
    poolsFree: freeInPools(word, symbols),
    heapInUse: heapInUse(word, symbols),
  };
}

module.exports = { painted, readMemory, readSymbols };
