// Reads the text in a picture of a board's display, by the font that it is drawn in.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { top } = require('../e2e/wiremock');

/** The glyphs of boards/font.txt: from what one looks like in a row of text, 6 by 16 pixels, to its character. */
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

/** The rows of text in a picture, in which QEMU shows each of 128 by 64 pixels as 4 by 4. What is no glyph of the font, at its
 * place and of its size, is '\ufffd': a row that is being drawn has such. */
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

/** What a PNG has of pixels, not compressed (its chunks are length, name, data and CRC: ISO/IEC 15948, 5.3). */
function readPng(png) {
  const parts = [];

  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return zlib.inflateSync(Buffer.concat(parts));
}

module.exports = { readFont, readPng, readScreen };
