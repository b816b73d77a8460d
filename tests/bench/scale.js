// Measures one `wmrec watch` of 1,000 ids on 1, 10 and 100 endpoints: sockets, threads, memory, and the CPU time of a poll over an
// open connection. The memory is measured between two polls, after the third round; its peak is during the handshakes, which
// all happen at once. Needs root, to read /proc of a process that protects its memory.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { setTimeout } = require('node:timers/promises');

const { certificate, freePort, http, key, says, serve, until } = require('../e2e/support');
const { built, run } = require('./support');

const ids = 1000;
const counts = [1, 10, 100];
const interval = 4; // in seconds
const rounds = 3;

/** The operands for all ids, divided among the servers of these URLs. */
function divideIds(urls) {
  return urls.flatMap((url, index) => ['--server', url, ...Array.from({ length: ids / urls.length }, (_, number) => `i${index}-${1000 + number}`)]);
}

/** Sockets, threads, and memory in KiB. peakRss: since the start of the process. */
function observe(pid) {
  const read = (file) => fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const number = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]);
  const [status, rollup] = [read('status'), read('smaps_rollup')];

  return {
    sockets: fs.readdirSync(`/proc/${pid}/fd`).filter((file) => fs.readlinkSync(`/proc/${pid}/fd/${file}`).startsWith('socket:')).length,
    threads: number(status, 'Threads'),
    rss: number(status, 'VmRSS'),
    peakRss: number(status, 'VmHWM'),
    pss: number(rollup, 'Pss'),
    dirty: number(rollup, 'Private_Dirty'),
  };
}

/** The CPU time of the process, in ms: schedstat, see Linux's sched-stats.rst. */
const cpuTime = (pid) => Number(fs.readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** Runs wmrec for some rounds, and measures it. asked(): the number of requests so far; perRound: their number in a round. */
async function watch(options, perRound, asked) {
  const child = spawn(built('wmrec'), ['watch', '-q', '--interval', `${interval}s`, '--cacert', certificate('roots.pem'), ...options],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { WMC_API_TOKEN: key } });
  const ended = once(child, 'exit');

  await until(() => asked() >= perRound);
  const [cpuFirst, askedFirst] = [cpuTime(child.pid), asked()];
  await until(() => asked() >= rounds * perRound);
  await setTimeout(interval * 1000 / 2);
  const figures = { ...observe(child.pid), start: cpuFirst, cpu: (cpuTime(child.pid) - cpuFirst) / (asked() - askedFirst) };

  child.kill('SIGTERM');
  await ended;
  return figures;
}

/** Starts `count` servers, and measures wmrec with them. settings: of serve(); operands: of wmrec, from their URLs. */
async function watchServers(count, settings, operands) {
  const cleaners = [];
  const urls = [];
  let asked = 0;

  for (let number = 0; number < count; number++)
    urls.push((await serve({ after: (clean) => cleaners.push(clean) }, http((socket) => {
      asked++;
      socket.write(says('Stopped'));
    }), settings)).url);
  const figures = await watch(operands(urls), settings.certificate === null ? count : ids, () => asked);

  await Promise.all(cleaners.map((clean) => clean()));
  return figures;
}

/** No server listens, so no connection is ever open. Each path is another endpoint. */
async function watchClosed(count) {
  const port = await freePort();
  const began = Date.now();

  return watch(divideIds(Array.from({ length: count }, (_, number) => `https://localhost:${port}/${number}`)), 1,
    () => (Date.now() - began) / 1000 / interval);
}

/** Plain HTTP. host: an address, or a name that must be looked up. */
function watchPlain(count, host) {
  return watchServers(count, { certificate: null }, (urls) => {
    const [first, ...others] = urls.map((url) => url.replace('localhost', host));
    return ['--self-hosted', first, ...others.flatMap((url) => ['--server', url])];
  });
}

const kinds = {
  'TLS 1.2': (count) => watchServers(count, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }, divideIds),
  'TLS 1.3': (count) => watchServers(count, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }, divideIds),
  'TLS, closed': watchClosed,
  'plain HTTP': (count) => watchPlain(count, '127.0.0.1'),
  'plain HTTP, by name': (count) => watchPlain(count, 'localhost'),
};

/** The aims for the private memory of one more endpoint, in KiB. */
const aims = { 'TLS 1.2': 48, 'TLS 1.3': 48, 'TLS, closed': 1, 'plain HTTP': 1, 'plain HTTP, by name': 1 };

function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

async function main() {
  const slopes = [];

  console.log(`${ids} ids; for plain HTTP, one for each endpoint. Memory in KiB.\n`);
  row(['', 'endpoints', 'sockets', 'threads', 'RSS', 'PSS', 'private, dirty', 'peak RSS', 'CPU until all were asked', 'CPU a poll']);
  row(Array(10).fill('---'));
  for (const [name, measure] of Object.entries(kinds)) {
    const all = [];

    for (const count of counts) {
      const figures = await measure(count);

      all.push(figures);
      row([name, count, figures.sockets, figures.threads, figures.rss, figures.pss, figures.dirty, figures.peakRss,
        ...(name === 'TLS, closed' ? ['-', '-'] : [`${figures.start.toFixed(0)} ms`, `${(1000 * figures.cpu).toFixed(0)} us`])]);
    }
    const [first, last] = [all[0], all.at(-1)];
    const slope = (field) => ((last[field] - first[field]) / (counts.at(-1) - counts[0])).toFixed(1);
    slopes.push([name, slope('rss'), slope('pss'), slope('dirty'), slope('peakRss'), `under ${aims[name]}`]);
  }
  console.log('\nOne more endpoint, in KiB:\n');
  row(['', 'RSS', 'PSS', 'private, dirty', 'peak RSS', 'aim']);
  row(Array(6).fill('---'));
  slopes.forEach(row);
}

run('scale', main);
