// Random instructions with random registers and flags, in the emulator and in QEMU's Cortex-M3: the results must be the same. All of them
// are instructions of ARMv6-M, which behave alike on both.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { until } = require('../e2e/support');
const { start, stop, temporaryFolder } = require('../e2e/wiremock');
const { openMonitor } = require('../qemu/support');
const { step } = require('./instructions');
const memory = require('./memory');
const { RP2040 } = require('./rp2040js');

const count = 60000;
const code = 0x20000000;
const scratch = 0x20001000;
const scratchWords = 64;
const resultSize = 16 * 4;
const nop = 0xbf00;

/** The same numbers in each run: the upper bits of a linear congruential generator. */
let state = 1;
function random(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * limit);
}

const edges = [0, 1, 2, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x55555555, 0x0000ffff];

/** A value at an edge, a number of bits to shift by, or any one. */
const value = () => [() => edges[random(edges.length)], () => random(40) + 256 * random(2), () => random(2 ** 32)][random(3)]();

const low = () => random(8);

/** An instruction whose registers may hold anything: any one of this range. */
const anyOf = (from, end) => () => ({ opcode: from + random(end - from) });

/** With registers r0 to r12, of which one is high: ADD, CMP and MOV. */
function high() {
  const [destination, source] = random(2) === 0 ? [8 + random(5), random(13)] : [low(), 8 + random(5)];

  return { opcode: 0x4400 | random(3) << 8 | (destination & 8) << 4 | source << 3 | (destination & 7) };
}

/** A load or a store at an offset in the instruction, of 4, 2 or 1 bytes. */
function withOffset(opcode, size) {
  return () => {
    const base = low();
    const offset = random(32);

    return { opcode: opcode | offset << 6 | base << 3 | low(), set: { [base]: scratch + 4 * random(16) + size * random(4 / size) } };
  };
}

/** One at an offset in a register. */
function withRegister(kind, size) {
  return () => {
    const base = low();
    const index = (base + 1 + random(7)) % 8;

    return { opcode: 0x5000 | kind << 9 | index << 6 | base << 3 | low(), set: { [base]: scratch + 4 * random(16), [index]: size * random(16) } };
  };
}

/** LDM, or STM whose base, if it is stored, is the first one. */
function multiple(isLoad) {
  return () => {
    const base = low();
    const list = 1 + random(255);
    const isDefined = isLoad || (list & 1 << base) === 0 || (list & (1 << base) - 1) === 0;

    return isDefined ? { opcode: (isLoad ? 0xc800 : 0xc000) | base << 8 | list, set: { [base]: scratch + 4 * random(40) } } : multiple(isLoad)();
  };
}

/** A branch over an addition. */
const branch = () => ({ opcode: random(15) === 0 ? 0xe000 : 0xd000 | random(14) << 8, second: 0x3001 });

const forms = [anyOf(0x0000, 0x1800), anyOf(0x1800, 0x2000), anyOf(0x2000, 0x4000), anyOf(0x4000, 0x4400), anyOf(0x4000, 0x4400), high,
  () => ({ opcode: 0x4800 | low() << 8 }), anyOf(0xa000, 0xb000), anyOf(0xb000, 0xb100), anyOf(0xb200, 0xb300),
  anyOf(0xba00, 0xba80), anyOf(0xbac0, 0xbb00), withOffset(0x6000, 4), withOffset(0x6800, 4), withOffset(0x7000, 1), withOffset(0x7800, 1),
  withOffset(0x8000, 2), withOffset(0x8800, 2), ...[4, 2, 1, 1, 4, 2, 1, 2].map((size, kind) => withRegister(kind, size)),
  () => ({ opcode: 0x9000 | random(2) << 11 | low() << 8 | random(32) }), () => ({ opcode: 0xb400 | random(2) << 11 | 1 + random(255) }),
  multiple(false), multiple(true), branch];

/** A case as 16 words: 4 halfwords of instructions, the flags, r0 to r12. */
function makeCase() {
  const { opcode, second = nop, set = {} } = forms[random(forms.length)]();
  const registers = Array.from({ length: 13 }, (_, number) => set[number] ?? value());

  return Uint32Array.of(opcode + second * 0x10000, nop + nop * 0x10000, random(16) * 2 ** 28, ...registers);
}

