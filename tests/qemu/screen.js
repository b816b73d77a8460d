// Reads the text in a picture of a board's display, by comparing it with the font.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { top } = require('../e2e/wiremock');

/** The font of boards/font.txt: a Map from the pixels of a glyph, 6 by 16, to its character. */
function readFont() {
  const [, ...paragraphs] = fs.readFileSync(path.join(top, 'boards/font.txt'), 'utf8').trimEnd().split('\n\n');
  const glyphs = new Map();

  for (const paragraph of paragraphs) {
    const [characters, ...rows] = paragraph.split('\n');

    for (let at = 0; at < rows[0].length; at += 6) {
      const glyph = [...rows.map((row) => `${row.slice(at, at + 5)}.`), '......'];
      glyphs.set(glyph.flatMap((row) => [row, row]).join('\n'), characters[at]);
    }
  }
  return glyphs;
}

/** The rows of text in a picture. Emulators draw each of the 128 by 64 pixels as 4 by 4. Pixels that are not a glyph of the font become
 * '\ufffd', as in a row that is partly drawn. */
function readScreen(ppm) {
  const header = 'P6\n512 256\n255\n';
  const font = readFont();
  const pixel = (x, y) => (ppm[header.length + (4 * y * 512 + 4 * x) * 3] === 0 ? '.' : '#');
  const character = (left, y) => {
    const lines = Array.from({ length: 16 }, (_, line) => Array.from({ length: 6 }, (_, x) => pixel(left + x, y + line)).join(''));

    return font.get(lines.join('\n')) ?? '\ufffd';
  };

  assert.strictEqual(ppm.toString('latin1', 0, header.length), header);
  return [0, 16, 32, 48].map((y) => Array.from({ length: 21 }, (_, column) => character(2 + 6 * column, y)).join('').trimEnd());
}

/** The data of a PNG, decompressed: lines, each after the number of its filter. A chunk is length, name, data and CRC (ISO/IEC 15948, 5.3). */
function decompress(png) {
  const parts = [];

  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return zlib.inflateSync(Buffer.concat(parts));
}

/** The predictor of ISO/IEC 15948, 9.4. */
function paeth(left, up, upLeft) {
  const [a, b, c] = [left, up, upLeft].map((value) => Math.abs(left + up - upLeft - value));

  return a <= b && a <= c ? left : b <= c ? up : upLeft;
}

const filters = [() => 0, (left) => left, (left, up) => up, (left, up) => (left + up) >> 1, paeth];

/** The pixels of a PNG of RGB with 8 bits a sample: three bytes each, from the top left. */
function readPng(png) {
  const lineLength = 3 * png.readUInt32BE(16);
  const data = decompress(png);
  const pixels = Buffer.alloc(lineLength * png.readUInt32BE(20));

  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [at % lineLength, Math.floor(at / lineLength)];
    const left = x < 3 ? 0 : pixels[at - 3];
    const up = y === 0 ? 0 : pixels[at - lineLength];

    pixels[at] = data[y * (lineLength + 1) + 1 + x] + filters[data[y * (lineLength + 1)]](left, up, x < 3 || y === 0 ? 0 : pixels[at - lineLength - 3]);
  }
  return pixels;
}

module.exports = { readFont, readPng, readScreen };
