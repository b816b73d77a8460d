// The instructions that firmware mostly consists of: faster by half than rp2040js executes them, and without its mistakes. Those are: shifts
// by a register (the carry for 0 and for more than 32), additions and subtractions with carry (the overflow), and STM with its base among
// the stored registers (the base is not updated). All other instructions are rp2040js's. instructions.test.js compares all with
// QEMU's. Cycles are counted as rp2040js counts them. Comments name the sections of the ARMv6-M manual.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

// Each function executes one instruction, after PC was increased by 2. It returns the cycles. `r`: the registers, unsigned. The most frequent
// ones are functions of their own, as V8 is slow to call a function that is different each time.

const pc = 15;
const sp = 13;

function setNZ(core, result) {
  core.N = result < 0;
  core.Z = result === 0;
  return result;
}

/** A2.2.1, AddWithCarry(), with flags. */
function add(core, a, b, carry) {
  const sum = a + b + carry;
  const result = sum | 0;

  core.C = sum > 0xffffffff;
  core.V = ((a ^ result) & (b ^ result)) < 0;
  return setNZ(core, result);
}

const subtract = (core, a, b) => add(core, a, ~b >>> 0, 1);

/** Shifts by 1 to 255 bits (A2.2.1). They set the carry. */
function shiftLeft(core, value, by) {
  core.C = by <= 32 && (value >>> 32 - by & 1) === 1;
  return by < 32 ? value << by : 0;
}

function shiftRight(core, value, by) {
  core.C = by <= 32 && (value >>> by - 1 & 1) === 1;
  return by < 32 ? value >>> by | 0 : 0;
}

function shiftSigned(core, value, by) {
  core.C = ((by <= 32 ? value >>> by - 1 : value >>> 31) & 1) === 1;
  return by < 32 ? value >> by : value >> 31;
}

function rotate(core, value, by) {
  const result = (value >>> (by & 31)) | (value << (32 - (by & 31)));

  core.C = result < 0;
  return result;
}

/** By an immediate. For 0, the right ones shift by 32, and the left one keeps the carry (A6.7.35). */
function shiftLeftImmediate(core, r, op) {
  const by = op >> 6 & 31;
  const value = r[op >> 3 & 7];

  r[op & 7] = setNZ(core, by === 0 ? value | 0 : shiftLeft(core, value, by));
  return 1;
}

function shiftRightImmediate(core, r, op) {
  r[op & 7] = setNZ(core, shiftRight(core, r[op >> 3 & 7], op >> 6 & 31 || 32));
  return 1;
}

function shiftSignedImmediate(core, r, op) {
  r[op & 7] = setNZ(core, shiftSigned(core, r[op >> 3 & 7], op >> 6 & 31 || 32));
  return 1;
}

const byRegister = (shift) => (core, r, op) => {
  const by = r[op >> 3 & 7] & 0xff;
  const value = r[op & 7];

  r[op & 7] = setNZ(core, by === 0 ? value | 0 : shift(core, value, by));
  return 1;
};

/** An operation of two registers, of which the first one takes the result; or only flags. */
const logical = (of) => (core, r, op) => {
  r[op & 7] = setNZ(core, of(r[op & 7], r[op >> 3 & 7]) | 0);
  return 1;
};

const flagsOnly = (of) => (core, r, op) => {
  of(core, r[op & 7], r[op >> 3 & 7]);
  return 1;
};

const arithmetic = (of) => (core, r, op) => {
  r[op & 7] = of(core, r[op & 7], r[op >> 3 & 7]);
  return 1;
};

/** In the order of their numbers (A5.2.2). */
const registerOperations = [
  logical((a, b) => a & b), logical((a, b) => a ^ b), byRegister(shiftLeft), byRegister(shiftRight), byRegister(shiftSigned),
  arithmetic((core, a, b) => add(core, a, b, core.C ? 1 : 0)), arithmetic((core, a, b) => add(core, a, ~b >>> 0, core.C ? 1 : 0)), byRegister(rotate),
  flagsOnly((core, a, b) => setNZ(core, a & b)), arithmetic((core, a, b) => subtract(core, 0, b)), flagsOnly(subtract),
  flagsOnly((core, a, b) => add(core, a, b, 0)), logical((a, b) => a | b), logical(Math.imul), logical((a, b) => a & ~b), logical((a, b) => ~b),
];

function addRegisters(core, r, op) {
  r[op & 7] = add(core, r[op >> 3 & 7], r[op >> 6 & 7], 0);
  return 1;
}

function subtractRegisters(core, r, op) {
  r[op & 7] = subtract(core, r[op >> 3 & 7], r[op >> 6 & 7]);
  return 1;
}

function addShort(core, r, op) {
  r[op & 7] = add(core, r[op >> 3 & 7], op >> 6 & 7, 0);
  return 1;
}

