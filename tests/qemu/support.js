// Lamps in QEMU, in a network of this process's own: a name server (dnsmasq) that knows "localhost" as the machine that
// QEMU runs on, and a time server.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const dgram = require('node:dgram');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { gzipSync } = require('node:zlib');

const { certificate, id, key, run } = require('../e2e/support');
const { start, stop, temporaryFolder, top } = require('../e2e/wiremock');
const { readScreen } = require('./screen');
const { readMemory, readSymbols } = require('./memory');

const host = '10.0.2.2'; // QEMU's name for the machine that it runs on

/** Far more than a boot and a handshake take. */
const patience = 600000;

/** For lamp(): QEMU counts the board's time by its instructions, and skips its sleep: its minutes pass in seconds of ours. */
const hasty = ['-icount', 'shift=5,sleep=off'];

const stellaris = { machine: 'lm3s6965evb', nic: 'stellaris', settings: 0x3f000, sram: 0x10000, seed: 0x2000ffd8, led: { address: 0x40025004, mask: 1 } };
const mps2 = { nic: 'lan9118', settings: 0x3f0000, sram: 0x400000, seed: 0x203fffd8, led: { address: 0x40028000, mask: 1 } };

/** What was built, by its folder in build/. isVariant: its files are another one's. */
const boards = {
  lm3s6965evb: stellaris,
  'lm3s6965evb-small': { ...stellaris, isSmall: true, isVariant: true },
  mps2_an385: { ...mps2, machine: 'mps2-an385' },
  mps2_an386: { ...mps2, machine: 'mps2-an386', isVariant: true },
};

/** A time server (RFC 5905), as those of Debian would take over the clock of the machine that they are installed on. It
 * answers when `gate`, a promise, is kept. */
const time = { offset: 0, isSilent: false, requests: 0, gate: null };

async function serveTime() {
  const socket = dgram.createSocket('udp4');

  socket.on('message', async (request, { address, port }) => {
    time.requests++;
    await time.gate;
    const answer = Buffer.alloc(48);
    const now = Date.now() / 1000 + 2208988800 + time.offset; // since 1900

    answer[0] = 0x24; // version 4, a server
    answer[1] = 1; // stratum
    request.copy(answer, 24, 40, 48); // when it was asked, by the client's clock
    for (const at of [16, 32, 40]) {
      answer.writeUInt32BE(Math.floor(now), at);
      answer.writeUInt32BE(Math.floor(now % 1 * 2 ** 32), at + 4);
    }
    if (!time.isSilent)
      socket.send(answer, port, address);
  });
  socket.bind(123);
  await once(socket, 'listening');
  socket.unref();
}

/** Once, before the first lamp. This process must be in a network and a view of the file system of its own. */
async function startNetwork() {
  const resolver = path.join(temporaryFolder(), 'resolv.conf');

  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  fs.writeFileSync(resolver, 'nameserver 127.0.0.1\n', { mode: 0o644 });
  execFileSync('mount', ['--bind', resolver, '/etc/resolv.conf']);
  start('dnsmasq', ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root', '--pid-file=',
    '--listen-address=127.0.0.1', '--bind-interfaces', '--address=/localhost/10.0.2.2'], { stdio: 'ignore' }).unref();
  await serveTime();
}

/** CRC-32 is what gzip ends in, before the length (RFC 1952, section 2.3.1). */
const crc32 = (bytes) => gzipSync(bytes).subarray(-8, -4);

/** A new seed, as boards/seed.h has it. */
function makeSeed() {
  const bytes = Buffer.concat([randomBytes(32), Buffer.from('WMRE')]);

  return Buffer.concat([bytes, crc32(bytes)]);
}

/** A block of settings, made by `wmrec settings`; its path. options.cacert: a certificate's file; null: no root. isSelfHosted: a
 * server without ids, and without a key. */
async function settings(server, options = {}) {
  const file = path.join(temporaryFolder(), `settings-${randomBytes(4).toString('hex')}`);
  const { interval = '1s', cacert = 'roots.pem', token = key, ntp = host, url = server.url, isSelfHosted = false } = options;
  const whom = isSelfHosted ? ['--self-hosted', url] : ['--endpoint', url, id];
  const { code, stderr } = await run(path.join(top, 'build/release/wmrec'), ['settings', '--write', file, '--interval', interval,
    '--ntp-server', ntp, ...(cacert === null ? [] : ['--cacert', certificate(cacert)]), ...whom], { environment: { WMC_API_TOKEN: token } });

  if (code !== 0)
    throw new Error(stderr);
  return file;
}

/** A connection to a socket that QEMU listens on, or is about to. */
async function connect(socketPath) {
  for (;;) {
    const socket = net.connect(socketPath);

    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (!['ENOENT', 'ECONNREFUSED'].includes(error.code))
        throw error;
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
  }
}

/** A connection to QEMU's monitor, until QEMU ends: a function that sends a command and gives the text of its answer. */
async function openMonitor(socketPath) {
  const socket = await connect(socketPath);
  let text = '';
  let look = () => {};
  const prompt = () => new Promise((resolve) => {
    look = () => text.endsWith('(qemu) ') && resolve();
    look();
  });

  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes;
    look();
  });
  await prompt();
  return async (command) => {
    text = '';
    socket.write(`${command}\n`);
    await prompt();
    return text.split('\r\n').slice(1, -1).join('\n');
  };
}

