// The machine: time, sleep, faults, restarts, and what it complains about.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { makeMachine, runUntil, word } = require('./support');

const result = 0x20000000; // where the programs leave a result

test('a known program is counted exactly, and takes its cycles; a core that sleeps executes nothing', () => {
  const loops = 100000;
  const machine = makeMachine(`ldr r0, =${loops}\nloop: subs r0, #1\nbne loop\nwfi`);

  runUntil(machine, () => machine.rp.core.waiting);
  const [instructions, nanos] = [machine.instructions, machine.now()];
  assert.strictEqual(instructions, 2 * loops + 2);
  assert.ok(Math.abs(nanos - (3 * loops) * 1e9 / 6.5e6) < 2e3, `${nanos} ns`); // 3 cycles for each loop, at the ring oscillator's 6.5 MHz
  assert.ok(machine.run(1000) >= 0);
  assert.strictEqual(machine.instructions, instructions);
});

test('SysTick wakes a core that sleeps, after the time that was set', () => {
  const machine = makeMachine(`ldr r0, =0xe000e010\nldr r1, =6499\nstr r1, [r0, #4]\nmovs r1, #0\nstr r1, [r0, #8]\nmovs r1, #7\nstr r1, [r0]\ncpsid i
    wfi\nwfi\nldr r0, =${result}\nmovs r1, #1\nstr r1, [r0]\nb .`);

  runUntil(machine, () => word(machine, result) === 1);
  assert.ok(machine.now() >= 1e6 && machine.now() < 2.2e6, `${machine.now()} ns`); // with PRIMASK set, the second WFI ends at once
});

/** Sets up a vector table at 0x20000100, whose hard fault handler stores the stacked pc at `result`, and loops. */
const withHandler = (program) => `ldr r0, =0x20000100\nldr r1, =0xe000ed08\nstr r0, [r1]\nldr r1, =handler + 1\nstr r1, [r0, #12]\n${program}\nb .
  .thumb_func\nhandler: ldr r0, =${result}\nldr r1, [sp, #24]\nstr r1, [r0]\nb .\n`;

const faults = {
  'an undefined instruction': 'udf #0',
  'a read of a word that is not aligned': 'ldr r0, =0x20000001\nat: ldr r0, [r0]',
  'a write of a halfword that is not aligned': 'ldr r0, =0x20000001\nat: strh r0, [r0]',
  'a read where there is nothing': 'ldr r0, =0x30000000\nat: ldr r0, [r0]',
  'a write below SRAM': 'ldr r0, =0x1ffffffc\nat: str r0, [r0]',
  'a write to the boot ROM': 'movs r0, #0\nat: str r0, [r0]',
  'a call of the boot ROM': 'ldr r0, =0x201\nblx r0',
};

for (const [what, program] of Object.entries(faults))
  test(`${what} is a hard fault, whose frame has the address of the instruction`, () => {
    const machine = makeMachine(withHandler(program.includes('at:') ? `${program}` : `at: ${program}`));

    runUntil(machine, () => word(machine, result) !== 0);
    assert.match(machine.lastFault, new RegExp(`pc 0x${word(machine, result).toString(16)}$`));
    assert.strictEqual(machine.isLockedUp, false);
    assert.deepStrictEqual(machine.complaints, []);
  });

test('a write to flash is ignored, and is a complaint', () => {
  const machine = makeMachine(withHandler(`ldr r0, =0x10000000\nstr r0, [r0]\nldr r0, =${result}\nstr r0, [r0]`));

  runUntil(machine, () => word(machine, result) !== 0);
  assert.match(machine.complaints.join(), /a write to 0x10000000, flash, is ignored/);
  assert.notStrictEqual(word(machine, 0x10000000), 0x10000000);
});

/** Enables the watchdog for some ms. selection: PSM_WDSEL; tick: WATCHDOG_TICK. */
const watchdog = (selection, tick = 0x20c) => `ldr r0, =0x40010000\nldr r1, =${selection}\nstr r1, [r0, #8]\nldr r0, =0x40058000
  ldr r1, =${tick}\nstr r1, [r0, #0x2c]\nldr r1, =2000\nstr r1, [r0, #4]\nldr r1, =0x40000000\nstr r1, [r0]\n`;

