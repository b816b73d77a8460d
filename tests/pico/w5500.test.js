// The model of the W5500: what a driver of whole frames sees, and each complaint.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { W5500 } = require('./w5500');

const common = 0; // blocks (data sheet, 2.2.2)
const socket = 1;
const sendBuffer = 2;
const receiveBuffer = 3;
const own = [0x02, 1, 2, 3, 4, 5];

/** A chip at a time that the test sets by chip.pass(nanos). chip.frames: those that it has sent. chip.isLow: the pin INTn. */
function makeChip() {
  const state = { time: 0, timers: [], frames: [], complaints: [], isLow: false };
  const chip = new W5500({
    send: (frame) => state.frames.push(frame), complain: (text) => state.complaints.push(text), now: () => state.time,
    after: (nanos, done) => state.timers.push({ at: state.time + nanos, done }), onInterrupt: (isLow) => { state.isLow = isLow; },
  });

  chip.pass = (nanos) => {
    state.time += nanos;
    const due = state.timers.filter(({ at }) => at <= state.time);
    state.timers = state.timers.filter(({ at }) => at > state.time);
    due.forEach(({ done }) => done());
  };
  chip.state = state;
  return chip;
}

/** An SPI frame. Returns the bytes that come during the data phase. */
function transfer(chip, block, address, isWrite, bytes) {
  chip.select(true);
  [address >> 8, address & 0xff, block << 3 | (isWrite ? 4 : 0)].forEach((byte) => chip.exchange(byte));
  const answer = bytes.map((byte) => chip.exchange(byte));

  chip.select(false);
  return answer;
}

const write = (chip, block, address, ...bytes) => transfer(chip, block, address, true, bytes);
const read = (chip, block, address, length = 1) => transfer(chip, block, address, false, Array.from({ length }, () => 0));
const read16 = (chip, address) => Buffer.from(read(chip, socket, address, 2)).readUInt16BE();
const write16 = (chip, address, value) => write(chip, socket, address, value >> 8 & 0xff, value & 0xff);

function command(chip, code) {
  write(chip, socket, 0x01, code);
  chip.pass(1000);
}

/** A chip whose socket is open, with these bits in Sn_MR, and 16 KiB for each buffer. */
function open(mode = 0) {
  const chip = makeChip();

  write(chip, common, 0x09, ...own);
  write(chip, common, 0x18, 1); // SIMR
  for (let number = 7; number >= 0; number--)
    for (const register of [0x1e, 0x1f])
      write(chip, number * 4 + socket, register, number === 0 ? 16 : 0);
  write(chip, socket, 0x00, 4 | mode);
  command(chip, 0x01);
  return chip;
}

/** A frame to an address, of this length. */
const makeFrame = (to, length = 100, type = 0x0800) => Buffer.concat([Buffer.from(to), Buffer.alloc(6, 9), Buffer.from([type >> 8, type & 0xff]), Buffer.alloc(length - 14, 7)]);

/** Reads the next frame as a driver does: RX_RSR, the length, the frame, RX_RD, RECV. */
function receive(chip) {
  const from = read16(chip, 0x28);
  const length = Buffer.from(read(chip, receiveBuffer, from, 2)).readUInt16BE();
  const frame = Buffer.from(read(chip, receiveBuffer, from + 2, length - 2));

  write16(chip, 0x28, from + length);
  command(chip, 0x40);
  return frame;
}

/** Writes a frame to the send buffer, and commands SEND. */
function send(chip, frame, written = frame) {
  const from = read16(chip, 0x24);

  write(chip, sendBuffer, from, ...written);
  write16(chip, 0x24, from + frame.length);
  command(chip, 0x20);
}

const complaints = (chip) => chip.state.complaints.join('\n');

test('it says its version, that the link is up, and that the socket is open', () => {
  const chip = open();

  assert.deepStrictEqual([...read(chip, common, 0x39), ...read(chip, common, 0x2e), ...read(chip, socket, 0x03)], [4, 0xbf, 0x42]);
  chip.isLinked = false;
  assert.deepStrictEqual(read(chip, common, 0x2e), [0xb8]);
  assert.strictEqual(complaints(chip), '');
});

