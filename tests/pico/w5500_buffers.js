// The buffers of socket 0 of a W5500, with their pointers (data sheet 1.0.9, 3.2, from Sn_TX_FSR to Sn_RX_WR). Pointers have 16 bits,
// and count on past the end of a buffer. The chip takes an address in a buffer modulo the buffer's size: some drivers give it the
// pointer, others the remainder.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const registers = { TX_WR: 0x24, RX_RD: 0x28 };
const to16 = (number) => number & 0xffff;

class W5500Buffers {
  constructor(complain) {
    this.complain = complain;
    this.open(2048, 2048);
  }

  open(txSize, rxSize) {
    this.tx = new Uint8Array(txSize);
    this.rx = new Uint8Array(rxSize);
    this.isWritten = new Uint8Array(txSize); // 1: the host has written this byte since the last frame
    this.txRead = this.txWrite = 0;
    this.txEnd = 0; // the end of the frame that is being sent
    this.rxRead = this.rxWrite = 0;
    this.rxReleased = 0; // up to where the host has read, as it has told by RECV
    this.ends = []; // of the frames after rxReleased, as pointers
  }

  free() {
    return to16(this.tx.length - to16(this.txWrite - this.txRead));
  }

  received() {
    return to16(this.rxWrite - this.rxReleased);
  }

  /** Stores a frame from the wire, after the length that stands before it. Returns false if there is no room. */
  store(frame, length) {
    if (this.rx.length - this.received() < frame.length + 2)
      return false;
    for (const byte of [length >> 8 & 0xff, length & 0xff, ...frame]) {
      this.rx[this.rxWrite % this.rx.length] = byte;
      this.rxWrite = to16(this.rxWrite + 1);
    }
    this.ends.push(this.rxWrite);
    return true;
  }

  /** The host has written Sn_RX_RD, and commands RECV. WIZnet's own driver also does it within a frame; ours must not. */
  release() {
    const step = to16(this.rxRead - this.rxReleased);

    if (step > this.received())
      this.complain(`RECV of ${step} bytes, of ${this.received()} that were received`);
    else if (step > 0 && !this.ends.includes(this.rxRead))
      this.complain('RECV up to the middle of a frame');
    this.ends = this.ends.filter((end) => to16(end - this.rxReleased) > step);
    this.rxReleased = this.rxRead;
  }

  /** The frame that SEND sends: from Sn_TX_RD to Sn_TX_WR. */
  takeFrame() {
    const length = to16(this.txWrite - this.txRead);
    const frame = Buffer.alloc(length);
    let unwritten = 0;

    for (let i = 0; i < length; i++) {
      const at = to16(this.txRead + i) % this.tx.length;

      frame[i] = this.tx[at];
      unwritten += 1 - this.isWritten[at];
      this.isWritten[at] = 0;
    }
    if (length > this.tx.length || unwritten > 0)
      this.complain(`SEND of ${length} bytes, of which ${unwritten} were not written`);
    this.txEnd = this.txWrite;
    return frame;
  }

  releaseSent() {
    this.txRead = this.txEnd;
  }

  /** Writes a byte of Sn_TX_WR or Sn_RX_RD. Returns false if the register is not one of these. */
  writePointer(register, byte) {
    const change = (old) => ((register & 1) === 0 ? (old & 0xff) | byte << 8 : (old & 0xff00) | byte);

    if ((register & ~1) === registers.TX_WR)
      this.txWrite = change(this.txWrite);
    else if ((register & ~1) === registers.RX_RD)
      this.rxRead = change(this.rxRead);
    else
      return false;
    return true;
  }

  accessSend(address, isWrite, byte) {
    const at = address % this.tx.length;

    if (!isWrite)
      return this.tx[at];
    const what = `a byte at 0x${address.toString(16)} of the send buffer is written`;

    if (this.isWritten[at] === 1)
      this.complain(`${what} twice`);
    else if (to16(address - this.txWrite) % this.tx.length >= this.free())
      this.complain(`${what}, of which ${this.free()} bytes from 0x${this.txWrite.toString(16)} are free`);
    this.tx[at] = byte;
    this.isWritten[at] = 1;
    return 0;
  }

  accessReceived(address, isWrite) {
    if (isWrite)
      this.complain('the receive buffer is written');
    if (to16(address - this.rxReleased) % this.rx.length >= this.received())
      this.complain(`a byte at 0x${address.toString(16)} of the receive buffer is read, of which ${this.received()} bytes from 0x${this.rxReleased.toString(16)} were received`);
    return this.rx[address % this.rx.length];
  }
}

module.exports = { W5500Buffers };
