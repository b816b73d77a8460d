// The model of the flash chip.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const path = require('node:path');
const test = require('node:test');

const { temporaryFolder } = require('../e2e/wiremock');
const { Flash } = require('./flash');

/** A chip at a time that the test sets: chip.time, in ns. Its complaints are in chip.complaints. */
function makeChip(options = {}) {
  const complaints = [];
  const chip = new Flash({ now: () => chip?.time ?? 0, complain: (text) => complaints.push(text), ...options });

  return Object.assign(chip, { complaints, time: 0 });
}

/** Sends a command. Returns the bytes that come meanwhile. */
function send(chip, ...bytes) {
  chip.select();
  const answer = bytes.map((byte) => chip.exchange(byte));

  chip.deselect();
  return answer;
}

/** A command that changes something, to its end. */
function change(chip, ...bytes) {
  send(chip, 0x06);
  send(chip, ...bytes);
  chip.time = Math.max(chip.time, chip.busyUntil);
}

test('it says what it is: JEDEC id, unique id, status', () => {
  const chip = makeChip();

  assert.deepStrictEqual(send(chip, 0x9f, 0, 0, 0).slice(1), [0xef, 0x40, 0x15]);
  assert.deepStrictEqual(send(chip, 0x4b, 0, 0, 0, 0, ...new Uint8Array(8)).slice(5), [...chip.uniqueId]);
  assert.deepStrictEqual([send(chip, 0x05, 0)[1], send(chip, 0x35, 0)[1]], [0, 2]);
});

test('a program makes bits 0, never 1, and wraps at the end of its page; an erase makes a sector of ones', () => {
  const chip = makeChip();

  change(chip, 0x02, 0x01, 0x10, 0xfe, 0x0f, 0xf0, 0x33);
  assert.deepStrictEqual([chip.bytes[0x110fe], chip.bytes[0x110ff], chip.bytes[0x11000], chip.bytes[0x11100]], [0x0f, 0xf0, 0x33, 0xff]);
  change(chip, 0x02, 0x01, 0x10, 0xfe, 0xff);
  change(chip, 0x02, 0x01, 0x10, 0xfe, 0x05);
  assert.strictEqual(chip.bytes[0x110fe], 0x05);
  change(chip, 0x02, 0x01, 0x20, 0x00, 0x00);
  change(chip, 0x20, 0x01, 0x18, 0x00);
  assert.ok(chip.bytes.subarray(0x11000, 0x12000).every((byte) => byte === 0xff));
  assert.strictEqual(chip.bytes[0x12000], 0);
  assert.deepStrictEqual(chip.complaints, []);
});

test('it is busy for a while: it says so, and ignores other commands', () => {
  const chip = makeChip();

  send(chip, 0x06);
  assert.strictEqual(send(chip, 0x05, 0)[1], 2);
  send(chip, 0x20, 0, 0, 0);
  assert.strictEqual(send(chip, 0x05, 0)[1], 1);
  send(chip, 0x06);
  assert.match(chip.complaints.join(), /command 0x6 while it is busy/);
  chip.time = 45e6;
  assert.strictEqual(send(chip, 0x05, 0)[1], 0);
});

test('without Write Enable, which each change resets, a change is ignored', () => {
  const chip = makeChip();

  change(chip, 0x02, 0, 0, 0, 0x0f);
  send(chip, 0x02, 0, 0, 0, 0x00);
  assert.strictEqual(chip.bytes[0], 0x0f);
  assert.match(chip.complaints.join(), /without Write Enable/);
});

test('in continuous read mode, a command is taken for an address; a quad read with other mode bits ends the mode', () => {
  const chip = makeChip();

  chip.readQuad(0xeb, 0xa0);
  assert.notDeepStrictEqual(send(chip, 0x9f, 0, 0, 0).slice(1), [0xef, 0x40, 0x15]);
  assert.match(chip.complaints.join(), /continuous read mode/);
  chip.readQuad(undefined, 0x00);
  assert.deepStrictEqual(send(chip, 0x9f, 0, 0, 0).slice(1), [0xef, 0x40, 0x15]);
});

for (const [what, command, size] of [['a program', [0x02, 0, 0, 0, ...new Uint8Array(256)], 256], ['an erase', [0x20, 0, 0, 0], 4096]])
  test(`the power can be cut at each byte of ${what}: those before it are changed, those after it are not`, () => {
    for (const at of [0, 1, 100, size - 1]) {
      let cuts = 0;
      const chip = makeChip({ onPowerCut: () => { cuts++; } });
      const before = randomBytes(4096);
      const [old, now] = command[0] === 0x20 ? [before, 0xff] : [Buffer.alloc(4096, 0xff), 0];

      chip.set(old, 0);
      chip.bytesUntilCut = at;
      change(chip, ...command);
      assert.strictEqual(cuts, 1);
      assert.ok(chip.bytes.subarray(0, at).every((byte) => byte === now));
      assert.deepStrictEqual(Buffer.from(chip.bytes.subarray(at + 1, 4096)), old.subarray(at + 1));
      change(chip, ...command);
      assert.ok(chip.bytes.subarray(0, size).every((byte) => byte === now));
    }
  });

test('the content is kept in a file', () => {
  const file = path.join(temporaryFolder(), 'flash');
  const chip = makeChip({ file });

  change(chip, 0x02, 0x1f, 0xc0, 0x00, 0x12, 0x34);
  assert.deepStrictEqual([...new Flash({ file }).bytes.subarray(0x1fc000, 0x1fc003)], [0x12, 0x34, 0xff]);
});