/** Counts its starts at `result`, and stores REASON after it. */
const counting = `ldr r0, =${result}\nldr r1, [r0]\nadds r1, #1\nstr r1, [r0]\nldr r2, =0x40058000\nldr r2, [r2, #8]\nstr r2, [r0, #4]\ncmp r1, #2\nbeq .\n`;

test('the watchdog restarts the machine after half of the time that was set (RP2040-E1); SRAM and the reason are kept', () => {
  const machine = makeMachine(`${counting}${watchdog(0x1fffc)}b .`);

  runUntil(machine, () => word(machine, result) === 2);
  assert.deepStrictEqual([machine.restarts, word(machine, result + 4)], [1, 1]); // TIMER
  assert.ok(machine.now() >= 1e6 && machine.now() < 1.2e6, `${machine.now()} ns`);
});

test('a core that is locked up, as its stack is where no memory is, is restarted by the watchdog only', () => {
  const machine = makeMachine(`${counting}${watchdog(0x1fffc)}ldr r0, =0x1fffff00\nmov sp, r0\npush {r0}\nb .`);

  runUntil(machine, () => machine.isLockedUp);
  runUntil(machine, () => word(machine, result) === 2);
  assert.strictEqual(machine.restarts, 1);
});

test('the command of the watchdog restarts the machine, with another reason', () => {
  const machine = makeMachine(`${counting}ldr r0, =0x40010000\nldr r1, =0x1fffc\nstr r1, [r0, #8]\nldr r0, =0x40058000\nldr r1, =0x80000000\nstr r1, [r0]\nb .`);

  runUntil(machine, () => word(machine, result) === 2);
  assert.strictEqual(word(machine, result + 4), 2); // FORCE
});

test('a watchdog without PSM_WDSEL restarts nothing, and one without ticks of 1 us is a complaint', () => {
  const machine = makeMachine(`${watchdog(0, 0x200)}b .`);

  runUntil(machine, () => machine.complaints.length === 2);
  assert.match(machine.complaints[0], /ticks of 0 cycles/);
  assert.match(machine.complaints[1], /restarts only what PSM_WDSEL selects: 0x0/);
  assert.strictEqual(machine.restarts, 0);
});

test('a peripheral that is in reset does nothing, and an access to it is a complaint', () => {
  const machine = makeMachine(`ldr r0, =0x40034000\nmovs r1, #65\nstr r1, [r0]\nldr r0, =${result}\nstr r1, [r0]\nb .`);
  const bytes = [];

  machine.onSerial = (byte) => bytes.push(byte);
  runUntil(machine, () => word(machine, result) === 65);
  assert.match(machine.complaints.join(), /register 0x40034000 is written while its peripheral is in reset/);
  assert.deepStrictEqual(bytes, []);
});

test('a byte on the serial line is a complaint unless pin, speed and format are right', () => {
  const machine = makeMachine(`ldr r0, =0x4000f000\nldr r1, =1 << 5 | 1 << 8 | 1 << 22\nstr r1, [r0]\nldr r0, =0x40034000\nmovs r1, #65\nstr r1, [r0]\nb .`);
  const bytes = [];

  machine.onSerial = (byte) => bytes.push(byte);
  runUntil(machine, () => bytes.length > 0);
  assert.match(machine.complaints.join('\n'), /GPIO0 is not UART0[^]*baud/);
});

test('a damaged second stage is not started: the boot ROM waits for a UF2', () => {
  const machine = makeMachine(`ldr r0, =${result}\nstr r0, [r0]\nb .`);

  machine.poke(0x10000000, machine.peek(0x10000000) ^ 1);
  machine.reset();
  machine.run(1000);
  assert.match(machine.complaints.join(), /no second stage/);
  assert.strictEqual(machine.instructions, 0);
});

test('the ring oscillator gives random bits, or is stuck', () => {
  const machine = makeMachine('b .');
  const bits = () => Array.from({ length: 200 }, () => machine.peekWord(0x4006001c)).join('');

  assert.match(bits(), /^(?=.*0)(?=.*1)[01]*$/);
  machine.oscillator.noise = 1;
  assert.match(bits(), /^1*$/);
});
