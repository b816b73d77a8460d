// The RP2040's controller for the flash (SSI), and the pin that selects the chip. RP2040 data sheet, 4.10 and 2.19.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { registers } = require('./registers');

const depth = 16; // of both FIFOs
const at = { CTRLR0: 0x00, CTRLR1: 0x04, SSIENR: 0x08, SER: 0x10, BAUDR: 0x14, TXFLR: 0x20, RXFLR: 0x24, SR: 0x28, DR0: 0x60, SPI_CTRLR0: 0xf4 };

/** In the order of CTRLR0's field TMOD. */
const modes = { both: 0, eeprom: 3 };

class Ssi {
  /** after(nanos, done): calls done() later. onReadable(isReadable): whether the window of the flash can be read now. */
  constructor({ chip, after, clock, complain, onReadable }) {
    Object.assign(this, { chip, after, clock, complain, onReadable, ...registers(this) });
    this.values = new Map([[at.CTRLR0, 7 << 16], [at.SSIENR, 1], [at.SER, 1], [at.BAUDR, 6]]); // as the boot ROM leaves them
    this.isForcedLow = false;
    this.clear();
    this.settle();
  }

  clear() {
    this.toSend = [];
    this.received = [];
    this.isShifting = false;
  }

  get(register) {
    return this.values.get(register) ?? 0;
  }

  /** The fields of CTRLR0 and SPI_CTRLR0. */
  isQuad() { return (this.get(at.CTRLR0) >> 21 & 3) === 2; }
  mode() { return this.get(at.CTRLR0) >> 8 & 3; }
  hasCommand() { return (this.get(at.SPI_CTRLR0) >> 8 & 3) !== 0; }
  windowCommand() { return this.get(at.SPI_CTRLR0) >>> 24; }

  /** The window can be read if reads go out in a form that the chip understands in its present mode. */
  settle() {
    const isOn = this.get(at.SSIENR) === 1 && this.mode() === modes.eeprom && !this.isForcedLow;
    const isQuadRead = this.isQuad() && !this.hasCommand() && this.chip.isContinuous;
    const isSerialRead = !this.isQuad() && this.hasCommand() && this.windowCommand() === 0x03 && !this.chip.isContinuous;

    if (isOn && (isQuadRead || isSerialRead) && this.chip.isBusy())
      this.complain('ssi: the window of the flash is opened while the flash is busy');
    this.onReadable(isOn && (isQuadRead || isSerialRead));
  }

  /** A read of the window, past the cache: the chip sees the mode bits. */
  readUncached() {
    if (this.get(at.SSIENR) === 1 && this.mode() === modes.eeprom && this.isQuad())
      this.chip.readQuad(this.hasCommand() ? this.windowCommand() : undefined, this.windowCommand());
    this.settle();
  }

  /** The pin's override: 2: low; 3: high; 0: the controller selects the chip while it has something to send (2.19.6). */
  force(override) {
    const wasLow = this.isForcedLow;

    this.isForcedLow = override === 2;
    if (this.isForcedLow && !wasLow)
      this.chip.select();
    else if (!this.isForcedLow && wasLow)
      this.chip.deselect();
    this.settle();
  }

  read(register) {
    switch (register) {
      case at.SR:
        return (this.isShifting ? 1 : 0) | (this.toSend.length < depth ? 2 : 0) | (this.toSend.length === 0 ? 4 : 0) |
          (this.received.length > 0 ? 8 : 0) | (this.received.length === depth ? 16 : 0);
      case at.TXFLR: return this.toSend.length;
      case at.RXFLR: return this.received.length;
      case at.DR0: return this.received.shift() ?? 0;
      default: return this.get(register);
    }
  }

  write(register, value) {
    if (register === at.DR0) {
      this.push(value);
      return;
    }
    if (register !== at.SSIENR && register !== at.SER && this.get(at.SSIENR) === 1)
      this.complain(`ssi: register 0x${register.toString(16)} is written while the controller is enabled (4.10.13)`);
    this.values.set(register, value);
    if (register === at.SSIENR && value === 0)
      this.clear();
    this.settle();
  }

  push(value) {
    if (this.get(at.SSIENR) !== 1 || this.toSend.length === depth) {
      this.complain('ssi: the FIFO is full, or the controller is disabled');
      return;
    }
    this.toSend.push(value >>> 0);
    if (this.isQuad())
      this.readByFifo();
    else if (!this.isShifting)
      this.begin();
  }

  /** 4.10.3: a quad read by the FIFO is a command, if there is one, and the address with the mode bits. */
  readByFifo() {
    const command = this.hasCommand() ? [this.toSend[0]] : [];

    if (this.toSend.length <= command.length)
      return;
    this.chip.readQuad(command[0], this.toSend[command.length] & 0xff);
    this.toSend = [];
  }

  begin() {
    if (!this.isForcedLow && !this.isShifting)
      this.chip.select();
    this.isShifting = true;
    this.after(8 * this.get(at.BAUDR) * 1e9 / this.clock(), () => this.shift());
  }

  /** One byte has gone out, and one has come in. */
  shift() {
    if (!this.isShifting)
      return; // the controller was disabled meanwhile
    const byte = this.chip.exchange(this.toSend.shift() & 0xff);

    if (this.received.length < depth)
      this.received.push(byte);
    else
      this.complain('ssi: a byte from the flash is lost, as the FIFO is full');
    if (this.toSend.length > 0) {
      this.begin();
      return;
    }
    this.isShifting = false;
    if (!this.isForcedLow)
      this.chip.deselect();
  }
}

/** The registers of the pins to the flash (IO_QSPI): the override of the one that selects it. */
class QspiPins {
  constructor(ssi) {
    Object.assign(this, { ssi, values: new Map(), ...registers(this) });
  }

  read(register) {
    return this.values.get(register) ?? 0;
  }

  write(register, value) {
    this.values.set(register, value);
    if (register === 0x0c) // GPIO_QSPI_SS_CTRL
      this.ssi.force(value >> 8 & 3);
  }
}

module.exports = { QspiPins, Ssi };
