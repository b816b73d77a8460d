// A W5500-EVB-Pico as a program. Its serial line is on the standard output, its complaints on the standard error.
//
//   pico.js --image FILE [OPTION]...
//
// README.md lists the options.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const { parseArgs } = require('node:util');

const { drop } = require('./bootrom');
const { Flash } = require('./flash');
const frames = require('./frames');
const { Machine } = require('./machine');
const { sramSize } = require('./memory');
const monitor = require('./monitor');
const { Pace } = require('./pace');

const settingsAt = 0x1fe000; // in the flash

const { values } = parseArgs({ options: {
  image: { type: 'string', multiple: true, default: [] }, settings: { type: 'string' }, flash: { type: 'string' }, sram: { type: 'string', multiple: true, default: [] },
  wire: { type: 'string' }, monitor: { type: 'string' }, do: { type: 'string', multiple: true, default: [] }, hasty: { type: 'boolean' },
} });

function fail(text) {
  console.error(`pico: ${text}`);
  process.exit(1);
}

/** Writes an image to the flash: a UF2 by the boot ROM; other files as they are. */
function load(flash, file) {
  const bytes = fs.readFileSync(file);

  if (!file.endsWith('.uf2')) {
    flash.set(bytes, 0);
    return;
  }
  const { complaints, isComplete } = drop(flash, bytes);
  if (!isComplete)
    fail(`${file}: the boot ROM would wait for more: ${complaints.join('; ')}`);
}

/** SRAM at power-up: zeros, and the bytes of each FILE at its OFFSET. */
function sram(options) {
  const bytes = new Uint8Array(sramSize);

  for (const option of options) {
    const [, file, offset] = /^(.*)@(\w+)$/.exec(option);
    bytes.set(fs.readFileSync(file), Number(offset));
  }
  return bytes;
}

function main() {
  const seen = new Set();
  const complain = (text) => {
    if (!seen.has(text))
      console.error(`pico: ${text}`);
    seen.add(text);
  };
  const flash = new Flash({ file: values.flash ?? null });
  let send = () => {};
  const machine = new Machine({ flash, complain, onSerial: (byte) => process.stdout.write(Buffer.from([byte])), sendFrame: (frame) => send(frame) });
  const pace = new Pace(machine, values.hasty ?? false);
  const commands = { ...monitor.ofQemu(machine, pace), ...monitor.ofOurs(machine) };

  for (const file of values.image)
    load(flash, file);
  if (values.settings !== undefined)
    flash.set(fs.readFileSync(values.settings), settingsAt);
  for (const line of values.do)
    monitor.execute(commands, line);
  if (values.monitor !== undefined)
    monitor.listen(commands, values.monitor);
  if (values.wire !== undefined)
    send = frames.connect(values.wire, {
      onFrame: (frame) => {
        machine.w5500.receive(frame);
        pace.wake();
      },
      onEnd: (why) => fail(`wire: ${why}`),
    });
  process.on('SIGTERM', () => process.exit(0));
  machine.powerOn(sram(values.sram));
  pace.start();
}

main();