/** The highest mark of each board's stack, of all lamps that have ended. */
const stackMarks = Object.fromEntries(Object.keys(boards).map((board) => [board, 0]));

function elfOf(board) {
  return path.join(top, `build/${board}/lamp.elf`);
}

/** Before a lamp ends, unless it has. */
async function noteStackMark(board, child, running) {
  if (child.exitCode === null && child.signalCode === null && running.monitor !== undefined)
    stackMarks[board] = Math.max(stackMarks[board], (await running.memory()).stackMark);
}

/**
 * A lamp that runs until the test `t` ends: output, what it said on its serial line; until(pattern), which waits for that;
 * isLit(); isLitNow(), in a moment; clock(), the board's, in ms; memory(), what of it is in use; sram() and
 * settingsInFlash(), bytes of it; monitor(command), of QEMU;
 * lines(), what it said, each as { word: value }; picture(format), of its display, as "png" or "ppm"; screen(), the rows of
 * text in it. elf: another firmware than that of `make firmware`; seed: what is left at its place in SRAM; null: nothing;
 * network, options: of QEMU's, what the board is plugged into, and others.
 */
async function lamp(t, board, settingsFile, { elf = elfOf(board), seed = makeSeed(), network = 'user', options = [] } = {}) {
  const { machine, nic, settings: at, seed: seedAt } = boards[board];
  const own = fs.mkdtempSync(path.join(temporaryFolder(), 'lamp-'));
  const seedFile = path.join(own, 'seed');
  const monitor = path.join(own, 'monitor');
  const symbols = readSymbols(elf);

  if (seed !== null)
    fs.writeFileSync(seedFile, seed);
  const child = start('qemu-system-arm', ['-M', machine, '-display', 'none', '-serial', 'stdio', '-monitor', `unix:${monitor},server,nowait`,
    '-kernel', elf, ...(seed === null ? [] : ['-device', `loader,file=${seedFile},addr=${seedAt},force-raw=on`]),
    ...(settingsFile === null ? [] : ['-device', `loader,file=${settingsFile},addr=${at},force-raw=on`]),
    '-nic', `${network},model=${nic},id=net`, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const running = { output: '' };
  let look = () => {};

  t.after(() => noteStackMark(board, child, running).finally(() => stop(child)));
  child.stdout.setEncoding('latin1');
  child.stdout.on('data', (text) => {
    running.output += text;
    look();
  });
  running.until = (pattern) => new Promise((resolve, reject) => {
    const impatience = setTimeout(() => reject(new Error(`no ${pattern} in:\n${running.output}`)), patience);

    look = () => {
      if (!pattern.test(running.output))
        return;
      clearTimeout(impatience);
      resolve();
    };
    look();
  });
  running.monitor = await openMonitor(monitor);
  const word = async (address) => Number(/: (0x[0-9a-f]+)/.exec(await running.monitor(`xp /1wx ${address}`))[1]);
  running.isLit = async () => (await word(boards[board].led.address) & boards[board].led.mask) !== 0;
  running.clock = () => word(symbols.get('milliseconds'));
  running.memory = () => readMemory(running.monitor, symbols);
  running.isLitNow = async () => { // once what was said is shown, too
    for (const began = await running.clock(); await running.clock() - began < 20;)
      ;
    return running.isLit();
  };
  running.picture = async (format) => {
    const file = path.join(own, 'picture');

    await running.monitor(`screendump ${file} -f ${format}`);
    return fs.readFileSync(file);
  };
  const memory = async (from, length) => {
    const file = path.join(own, 'memory');

    await running.monitor(`pmemsave ${from} ${length} "${file}"`);
    return fs.readFileSync(file);
  };
  running.sram = () => memory(0x20000000, boards[board].sram);
  running.settingsInFlash = () => memory(at, 4096);
  running.screen = async () => readScreen(await running.picture('ppm'));
  running.lines = () => running.output.split('\r\n').filter((line) => line.startsWith('wmrec '))
    .map((line) => Object.fromEntries(line.slice(6).split(' ').map((word) => word.split('='))));
  return running;
}

/** What the LED is to do, by the board's clock in ms (core/indicator.c). */
const patterns = {
  waiting: (clock) => clock % 2048 < 128,
  temporary: (clock) => clock % 2048 < 1024,
  attention: (clock) => clock % 512 < 256,
};

/** Looks at the LED over and over, until it was seen on and off, and for two seconds of the board's time: as the pattern
 * has it. */
async function assertBlinks(running, name) {
  await running.isLitNow();
  const seen = new Set();
  const began = await running.clock();

  for (let looks = 0, clock = began; seen.size < 2 || clock - began < 2100; looks++) {
    await running.monitor('stop'); // clock and LED are those of one moment
    clock = await running.clock();
    const isLit = await running.isLit();
    await running.monitor('cont');
    await new Promise((resolve) => { setTimeout(resolve, 10); }); // the board's time stood still

    assert.ok(looks < 100000, `it is always ${[...seen]}`);
    if (patterns[name](clock) !== patterns[name](clock - 1))
      continue; // it changes just now
    assert.strictEqual(isLit, patterns[name](clock), `${name}, at ${clock} ms`);
    seen.add(isLit);
  }
}

module.exports = { assertBlinks, boards, connect, elfOf, hasty, host, lamp, makeSeed, openMonitor, settings, stackMarks, startNetwork, time };
