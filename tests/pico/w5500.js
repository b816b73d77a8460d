// A W5500 with its PHY, as far as a driver of whole frames (MACRAW on socket 0) uses it. Comments name the sections of its data sheet,
// version 1.0.9. It complains about what a real chip would not do, or need not do in this way.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { W5500Buffers } = require('./w5500_buffers');

/** Common registers (3.1). */
const common = { MR: 0x00, SHAR: 0x09, IR: 0x15, IMR: 0x16, SIR: 0x17, SIMR: 0x18, PHYCFGR: 0x2e, VERSIONR: 0x39 };

/** What registers are after a reset, if it is not 0 (4.1, 4.2): [register, bytes]. Linux (w5100.c) knows the chip by RTR. */
const commonReset = [[0x19, [0x07, 0xd0]], [0x1b, [8]], [0x1c, [0x28]], [0x2e, [0xb8]], [0x39, [4]]]; // RTR, RCR, PTIMER, PHYCFGR, VERSIONR
const socketReset = [[0x06, Array(6).fill(0xff)], [0x1e, [2, 2]], [0x2c, [0xff]]]; // DHAR, the buffers' KiB, IMR

/** Registers of a socket (3.2). */
const socketRegisters = { MR: 0x00, CR: 0x01, IR: 0x02, SR: 0x03, RXBUF_SIZE: 0x1e, TXBUF_SIZE: 0x1f,
  TX_FSR: 0x20, TX_RD: 0x22, TX_WR: 0x24, RX_RSR: 0x26, RX_RD: 0x28, RX_WR: 0x2a, IMR: 0x2c };

const commands = { open: 0x01, close: 0x10, send: 0x20, receive: 0x40 };
const happened = { received: 1 << 2, sent: 1 << 4 }; // Sn_IR
const macraw = { mode: 4, status: 0x42 };
const filters = { ownOnly: 1 << 7, noBroadcast: 1 << 6, noMulticast: 1 << 5, noIpv6: 1 << 4 }; // Sn_MR in MACRAW mode
const lengths = { least: 60, most: 1514 }; // of a frame, in bytes, without its checksum
const times = { command: 500, reset: 500e3, lock: 1e6 }; // ns: until Sn_CR is 0 again; the least of RSTn (5.5.1); the PLL after it

function registersOf(size, values) {
  const registers = new Uint8Array(size);

  for (const [register, bytes] of values)
    registers.set(bytes, register);
  return registers;
}

const isBroadcast = (frame) => frame.readUIntBE(0, 6) === 0xffffffffffff;

class W5500 {
  /** send(frame): to the wire. onInterrupt(isLow): the pin INTn. now(): ns; after(nanos, done): calls done() later. */
  constructor({ send = () => {}, onInterrupt = () => {}, complain = () => {}, now = () => 0, after = (nanos, done) => done() } = {}) {
    Object.assign(this, { send, onInterrupt, now, after, complain: (text) => complain(`w5500: ${text}`), isLinked: true });
    this.answer = null; // what MISO is, whatever happens: 0x00 or 0xff; null: what the chip says
    this.silentSends = 0; // frames that are sent, of which Sn_IR will not say so
    this.wrongLength = null; // stands before the next frame that arrives, in place of its length; null: none
    this.dropped = 0; // frames that found no room
    this.resetPinLowSince = null; // ns; null: the pin is high
    this.usableFrom = 0; // ns
    this.position = -1; // of the next byte of the SPI frame; -1: not selected
    this.reset();
  }

  reset() {
    this.common = registersOf(0x40, commonReset);
    this.sockets = Array.from({ length: 8 }, () => registersOf(0x30, socketReset));
    this.buffers = new W5500Buffers(this.complain);
    this.sending = null; // the token of the frame that is being sent
    this.command = 0; // Sn_CR of socket 0: not accepted yet
    this.updateInterrupt();
  }

  /** The pin RSTn. */
  setResetPin(isLow) {
    if (isLow) {
      this.resetPinLowSince ??= this.now();
      this.reset();
    } else if (this.resetPinLowSince !== null) {
      if (this.now() - this.resetPinLowSince < times.reset)
        this.complain('RSTn was low for less than 500 us (5.5.1)');
      this.resetPinLowSince = null;
      this.usableFrom = this.now() + times.lock;
    }
  }

  /** The RP2040 restarts: its pins let go, and a pull-up ends a reset. An SPI frame or a reset may be cut short. */
  release() {
    this.position = -1;
    this.resetPinLowSince = null;
  }

