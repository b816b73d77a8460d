// An Arduino Mega 2560 in simavr, and its network: the Client of its sketch is libraries/LineClient, which asks this program to
// open connections, over a serial line.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const { built, start, stop, temporaryFolder } = require('../e2e/wiremock');

const mostBytes = 32; // that are offered to LineClient at a time

// Debian's builder does not find its settings of ctags, and the float.h of its gcc-avr has DECIMAL_DIG for C only.
const preferences = (flags) => ['tools.ctags.pattern="/usr/bin/arduino-ctags" -u --language-force=c++ -f - --c++-kinds=svpf '
  + '--fields=KSTtzns --line-directives "{source_file}"', 'compiler.path=/usr/bin/',
`compiler.cpp.extra_flags=-DDECIMAL_DIG=__DECIMAL_DIG__ ${flags}`].map((preference) => `-prefs=${preference}`);

/** Compiles the sketch in a folder; returns { elf, messages }. libraries: folders of libraries. flags: for C++. */
function compile(folder, libraries, { board = 'mega:cpu=atmega2560', flags = '' } = {}) {
  const where = fs.mkdtempSync(path.join(temporaryFolder(), 'sketch-'));
  const messages = execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', 'arduino-builder', '-compile', '-warnings', 'all',
    '-fqbn', `arduino:avr:${board}`, '-build-path', where, '-hardware', '/usr/share/arduino/hardware', '-tools', '/usr/bin',
    ...libraries.flatMap((library) => ['-libraries', library]), ...preferences(flags), folder], { encoding: 'utf8' });

  return { elf: path.join(where, `${path.basename(folder)}.ino.elf`), messages };
}

/** One connection of the board; `socket` is not connected yet. `event` announces that it is. */
class Connection {
  constructor(socket, event) {
    this.socket = socket;
    this.received = Buffer.alloc(0);
    this.isOpen = false;
    this.opened = new Promise((resolve) => {
      socket.once(event, () => {
        this.isOpen = true;
        resolve(true);
      });
      socket.once('close', () => resolve(false));
    });
    socket.on('data', (bytes) => { this.received = Buffer.concat([this.received, bytes]); });
    socket.on('error', () => {});
    for (const end of ['end', 'close'])
      socket.on(end, () => { this.isOpen = false; });
  }

  take(count) {
    const taken = this.received.subarray(0, count);

    this.received = this.received.subarray(count);
    return taken;
  }
}

/** Runs a program. board.network(host, port) must be set before it connects: it returns { socket, event }. */
class Board {
  constructor(elf) {
    this.machine = start(built('simavr/machine'), [elf], { stdio: ['pipe', 'pipe', 'inherit', 'pipe', 'pipe'] });
    // However long it takes from CR to LF, they are one line end.
    this.lines = readline.createInterface({ input: this.machine.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
    this.network = null;
    this.connections = []; // { host, port } of each
    this.connection = null;
    this.request = Buffer.alloc(0);
    this.machine.stdio[4].on('data', (bytes) => {
      this.request = Buffer.concat([this.request, bytes]);
      this.serve();
    });
  }

  /** Sends a letter to the sketch. */
  press(letter) {
    this.machine.stdin.write(letter);
  }

  /** The next line that the sketch prints. */
  async line() {
    const { value, done } = await this.lines.next();

    if (done)
      throw new Error('the machine has ended');
    return value.trim();
  }

  stop() {
    this.connection?.socket.destroy();
    return stop(this.machine);
  }

  /** Answers the request of LineClient.h that has come, if it is complete; LineClient waits for the answer. */
  async serve() {
    const { request } = this;
    const lengths = { c: request.indexOf(0, 3) + 1, w: 2 + (request[1] ?? request.length), r: 2, '?': 1, s: 1 };
    const length = lengths[String.fromCharCode(request[0])];

    if (length < 1 || request.length < length)
      return;
    this.request = request.subarray(length);
    this.machine.stdio[3].write(await this[String.fromCharCode(request[0])](request.subarray(1, length)));
  }

  c(parameters) {
    const host = parameters.subarray(2, -1).toString();
    const port = parameters.readUInt16BE(0);
    const { socket, event } = this.network(host, port);

    this.connections.push({ host, port });
    this.connection = new Connection(socket, event);
    return this.connection.opened.then((isOpen) => Buffer.of(isOpen ? 1 : 0));
  }

  w(parameters) {
    this.connection.socket.write(parameters.subarray(1));
    return Buffer.of(this.connection.isOpen ? parameters[0] : 0);
  }

  '?'() {
    const count = this.connection.received.length;

    return Buffer.of(this.connection.isOpen || count > 0 ? 1 : 0, Math.min(count, mostBytes));
  }

  r(parameters) {
    return this.connection.take(parameters[0]);
  }

  s() {
    this.connection?.socket.destroy();
    return Buffer.of(0);
  }
}

module.exports = { Board, compile };
