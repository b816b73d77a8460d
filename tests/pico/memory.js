// The core's accesses to memory, in place of rp2040js's: faster, and strict. What a Cortex-M0+ faults on is a fault here, too:
// addresses that are not aligned, and addresses where there is nothing (ARMv6-M, B1.5.1).
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { Fault } = require('./interruption');

const sramSize = 264 * 1024;
const hex = (number) => `0x${(number >>> 0).toString(16)}`;

/** A flash that answers nothing sensible: UDF instructions, wherever it is read. */
const garbage = new Uint8Array(2 * 1024 * 1024).fill(0xde);

/**
 * Has the core of `rp` use these functions. flash: its bytes; sram: its bytes. onFlashWrite(address): a write to the window of the
 * flash, which is ignored; onUncachedRead(): a read of flash past the cache; beforeDevice(): before each access to anything but memory.
 * Returns setReadable(isReadable): whether reads of the window reach the flash.
 */
function install(rp, { flash, sram, onFlashWrite, onUncachedRead, beforeDevice }) {
  const { core } = rp;
  const words = (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const halves = (bytes) => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const [sram32, sram16] = [words(sram), halves(sram)];
  let flash32 = words(flash);
  let flash16 = halves(flash);
  let flash8 = flash;
  const misaligned = (what, address) => { throw new Fault(`${what} of ${hex(address)}, which is not aligned`); };
  const isFlash = (address) => address >>> 26 === 4; // the four aliases of the window (RP2040, 2.6.3)
  const offsetInFlash = (address) => {
    if (address >>> 24 !== 0x10) {
      beforeDevice();
      onUncachedRead();
    }
    return address & 0x1fffff; // 2 MiB, again and again
  };

  core.readUint32 = (at) => {
    const address = at >>> 0;

    if ((address & 3) !== 0)
      misaligned('read', address);
    if (address - 0x20000000 >>> 0 < sramSize)
      return sram32[address - 0x20000000 >> 2];
    if (isFlash(address))
      return flash32[offsetInFlash(address) >> 2];
    beforeDevice();
    return rp.readUint32(address);
  };
  core.readUint16 = (at) => {
    const address = at >>> 0;

    if ((address & 1) !== 0)
      misaligned('read', address);
    if (isFlash(address))
      return flash16[offsetInFlash(address) >> 1];
    if (address - 0x20000000 >>> 0 < sramSize)
      return sram16[address - 0x20000000 >> 1];
    beforeDevice();
    return rp.readUint16(address);
  };
  core.readUint8 = (at) => {
    const address = at >>> 0;

    if (address - 0x20000000 >>> 0 < sramSize)
      return sram[address - 0x20000000];
    if (isFlash(address))
      return flash8[offsetInFlash(address)];
    beforeDevice();
    return rp.readUint8(address);
  };
  core.writeUint32 = (at, value) => {
    const address = at >>> 0;

    if ((address & 3) !== 0)
      misaligned('write', address);
    if (address - 0x20000000 >>> 0 < sramSize)
      sram32[address - 0x20000000 >> 2] = value;
    else
      elsewhere('writeUint32', address, value);
  };
  core.writeUint16 = (at, value) => {
    const address = at >>> 0;

    if ((address & 1) !== 0)
      misaligned('write', address);
    if (address - 0x20000000 >>> 0 < sramSize)
      sram16[address - 0x20000000 >> 1] = value;
    else
      elsewhere('writeUint16', address, value);
  };
  core.writeUint8 = (at, value) => {
    const address = at >>> 0;

    if (address - 0x20000000 >>> 0 < sramSize)
      sram[address - 0x20000000] = value;
    else
      elsewhere('writeUint8', address, value);
  };

  /** A write outside SRAM. 2.6.3.7: one to the window at 0x10000000 only invalidates a line of the cache; at its aliases, it faults. */
  function elsewhere(name, address, value) {
    if (address < 0x4000)
      throw new Fault(`write to the boot ROM, ${hex(address)}`);
    beforeDevice();
    if (!isFlash(address))
      rp[name](address, value);
    else if (address >>> 24 === 0x10)
      onFlashWrite(address);
    else
      throw new Fault(`write to flash, ${hex(address)}`);
  }

  return (isReadable) => {
    flash8 = isReadable ? flash : garbage;
    flash32 = words(flash8);
    flash16 = halves(flash8);
  };
}

module.exports = { hex, install, sramSize };
