// What one poll costs a lamp: instructions of its core, and what goes over the wire. Prints the table of boards/README.md,
// or with "check" tests it, and the device profile's memory in tests/bench/tls.md. In a network of this process's own (inside.sh).
//
//   cost.js BOARD [check]
//
// QEMU counts the instructions that the core executes (-icount, in the mode that records; the monitor's `info replay`); while
// the core sleeps it executes none. The tick wakes it each ms: what that costs is measured between polls, and taken off.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { answering, says, useAllCertificates } = require('../e2e/support');
const { start, stop, temporaryFolder, top } = require('../e2e/wiremock');
const { packets } = require('./capture');
const { forgetPeaks } = require('./debugger');
const { boards, lamp, openMonitor, settings, startNetwork, time } = require('./support');

const counting = ['-icount', 'shift=0,rr=record,rrfile=/dev/null'];
const kinds = [['TLSv1.2', 'ec'], ['TLSv1.2', 'rsa'], ['TLSv1.3', 'ec'], ['TLSv1.3', 'rsa']];
const keys = { ec: 'P-256', rsa: 'RSA-2048' };
const interval = 3000; // ms, from an answer to the next poll
const warmPolls = 4; // of which the mean is taken

/** By how much a figure may be more than what is told: instructions, by a share and some, as what waits for the network
 * differs, and random numbers do; the others, by two segments without data, and by the few bytes that a signature by ECDSA has more or less;
 * the arena, by what that needs; the stack, by where an interrupt finds it. */
const share = 0.05;
const slack = [50000, 2, 6, 126, 2, 6, 126, 16, 128];

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function countInstructions(monitor) {
  return Number(/instruction count = (\d+)/.exec(await monitor('info replay'))[1]);
}

/** What was counted so far: instructions, the board's ms, bytes of the capture; and the peaks of arena and stack, which are
 * forgotten. */
async function count(running, board, capture) {
  const counted = { instructions: await countInstructions(running.monitor), clock: await running.clock(), captured: fs.statSync(capture).size };
  const { arena, stackMark } = await running.memory();

  await forgetPeaks(running, board);
  return { ...counted, peaks: [arena.peak, stackMark] };
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** The figures of what lies between two counts, per poll, when an idle ms takes `idle` instructions. */
function figures(before, after, idle, capture, port, polls = 1) {
  const found = packets(fs.readFileSync(capture).subarray(before.captured, after.captured)).filter(({ protocol }) => protocol === 'tcp');
  const sent = found.filter(({ ports }) => ports[1] === port);
  const received = found.filter(({ ports }) => ports[0] === port);
  const traffic = [sent, received].flatMap((some) => [some.length, sum(some.map(({ payload }) => payload.length)), sum(some.map(({ frame }) => frame.length))]);

  return [after.instructions - before.instructions - idle * (after.clock - before.clock), ...traffic].map((figure) => Math.round(figure / polls));
}

/**
 * One lamp's polls: the first, which is cold; some that are warm, the last of which the server closes; one that is resumed.
 * Each lies between two counts, which are taken when the lamp sleeps.
 */
async function measure(board, version, certificate) {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };
  const capture = path.join(temporaryFolder(), `${board}-${version}-${certificate}.pcap`);
  let answered = 0;
  const server = await answering(scope, (request, number) => {
    answered = number;
    return says('Recording', number === 1 + warmPolls + 1 ? { Connection: 'close' } : {});
  }, { certificate, minVersion: version, maxVersion: version, honorCipherOrder: false }); // the suite that the lamp likes best
  let begin = () => {};

  time.gate = new Promise((resolve) => { begin = resolve; });
  const running = await lamp(scope, board, await settings(server, { interval: `${interval}ms` }),
    { options: [...counting, '-object', `filter-dump,id=capture,netdev=net,file=${capture}`] });
  const afterAnswer = async (number) => {
    for (let waits = 0; answered < number; waits++) {
      if (waits > 1200)
        throw new Error(`no answer ${number} in:\n${running.output}`);
      await wait(100);
    }
    await wait(interval / 4);
    const counted = await count(running, board, capture);

    if (answered !== number)
      throw new Error(`this machine is too slow: answer ${answered} came before ${number} was counted`);
    return counted;
  };

  await running.until(/address=/);
  await wait(interval / 4);
  const beginning = await count(running, board, capture);
  begin();
  const cold = await afterAnswer(1);
  await wait(interval / 4);
  const later = await count(running, board, capture);
  const warm = await afterAnswer(1 + warmPolls);
  const closed = await afterAnswer(1 + warmPolls + 1);
  const resumed = await afterAnswer(1 + warmPolls + 2);
  const idle = (later.instructions - cold.instructions) / (later.clock - cold.clock);

  for (const clean of cleaners)
    await clean();
  return {
    idle: Math.round(idle),
    cold: [figures(beginning, cold, idle, capture, server.port), cold.peaks],
    warm: [figures(cold, warm, idle, capture, server.port, warmPolls), warm.peaks],
    resumed: [figures(closed, resumed, idle, capture, server.port), resumed.peaks],
  };
}

