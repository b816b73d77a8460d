// A debugger's connection, by GDB's remote serial protocol (GDB manual, appendix E), as far as ../qemu/debugger.js uses it: it stops the
// core, writes memory, and lets the core go on.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const net = require('node:net');

let server = null;

function write(machine, packet) {
  const [, address, bytes] = /^M(\w+),\w+:(\w*)$/.exec(packet) ?? [];

  if (address !== undefined)
    Buffer.from(bytes, 'hex').forEach((byte, index) => machine.poke(Number.parseInt(address, 16) + index, byte));
}

function accept(machine, pace, socket) {
  let text = '';

  pace.stop();
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes;
    for (let found; (found = /\$([^#]*)#../.exec(text)) !== null;) {
      text = text.slice(found.index + found[0].length);
      write(machine, found[1]);
      socket.write('+$OK#9a');
      if (found[1] === 'D')
        pace.go();
    }
  });
}

/** Listens at the Unix socket `path`; null: no more. */
function serve(machine, pace, path) {
  server?.close();
  server = path === null ? null : net.createServer((socket) => accept(machine, pace, socket)).listen(path);
}

module.exports = { serve };