test('frames come one after the other, each after its length, short ones padded; INTn is low until Sn_IR is cleared', () => {
  const chip = open();
  const [first, second] = [makeFrame(own, 42), makeFrame(own, 1514)];

  chip.receive(first);
  chip.receive(second);
  assert.strictEqual(chip.state.isLow, true);
  assert.strictEqual(read16(chip, 0x26), 62 + 1516);
  write(chip, socket, 0x02, 4);
  assert.strictEqual(chip.state.isLow, false);
  assert.deepStrictEqual(receive(chip), Buffer.concat([first, Buffer.alloc(18)]));
  assert.strictEqual(chip.state.isLow, true, 'RECV says that there is more');
  write(chip, socket, 0x02, 4);
  assert.deepStrictEqual(receive(chip), second);
  assert.strictEqual(chip.state.isLow, false);
  assert.strictEqual(read16(chip, 0x26), 0);
  assert.strictEqual(complaints(chip), '');
});

test('frames are sent as they are written, also past the end of the buffer and of 16 bits; SENDOK comes when they are on the wire', () => {
  const chip = open();

  for (let number = 0; number < 60; number++) {
    const frame = makeFrame(own, 1400 + number);

    send(chip, frame);
    assert.strictEqual(read(chip, socket, 0x02)[0] & 0x10, 0);
    chip.pass(200e3);
    assert.strictEqual(read(chip, socket, 0x02)[0] & 0x10, 0x10);
    write(chip, socket, 0x02, 0x10);
    assert.deepStrictEqual(chip.state.frames.at(-1), frame);
  }
  assert.strictEqual(read16(chip, 0x20), 16384);
  assert.strictEqual(complaints(chip), '');
});

test('a frame without room in the buffer is lost, and the ones before it are not', () => {
  const chip = open();

  for (let number = 0; number < 12; number++)
    chip.receive(makeFrame(own, 1500 + number));
  assert.strictEqual(chip.dropped, 2);
  assert.deepStrictEqual(Array.from({ length: 10 }, () => receive(chip).length), Array.from({ length: 10 }, (_, number) => 1500 + number));
});

const others = { 'another address': [[2, 9, 9, 9, 9, 9], 0x80], 'a multicast address': [[1, 0, 0x5e, 0, 0, 1], 0x20], 'the broadcast address': [Array(6).fill(0xff), 0x40],
  'IPv6': [own, 0x10, 0x86dd] };

for (const [what, [to, filter, type]] of Object.entries(others))
  test(`a frame to ${what} comes, unless Sn_MR blocks it`, () => {
    const [all, some] = [open(), open(filter)];

    for (const chip of [all, some]) {
      chip.receive(makeFrame(to, 100, type));
      chip.receive(makeFrame(own));
    }
    assert.deepStrictEqual([read16(all, 0x26), read16(some, 0x26)], [204, 102]);
  });

test('nothing comes while the socket is closed or the cable is out', () => {
  const chip = open();

  chip.isLinked = false;
  chip.receive(makeFrame(own));
  chip.isLinked = true;
  command(chip, 0x10);
  chip.receive(makeFrame(own));
  command(chip, 0x01);
  assert.strictEqual(read16(chip, 0x26), 0);
});

