// A W5500-EVB-Pico: an RP2040 (rp2040js) with its boot ROM, its flash, a W5500, and a display on I2C. Comments name the sections of the
// RP2040's data sheet.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const bootrom = require('./bootrom');
const { Fault, Restart } = require('./interruption');
const { step } = require('./instructions');
const memory = require('./memory');
const { CacheControl, RingOscillator, addI2c, addSerialLine, addSpi, addWatchdog, holdInReset } = require('./peripherals');
const { GPIOPinState, RP2040 } = require('./rp2040js');
const { Ssd1306 } = require('./ssd1306');
const { QspiPins, Ssi } = require('./ssi');
const { W5500 } = require('./w5500');

const pins = { sda: 4, scl: 5, miso: 16, select: 17, clock: 18, mosi: 19, reset: 20, interrupt: 21 };
const hardFault = 3;
const ringOscillatorHz = 6.5e6; // the core's clock at the start (2.17)

class Machine {
  /** flash: a Flash, which has the firmware. onSerial(byte): of the serial line; sendFrame(frame): to the wire; complain(text): see
   * README.md. To be started by powerOn(). */
  constructor({ flash, onSerial = () => {}, sendFrame = () => {}, complain = () => {} }) {
    Object.assign(this, { flash, onSerial, complain, restarts: 0, instructions: 0 });
    this.sram = new Uint8Array(memory.sramSize);
    this.nanosAtStart = 0; // when the present RP2040 was made: the machine's time goes on over restarts
    this.timers = new Set(); // of the chips around the RP2040: { at, done }
    this.oscillator = new RingOscillator();
    Object.assign(flash, { now: () => this.now(), complain, onPowerCut: () => { throw new Restart(null); } });
    this.display = new Ssd1306({ complain });
    this.w5500 = new W5500({ send: sendFrame, complain, now: () => this.now(), after: (nanos, done) => this.after(nanos, done),
      onInterrupt: (isLow) => this.rp?.gpio[pins.interrupt].setInputValue(!isLow) });
  }

  /** ns since the first start. */
  now() {
    return this.rp === undefined ? 0 : this.rp.clock.nanos;
  }

  /** Calls done() in the machine's time, also if the RP2040 is reset meanwhile. */
  after(nanos, done) {
    const timer = { at: this.now() + nanos, done };

    this.timers.add(timer);
    this.schedule(timer);
  }

  schedule(timer) {
    this.rp.clock.createAlarm(() => {
      this.timers.delete(timer);
      timer.done();
    }).schedule(Math.max(0, timer.at - this.now()));
  }

  /** sram: its content at power-up, which may be anything. */
  powerOn(sram = new Uint8Array(memory.sramSize)) {
    this.sram.set(sram);
    this.flash.powerUp();
    this.display.powerUp();
    this.timers.clear();
    this.w5500.reset();
    this.start(0, new Uint32Array(8));
  }

  /** The pin RUN becomes low, and high again. */
  reset() {
    this.start(0, new Uint32Array(8));
  }

  /** Starts a new RP2040 with the flash and the content of SRAM of the one before. reason, scratch: registers of the watchdog (4.7.6). */
  start(reason, scratch) {
    const nanos = this.now();
    const rp = new RP2040();

    this.rp = rp;
    this.isLockedUp = false;
    this.cyclesToAlarm = 0;
    rp.clock.nanosCounter = nanos;
    rp.logger = { debug() {}, info() {}, warn: (name, text) => this.log(name, text), error: (name, text) => this.log(name, text) };
    rp.flash = this.flash.bytes;
    rp.flashView = new DataView(rp.flash.buffer);
    rp.sram = this.sram;
    rp.sramView = new DataView(rp.sram.buffer);
    rp.bootrom.fill(0xdededede); // UDF: a call of its functions is a fault
    this.flash.powerUp();
    this.addFlash(rp);
    this.addCore(rp);
    this.addPins(rp, reason, scratch);
    for (const timer of this.timers)
      this.schedule(timer);
    this.isBootable = bootrom.isBootable(this.flash.bytes);
    if (this.isBootable)
      bootrom.start(rp, this.flash.bytes, this.sram);
    else
      this.complain('the flash has no second stage: the boot ROM waits for a UF2 file on its drive (2.8.1.3.1)');
  }