function subtractShort(core, r, op) {
  r[op & 7] = subtract(core, r[op >> 3 & 7], op >> 6 & 7);
  return 1;
}

function moveImmediate(core, r, op) {
  r[op >> 8 & 7] = setNZ(core, op & 0xff);
  return 1;
}

function compareImmediate(core, r, op) {
  subtract(core, r[op >> 8 & 7], op & 0xff);
  return 1;
}

function addImmediate(core, r, op) {
  r[op >> 8 & 7] = add(core, r[op >> 8 & 7], op & 0xff, 0);
  return 1;
}

function subtractImmediate(core, r, op) {
  r[op >> 8 & 7] = subtract(core, r[op >> 8 & 7], op & 0xff);
  return 1;
}

/** What is not here. */
function byRp2040js(core, r) {
  r[pc] -= 2;
  core.executeInstruction();
  return 0; // it has counted them
}

/** ADD, CMP and MOV of any registers, except those that change or read PC, or change SP. */
const anyRegister = (of) => (core, r, op) => {
  const [to, from] = [(op >> 4 & 8) | (op & 7), op >> 3 & 15];

  if (to === pc || to === sp || from === pc)
    return byRp2040js(core, r);
  of(core, r, to, from);
  return 1;
};

const sized = {
  word: { size: 4, read: (core, at) => core.readUint32(at), write: (core, at, value) => core.writeUint32(at, value) },
  half: { size: 2, read: (core, at) => core.readUint16(at), write: (core, at, value) => core.writeUint16(at, value) },
  byte: { size: 1, read: (core, at) => core.readUint8(at), write: (core, at, value) => core.writeUint8(at, value) },
};
const signedHalf = { read: (core, at) => core.readUint16(at) << 16 >> 16 };
const signedByte = { read: (core, at) => core.readUint8(at) << 24 >> 24 };

/** A load or a store at an address, which is a function of the registers and the instruction. */
const load = ({ read }, addressOf) => (core, r, op) => {
  const address = addressOf(r, op) >>> 0;

  r[op & 7] = read(core, address);
  return 1 + core.cyclesIO(address);
};

const store = ({ write }, addressOf) => (core, r, op) => {
  const address = addressOf(r, op) >>> 0;

  write(core, address, r[op & 7]);
  return 1 + core.cyclesIO(address, true);
};

function loadWord(core, r, op) {
  const address = r[op >> 3 & 7] + (op >> 4 & 0x7c) >>> 0;

  r[op & 7] = core.readUint32(address);
  return 1 + core.cyclesIO(address);
}

function storeWord(core, r, op) {
  const address = r[op >> 3 & 7] + (op >> 4 & 0x7c) >>> 0;

  core.writeUint32(address, r[op & 7]);
  return 1 + core.cyclesIO(address, true);
}

function loadFromStack(core, r, op) {
  r[op >> 8 & 7] = core.readUint32(r[sp] + (op & 0xff) * 4);
  return 2;
}

function storeOnStack(core, r, op) {
  core.writeUint32(r[sp] + (op & 0xff) * 4, r[op >> 8 & 7]);
  return 2;
}

function loadLiteral(core, r, op) {
  r[op >> 8 & 7] = core.readUint32((r[pc] + 2 & ~3) + (op & 0xff) * 4);
  return 2;
}

const offset = ({ size }) => (r, op) => r[op >> 3 & 7] + (op >> 6 & 31) * size;
const index = (r, op) => r[op >> 3 & 7] + r[op >> 6 & 7];

const extension = (of) => (core, r, op) => {
  r[op & 7] = of(r[op >> 3 & 7]);
  return 1;
};

/** Stores the registers of a list from an address on. Returns their number. */
function storeList(core, r, list, address) {
  let count = 0;

  for (let number = 0; list >> number !== 0; number++)
    if ((list >> number & 1) === 1)
      core.writeUint32(address + 4 * count++, r[number]);
  return count;
}

function loadList(core, r, list, address) {
  let count = 0;

  for (let number = 0; list >> number !== 0; number++)
    if ((list >> number & 1) === 1)
      r[number] = core.readUint32(address + 4 * count++);
  return count;
}

const bitCounts = Uint8Array.from({ length: 512 }, (_, list) => list.toString(2).replaceAll('0', '').length);

/** A6.7.50. Bit 8 of the list is LR, which is stored last. */
function push(core, r, op) {
  const length = bitCounts[op & 0x1ff];
  const address = r[sp] - 4 * length;

  storeList(core, r, op & 0xff, address);
  if ((op & 0x100) !== 0)
    core.writeUint32(address + 4 * length - 4, r[14]);
  r[sp] = address;
  return 1 + bitCounts[op & 0xff];
}

/** A6.7.49. Bit 8 of the list is PC. */
function pop(core, r, op) {
  const address = r[sp];
  const count = loadList(core, r, op & 0xff, address);

  if ((op & 0x100) === 0) {
    r[sp] = address + 4 * count;
    return 1 + count;
  }
  const target = core.readUint32(address + 4 * count);
  r[sp] = address + 4 * count + 4;
  core.BXWritePC(target);
  return 3 + count;
}

