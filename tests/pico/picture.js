// A picture of the display as a file, in the form of QEMU's screendump for the other boards: each pixel as 4 by 4.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const zlib = require('node:zlib');

const scale = 4;

/** The picture's pixels, three bytes each, from the top left. isLit(x, y): of the display. */
function pixels(isLit, columns, rows) {
  const bytes = Buffer.alloc(columns * rows * scale * scale * 3);

  for (let y = 0; y < rows * scale; y++)
    for (let x = 0; x < columns * scale; x++)
      if (isLit(Math.floor(x / scale), Math.floor(y / scale)))
        bytes.fill(0xff, (y * columns * scale + x) * 3, (y * columns * scale + x) * 3 + 3);
  return bytes;
}

/** A chunk of a PNG (ISO/IEC 15948, 5.3). Its CRC is the one that gzip writes before the length at its end. */
function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name), data]);
  const length = Buffer.alloc(4);

  length.writeUInt32BE(data.length);
  return Buffer.concat([length, named, zlib.gzipSync(named).subarray(-8, -4).reverse()]);
}

function png(bytes, width, height) {
  const header = Buffer.alloc(13);
  const lines = Array.from({ length: height }, (_, y) => [Buffer.alloc(1), bytes.subarray(3 * width * y, 3 * width * (y + 1))]).flat(); // filter 0

  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // bits of a sample; RGB
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0))]);
}

/** format: 'ppm' or 'png'. */
function picture(isLit, columns, rows, format) {
  const [width, height] = [columns * scale, rows * scale];
  const bytes = pixels(isLit, columns, rows);

  return format === 'png' ? png(bytes, width, height) : Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), bytes]);
}

module.exports = { picture };
