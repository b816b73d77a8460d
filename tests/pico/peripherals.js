// What rp2040js lacks, or does otherwise than an RP2040, in its peripherals. Comments name the sections of the RP2040's data sheet.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { randomBytes } = require('node:crypto');

const { hex } = require('./memory');
const { GPIOPinState } = require('./rp2040js');
const { registers } = require('./registers');

/** The ring oscillator, whose bit is the noise source (2.17). noise: 'random', or 0 or 1: its bit is stuck. */
class RingOscillator {
  constructor() {
    Object.assign(this, { noise: 'random', values: new Map(), bits: Buffer.alloc(0), used: 0, ...registers(this) });
  }

  bit() {
    if (this.noise !== 'random')
      return this.noise;
    if (this.used === 8 * this.bits.length)
      [this.bits, this.used] = [randomBytes(4096), 0];
    return this.bits[this.used >> 3] >> (this.used++ & 7) & 1;
  }

  read(register) {
    if (register === 0x1c) // RANDOMBIT
      return this.bit();
    return register === 0x18 ? 0x80001000 : this.values.get(register) ?? 0; // STATUS: STABLE, ENABLED
  }

  write(register, value) {
    this.values.set(register, value);
  }
}

/** The control of the flash's cache (2.6.3.5). The cache itself is not emulated, so a flush does nothing. */
class CacheControl {
  constructor() {
    Object.assign(this, { control: 3, ...registers(this) });
  }

  read(register) {
    return register === 0x00 ? this.control : register === 0x08 ? 3 : 0; // CTRL; STAT: FIFO_EMPTY, FLUSH_READY
  }

  write(register, value) {
    if (register === 0x00)
      this.control = value;
  }
}

/** Each bit of RESETS.RESET, and the peripherals that it holds in reset (2.14). IO_QSPI, PADS_QSPI and TIMER are not: the boot ROM has
 * released them. */
const resets = { 0: 0x4004c, 1: 0x40030, 2: 0x50000, 3: 0x40044, 4: 0x40048, 5: 0x40014, 8: 0x4001c, 10: 0x50200, 11: 0x50300, 12: 0x40028,
  13: 0x4002c, 14: 0x40050, 15: 0x4005c, 16: 0x4003c, 17: 0x40040, 18: 0x40004, 19: 0x40000, 20: 0x4006c, 22: 0x40034, 23: 0x40038, 24: 0x50110 };
const held = Object.keys(resets).reduce((bits, bit) => bits | 1 << bit, 0);

/** Has the peripherals be in reset until the firmware releases them: until then, an access is a complaint. */
function holdInReset(rp, complain) {
  const reset = rp.peripherals[0x4000c];
  const write = reset.writeUint32.bind(reset);
  const own = Object.fromEntries(Object.values(resets).map((address) => [address, rp.peripherals[address]]));
  const silent = (address) => ({
    readUint32: (offset) => {
      complain(`register ${hex(address * 0x1000 + offset)} is read while its peripheral is in reset (2.14)`);
      return 0;
    },
    writeUint32Atomic: (offset) => complain(`register ${hex(address * 0x1000 + offset)} is written while its peripheral is in reset (2.14)`),
  });

  reset.writeUint32 = (offset, value) => {
    write(offset, value);
    if (offset !== 0)
      return;
    reset.reset_done = ~value & 0x1ffffff;
    for (const [bit, address] of Object.entries(resets))
      rp.peripherals[address] = (value >> bit & 1) === 0 ? own[address] : silent(address);
  };
  reset.writeUint32(0, held);
}