/** A6.7.58: the base that is stored is the one before. */
function storeMultiple(core, r, op) {
  const base = op >> 8 & 7;
  const count = storeList(core, r, op & 0xff, r[base]);

  r[base] += 4 * count;
  return 1 + count;
}

/** A6.7.25: a base that is loaded is not updated. */
function loadMultiple(core, r, op) {
  const base = op >> 8 & 7;
  const address = r[base];
  const count = loadList(core, r, op & 0xff, address);

  if ((op >> base & 1) === 0)
    r[base] = address + 4 * count;
  return 1 + count;
}

/** A6.3, in the order of their numbers; an odd one is the opposite. */
const conditions = [(core) => core.Z, (core) => core.C, (core) => core.N, (core) => core.V, (core) => core.C && !core.Z,
  (core) => core.N === core.V, (core) => !core.Z && core.N === core.V];

const branchIf = (condition, isTrue) => (core, r, op) => {
  if (condition(core) !== isTrue)
    return 1;
  r[pc] += 2 + (op << 24 >> 23);
  return 2;
};

function branch(core, r, op) {
  r[pc] += 2 + (op << 21 >> 20);
  return 2;
}

/** A6.7.13: BL. */
function call(core, r, op) {
  const second = core.readUint16(r[pc]);

  if ((second & 0xd000) !== 0xd000)
    return byRp2040js(core, r);
  const sign = op >> 10 & 1;
  const [i1, i2] = [~((second >> 13) ^ sign) & 1, ~((second >> 11) ^ sign) & 1];
  const distance = (-sign << 24) | i1 << 23 | i2 << 22 | (op & 0x3ff) << 12 | (second & 0x7ff) << 1;

  r[14] = r[pc] + 2 | 1;
  r[pc] += 2 + distance;
  return 3;
}

/** [first opcode, function]: from this opcode to before the next one. */
const ranges = [
  [0x0000, shiftLeftImmediate], [0x0800, shiftRightImmediate], [0x1000, shiftSignedImmediate],
  [0x1800, addRegisters], [0x1a00, subtractRegisters], [0x1c00, addShort], [0x1e00, subtractShort],
  [0x2000, moveImmediate], [0x2800, compareImmediate], [0x3000, addImmediate], [0x3800, subtractImmediate],
  ...registerOperations.map((operation, number) => [0x4000 + 64 * number, operation]),
  [0x4400, anyRegister((core, r, to, from) => { r[to] += r[from]; })], [0x4500, anyRegister((core, r, to, from) => { subtract(core, r[to], r[from]); })],
  [0x4600, anyRegister((core, r, to, from) => { r[to] = r[from]; })], [0x4700, byRp2040js],
  [0x4800, loadLiteral],
  [0x5000, store(sized.word, index)], [0x5200, store(sized.half, index)], [0x5400, store(sized.byte, index)], [0x5600, load(signedByte, index)],
  [0x5800, load(sized.word, index)], [0x5a00, load(sized.half, index)], [0x5c00, load(sized.byte, index)], [0x5e00, load(signedHalf, index)],
  [0x6000, storeWord], [0x6800, loadWord],
  [0x7000, store(sized.byte, offset(sized.byte))], [0x7800, load(sized.byte, offset(sized.byte))],
  [0x8000, store(sized.half, offset(sized.half))], [0x8800, load(sized.half, offset(sized.half))],
  [0x9000, storeOnStack], [0x9800, loadFromStack],
  [0xa000, byRp2040js],
  [0xb200, extension((value) => value << 16 >> 16)], [0xb240, extension((value) => value << 24 >> 24)],
  [0xb280, extension((value) => value & 0xffff)], [0xb2c0, extension((value) => value & 0xff)], [0xb300, byRp2040js],
  [0xb400, push], [0xb600, byRp2040js], [0xbc00, pop], [0xbe00, byRp2040js],
  [0xc000, storeMultiple], [0xc800, loadMultiple],
  ...Array.from({ length: 14 }, (_, number) => [0xd000 + 256 * number, branchIf(conditions[number >> 1], (number & 1) === 0)]), [0xde00, byRp2040js],
  [0xe000, branch], [0xe800, byRp2040js], [0xf000, call], [0xf800, byRp2040js],
];

/** The function for each opcode, by its upper ten bits. */
const table = Array.from({ length: 1024 }, (_, number) => ranges.findLast(([from]) => from <= number * 64)[1]);

/** Executes the next instruction, without a look at interrupts. */
function step(core) {
  const r = core.registers;
  const opcode = core.readUint16(r[pc]);

  r[pc] += 2;
  core.cycles += table[opcode >> 6](core, r, opcode);
}

module.exports = { step };
