// Starts lamps in emulators, and reads their serial line, LED, display and memory. The network belongs to this process alone: a
// name server (dnsmasq), for which "localhost" is the machine that runs QEMU, and a time server.
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

const { certificate, id, key, run, until } = require('../e2e/support');
const { built, start, stop, temporaryFolder } = require('../e2e/wiremock');
const { kinds } = require('./machines');
const { readScreen } = require('./screen');
const { readMemory, readSymbols } = require('./memory');

const host = '10.0.2.2'; // the machine that runs QEMU, as the lamp sees it

/**
 * The pace of a lamp. real: a ms of the board takes a ms. hasty: the board's time passes by its instructions, and its sleep takes no
 * time: a minute of the board takes about a second. So does the deadline of a poll: while this machine is busy, the lamp may report
 * errors, and ask again. A test must not rely on their absence. endless: the same, with more instructions per ms. counted: real, and
 * the instructions are counted.
 */
const paces = ['real', 'hasty', 'endless', 'counted'];

/**
 * What is common to boards of one kind. kind: of machines.js. flash: the address of the first byte of lamp.bin; settings: of the
 * settings; sram: the size of SRAM; seed: where a debugger writes a seed. makesSeed: the board makes its own. led: the bit that is 1 when
 * the LED is lit. link: whether the emulator has a cable that can be pulled out. display: whether it has a display. fault: what a fault
 * says of its cause (CFSR); null: nothing. stackOverflow: 'reported', or 'lockup': only the watchdog ends it, and the lamp reports
 * restarts by the watchdog; null: not tested. watchdog: whether the board has one.
 */
const stellaris = { kind: 'qemu', machine: 'lm3s6965evb', nic: 'stellaris', flash: 0, settings: 0x3f000, sram: 0x10000, seed: 0x2000ffd8,
  led: { address: 0x40025004, mask: 1 }, link: false, display: true, fault: '00010000', stackOverflow: null, watchdog: true };
const mps2 = { kind: 'qemu', nic: 'lan9118', flash: 0, settings: 0x3f0000, sram: 0x400000, seed: 0x203fffd8, led: { address: 0x40028000, mask: 1 },
  link: true, display: false, fault: '00010000', stackOverflow: 'reported', watchdog: false };
const pico = { kind: 'pico', flash: 0x10000000, settings: 0x101fe000, sram: 0x42000, seed: 0x2003ffd8, makesSeed: true,
  led: { address: 0xd0000010, mask: 1 << 25 }, link: true, display: true, fault: null, stackOverflow: 'lockup', watchdog: true };

/** The firmware in each folder of build/. isVariant: built from the sources of another board. */
const allBoards = {
  lm3s6965evb: stellaris,
  'lm3s6965evb-small': { ...stellaris, isSmall: true, isVariant: true },
  mps2_an385: { ...mps2, machine: 'mps2-an385' },
  mps2_an386: { ...mps2, machine: 'mps2-an386', isVariant: true },
  w5500_evb_pico: pico,
};

/** Those that are tested: BOARDS in the environment may name some of them. */
const boards = Object.fromEntries(Object.entries(allBoards)
  .filter(([board]) => (process.env.BOARDS ?? board).split(' ').includes(board)));

/** Those of these boards that are tested. */
const among = (...names) => names.filter((name) => boards[name] !== undefined);

/** The state of the time server (RFC 5905). offset: s that it adds to the time; isSilent: it does not answer; requests: how many
 * it has received; gate: a promise, which it awaits before it answers. Debian's time servers would set this machine's clock. */
const time = { offset: 0, isSilent: false, requests: 0, gate: null };

async function serveTime() {
  const socket = dgram.createSocket('udp4');

  socket.on('message', async (request, { address, port }) => {
    time.requests++;
    await time.gate;
    const answer = Buffer.alloc(48);
    const now = Date.now() / 1000 + 2208988800 + time.offset; // s since 1900

    answer[0] = 0x24; // version 4, a server
    answer[1] = 1; // stratum
    request.copy(answer, 24, 40, 48); // the client's transmit timestamp becomes the originate timestamp
    for (const at of [16, 32, 40]) {
      answer.writeUInt32BE(Math.floor(now) % 2 ** 32, at); // RFC 4330, section 3: it begins again in 2036
      answer.writeUInt32BE(Math.floor(now % 1 * 2 ** 32), at + 4);
    }
    if (!time.isSilent)
      socket.send(answer, port, address);
  });
  socket.bind(123);
  await once(socket, 'listening');
  socket.unref();
}

