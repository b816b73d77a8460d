// The instructions that rp2040js 1.4.1 executes wrongly: shifts by a register (the carry for 0 and for more than 32), additions and
// subtractions with carry (the overflow), and STM with its base among the stored registers (the base is not updated).
// instructions.test.js compares all instructions with QEMU's.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

/** LSLS, LSRS, ASRS, ADCS, SBCS and RORS of two registers: opcodes from `first` to before `end` (ARMv6-M, A5.2.2). */
const first = 0x4080;
const end = 0x4200;
const nop = 0xbf00;

/** STM (ARMv6-M, A6.7.58), whose base is the first of the registers. */
const isStoreWithBase = (opcode) => opcode >> 11 === 0x18 && (opcode >> (opcode >> 8 & 7) & 1) === 1;

/** The result and carry of a shift by 1 to 255 bits (ARMv6-M, A2.2.1): [result, carry]. */
const shifts = [
  (value, by) => (by < 32 ? [value << by, value >>> 32 - by & 1] : [0, by === 32 ? value & 1 : 0]),
  (value, by) => (by < 32 ? [value >>> by, value >>> by - 1 & 1] : [0, by === 32 ? value >>> 31 : 0]),
  (value, by) => (by < 32 ? [value >> by, value >> by - 1 & 1] : [value >> 31, value >>> 31]),
];

function rotate(value, by) {
  const result = (value >>> (by & 31)) | (value << (32 - (by & 31)));

  return [result, result >>> 31];
}

function addWithCarry(core, a, b) {
  const sum = a + b + (core.C ? 1 : 0);
  const result = sum | 0;

  core.C = sum > 0xffffffff;
  core.V = ((a ^ result) & (b ^ result)) < 0;
  return result;
}

function shift(core, kind, value, by) {
  if (by === 0)
    return value | 0;
  const [result, carry] = (kind === 7 ? rotate : shifts[kind - 2])(value, by);

  core.C = carry !== 0;
  return result | 0;
}

function storeMultiple(core, opcode) {
  const base = opcode >> 8 & 7;
  let address = core.registers[base];

  for (let number = 0; number < 8; number++)
    if ((opcode >> number & 1) === 1) {
      core.writeUint32(address, core.registers[number]);
      address += 4;
      core.cycles++;
    }
  core.registers[base] = address;
}

/** Executes one of the instructions from `first` to `end`, except for the change of PC. */
function execute(core, opcode) {
  const { registers } = core;
  const kind = opcode >> 6 & 7;
  const destination = opcode & 7;
  const operand = registers[opcode >> 3 & 7];
  const value = registers[destination];
  const result = kind === 5 ? addWithCarry(core, value, operand) : kind === 6 ? addWithCarry(core, value, ~operand >>> 0)
    : shift(core, kind, value, operand & 0xff);

  registers[destination] = result;
  core.N = result < 0;
  core.Z = result === 0;
}

/**
 * Called for each halfword that the core reads. Returns what the core is to execute: for an instruction that it would execute wrongly,
 * executes it, and returns a NOP, which takes one cycle. Data that are read are not changed: PC is at the instruction only while it is
 * fetched.
 */
function correct(core, address, opcode) {
  if (opcode < first || (opcode >= end && !isStoreWithBase(opcode)) || address !== core.registers[15])
    return opcode;
  if (opcode < end)
    execute(core, opcode);
  else
    storeMultiple(core, opcode);
  return nop;
}

module.exports = { correct };
