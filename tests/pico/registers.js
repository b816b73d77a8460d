// The form of a peripheral that rp2040js expects, around one that only reads and writes its registers.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

/** The value that a write to an alias makes of a register's: as it is, XOR, set, clear (RP2040, 2.1.2). */
function atomically(old, value, alias) {
  return [value, old ^ value, old | value, old & ~value][alias];
}

/** Functions for rp2040js, for an object with read(offset) and write(offset, value). */
function registers(peripheral) {
  return {
    readUint32: (offset) => peripheral.read(offset & 0xfff) >>> 0,
    writeUint32Atomic(offset, value, alias) {
      peripheral.write(offset, alias === 0 ? value >>> 0 : atomically(peripheral.read(offset), value, alias) >>> 0);
    },
  };
}

module.exports = { registers };