/** To be called once, before the first lamp, by a process that inside.sh runs. */
async function startNetwork() {
  const resolver = path.join(temporaryFolder(), 'resolv.conf');

  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  fs.writeFileSync(resolver, 'nameserver 127.0.0.1\n', { mode: 0o644 });
  execFileSync('mount', ['--bind', resolver, '/etc/resolv.conf']);
  start('dnsmasq', ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root', '--pid-file=',
    '--listen-address=127.0.0.1', '--bind-interfaces', '--address=/localhost/10.0.2.2'], { stdio: 'ignore' }).unref();
  await serveTime();
}

/** The CRC-32 of these bytes, which gzip writes before the length at its end (RFC 1952, section 2.3.1). */
const crc32 = (bytes) => gzipSync(bytes).subarray(-8, -4);

/** A new seed (boards/seed.h). */
function makeSeed() {
  const bytes = Buffer.concat([randomBytes(32), Buffer.from('WMRE')]);

  return Buffer.concat([bytes, crc32(bytes)]);
}

/** Makes a block of settings by `wmrec settings`, and returns its path. options.cacert: a file of roots; null: none. ntp: the time
 * server; null: none. isSelfHosted: without id and key. user: Basic authentication, with `token` as the password. */
async function settings(server, options = {}) {
  const file = path.join(temporaryFolder(), `settings-${randomBytes(4).toString('hex')}`);
  const { interval = '1s', cacert = 'roots.pem', token = key, ntp = host, url = server.url, isSelfHosted = false, user = null } = options;
  const whom = isSelfHosted ? ['--self-hosted', url] : ['--endpoint', url, id];
  const { code, stderr } = await run(built('release/wmrec'), ['settings', '--write', file, '--interval', interval,
    ...(ntp === null ? [] : ['--ntp-server', ntp]), ...(cacert === null ? [] : ['--cacert', certificate(cacert)]), ...(user === null ? [] : ['--user', user]), ...whom],
  { environment: user === null ? { WMC_API_TOKEN: token } : { WMREC_PASSWORD: token } });

  if (code !== 0)
    throw new Error(stderr);
  return file;
}

/** Connects to a socket that QEMU listens on, or will listen on. */
async function connect(socketPath) {
  let socket;

  await until(async () => {
    socket = net.connect(socketPath);
    try {
      return await once(socket, 'connect');
    } catch (error) {
      if (['ENOENT', 'ECONNREFUSED'].includes(error.code))
        return false;
      throw error;
    }
  });
  return socket;
}

/** Connects to QEMU's monitor. Returns a function that sends a command and resolves with the text of the answer. */
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

/** The largest stack of each board, in bytes, in all lamps of this process that have ended. */
const stackPeaks = Object.fromEntries(Object.keys(boards).map((board) => [board, 0]));

function elfOf(board) {
  return built(`${board}/lamp.elf`);
}

/** Reads the stack's peak before a lamp ends, unless its emulator has ended. */
async function noteStackPeak(board, child, running) {
  if (child.exitCode === null && child.signalCode === null && running.monitor !== undefined)
    stackPeaks[board] = Math.max(stackPeaks[board], (await running.memory()).stackPeak);
}

/** Ends a lamp. The emulator of tests/pico must not have complained. */
async function end(board, processes, running) {
  try {
    await noteStackPeak(board, processes[0], running);
  } finally {
    for (const child of processes)
      await stop(child);
  }
  assert.strictEqual(running.complaints, '');
}

/** The LED by the board's clock in ms, for each indication (enum wmrec_indication of wmrec.h, in its order; core/indicator.c). */
const indications = {
  waiting: (clock) => clock % 2048 < 128,
  recording: () => true,
  'not recording': () => false,
  temporary: (clock) => clock % 2048 < 1024,
  attention: (clock) => clock % 512 < 256,
};

/**
 * Starts a lamp, which runs until the test `t` ends. options.elf: another firmware than that of `make firmware`; others: see
 * machines.js. Returns an object:
 *
 * output: the text on the serial line so far. lines(): its messages, each as { name: value }.
 * complaints: of the emulator of tests/pico, so far: text. There must be none at the end.
 * until(pattern): waits until output matches.
 * clock(): the board's clock in ms. look(): clock, indication and isLit, all of one moment.
 * memory(), sram(), settingsInFlash(): what the lamp uses of its memory; the bytes of its SRAM; of its settings.
 * monitor(command): sends a command to the emulator. picture(format): of the display, "png" or "ppm". screen(): its rows of text.
 */