/** A board's table: rows of [name, figures, peaks]. */
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

/** What QEMU counts of a program of 2 * loops + 2 instructions, which then sleeps for ever: no interrupt is enabled. */
async function countKnown(loops) {
  const image = path.join(temporaryFolder(), 'known.bin');
  const monitorPath = path.join(temporaryFolder(), 'known.monitor');
  const bytes = Buffer.alloc(20);

  bytes.writeUInt32LE(0x20001000, 0); // the stack's end
  bytes.writeUInt32LE(8 | 1, 4); // where it begins, in Thumb
  [0x4801, 0x3801, 0xd1fd, 0xbf30].forEach((code, index) => bytes.writeUInt16LE(code, 8 + 2 * index)); // ldr r0, [pc, #4]; subs r0, #1; bne .-2; wfi
  bytes.writeUInt32LE(loops, 16);
  fs.writeFileSync(image, bytes);
  const child = start('qemu-system-arm', ['-M', 'lm3s6965evb', '-display', 'none', '-serial', 'none', '-monitor',
    `unix:${monitorPath},server,nowait`, '-kernel', image, ...counting], { stdio: 'ignore' });
  const monitor = await openMonitor(monitorPath);
  let counted = 0;

  for (let before = -1; counted !== before;) {
    before = counted;
    await wait(1000);
    counted = await countInstructions(monitor);
  }
  await stop(child);
  return counted;
}

/** The numbers that a file has in the row of this name. */
function figuresIn(file, name) {
  const row = fs.readFileSync(path.join(top, file), 'utf8').split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';

  return row.split(' | ').slice(1).map((text) => Number(text.replace(/[ ,|]/g, '')));
}

/** Speaks TAP. */
async function check(board) {
  const loops = 5000000;
  const counted = await countKnown(loops);
  const all = await rows(board);

  console.log(`1..${all.length + 1}`);
  console.log(`${counted === 2 * loops + 2 ? 'ok' : 'not ok'} 1 - QEMU counts each instruction of a program whose number is known, and none while it sleeps`);
  console.log(`# counted: ${counted}`);
  for (const [index, [name, figuresOfPoll, peaks = []]] of all.entries()) {
    const measured = [...figuresOfPoll, ...peaks];
    const told = [...figuresIn('boards/README.md', name), ...figuresIn('tests/bench/tls.md', `device, ${name}`).slice(0, 2)];
    const isTrue = measured.every((figure, column) => figure <= told[column] * (column === 0 ? 1 + share : 1) + slack[column]);

    console.log(`${isTrue ? 'ok' : 'not ok'} ${index + 2} - ${name}: it costs a lamp no more than boards/README.md and tests/bench/tls.md tell`);
    if (!isTrue)
      console.log(`# measured: ${measured.join(' | ')}; told: ${told.join(' | ')}`);
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
