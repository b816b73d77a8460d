// Measures one poll of a lamp: its instructions, and its traffic. Prints the table of boards/README.md. With "check", tests that table
// instead, and the memory of the device profile in tests/bench/tls.md. Must run by inside.sh.
//
//   cost.js BOARD [check]
//
// QEMU counts the instructions that the core executes (-icount in the record mode; the monitor's `info replay`), and so does the emulator of
// tests/pico. A core that sleeps executes none, but the tick wakes it once per ms: its cost is measured between polls, and subtracted.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { answering, says, until, useAllCertificates } = require('../e2e/support');
const { start, stop, temporaryFolder, top } = require('../e2e/wiremock');
const { packets } = require('./capture');
const { forgetPeaks } = require('./debugger');
const { boards, lamp, openMonitor, settings, startNetwork, time } = require('./support');

const kinds = [['TLSv1.2', 'ec'], ['TLSv1.2', 'rsa'], ['TLSv1.3', 'ec'], ['TLSv1.3', 'rsa']];
const keys = { ec: 'P-256', rsa: 'RSA-2048' };
const warmPolls = 4; // their mean is printed

/** How much a figure may exceed the documented one. Instructions: 5 % and 50,000, as waiting for the network and random numbers vary.
 * Traffic: two segments without data, and the few bytes by which the length of an ECDSA signature varies. Arena: the bytes for that
 * signature. Stack: it depends on when an interrupt occurs. */
const share = 0.05;
const slack = [50000, 2, 6, 126, 2, 6, 126, 16, 128];

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function countInstructions(monitor) {
  return Number(/instruction count = (\d+)/.exec(await monitor('info replay'))[1]);
}

/** The counts so far: instructions, the board's ms, bytes of the capture. Also the peaks of arena and stack, which it resets. */
async function count(running, board, capture) {
  const counted = { instructions: await countInstructions(running.monitor), clock: await running.clock(), captured: fs.statSync(capture).size };
  const { arena, stackPeak } = await running.memory();

  await forgetPeaks(running, board);
  return { ...counted, peaks: [arena.peak, stackPeak] };
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** The figures between two counts, per poll. idle: the instructions per ms without a poll. */
function figures(before, after, idle, capture, port, polls = 1) {
  const found = packets(fs.readFileSync(capture).subarray(before.captured, after.captured)).filter(({ protocol }) => protocol === 'tcp');
  const sent = found.filter(({ ports }) => ports[1] === port);
  const received = found.filter(({ ports }) => ports[0] === port);
  const traffic = [sent, received].flatMap((some) => [some.length, sum(some.map(({ payload }) => payload.length)), sum(some.map(({ frame }) => frame.length))]);

  return [after.instructions - before.instructions - idle * (after.clock - before.clock), ...traffic].map((figure) => Math.round(figure / polls));
}

/** The lamp has asked again before the last poll was counted. */
class TooSlow extends Error {}

/**
 * Measures the polls of one lamp: the first one is cold; the next ones are warm, and the server closes the connection after the last
 * of them; then one resumes the session. The counts between polls are taken while the lamp sleeps. interval: from an answer to
 * the next poll, in ms; TooSlow: it is too short for this machine.
 */
async function measureAtInterval(board, version, certificate, interval) {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };
  const capture = path.join(temporaryFolder(), `${board}-${version}-${certificate}.pcap`);
  let answered = 0;
  const server = await answering(scope, (request, number) => {
    answered = number;
    return says('Recording', number === 1 + warmPolls + 1 ? { Connection: 'close' } : {});
  }, { certificate, minVersion: version, maxVersion: version, honorCipherOrder: false }); // the server takes the suite that the lamp prefers
  let begin = () => {};

  time.gate = new Promise((resolve) => { begin = resolve; });
  const running = await lamp(scope, board, await settings(server, { interval: `${interval}ms` }),
    { capture, pace: 'counted' });
  const afterAnswer = async (number) => {
    await until(() => answered >= number);
    await wait(interval / 4);
    const counted = await count(running, board, capture);

    if (answered !== number)
      throw new TooSlow(`answer ${answered} came before ${number} was counted, at an interval of ${interval} ms`);
    return counted;
  };

  try {
    await running.until(/address=/);
    await wait(interval / 4);
    const beginning = await count(running, board, capture);
    begin();
    const cold = await afterAnswer(1);
    const later = await afterAnswer(1);
    const warm = await afterAnswer(1 + warmPolls);
    const closed = await afterAnswer(1 + warmPolls + 1);
    const resumed = await afterAnswer(1 + warmPolls + 2);
    const idle = (later.instructions - cold.instructions) / (later.clock - cold.clock);

    return {
      idle: Math.round(idle),
      cold: [figures(beginning, cold, idle, capture, server.port), cold.peaks],
      warm: [figures(cold, warm, idle, capture, server.port, warmPolls), warm.peaks],
      resumed: [figures(closed, resumed, idle, capture, server.port), resumed.peaks],
    };
  } finally {
    for (const clean of cleaners)
      await clean();
  }
}