async function lamp(t, board, settingsFile, options = {}) {
  const { elf = elfOf(board), seed = boards[board].makesSeed ? null : makeSeed(), sram = null, network = 'user', capture = null, pace = 'real', commands = [] } = options;
  const own = fs.mkdtempSync(path.join(temporaryFolder(), 'lamp-'));
  const monitor = path.join(own, 'monitor');
  const running = { output: '', complaints: '' };

  assert.ok(paces.includes(pace));
  const processes = await kinds[boards[board].kind]({ board: boards[board], elf, folder: own, monitor, settings: settingsFile, seed, sram, network,
    capture, pace, commands });
  const [child] = processes;

  t.after(() => end(board, processes, running));
  child.stdout.setEncoding('latin1');
  child.stdout.on('data', (text) => { running.output += text; });
  child.stderr?.setEncoding('utf8').on('data', (text) => { running.complaints += text; });
  running.until = (pattern) => until(() => pattern.test(running.output))
    .catch(() => assert.fail(`no ${pattern} in:\n${running.output}${running.complaints}`));
  running.lines = () => running.output.split('\r\n').filter((line) => line.startsWith('wmrec '))
    .map((line) => Object.fromEntries(line.slice(6).split(' ').map((word) => word.split('='))));
  running.monitor = await openMonitor(monitor);
  addMemory(running, board, own, readSymbols(elf));
  return running;
}

/** Adds the functions that read the board's memory, LED and display, by the emulator's monitor. own: a folder for files. */
function addMemory(running, board, own, symbols) {
  const { led, settings: settingsAt, sram } = boards[board];
  const word = async (address) => Number(/: (0x[0-9a-f]+)/.exec(await running.monitor(`xp /1wx ${address}`))[1]);
  const file = async (name, command) => {
    await running.monitor(command(path.join(own, name)));
    return fs.readFileSync(path.join(own, name));
  };
  const bytes = (from, length) => file('memory', (to) => `pmemsave ${from} ${length} "${to}"`);

  running.clock = () => word(symbols.get('milliseconds'));
  running.look = async () => {
    await running.monitor('stop');
    const clock = await running.clock();
    const [indication] = await bytes(symbols.get('indication'), 1);
    const isLit = (await word(led.address) & led.mask) !== 0;

    await running.monitor('cont');
    return { clock, indication: Object.keys(indications)[indication], isLit };
  };
  running.memory = () => readMemory(running.monitor, symbols);
  running.sram = () => bytes(0x20000000, sram);
  running.settingsInFlash = () => bytes(settingsAt, 4096);
  running.picture = (format) => file('picture', (to) => `screendump ${to} -f ${format}`);
  running.screen = async () => readScreen(await running.picture('ppm'));
}

/**
 * Waits until the lamp gives this indication, and checks that the LED follows it: once; or if the LED blinks, for two seconds of
 * the board's time, and until it was seen on and off. Nothing is checked while the lamp gives another indication: on a busy machine,
 * a status may become stale for a while. The LED follows the indication within a ms, so only the second look at it counts.
 */
async function assertIndicates(running, name) {
  const pattern = indications[name];
  const doesBlink = new Set(Array.from({ length: 2048 }, (_, clock) => pattern(clock))).size > 1;
  let seen = new Set();
  let since = null; // the board's clock at the first look

  await until(async () => {
    const { clock, indication, isLit } = await running.look();

    if (indication !== name) {
      since = null;
      seen = new Set();
      return false;
    }
    since ??= clock;
    if (clock - since < 2 || pattern(clock) !== pattern(clock - 1))
      return false;
    assert.strictEqual(isLit, pattern(clock), `${name}, at ${clock} ms`);
    seen.add(isLit);
    return !doesBlink || (seen.size === 2 && clock - since >= 2000);
  });
}

/** Waits until the display shows these rows. A row that changes with time may be given as a RegExp. */
async function assertShows(running, rows) {
  let shown;

  await until(async () => {
    shown = await running.screen();
    return shown.every((text, row) => (rows[row] instanceof RegExp ? rows[row].test(text) : text === rows[row]));
  }).catch(() => assert.deepStrictEqual(shown, rows));
}

module.exports = { among, assertIndicates, assertShows, boards, connect, elfOf, host, lamp, makeSeed, openMonitor, settings, stackPeaks, startNetwork, time };