/** Executes a case by `next`, which executes an instruction. Returns its result, as 16 words: r0 to r12, sp, flags, the sum over the scratch memory. */
function execute({ core, sram }, next, words) {
  const memory32 = new Uint32Array(sram.buffer);
  const at = (address) => (address - 0x20000000) / 4;

  for (let i = 0; i < scratchWords; i++)
    memory32[at(scratch) + i] = Math.imul(i, 0x9e3779b1);
  memory32.set(words.subarray(0, 2), at(code));
  core.APSR = words[2];
  core.registers.set(words.subarray(3));
  core.SP = scratch + 128;
  core.PC = code;
  for (let steps = 0; steps < 4 && core.PC < code + 8; steps++)
    next(core);
  const sum = memory32.subarray(at(scratch), at(scratch) + scratchWords).reduce((all, word) => (word ^ (all << 1 | all >>> 31)) >>> 0, 0);

  return Uint32Array.of(...core.registers.subarray(0, 14), core.APSR, sum);
}

/** Executes all cases in QEMU. Returns the words of all results. */
async function executeInQemu(cases) {
  const inFolder = (name) => path.join(temporaryFolder(), name);
  const input = Buffer.concat([Buffer.from(Uint32Array.of(cases.length).buffer), ...cases.map((words) => Buffer.from(words.buffer))]);

  fs.writeFileSync(inFolder('cases'), input);
  execFileSync('arm-none-eabi-gcc', ['-nostdlib', '-Wl,-Ttext=0,-e,0', '-o', inFolder('cases.elf'), path.join(__dirname, 'instructions.s')]);
  const qemu = start('qemu-system-arm', ['-M', 'mps2-an385', '-display', 'none', '-serial', 'none', '-monitor', `unix:${inFolder('monitor')},server,nowait`,
    '-kernel', inFolder('cases.elf'), '-device', `loader,file=${inFolder('cases')},addr=0x21000000,force-raw=on`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const monitor = await openMonitor(inFolder('monitor'));

  const end = (0x21400000 + resultSize * cases.length).toString(16); // of the results, to which a variable points
  await until(async () => (await monitor('xp /1wx 0x20002004')).endsWith(`: 0x${end}`));
  await monitor(`pmemsave 0x21400000 ${resultSize * cases.length} "${inFolder('results')}"`);
  await stop(qemu);
  return new Uint32Array(Uint8Array.from(fs.readFileSync(inFolder('results'))).buffer);
}

/** An RP2040 whose core has the memory of machine.js. */
function makeRp() {
  const rp = new RP2040();
  const nothing = () => {};

  memory.install(rp, { flash: new Uint8Array(2 * 1024 * 1024), sram: rp.sram, onFlashWrite: nothing, onUncachedRead: nothing, beforeDevice: nothing });
  return rp;
}

/** The cases whose results differ: the instruction, and both results. */
function compare(cases, expected, next) {
  const rp = makeRp();

  return cases.map((words, index) => ({
    opcode: words[0] & 0xffff, words: [...words], here: [...execute(rp, next, words)], there: [...expected.subarray(16 * index, 16 * index + 16)],
  })).filter(({ here, there }) => here.some((word, index) => (index === 14 ? (word ^ there[index]) >>> 28 !== 0 : word !== there[index])));
}

const describe = ({ opcode, words, here, there }) => [opcode, ...words, '|', ...here, '|', ...there].map((word) => word.toString(16)).join(' ');

/** The kind of an instruction, by its first bits. */
const kindOf = ({ opcode }) => (opcode >> 10 === 0x10 ? `ALU ${opcode >> 6 & 15}` : `0x${(opcode >> 11).toString(16)}`);

test(`${count} random instructions have the same results as in QEMU; seven kinds have not, if rp2040js executes them`, async (t) => {
  const cases = Array.from({ length: count }, makeCase);
  const expected = await executeInQemu(cases);

  assert.deepStrictEqual(compare(cases, expected, step).map(describe).slice(0, 5), []);
  const kinds = [...new Set(compare(cases, expected, (core) => core.executeInstruction()).map(kindOf))].sort();
  t.diagnostic(kinds.join(', '));
  assert.deepStrictEqual(kinds, ['0x18', 'ALU 2', 'ALU 3', 'ALU 4', 'ALU 5', 'ALU 6', 'ALU 7']); // STM; LSL, LSR, ASR, ADC, SBC, ROR
});