const wrong = {
  'a command before the one before is accepted': [(chip) => { write(chip, socket, 0x01, 0x40); write(chip, socket, 0x01, 0x40); }, /before Sn_CR was 0/],
  'SEND on a closed socket': [(chip) => { command(chip, 0x10); command(chip, 0x20); }, /while the socket is closed/],
  'OPEN of an open socket': [(chip) => command(chip, 0x01), /not closed/],
  'a command of TCP': [(chip) => command(chip, 0x04), /not one of MACRAW/],
  'SEND before SENDOK': [(chip) => { send(chip, makeFrame(own)); send(chip, makeFrame(own)); }, /SEND before the frame before/],
  'SEND of less than was written': [(chip) => send(chip, makeFrame(own, 100), makeFrame(own, 90)), /of which 10 were not written/],
  'a frame that is too short': [(chip) => send(chip, makeFrame(own, 59)), /of 59 bytes/],
  'a write past the free space': [(chip) => { for (let at = 0; at < 17; at++) write(chip, sendBuffer, at * 1024, ...Array(1024).fill(0)); }, /of the send buffer is written/],
  'a read of what was not received': [(chip) => { chip.receive(makeFrame(own)); read(chip, receiveBuffer, 0, 103); }, /of the receive buffer is read/],
  'RECV of more than was received': [(chip) => { write16(chip, 0x28, 10); command(chip, 0x40); }, /RECV of 10 bytes, of 0/],
  'RECV up to the middle of a frame': [(chip) => { chip.receive(makeFrame(own)); write16(chip, 0x28, 50); command(chip, 0x40); }, /middle of a frame/],
  'buffers of more than 16 KiB': [(chip) => { write(chip, 4 + socket, 0x1e, 2); command(chip, 0x10); command(chip, 0x01); }, /larger than 16 KiB/],
  'an SPI frame without data': [(chip) => transfer(chip, socket, 0, false, []), /without data/],
  'fixed length mode': [(chip) => { chip.select(true); [0, 0, 1, 0].forEach((byte) => chip.exchange(byte)); }, /fixed length/],
  'a reserved block': [(chip) => read(chip, 4, 0), /reserved block/],
  'a register that does not exist': [(chip) => read(chip, socket, 0x50), /does not exist/],
  'a reset of less than 500 us': [(chip) => { chip.setResetPin(true); chip.pass(400e3); chip.setResetPin(false); }, /less than 500 us/],
  'an access soon after a reset': [(chip) => { chip.setResetPin(true); chip.pass(600e3); chip.setResetPin(false); chip.pass(900e3); read(chip, common, 0x39); }, /less than 1 ms after it/],
};

for (const [what, [mistake, complaint]] of Object.entries(wrong))
  test(`a complaint: ${what}`, () => {
    const chip = open();

    assert.strictEqual(complaints(chip), '');
    mistake(chip);
    assert.match(complaints(chip), complaint);
  });

test('a reset takes the registers back, and closes the socket', () => {
  const chip = open();

  chip.setResetPin(true);
  chip.pass(600e3);
  chip.setResetPin(false);
  chip.pass(1.1e6);
  assert.deepStrictEqual([...read(chip, common, 0x09, 6), ...read(chip, socket, 0x03), ...read(chip, socket, 0x1e)], [0, 0, 0, 0, 0, 0, 0, 2]);
  assert.strictEqual(complaints(chip), '');
});

test('a restart of the RP2040 within an SPI frame or a reset is no mistake', () => {
  const chip = open();

  chip.select(true);
  chip.exchange(0);
  chip.release();
  chip.setResetPin(true);
  chip.release();
  chip.setResetPin(true);
  chip.pass(600e3);
  chip.setResetPin(false);
  chip.pass(1.1e6);
  assert.deepStrictEqual(read(chip, common, 0x39), [4]);
  assert.strictEqual(complaints(chip), '');
});

test('faults: a SENDOK that does not come, a wrong length before one frame, a chip that does not answer', () => {
  const chip = open();

  chip.silentSends = 1;
  send(chip, makeFrame(own));
  chip.pass(200e3);
  assert.deepStrictEqual([chip.state.frames.length, read(chip, socket, 0x02)[0] & 0x10], [1, 0]);
  chip.wrongLength = 0xffff;
  chip.receive(makeFrame(own));
  chip.receive(makeFrame(own));
  assert.deepStrictEqual([...read(chip, receiveBuffer, 0, 2), ...read(chip, receiveBuffer, 102, 2)], [0xff, 0xff, 0, 102]);
  for (const answer of [0x00, 0xff]) {
    chip.answer = answer;
    assert.deepStrictEqual(read(chip, common, 0x39), [answer]);
  }
});