  addFlash(rp) {
    const setReadable = memory.install(rp, {
      flash: this.flash.bytes,
      sram: this.sram,
      onFlashWrite: (address) => this.complain(`a write to ${memory.hex(address)}, flash, is ignored, pc ${memory.hex(rp.core.PC)} (2.6.3)`),
      onUncachedRead: () => ssi.readUncached(),
      beforeDevice: () => this.countTime(),
    });
    const ssi = new Ssi({ chip: this.flash, after: (nanos, done) => rp.clock.createAlarm(done).schedule(nanos), clock: () => rp.clkSys,
      complain: this.complain, onReadable: setReadable });

    rp.peripherals[0x14000] = new CacheControl();
    rp.peripherals[0x18000] = ssi;
    rp.peripherals[0x40018] = new QspiPins(ssi);
  }

  /** rp2040js raises no faults, and has a register that ARMv6-M does not have: CFSR reads as 0 here. */
  addCore(rp) {
    const { core, ppb } = rp;
    const read = ppb.readUint32.bind(ppb);
    const write = ppb.writeUint32.bind(ppb);
    const enter = core.exceptionEntry.bind(core);

    rp.onBreak = () => { throw new Fault('an undefined instruction, or BKPT'); };
    ppb.readUint32 = (offset) => (offset >= 0xd28 && offset < 0xd40 ? 0 : read(offset));
    ppb.writeUint32 = (offset, value) => {
      write(offset, value);
      if (ppb.systickTimer.counter === 0) // ARMv6-M, B3.3.1: the next cycle reloads it; rp2040js's would count down from 2^24
        ppb.systickTimer.set(ppb.systickReload);
    };
    core.exceptionEntry = (number) => {
      enter(number);
      core.PC &= ~1;
    };
    core.setInterrupt = (interrupt, isPending) => { // rp2040js's takes it at once, also within an instruction
      if (isPending) {
        core.pendingInterrupts |= 1 << interrupt;
        core.interruptsUpdated = true;
      } else
        core.pendingInterrupts &= ~(1 << interrupt);
    };
    rp.clkSys = ringOscillatorHz;
    ppb.systickTimer.frequency = ringOscillatorHz;
    this.nanosPerCycle = 1e9 / ringOscillatorHz;
    rp.addClockListener((hz) => { this.nanosPerCycle = 1e9 / hz; });
  }

  addPins(rp, reason, scratch) {
    const after = (nanos, done) => rp.clock.createAlarm(done).schedule(nanos);
    const { complain } = this;

    for (const pin of rp.gpio)
      pin.padValue = 0x56; // 2.19.6.3: the input is enabled
    rp.peripherals[0x40060] = this.oscillator;
    addWatchdog(rp, { reason, scratch, complain, onRestart: (why) => { throw new Restart(why); } });
    addSerialLine(rp, (byte) => this.onSerial(byte), complain);
    addSpi(rp, { pins: [pins.miso, pins.clock, pins.mosi], exchange: (byte) => this.w5500.exchange(byte), after, complain });
    addI2c(rp, { pins: [pins.sda, pins.scl], display: this.display, after, complain });
    rp.gpio[pins.select].addListener((state) => this.w5500.select(state === GPIOPinState.Low));
    rp.gpio[pins.reset].addListener((state) => this.w5500.setResetPin(state === GPIOPinState.Low));
    this.w5500.release();
    this.w5500.updateInterrupt();
    holdInReset(rp, complain);
  }

  log(name, text) {
    if (/invalid memory address|undefined address|not implemented yet|SIO address/.test(text))
      throw new Fault(text);
    if (/IC_SDA_HOLD/.test(text)) // the model of I2C has no such time
      return;
    this.complain(`${name}: ${text}, pc ${memory.hex(this.rp.core.PC)}`);
  }