/** The watchdog restarts what PSM_WDSEL selects, and not more (2.13, 4.7). onRestart(reason): 1: time, 2: by command. */
function addWatchdog(rp, { reason, scratch, onRestart, complain }) {
  const watchdog = rp.peripherals[0x40058];
  const write = watchdog.writeUint32.bind(watchdog);
  let cycles = 0;

  watchdog.reason = reason;
  watchdog.scratchData.set(scratch);
  watchdog.onWatchdogTrigger = () => {
    watchdog.timer.enable = false; // rp2040js would set its alarm for at once, again and again
    if ((rp.peripherals[0x40010].wdsel & 0x1fffc) === 0x1fffc) // all but the oscillators
      onRestart(watchdog.reason);
    else
      complain(`the watchdog restarts only what PSM_WDSEL selects: ${hex(rp.peripherals[0x40010].wdsel)} (2.13)`);
  };
  watchdog.writeUint32 = (offset, value) => {
    if (offset === 0x2c)
      cycles = value & 0x1ff;
    if (offset === 0x00 && (value & 1 << 30) !== 0 && cycles !== 12)
      complain(`the watchdog is enabled with ticks of ${cycles} cycles, not of 1 us (4.7.2)`);
    write(offset, value);
  };
}

/** Bytes on the serial line must come by GPIO0 and at 115,200 baud: at 2 % more or less, a receiver may not understand them. */
function addSerialLine(rp, onByte, complain) {
  const [uart] = rp.uart;

  uart.onByte = (byte) => {
    if (rp.gpio[0].functionSelect !== 2 || !uart.enabled || !uart.txEnabled || !uart.fifosEnabled || uart.wordLength !== 8)
      complain('a byte is sent, but GPIO0 is not UART0, or UART0 is not enabled for 8 bits with FIFOs (4.2)');
    if (Math.abs(uart.baudRate / 115200 - 1) > 0.02)
      complain(`a byte is sent at ${uart.baudRate} baud`);
    onByte(byte);
  };
}

/** SPI takes its time: `exchange` is called when a byte has gone through. */
function addSpi(rp, { pins, exchange, after, complain }) {
  const [spi] = rp.spi;

  spi.onTransmit = (byte) => {
    if (pins.some((pin) => rp.gpio[pin].functionSelect !== 1) || spi.dataBits !== 8 || !spi.enabled || ![0, 0xc0].includes(spi.control0 & 0xc0))
      complain('SPI0 is not enabled for 8 bits in mode 0 or 3, or its pins are not (4.4)');
    if (spi.clockFrequency > 80e6)
      complain(`SPI0 at ${spi.clockFrequency} Hz: a W5500 takes up to 80 MHz`);
    after(8e9 / spi.clockFrequency, () => spi.completeTransmit(exchange(byte)));
  };
}

/**
 * I2C takes its time: 9 bits for each byte. A bus whose data line is held low never becomes idle; a display that holds it releases it
 * after some clocks, which a driver makes as outputs of the pin (UM10204, 3.1.16).
 */
function addI2c(rp, { pins: [sda, scl], display, after, complain }) {
  const [i2c] = rp.i2c;
  const bits = (count) => count * (i2c.sclHighPeriod + i2c.spikelen + 7 + i2c.sclLowPeriod + 1) * 1e9 / rp.clkSys; // 4.3.14.2
  const setSda = () => rp.gpio[sda].setInputValue(display.presence !== 'holds');

  i2c.onStart = () => {
    if ([sda, scl].some((pin) => rp.gpio[pin].functionSelect !== 3 || !rp.gpio[pin].pullupEnabled))
      complain('I2C0 is not on its pins, or their pull-ups are off (4.3)');
    if (1e9 / bits(1) > 400e3)
      complain(`I2C0 at ${Math.round(1e9 / bits(1))} Hz: an SSD1306 takes up to 400 kHz`);
    if (display.presence !== 'holds')
      after(bits(1), () => i2c.completeStart());
  };
  i2c.onConnect = (address, mode) => after(bits(9), () => i2c.completeConnect(display.connect(address, mode === 1)));
  i2c.onWriteByte = (byte) => after(bits(9), () => {
    display.write(byte);
    i2c.completeWrite(true);
  });
  i2c.onReadByte = () => after(bits(9), () => i2c.completeRead(0xff));
  i2c.onStop = () => after(bits(1), () => i2c.completeStop());
  rp.gpio[scl].setInputValue(true);
  rp.gpio[scl].addListener((state) => {
    if (state === GPIOPinState.Low)
      display.clock();
    setSda();
  });
  setSda();
}

module.exports = { CacheControl, RingOscillator, addI2c, addSerialLine, addSpi, addWatchdog, holdInReset };
