// UF2 files on the boot ROM's drive: what is written to the flash, and what is ignored.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const test = require('node:test');

const { drop } = require('./bootrom');
const { Flash } = require('./flash');

/** A UF2 file of this content. Fields of each block may be given: flags, address, length, count, family. */
function makeUf2(content, address, fields = {}) {
  const count = content.length / 256;

  return Buffer.concat(Array.from({ length: count }, (_, number) => {
    const block = Buffer.alloc(512);
    const words = [0x0a324655, 0x9e5d5157, fields.flags ?? 0x2000, address + 256 * number, fields.length ?? 256, number, fields.count ?? count, fields.family ?? 0xe48bff56];

    words.forEach((word, index) => block.writeUInt32LE(word, 4 * index));
    content.copy(block, 32, 256 * number, 256 * number + 256);
    block.writeUInt32LE(0x0ab16f30, 508);
    return block;
  }));
}

const content = randomBytes(8192);

/** A flash that is full of 0x55. */
function makeFlash() {
  const flash = new Flash();

  flash.set(new Uint8Array(2 * 1024 * 1024).fill(0x55), 0);
  return flash;
}

/** The bytes that are not as before: their first and last offsets; null: none. */
function changed(flash) {
  const first = flash.bytes.findIndex((byte) => byte !== 0x55);

  return first === -1 ? null : [first, flash.bytes.findLastIndex((byte) => byte !== 0x55)];
}

test('a whole file is written, its sectors only, in any order of its blocks, and the boot ROM restarts', () => {
  const file = makeUf2(content, 0x101fe000);
  const blocks = Array.from({ length: 32 }, (_, number) => file.subarray(512 * number, 512 * number + 512));

  for (const some of [file, Buffer.concat([...blocks].reverse()), Buffer.concat([...blocks, ...blocks])]) {
    const flash = makeFlash();

    assert.deepStrictEqual(drop(flash, some), { complaints: [], isComplete: true });
    assert.deepStrictEqual(Buffer.from(flash.bytes.subarray(0x1fe000, 0x200000)), content);
    assert.ok(changed(flash)[0] >= 0x1fe000);
  }
});

test('half a file is written as far as it goes, and the boot ROM waits for the rest', () => {
  const flash = makeFlash();
  const file = makeUf2(content, 0x10010000);

  assert.deepStrictEqual(drop(flash, file.subarray(0, 512 * 20)), { complaints: [], isComplete: false });
  assert.deepStrictEqual(Buffer.from(flash.bytes.subarray(0x10000, 0x10000 + 20 * 256)), content.subarray(0, 20 * 256));
  assert.ok(flash.bytes.subarray(0x10000 + 20 * 256, 0x12000).every((byte) => byte === 0xff));
});

test('other content of the last sector is lost: a sector is erased as a whole', () => {
  const flash = makeFlash();

  drop(flash, makeUf2(content.subarray(0, 256), 0x10010000));
  assert.ok(flash.bytes.subarray(0x10100, 0x11000).every((byte) => byte === 0xff));
  assert.strictEqual(flash.bytes[0x11000], 0x55);
});

const ignored = {
  'another family': [{ family: 0xe48bff59 }, /family/],
  'no family': [{ flags: 0 }, /family/],
  'blocks that are not for the main flash': [{ flags: 0x2001 }, /main flash/],
  'blocks of another length': [{ length: 476 }, /256 bytes/],
  'a count of 0 blocks': [{ count: 0 }, /block 0 of 0/],
};

for (const [what, [fields, why]] of Object.entries(ignored))
  test(`a file with ${what} changes nothing`, () => {
    const flash = makeFlash();
    const { complaints, isComplete } = drop(flash, makeUf2(content, 0x10000000, fields));

    assert.match(complaints.join(), why);
    assert.strictEqual(isComplete, false);
    assert.strictEqual(changed(flash), null);
  });

for (const [what, address] of Object.entries({ 'outside the flash': 0x11000000, 'that are not whole pages': 0x10000080, 'in the RP2350\'s RAM': 0x20082000 }))
  test(`a file for addresses ${what} changes nothing`, () => {
    const flash = makeFlash();
    const { isComplete } = drop(flash, makeUf2(content, address));

    assert.strictEqual(isComplete, false);
    assert.strictEqual(changed(flash), null);
  });

test('a text file changes nothing', () => {
  const flash = makeFlash();

  assert.match(drop(flash, Buffer.from('settings\n'.repeat(200))).complaints.join(), /not a block/);
  assert.strictEqual(changed(flash), null);
});
