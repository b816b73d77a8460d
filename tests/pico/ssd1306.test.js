// The model of the display, and the picture of it.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { picture } = require('./picture');
const { Ssd1306, columns, rows } = require('./ssd1306');
const { readPng } = require('../qemu/screen');

/** A display that has received these commands, and whose picture is upright. Its complaints are in display.complaints. */
function makeDisplay(...commands) {
  const complaints = [];
  const display = Object.assign(new Ssd1306({ complain: (text) => complaints.push(text) }), { complaints });

  send(display, 0x00, 0x8d, 0x14, 0xa1, 0xc8, 0xaf, ...commands);
  return display;
}

/** A transfer: a control byte, and what follows it. */
function send(display, ...bytes) {
  const isAcknowledged = display.connect(0x3c, false);

  if (isAcknowledged)
    bytes.forEach((byte) => display.write(byte));
  return isAcknowledged;
}

/** The pixels that are lit, as "x,y". */
function lit(display) {
  const all = Array.from({ length: columns * rows }, (_, index) => [index % columns, Math.floor(index / columns)]);

  return all.filter(([x, y]) => display.isLit(x, y)).map(String);
}

test('horizontal addressing goes through the columns, then to the next page, and begins again', () => {
  const display = makeDisplay(0x20, 0, 0x21, 10, 11, 0x22, 2, 3);

  send(display, 0x40, 1, 2, 4, 0x80, 8);
  assert.deepStrictEqual(lit(display), ['11,17', '10,19', '10,26', '11,31']); // the fifth byte replaces the first one
  assert.deepStrictEqual(display.complaints, []);
});

test('vertical addressing goes through the pages, then to the next column', () => {
  const display = makeDisplay(0x20, 1, 0x21, 0, 127, 0x22, 0, 1);

  send(display, 0x40, 1, 2, 4);
  assert.deepStrictEqual(lit(display), ['0,0', '1,2', '0,9']);
});

test('page addressing stays in its page', () => {
  const display = makeDisplay(0x20, 2, 0xb7, 0x0f, 0x17);

  send(display, 0x40, 0x80, 0x40);
  assert.deepStrictEqual(lit(display), ['0,62', '127,63']);
});

test('a control byte with Co is for one byte; a command may come in several transfers', () => {
  const display = makeDisplay(0x20, 0);

  send(display, 0x80, 0x21, 0x80, 5, 0x80, 6, 0xc0, 1, 0x40, 1);
  assert.deepStrictEqual(lit(display), ['5,0', '6,0']);
});

test('the picture follows the direction of rows and columns', () => {
  const display = makeDisplay(0x20, 0, 0xa0, 0x21, 0, 127);

  send(display, 0x40, 1);
  assert.deepStrictEqual(lit(display), ['127,0']);
  send(display, 0x00, 0xc0);
  assert.deepStrictEqual(lit(display), ['127,63']);
});

test('what is in the memory shows only if the display is on, and its charge pump; it may be inverted, or all lit', () => {
  const display = makeDisplay(0x20, 0);

  send(display, 0x40, 1);
  for (const [command, undo, count] of [[[0xae], [0xaf], 0], [[0x8d, 0x10], [0x8d, 0x14], 0], [[0xa7], [0xa6], 128 * 64 - 1], [[0xa5], [0xa4], 128 * 64]]) {
    send(display, 0x00, ...command);
    assert.strictEqual(lit(display).length, count);
    send(display, 0x00, ...undo);
    assert.strictEqual(lit(display).length, 1);
  }
});

test('after power-up, the memory is whatever it was', () => {
  const display = new Ssd1306({ random: (size) => new Uint8Array(size).fill(1) });

  send(display, 0x00, 0x8d, 0x14, 0xaf);
  assert.strictEqual(lit(display).length, 128 * 8);
});

test('it answers at its address only, not if it is absent or holds the bus; after some clocks, it lets the bus go', () => {
  const display = makeDisplay();

  assert.strictEqual(display.connect(0x3d, false), false);
  Object.assign(display, { presence: 'holds', clocksToRelease: 2 });
  assert.strictEqual(send(display, 0x00, 0xae), false);
  display.clock();
  assert.strictEqual(display.presence, 'holds');
  display.clock();
  assert.strictEqual(send(display, 0x00, 0xae), true);
  display.presence = 'absent';
  assert.strictEqual(send(display, 0x00, 0xae), false);
});

for (const [what, bytes, complaint] of [['an unknown command', [0x00, 0xff], /0xff/], ['an unknown control byte', [0x41, 0], /control byte/]])
  test(`a complaint: ${what}`, () => {
    const display = makeDisplay();

    send(display, ...bytes);
    assert.match(display.complaints.join(), complaint);
  });

test('the picture has each pixel as 4 by 4, the same in both formats', () => {
  const display = makeDisplay(0x20, 0, 0x21, 2, 127);

  send(display, 0x40, 2);
  const isLit = (x, y) => display.isLit(x, y);
  const ppm = picture(isLit, columns, rows, 'ppm');
  const header = 'P6\n512 256\n255\n';
  const pixels = ppm.subarray(header.length);

  assert.strictEqual(ppm.toString('latin1', 0, header.length), header);
  assert.strictEqual(pixels.length, 512 * 256 * 3);
  assert.strictEqual(pixels.reduce((sum, byte) => sum + byte, 0), 16 * 3 * 255);
  assert.strictEqual(pixels[(4 * 512 + 8) * 3], 255);
  assert.ok(readPng(picture(isLit, columns, rows, 'png')).equals(pixels));
});
