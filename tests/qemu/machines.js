// How a lamp is started on each kind of machine: by QEMU, or by the emulator of tests/pico.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { until } = require('../e2e/support');
const { start, top } = require('../e2e/wiremock');

/**
 * Each kind has a function that starts a lamp; it returns the processes, of which the first one is the lamp: its serial line is on its
 * standard output. `run` has:
 *
 * board: the board's entry in support.js. elf: the firmware. folder: an empty folder. monitor: the path of the monitor's socket.
 * settings: the path of a block; null: none. seed: the bytes of a seed; null: none. sram: { bytes, at }, the content of SRAM from this
 * address on at power-up; null: zeros. network: QEMU's network backend. capture: the path of a capture of the network; null: none.
 * pace: see support.js. commands: of the emulator's monitor, before the start.
 */
const kinds = { qemu: startInQemu, pico: startInPico };

const qemuPaces = {
  real: [],
  hasty: ['-icount', 'shift=5,sleep=off'],
  endless: ['-icount', 'shift=0,sleep=off'],
  counted: ['-icount', 'shift=0,rr=record,rrfile=/dev/null'],
};

const captureOptions = (capture) => (capture === null ? [] : ['-object', `filter-dump,id=capture,netdev=net,file=${capture}`]);

/** QEMU's options that load a file to an address. */
const loader = (file, address) => ['-device', `loader,file=${file},addr=${address},force-raw=on`];

/** The emulator's option that loads a file to an address in SRAM. */
const inSram = (file, address) => ['--sram', `${file}@${address - 0x20000000}`];

function written(folder, name, bytes) {
  const file = path.join(folder, name);

  fs.writeFileSync(file, bytes);
  return file;
}

async function startInQemu({ board, elf, folder, monitor, settings, seed, sram, network, capture, pace }) {
  return [start('qemu-system-arm', ['-M', board.machine, '-display', 'none', '-serial', 'stdio', '-monitor', `unix:${monitor},server,nowait`, '-kernel', elf,
    ...(seed === null ? [] : loader(written(folder, 'seed', seed), board.seed)),
    ...(sram === null ? [] : loader(written(folder, 'sram', sram.bytes), sram.at)),
    ...(settings === null ? [] : loader(settings, board.settings)),
    '-nic', `${network},model=${board.nic},id=net`, ...qemuPaces[pace], ...captureOptions(capture)], { stdio: ['ignore', 'pipe', 'inherit'] })];
}

/** QEMU without a board connects the network to a socket, at which the emulator is. */
async function startInPico({ board, elf, folder, monitor, settings, seed, sram, network, capture, pace, commands }) {
  const [wire, image] = ['wire', 'image.bin'].map((name) => path.join(folder, name));
  const hub = start('qemu-system-arm', ['-M', 'none', '-nodefaults', '-display', 'none', '-serial', 'none', '-monitor', 'none',
    '-netdev', network.replace(/^\w+/, '$&,id=net'), '-netdev', 'hubport,id=h0,hubid=0,netdev=net',
    '-netdev', `stream,id=wire,server=on,addr.type=unix,addr.path=${wire}`, '-netdev', 'hubport,id=h1,hubid=0,netdev=wire', ...captureOptions(capture)],
  { stdio: 'ignore' });

  execFileSync('arm-none-eabi-objcopy', ['-O', 'binary', elf, image]);
  await until(() => fs.existsSync(wire));
  const lamp = start(process.execPath, [path.join(top, 'tests/pico/pico.js'), '--image', image, '--wire', wire, '--monitor', monitor,
    ...(settings === null ? [] : ['--settings', settings]), ...(['hasty', 'endless'].includes(pace) ? ['--hasty'] : []),
    ...(seed === null ? [] : inSram(written(folder, 'seed', seed), board.seed)),
    ...(sram === null ? [] : inSram(written(folder, 'sram', sram.bytes), sram.at)),
    ...commands.flatMap((command) => ['--do', command])], { stdio: ['ignore', 'pipe', 'pipe'] });
  return [lamp, hub];
}

module.exports = { kinds };