  /** 3.1, SIR. Sn_IR's bits are set whatever Sn_IMR says: WIZnet's driver for ESP-IDF, which only enables RECV, reads SENDOK so. */
  updateInterrupt() {
    this.common[common.SIR] = this.sockets.reduce((bits, socket, number) =>
      bits | ((socket[socketRegisters.IR] & socket[socketRegisters.IMR]) !== 0 ? 1 << number : 0), 0);
    this.onInterrupt((this.common[common.SIR] & this.common[common.SIMR]) !== 0 || (this.common[common.IR] & this.common[common.IMR]) !== 0);
  }

  isInterrupting() {
    return (this.common[common.SIR] & this.common[common.SIMR]) !== 0;
  }

  happens(what) {
    this.sockets[0][socketRegisters.IR] |= what;
    this.updateInterrupt();
  }

  /** A frame from the wire. */
  receive(frame) {
    const [socket] = this.sockets;

    if (!this.isLinked || socket[socketRegisters.SR] !== macraw.status || frame.length > lengths.most || !this.isAccepted(frame))
      return;
    const padded = Buffer.concat([frame, Buffer.alloc(Math.max(0, lengths.least - frame.length))]);

    if (!this.buffers.store(padded, this.wrongLength ?? padded.length + 2)) {
      this.dropped++;
      return;
    }
    this.wrongLength = null;
    this.happens(happened.received);
  }

  /** 3.2, Sn_MR: the filters of MACRAW mode. */
  isAccepted(frame) {
    const mode = this.sockets[0][socketRegisters.MR];
    const isGroup = (frame[0] & 1) !== 0;
    const isOwn = frame.subarray(0, 6).equals(Buffer.from(this.common.subarray(common.SHAR, common.SHAR + 6)));

    return !((mode & filters.ownOnly) !== 0 && !isOwn && !isGroup) &&
      !((mode & filters.noBroadcast) !== 0 && isBroadcast(frame)) &&
      !((mode & filters.noMulticast) !== 0 && isGroup && !isBroadcast(frame)) &&
      !((mode & filters.noIpv6) !== 0 && frame.length >= 14 && frame.readUInt16BE(12) === 0x86dd);
  }

  /** Sn_CR of socket 0. It is 0 again when the chip has accepted the command. */
  begin(command) {
    if (this.command !== 0) {
      this.complain(`command 0x${command.toString(16)} before Sn_CR was 0 again is ignored (3.2)`);
      return;
    }
    this.command = command;
    this.after(times.command, () => { this.command = 0; });
    this.execute(command);
    this.updateInterrupt();
  }

  execute(command) {
    const isOpen = this.sockets[0][socketRegisters.SR] === macraw.status;

    if (command === commands.open)
      this.open();
    else if (command === commands.close)
      this.sockets[0][socketRegisters.SR] = 0;
    else if (!isOpen)
      this.complain(`command 0x${command.toString(16)} while the socket is closed`);
    else if (command === commands.send)
      this.startSending();
    else if (command === commands.receive)
      this.release();
    else
      this.complain(`command 0x${command.toString(16)} is not one of MACRAW mode (3.2)`);
  }

  open() {
    const [socket] = this.sockets;
    const total = (register) => this.sockets.reduce((sum, each) => sum + each[register], 0);

    if (socket[socketRegisters.SR] !== 0)
      this.complain('OPEN of a socket that is not closed');
    if ((socket[socketRegisters.MR] & 15) !== macraw.mode)
      this.complain(`OPEN in mode ${socket[socketRegisters.MR] & 15}, not MACRAW`);
    if (total(socketRegisters.RXBUF_SIZE) > 16 || total(socketRegisters.TXBUF_SIZE) > 16)
      this.complain('the buffers of all sockets are larger than 16 KiB (3.2, Sn_RXBUF_SIZE)');
    this.buffers.open(socket[socketRegisters.TXBUF_SIZE] * 1024, socket[socketRegisters.RXBUF_SIZE] * 1024);
    this.sending = null;
    socket[socketRegisters.SR] = macraw.status;
  }

  startSending() {
    const frame = this.buffers.takeFrame();
    const token = {};

    if (this.sending !== null)
      this.complain('SEND before the frame before it was sent (Sn_IR, SENDOK)');
    if (frame.length < lengths.least || frame.length > lengths.most)
      this.complain(`a frame of ${frame.length} bytes is sent`);
    this.sending = token;
    this.after((frame.length + 24) * 80, () => this.sending === token && this.endSending(frame)); // at 100 Mbit/s, with preamble, checksum and gap
  }

  endSending(frame) {
    this.sending = null;
    this.buffers.releaseSent();
    if (this.isLinked)
      this.send(frame);
    if (this.silentSends > 0)
      this.silentSends--;
    else
      this.happens(happened.sent);
  }

