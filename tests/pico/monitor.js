// The monitor: the commands of QEMU's that the tests use, and those that make something break. README.md lists them.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const net = require('node:net');

const { drop } = require('./bootrom');
const { serve } = require('./debugger');
const { picture } = require('./picture');
const { columns, rows } = require('./ssd1306');

const hex = (number, digits = 8) => (number >>> 0).toString(16).padStart(digits, '0');

/** Commands of QEMU's monitor: by their name, functions of their words. They return the answer, or nothing. */
function ofQemu(machine, pace) {
  const commands = {
    xp([format, address]) {
      const count = Number(/^\/(\d+)wx$/.exec(format)[1]);
      const words = Array.from({ length: count }, (_, index) => `0x${hex(machine.peekWord(Number(address) + 4 * index))}`);

      return `${hex(Number(address), 16)}: ${words.join(' ')}`;
    },
    pmemsave([from, length, file]) {
      fs.writeFileSync(file.replaceAll('"', ''), Buffer.from(Array.from({ length: Number(length) }, (_, at) => machine.peek(Number(from) + at))));
    },
    set_link([, state]) { machine.w5500.isLinked = state === 'on'; },
    stop() { pace.stop(); },
    cont() { pace.go(); },
    info: ([what]) => (what === 'replay' ? `instruction count = ${machine.instructions}`
      : Array.from(machine.rp.core.registers, (value, number) => `R${String(number).padStart(2, '0')}=${hex(value)}`).join(' ')),
    gdbserver: ([where]) => serve(machine, pace, where === 'none' ? null : /^unix:([^,]*)/.exec(where)[1]),
    system_reset() { machine.reset(); },
    screendump([file, , format = 'ppm']) {
      fs.writeFileSync(file, picture((x, y) => machine.display.isLit(x, y), columns, rows, format));
    },
    quit: () => process.exit(0),
  };

  return commands;
}

/** Commands that make something break, or that do what a person does. */
function ofOurs(machine) {
  const { flash, oscillator, w5500 } = machine;

  return {
    w5500([what, value]) {
      const actions = {
        silent: () => { w5500.silentSends += Number(value); },
        wrong_length: () => { w5500.wrongLength = Number(value); },
        answer: () => { w5500.answer = value === 'normal' ? null : Number(value); },
        reset: () => w5500.reset(),
      };

      actions[what]();
    },
    display: ([presence, clocks]) => machine.setDisplay(presence, clocks === undefined ? Infinity : Number(clocks)),
    noise([what]) { oscillator.noise = what === 'random' ? what : Number(what); },
    power_cut([bytes]) { flash.bytesUntilCut = Number(bytes); },
    power_cycle() { machine.powerOn(); },
    load_flash: ([address, file]) => flash.set(fs.readFileSync(file), Number(address) - 0x10000000),
    drop([file]) {
      const { complaints, isComplete } = drop(flash, fs.readFileSync(file));

      if (isComplete)
        machine.reset();
      return [isComplete ? 'complete' : 'not complete', ...complaints].join('\r\n');
    },
  };
}

/** Executes one line. Returns the answer, or undefined. */
function execute(commands, line) {
  const [name, ...words] = line.trim().split(' ');

  return commands[name] === undefined ? `unknown command: '${name}'` : commands[name](words);
}

/** Answers commands at the Unix socket `path`, as QEMU does. */
function listen(commands, path) {
  net.createServer((socket) => {
    let text = '';

    socket.on('error', () => {});
    socket.write('(qemu) ');
    socket.on('data', (bytes) => {
      text += bytes;
      for (let end; (end = text.indexOf('\n')) >= 0;) {
        const line = text.slice(0, end);

        text = text.slice(end + 1);
        const answer = execute(commands, line);
        socket.write(`${line}\r\n${answer === undefined ? '' : `${answer}\r\n`}(qemu) `);
      }
    });
  }).listen(path);
}

module.exports = { execute, listen, ofOurs, ofQemu };
