// What other drivers do with a W5500: WIZnet's ioLibrary_Driver, Arduino's Ethernet library, Linux (w5100.c) and ESP-IDF
// (esp_eth_mac_w5500.c). They run on real chips, so the model must answer them as a chip does.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const test = require('node:test');

const { W5500 } = require('./w5500');

const blocks = { common: 0, socket: 1, send: 2, receive: 3 };
const S0 = { MR: 0x00, CR: 0x01, IR: 0x02, SR: 0x03, TX_WR: 0x24, RX_RSR: 0x26, RX_RD: 0x28, IMR: 0x2c };
const commands = { open: 0x01, send: 0x20, receive: 0x40 };

/** A model whose commands take no time, with the means of a driver: { chip, sent, complaints, read(), write(), ... }. */
function makeChip() {
  const sent = [];
  const complaints = [];
  const chip = new W5500({ send: (frame) => sent.push(Buffer.from(frame)), complain: (text) => complaints.push(text) });

  /** An SPI frame: address and control phases, then these bytes. Returns what comes in their place. */
  function transfer(block, address, isWrite, bytes) {
    chip.select(true);
    for (const byte of [address >> 8, address & 0xff, block << 3 | (isWrite ? 4 : 0)])
      chip.exchange(byte);
    const answer = Buffer.from(Array.from(bytes, (byte) => chip.exchange(byte)));

    chip.select(false);
    return answer;
  }
  const read = (block, address, length = 1) => transfer(block, address, false, Buffer.alloc(length));
  const write = (block, address, ...bytes) => transfer(block, address, true, bytes);
  const read16 = (register) => read(blocks.socket, register, 2).readUInt16BE(0);
  const write16 = (register, value) => write(blocks.socket, register, value >> 8 & 0xff, value & 0xff);

  return { chip, sent, complaints, read, write, read16, write16 };
}

/** Opens socket 0 for whole frames, with buffers of 2 KiB. */
function open(driver) {
  driver.write(blocks.socket, S0.MR, 4);
  driver.write(blocks.socket, S0.CR, commands.open);
  assert.strictEqual(driver.read(blocks.socket, S0.SR)[0], 0x42);
}

test('after a reset, registers have the values of the data sheet', () => {
  const { chip, read, write } = makeChip();
  const registers = [[0, 0x00, '00'], [0, 0x19, '07d008280000'], [0, 0x2e, 'bf'], [0, 0x39, '04'],
    ...[1, 5, 29].map((block) => [block, 0x04, '0000ffffffffffff']), [1, 0x1e, '02020800'], [1, 0x2c, 'ff']];
  const assertReset = () => registers.forEach(([block, address, bytes]) =>
    assert.strictEqual(read(block, address, bytes.length / 2).toString('hex'), bytes, `block ${block}, 0x${address.toString(16)}`));

  assertReset();
  for (const reset of [() => chip.setResetPin(true) ?? chip.setResetPin(false), () => write(blocks.common, 0x00, 0x80)]) {
    for (const [block, address] of [[0, 0x19], [1, 0x06]])
      write(block, address, 0x55);
    reset();
    chip.usableFrom = 0;
    assertReset();
  }
});

// Linux and ESP-IDF give the remainder of a pointer; Arduino's library, the remainder and high bits of its own; WIZnet's, the pointer.
for (const [whose, addressOf] of [['the pointer', (pointer) => pointer], ['its remainder', (pointer) => pointer % 2048], ['other high bits', (pointer) => 0x8000 + pointer % 2048]]) {
  test(`the address of a byte in a buffer may be ${whose}`, () => {
    const driver = makeChip();
    const { chip, sent, complaints, read, write, read16, write16 } = driver;

    open(driver);
    for (let count = 0; count < 200; count++) { // past the end of each buffer, and of the pointers
      const frame = Buffer.concat([Buffer.alloc(12, 2), Buffer.from([8, 0]), randomBytes(586)]);
      const [txWrite, rxRead] = [read16(S0.TX_WR), read16(S0.RX_RD)];

      write(blocks.send, addressOf(txWrite), ...frame);
      write16(S0.TX_WR, txWrite + frame.length);
      write(blocks.socket, S0.CR, commands.send);
      assert.ok(sent.pop().equals(frame));
      write(blocks.socket, S0.IR, 0x10);
      chip.receive(frame);
      assert.strictEqual(read16(S0.RX_RSR), frame.length + 2);
      assert.ok(read(blocks.receive, addressOf(rxRead), frame.length + 2).equals(Buffer.concat([Buffer.from([602 >> 8, 602 & 0xff]), frame])));
      write16(S0.RX_RD, rxRead + frame.length + 2);
      write(blocks.socket, S0.CR, commands.receive);
    }
    assert.deepStrictEqual(complaints, []);
  });
}

test('a byte that is not received, or has no room, is complained of, whatever its high bits', () => {
  const driver = makeChip();
  const { chip, complaints, read, write } = driver;

  open(driver);
  chip.receive(Buffer.alloc(100, 2));
  read(blocks.receive, 0x8000, 102);
  assert.deepStrictEqual(complaints, []);
  read(blocks.receive, 0x8000 + 102);
  assert.match(complaints.pop(), /a byte at 0x8066 of the receive buffer is read, of which 102 bytes/);
  driver.write16(S0.TX_WR, 100);
  write(blocks.send, 50, 0);
  assert.match(complaints.pop(), /a byte at 0x32 of the send buffer is written, of which 1948 bytes/);
});

test('Sn_IR says that a frame was sent, whatever Sn_IMR enables, as ESP-IDF relies on', () => {
  const driver = makeChip();
  const { read, write, write16 } = driver;

  open(driver);
  write(blocks.socket, S0.IMR, 4); // RECV
  write(blocks.send, 0, ...Buffer.alloc(60));
  write16(S0.TX_WR, 60);
  write(blocks.socket, S0.CR, commands.send);
  assert.strictEqual(read(blocks.socket, S0.IR)[0], 0x10);
  write(blocks.socket, S0.IR, 0x10);
  assert.strictEqual(read(blocks.socket, S0.IR)[0], 0);
});

test('a frame may be given back in parts, as WIZnet\'s driver does: first its length', () => {
  const driver = makeChip();
  const { chip, read, read16, write, write16 } = driver;

  open(driver);
  for (const first of [1, 2])
    chip.receive(Buffer.alloc(100, 2 * first));
  for (const [length, left] of [[2, 202], [100, 102], [2, 100], [50, 50], [50, 0]]) {
    read(blocks.receive, read16(S0.RX_RD), length);
    write16(S0.RX_RD, read16(S0.RX_RD) + length);
    write(blocks.socket, S0.CR, commands.receive);
    assert.strictEqual(read16(S0.RX_RSR), left);
  }
});