  /** RECV: the host has read up to Sn_RX_RD. RECV of Sn_IR is set again while there is more. */
  release() {
    this.buffers.release();
    if (this.buffers.received() > 0)
      this.happens(happened.received);
  }

  readSocket(number, register) {
    const { CR, TX_FSR, TX_RD, TX_WR, RX_RSR, RX_RD, RX_WR } = socketRegisters;
    const { buffers } = this;
    const of = { [TX_FSR]: () => buffers.free(), [TX_RD]: () => buffers.txRead, [TX_WR]: () => buffers.txWrite, [RX_RSR]: () => buffers.received(),
      [RX_RD]: () => buffers.rxRead, [RX_WR]: () => buffers.rxWrite };

    if (number !== 0)
      return this.sockets[number][register];
    if (register === CR)
      return this.command;
    const number16 = of[register & ~1];
    return number16 === undefined ? this.sockets[0][register] : (register & 1) === 0 ? number16() >> 8 : number16() & 0xff;
  }

  writeSocket(number, register, byte) {
    const { CR, IR, SR, RXBUF_SIZE, TXBUF_SIZE } = socketRegisters;
    const registers = this.sockets[number];

    if (register === IR)
      registers[IR] &= ~byte; // a 1 clears
    else if (register === CR && number === 0)
      this.begin(byte);
    else if (register === CR || register === SR)
      this.complain(`register ${register} of socket ${number} is written`);
    else if (number === 0 && this.buffers.writePointer(register, byte))
      return;
    else if ([RXBUF_SIZE, TXBUF_SIZE].includes(register) && ![0, 1, 2, 4, 8, 16].includes(byte))
      this.complain(`a buffer of ${byte} KiB (3.2, Sn_RXBUF_SIZE)`);
    else
      registers[register] = byte;
    this.updateInterrupt();
  }

  readCommon(register) {
    if (register === common.PHYCFGR)
      return (this.common[register] & 0xf8) | (this.isLinked && (this.common[register] & 0x80) !== 0 ? 7 : 0); // 100 Mbit/s, full duplex, link
    return this.common[register];
  }

  writeCommon(register, byte) {
    if (register === common.MR && (byte & 0x80) !== 0) {
      this.reset();
      return;
    }
    if ([common.SIR, common.VERSIONR].includes(register))
      this.complain(`common register ${register} is written`);
    else if (register === common.IR)
      this.common[register] &= ~byte;
    else
      this.common[register] = byte;
    this.updateInterrupt();
  }

  /** The pin SCSn. */
  select(isLow) {
    if (!isLow && this.position >= 1 && this.position <= 3)
      this.complain(`an SPI frame of ${this.position} bytes, without data (2.3)`);
    this.position = isLow ? 0 : -1;
  }

  /** 2.2: a byte in, a byte out. */
  exchange(byte) {
    if (this.answer !== null)
      return this.answer;
    if (this.position < 0)
      return 0xff;
    if (this.resetPinLowSince !== null || this.now() < this.usableFrom) {
      this.complain('it is accessed while it is reset, or less than 1 ms after it (5.5.1)');
      return 0xff;
    }
    const position = this.position++;

    if (position >= 3)
      return this.access((this.address + position - 3) & 0xffff, byte);
    if (position < 2)
      this.address = position === 0 ? byte << 8 : this.address | byte;
    else
      this.startData(byte);
    return position + 1; // 2.3: 0x01, 0x02 and 0x03 during the address and control phases
  }

  /** 2.2.2: the control byte: block, read or write, mode. */
  startData(control) {
    this.socket = control >> 5;
    this.kind = control >> 3 & 3; // registers, send buffer, receive buffer; for common registers: 0
    this.isWrite = (control & 4) !== 0;
    if ((control & 3) !== 0)
      this.complain('fixed length mode, with SCSn from a pin (2.2.2)');
    if (this.kind === 0 && this.socket !== 0)
      this.complain(`reserved block ${control >> 3} (2.2.2)`);
  }

  /** A byte of the data phase. */
  access(address, byte) {
    if (this.kind >= 2)
      return this.socket !== 0 ? 0 : this.kind === 2 ? this.buffers.accessSend(address, this.isWrite, byte) : this.buffers.accessReceived(address, this.isWrite);
    const size = this.kind === 0 ? 0x40 : 0x30;

    if (address >= size) {
      this.complain(`register 0x${address.toString(16)} does not exist`);
      return 0;
    }
    if (!this.isWrite)
      return this.kind === 0 ? this.readCommon(address) : this.readSocket(this.socket, address);
    if (this.kind === 0)
      this.writeCommon(address, byte);
    else
      this.writeSocket(this.socket, address, byte);
    return 0;
  }
}

module.exports = { W5500 };