/** Measures with longer and longer intervals, until this machine is quick enough to count between two polls. */
async function measure(board, version, certificate) {
  for (let interval = 3000; ; interval *= 2)
    try {
      return await measureAtInterval(board, version, certificate, interval);
    } catch (error) {
      if (!(error instanceof TooSlow) || interval > 100000)
        throw error;
      console.log(`# ${error.message}: measuring again`);
    }
}

/** The table of a board: rows of [name, figures, peaks]. */
async function rows(board) {
  const all = [];
  let idle = 0;

  for (const [version, certificate] of kinds) {
    if (boards[board].isSmall && version !== 'TLSv1.2')
      continue;
    const measured = await measure(board, version, certificate);
    const name = version.replace('v', ' ');

    all.push([`${name}, cold, ${keys[certificate]}`, ...measured.cold]);
    if (certificate === 'rsa')
      all.push([`${name}, resumed`, ...measured.resumed], [`${name}, warm`, ...measured.warm]);
    idle = measured.idle;
  }
  return [...all, ['each ms between polls', [idle]]];
}

const withCommas = (number) => number.toString().replace(/\B(?=(\d{3})+$)/g, ',');

async function print(board) {
  console.log('| | instructions | segments sent | TLS, bytes | frames, bytes | segments received | TLS, bytes | frames, bytes |\n' +
    '|---|---|---|---|---|---|---|---|');
  for (const [name, all] of await rows(board))
    console.log(`| ${[name, ...all.map(withCommas)].join(' | ')} |`);
}

/** Runs a program of 2 * loops + 2 instructions, which then sleeps forever, as it enables no interrupt. Returns QEMU's count. */
async function countKnown(loops) {
  const image = path.join(temporaryFolder(), 'known.bin');
  const monitorPath = path.join(temporaryFolder(), 'known.monitor');
  const bytes = Buffer.alloc(20);

  bytes.writeUInt32LE(0x20001000, 0); // the initial stack pointer
  bytes.writeUInt32LE(8 | 1, 4); // the entry point, in Thumb
  [0x4801, 0x3801, 0xd1fd, 0xbf30].forEach((code, index) => bytes.writeUInt16LE(code, 8 + 2 * index)); // ldr r0, [pc, #4]; subs r0, #1; bne .-2; wfi
  bytes.writeUInt32LE(loops, 16);
  fs.writeFileSync(image, bytes);
  const child = start('qemu-system-arm', ['-M', 'lm3s6965evb', '-display', 'none', '-serial', 'none', '-monitor',
    `unix:${monitorPath},server,nowait`, '-kernel', image, '-icount', 'shift=0,rr=record,rrfile=/dev/null'], { stdio: 'ignore' });
  const monitor = await openMonitor(monitorPath);

  await until(async () => await countInstructions(monitor) >= 2 * loops + 2);
  await wait(1000); // a core that does not sleep would go on
  const counted = await countInstructions(monitor);
  await stop(child);
  return counted;
}

/** The numbers in the row with this name, of the first table of a file that follows this text. */
function figuresIn(file, name, before) {
  const [, ...parts] = fs.readFileSync(path.join(top, file), 'utf8').split(before);
  const row = parts.join(before).split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';

  return row.split(' | ').slice(1).map((text) => Number(text.replace(/[ ,|]/g, '')));
}

/** Prints TAP. */
async function check(board) {
  const loops = 5000000; // for the emulator of tests/pico, its machine.test.js checks the same
  const counted = await countKnown(loops);
  const all = await rows(board);

  console.log(`1..${all.length + 1}`);
  console.log(`${counted === 2 * loops + 2 ? 'ok' : 'not ok'} 1 - QEMU counts the instructions of a known program exactly, and none while it sleeps`);
  console.log(`# counted: ${counted}`);
  for (const [index, [name, figuresOfPoll, peaks = []]] of all.entries()) {
    const measured = [...figuresOfPoll, ...peaks];
    const inTls = board === 'lm3s6965evb' ? figuresIn('tests/bench/tls.md', `device, ${name}`, '\n').slice(0, 2) : peaks; // it has this board only
    const documented = [...figuresIn('boards/README.md', name, `Measured on \`${board}\``), ...inTls];
    const isTrue = measured.every((figure, column) => figure <= documented[column] * (column === 0 ? 1 + share : 1) + slack[column]);

    console.log(`${isTrue ? 'ok' : 'not ok'} ${index + 2} - ${name}: a poll costs no more than boards/README.md and tests/bench/tls.md say`);
    if (!isTrue)
      console.log(`# measured: ${measured.join(' | ')}; documented: ${documented.join(' | ')}`);
  }
}

async function main(board, task = 'print') {
  useAllCertificates();
  await startNetwork();
  await (task === 'check' ? check(board) : print(board));
  process.exit(0);
}

module.exports = { rows, withCommas };

if (require.main === module)
  main(...process.argv.slice(2)).catch((error) => {
    console.error(`make cost-device: ${error.message}`);
    process.exit(1);
  });
