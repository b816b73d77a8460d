// The flash chip, a W25Q16JV of 2 MiB. Comments name the sections of its data sheet, revision M. Its content is kept in a file, if there
// is one. It fills in what a driver must not rely on with complaints: see complain().
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');

const size = 2 * 1024 * 1024;
const sector = 4096;
const page = 256;

/** ns, as typical (9.6). */
const times = { erase: 45e6, program: 0.4e6, status: 10e6 };

/** The answers to commands that read, after the given number of bytes: the command, and bytes that do not matter (8.1). */
const registers = {
  0x05: { after: 1, read: (flash) => [(flash.isBusy() ? 1 : 0) | (flash.isWriteEnabled ? 2 : 0)] }, // status register 1: BUSY, WEL
  0x35: { after: 1, read: () => [2] }, // status register 2: QE
  0x4b: { after: 5, read: (flash) => [...flash.uniqueId] },
  0x9f: { after: 1, read: () => [0xef, 0x40, 0x15] },
};

class Flash {
  /** now(): the time in ns. onPowerCut(): the power is cut in the middle of a program or an erase. file: null: none. */
  constructor({ now = () => 0, complain = () => {}, onPowerCut = () => {}, file = null } = {}) {
    Object.assign(this, { now, complain, onPowerCut, bytes: new Uint8Array(size).fill(0xff), uniqueId: Buffer.from('e661525400123456', 'hex') });
    this.bytesUntilCut = Infinity; // the bytes that are still programmed or erased before the power is cut
    this.erases = 0;
    this.descriptor = file === null ? null : this.open(file);
    this.powerUp();
  }

  /** After power-up, and after what the boot ROM does to leave the continuous read mode (8.2.11). */
  powerUp() {
    this.isWriteEnabled = false;
    this.isContinuous = false;
    this.busyUntil = 0;
    this.received = null; // the bytes of the present command; null: not selected
  }

  open(file) {
    const descriptor = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);

    if (fs.fstatSync(descriptor).size === size)
      fs.readSync(descriptor, this.bytes, 0, size, 0);
    else
      fs.writeSync(descriptor, this.bytes, 0, size, 0);
    return descriptor;
  }

  /** Changes the content, as a programmer does before the start. */
  set(bytes, offset) {
    this.bytes.set(bytes, offset);
    this.keep(offset, bytes.length);
  }

  keep(offset, length) {
    if (this.descriptor !== null)
      fs.writeSync(this.descriptor, this.bytes, offset, length, offset);
  }

  isBusy() {
    return this.now() < this.busyUntil;
  }

  /** The pin CS becomes low. */
  select() {
    this.received = [];
  }

  /** A byte in, and a byte out, in serial mode. */
  exchange(byte) {
    const { received } = this;
    const command = registers[received[0]];
    const answer = command !== undefined && received.length >= command.after && !this.isContinuous ? command.read(this) : [0xff];
    const at = command === undefined ? 0 : (received.length - command.after) % answer.length;

    received.push(byte);
    return answer[at];
  }

  /** The pin CS becomes high: commands that change something are executed now. */
  deselect() {
    const [command, ...operands] = this.received ?? [];

    this.received = null;
    if (command === undefined)
      return;
    if (this.isContinuous)
      this.leave([command, ...operands]);
    else if (this.isBusy() && command !== 0x05)
      this.complain(`flash: command 0x${command.toString(16)} while it is busy is ignored (6.1.1)`);
    else
      this.execute(command, operands);
  }

  /** 8.2.11: in continuous read mode, a command is taken for an address; 8 bits that are ones end the mode. */
  leave(bytes) {
    if (bytes.every((byte) => byte === 0xff))
      this.isContinuous = false;
    else
      this.complain(`flash: command 0x${bytes[0].toString(16)} in continuous read mode is taken for an address (8.2.11)`);
  }

  /** A quad read. command: undefined: none, as in continuous read mode. mode: the bits M7 to M0, after the address (8.2.11). */
  readQuad(command, mode) {
    if ((command === undefined) !== this.isContinuous || ![undefined, 0xeb].includes(command))
      this.complain(`flash: a quad read ${command === undefined ? 'without a' : 'with the'} command, ${this.isContinuous ? '' : 'not '}in continuous read mode`);
    this.isContinuous = (mode & 0x30) === 0x20;
  }

  execute(command, operands) {
    const address = operands.length >= 3 ? (operands[0] << 16 | operands[1] << 8 | operands[2]) % size : null;

    if (registers[command] !== undefined || command === 0xff)
      return;
    if (command === 0x06)
      this.isWriteEnabled = true;
    else if (command === 0x04)
      this.isWriteEnabled = false;
    else if (command === 0x20 && operands.length === 3)
      this.change(times.erase, () => this.erase(address - address % sector));
    else if (command === 0x02 && operands.length > 3)
      this.change(times.program, () => this.program(address, operands.slice(3)));
    else
      this.complain(`flash: command 0x${command.toString(16)} with ${operands.length} bytes after it`);
  }

  /** 8.2.1: only after Write Enable, which each change resets. */
  change(time, make) {
    if (!this.isWriteEnabled) {
      this.complain('flash: a change without Write Enable is ignored (8.2.1)');
      return;
    }
    this.isWriteEnabled = false;
    this.busyUntil = this.now() + time;
    make();
  }

  /** Changes one byte. If the power is cut at it, some of its bits have changed. Returns false if the power is cut. */
  changeByte(at, byte) {
    const isCut = this.bytesUntilCut-- <= 0;
    const some = isCut ? randomBytes(1)[0] : 0xff;

    this.bytes[at] = (this.bytes[at] & ~some) | (byte & some);
    return !isCut;
  }

  changeBytes(offset, bytes, next) {
    const isWhole = bytes.every((byte, index) => this.changeByte(next(index), byte));

    this.keep(offset, sector);
    if (isWhole)
      return;
    this.bytesUntilCut = Infinity;
    this.onPowerCut();
  }

  erase(start) {
    this.erases++;
    this.changeBytes(start, new Uint8Array(sector).fill(0xff), (index) => start + index);
  }

  /** 8.2.15: bits only become 0, and the address wraps at the end of the page. */
  program(address, data) {
    const start = address - address % page;
    const at = (index) => start + (address + index) % page;

    if (data.length > page)
      this.complain(`flash: ${data.length} bytes for a page of ${page} (8.2.15)`);
    this.changeBytes(start - start % sector, data.map((byte, index) => byte & this.bytes[at(index)]), at);
  }
}

module.exports = { Flash, page, sector, size };
