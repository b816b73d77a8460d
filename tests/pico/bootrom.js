// What the RP2040's boot ROM does: it starts the flash, and writes UF2 files that are dropped onto its drive to the flash. After its
// source, raspberrypi/pico-bootrom: bootrom_main.c, virtual_disk.c. Its functions for the firmware are not here.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const stageSize = 256;
const stageAt = 0x20041f00; // the end of SRAM
const flashAt = 0x10000000;
const family = 0xe48bff56;
const blockSize = 512;
const pageSize = 256;
const sectorSize = 4096;

/** The CRC-32 of the second stage: not reflected, not inverted (RP2040, 2.8.1.3.1). */
function crc32(bytes) {
  let crc = 0xffffffff;

  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/** Whether the flash begins with a second stage. Without one, the boot ROM shows its drive. */
function isBootable(flash) {
  const stage = Buffer.from(flash.subarray(0, stageSize));

  return crc32(stage.subarray(0, stageSize - 4)) === stage.readUInt32LE(stageSize - 4);
}

/** Has the core start the second stage, which is copied to the end of SRAM. */
function start(rp, flash, sram) {
  sram.set(flash.subarray(0, stageSize), stageAt - 0x20000000);
  rp.core.SP = stageAt;
  rp.core.PC = stageAt;
  rp.core.LR = 0;
}

/** The fields of a UF2 block; null if it is none (vd_write_block()). */
function readBlock(bytes) {
  const word = (at) => bytes.readUInt32LE(at);

  if (bytes.length < blockSize || word(0) !== 0x0a324655 || word(4) !== 0x9e5d5157 || word(508) !== 0x0ab16f30)
    return null;
  return { flags: word(8), address: word(12), length: word(16), number: word(20), count: word(24), family: word(28), data: bytes.subarray(32, 32 + pageSize) };
}

/** The drive. onReboot(): all blocks of a file have come. */
class Drive {
  constructor(flash, onReboot) {
    Object.assign(this, { flash, onReboot });
    this.count = 0; // the number of blocks of the present file; 0: none
  }

  /** A block that is written to the drive. Returns why it is ignored; null: it is not. */
  write(bytes) {
    const block = readBlock(bytes);

    if (block === null)
      return 'not a block of a UF2';
    if ((block.flags & 0x2000) === 0 || block.family !== family)
      return `not of the family 0x${family.toString(16)}`;
    if ((block.flags & 1) !== 0 || block.length !== pageSize)
      return 'not for the main flash, or not of 256 bytes';
    return this.take(block);
  }

  /** _update_current_uf2_info(): blocks of another count than before begin a new file. A block that does not fit ends the file. */
  take(block) {
    const isInFlash = block.address >= flashAt && block.address + pageSize <= flashAt + 0x1000000;

    if (block.count === 0 || !isInFlash || block.address % pageSize !== 0 || block.number >= block.count) {
      this.count = 0;
      return `a page at 0x${block.address.toString(16)}, block ${block.number} of ${block.count}`;
    }
    if (block.count !== this.count)
      Object.assign(this, { count: block.count, taken: new Set(), erased: new Set() });
    if (!this.taken.has(block.number))
      this.program(block);
    return null;
  }

  /** _write_uf2_page(): a sector is erased when the first block comes whose number is of a group of 16. */
  program(block) {
    const offset = (block.address - flashAt) % this.flash.bytes.length;
    const group = Math.floor(block.number * pageSize / sectorSize);

    if (!this.erased.has(group))
      this.flash.set(new Uint8Array(sectorSize).fill(0xff), offset - offset % sectorSize);
    this.erased.add(group);
    this.flash.set(block.data.map((byte, index) => byte & this.flash.bytes[offset + index]), offset);
    this.taken.add(block.number);
    if (this.taken.size === block.count)
      this.onReboot();
  }
}

/** Drops a file onto the drive. Returns the complaints, without repetitions; whether it was complete: { complaints, isComplete }. */
function drop(flash, file) {
  let isComplete = false;
  const drive = new Drive(flash, () => { isComplete = true; });
  const complaints = new Set();

  for (let at = 0; at < file.length; at += blockSize) {
    const complaint = drive.write(file.subarray(at, at + blockSize));

    if (complaint !== null)
      complaints.add(complaint);
  }
  return { complaints: [...complaints], isComplete };
}

module.exports = { Drive, crc32, drop, isBootable, stageSize, start };
