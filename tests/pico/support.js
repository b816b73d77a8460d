// Shared by the tests of the models: programs for the emulated board, and collected complaints.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { temporaryFolder } = require('../e2e/wiremock');
const { crc32, stageSize } = require('./bootrom');
const { Flash } = require('./flash');
const { Machine } = require('./machine');

/** Assembles a program for the address of the second stage, and makes a second stage of it: up to 252 bytes. */
function secondStage(program) {
  const [source, elf, binary] = ['stage.s', 'stage.elf', 'stage.bin'].map((name) => path.join(temporaryFolder(), name));
  const stage = Buffer.alloc(stageSize);

  fs.writeFileSync(source, `.syntax unified\n.cpu cortex-m0plus\n.thumb\n${program}\n.ltorg\n`);
  execFileSync('arm-none-eabi-gcc', ['-nostdlib', '-Wl,-Ttext=0x20041f00,-e,0x20041f00', '-o', elf, source]);
  execFileSync('arm-none-eabi-objcopy', ['-O', 'binary', elf, binary]);
  const code = fs.readFileSync(binary);
  if (code.length > stageSize - 4)
    throw new Error(`the program has ${code.length} bytes`);
  code.copy(stage);
  stage.writeUInt32LE(crc32(stage.subarray(0, stageSize - 4)), stageSize - 4);
  return stage;
}

/** A machine with this program as its second stage, at its start. Its complaints are in machine.complaints. */
function makeMachine(program) {
  const flash = new Flash();
  const complaints = [];
  const machine = new Machine({ flash, complain: (text) => complaints.push(text) });

  flash.set(secondStage(program), 0);
  machine.powerOn();
  return Object.assign(machine, { complaints });
}

/** Runs the machine until isTrue(), for a minute of its time at most. */
function runUntil(machine, isTrue) {
  for (const end = machine.now() + 60e9; !isTrue();) {
    const idle = machine.run(100);

    if (idle > 0)
      machine.sleep(idle);
    if (machine.now() > end)
      throw new Error(`never: ${isTrue}`);
  }
}

/** A word of the machine's memory. */
const word = (machine, address) => machine.peekWord(address);

module.exports = { makeMachine, runUntil, secondStage, word };