  /** Executes up to `most` instructions. Returns earlier if the core sleeps: the ns until something happens by itself; otherwise 0. */
  run(most) {
    const { core, clock } = this.rp;
    let count = 0;
    let pc = 0;

    if (!this.isBootable)
      return 1e9;
    try {
      for (; count < most; count++) {
        if (core.waiting) {
          this.passTime();
          if (!this.wakes(core))
            return clock.nanosToNextAlarm;
        }
        if (core.interruptsUpdated)
          core.checkForInterrupts();
        pc = core.registers[15];
        step(core);
        if (core.cycles >= this.cyclesToAlarm)
          this.passTime();
      }
    } catch (thrown) {
      this.interrupt(thrown, pc);
    } finally {
      this.instructions += count;
    }
    return 0;
  }

  /**
   * The time is core.cycles after the clock's: rp2040js counts the cycles of instructions there. It is added to the clock only before
   * something looks at the clock: an access to a device; or when an alarm is due.
   */
  countTime() {
    const { core, clock } = this.rp;

    clock.nanosCounter += core.cycles * this.nanosPerCycle;
    core.cycles = 0;
    this.cyclesToAlarm = 0; // the device may set an alarm
  }

  passTime() {
    const { core, clock } = this.rp;
    const nanos = core.cycles * this.nanosPerCycle;

    core.cycles = 0;
    clock.tick(nanos);
    this.cyclesToAlarm = clock.nextAlarm === null ? 1000 : Math.ceil((clock.nextAlarm.nanos - clock.nanosCounter) / this.nanosPerCycle);
  }

  /** The core sleeps, and time passes: an alarm may wake it, or restart it. */
  sleep(nanos) {
    try {
      this.rp.clock.tick(nanos);
    } catch (thrown) {
      this.interrupt(thrown, this.rp.core.PC);
    }
  }

  interrupt(thrown, pc) {
    if (thrown instanceof Fault)
      this.takeFault(thrown, pc);
    else if (thrown instanceof Restart)
      this.restart(thrown.reason);
    else
      throw thrown;
  }

  /** ARMv6-M, B1.5.19: an interrupt ends WFI, also if PRIMASK prevents it from being taken. */
  wakes(core) {
    if (this.isLockedUp)
      return false;
    if (core.PM)
      core.waiting = !core.pendingSystick && (core.pendingInterrupts & core.enabledInterrupts) === 0;
    else if (core.interruptsUpdated && core.checkForInterrupts())
      core.waiting = false;
    return !core.waiting;
  }

  /** ARMv6-M, B1.5.4 and B1.5.15: a fault within its handler, or with no stack for it, locks the core up. */
  takeFault(fault, pc) {
    const { core } = this.rp;

    this.lastFault = `${fault.what}, pc ${memory.hex(pc)}`;
    core.PC = pc;
    try {
      if (core.IPSR === hardFault)
        throw fault;
      core.exceptionEntry(hardFault);
    } catch (thrown) {
      if (!(thrown instanceof Fault))
        throw thrown;
      this.isLockedUp = true;
      core.waiting = true;
    }
  }

  restart(reason) {
    this.restarts++;
    if (reason === null)
      this.powerOn();
    else
      this.start(reason, this.rp.peripherals[0x40058].scratchData);
  }

  /** Reads or writes memory as a debugger does: flash, too. */
  peek(address) {
    return address >>> 28 === 1 ? this.flash.bytes[address & 0x1fffff] : this.rp.readUint8(address);
  }

  peekWord(address) {
    return address >>> 28 === 1 ? this.rp.flashView.getUint32(address & 0x1fffff, true) : this.rp.readUint32(address) >>> 0;
  }

  poke(address, byte) {
    if (address >>> 28 === 1)
      this.flash.set([byte], address & 0x1fffff);
    else
      this.rp.writeUint8(address, byte);
  }

  /** Another presence of the display: 'present', 'absent' or 'holds'; clocks: of the last one, how many end it. */
  setDisplay(presence, clocks = Infinity) {
    Object.assign(this.display, { presence, clocksToRelease: clocks });
    this.rp?.gpio[pins.sda].setInputValue(presence !== 'holds');
  }
}

module.exports = { Machine, pins };
