// What one `wmrec watch` takes for 1,000 ids on 1, 10 and 100 endpoints: sockets, threads, memory, and CPU time of a poll whose
// connection is open. Memory is that of the third round's end, when nobody is asked; the most of it is in the handshakes, which
// come all at once. Needs root for what only the process itself may see of itself.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { certificate, freePort, http, key, says, serve } = require('../e2e/support');
const { top } = require('../e2e/wiremock');

const ids = 1000;
const counts = [1, 10, 100];
const interval = 4; // in seconds
const rounds = 3;

const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Bounded: what has not come after two minutes does not come. */
async function until(isThere) {
  for (let tries = 0; !isThere(); tries++) {
    if (tries > 6000)
      throw new Error('wmrec does not ask');
    await sleep(20);
  }
}

/** The servers and the operands of so many ids, shared out among the servers of these URLs. */
function shareOut(urls) {
  return urls.flatMap((url, index) => ['--server', url, ...Array.from({ length: ids / urls.length }, (_, number) => `i${index}-${1000 + number}`)]);
}

function look(pid) {
  const of = (file) => fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const number = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]);
  const [status, rollup] = [of('status'), of('smaps_rollup')];

  return {
    sockets: fs.readdirSync(`/proc/${pid}/fd`).filter((file) => fs.readlinkSync(`/proc/${pid}/fd/${file}`).startsWith('socket:')).length,
    threads: number(status, 'Threads'),
    rss: number(status, 'VmRSS'),
    most: number(status, 'VmHWM'),
    pss: number(rollup, 'Pss'),
    dirty: number(rollup, 'Private_Dirty'),
  };
}

/** Of the process, on a processor, in ms: schedstat, of Linux's sched-stats.rst. */
const cpuOf = (pid) => Number(fs.readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** One run: asked() tells how many questions have come, of `each` in a round. */
async function run(options, each, asked) {
  const child = spawn(path.join(top, 'build/wmrec'), ['watch', '-q', '--interval', `${interval}s`, '--cacert', certificate('roots.pem'), ...options],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { WMC_API_TOKEN: key } });
  const ended = once(child, 'exit');

  await until(() => asked() >= each);
  const [cpuFirst, askedFirst] = [cpuOf(child.pid), asked()];
  await until(() => asked() >= rounds * each);
  await sleep(interval * 1000 / 2);
  const figures = { ...look(child.pid), start: cpuFirst, cpu: (cpuOf(child.pid) - cpuFirst) / (asked() - askedFirst) };

  child.kill('SIGTERM');
  await ended;
  return figures;
}

/** So many servers, asked; settings: of serve(). */
async function runAgainst(count, settings, operands) {
  const cleaners = [];
  const urls = [];
  let asked = 0;

  for (let number = 0; number < count; number++)
    urls.push((await serve({ after: (clean) => cleaners.push(clean) }, http((socket) => {
      asked++;
      socket.write(says('Stopped'));
    }), settings)).url);
  const figures = await run(operands(urls), settings.certificate === null ? count : ids, () => asked);

  await Promise.all(cleaners.map((clean) => clean()));
  return figures;
}

/** Nobody listens, so that no connection is ever open: by paths, these are as many endpoints. */
async function runClosed(count) {
  const port = await freePort();
  const began = Date.now();

  return run(shareOut(Array.from({ length: count }, (_, number) => `https://localhost:${port}/${number}`)), 1,
    () => (Date.now() - began) / 1000 / interval);
}

/** By address, or by a name that is looked up. */
function runPlain(count, host) {
  return runAgainst(count, { certificate: null }, (urls) => {
    const [first, ...others] = urls.map((url) => url.replace('localhost', host));
    return ['--self-hosted', first, ...others.flatMap((url) => ['--server', url])];
  });
}

const kinds = {
  'TLS 1.2': (count) => runAgainst(count, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }, shareOut),
  'TLS 1.3': (count) => runAgainst(count, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }, shareOut),
  'TLS, closed': runClosed,
  'plain HTTP': (count) => runPlain(count, '127.0.0.1'),
  'plain HTTP, by name': (count) => runPlain(count, 'localhost'),
};

const goals = { 'TLS 1.2': 48, 'TLS 1.3': 48, 'TLS, closed': 1, 'plain HTTP': 1, 'plain HTTP, by name': 1 };

function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

async function main() {
  const slopes = [];

  console.log(`${ids} ids; for plain HTTP, one for each endpoint. Memory in KiB.\n`);
  row(['', 'endpoints', 'sockets', 'threads', 'RSS', 'PSS', 'private, dirty', 'most RSS', 'CPU until all were asked', 'CPU a poll']);
  row(Array(10).fill('---'));
  for (const [name, measure] of Object.entries(kinds)) {
    const all = [];

    for (const count of counts) {
      const figures = await measure(count);

      all.push(figures);
      row([name, count, figures.sockets, figures.threads, figures.rss, figures.pss, figures.dirty, figures.most,
        ...(name === 'TLS, closed' ? ['-', '-'] : [`${figures.start.toFixed(0)} ms`, `${(1000 * figures.cpu).toFixed(0)} us`])]);
    }
    const [first, last] = [all[0], all.at(-1)];
    const slope = (field) => ((last[field] - first[field]) / (counts.at(-1) - counts[0])).toFixed(1);
    slopes.push([name, slope('rss'), slope('pss'), slope('dirty'), slope('most'), `under ${goals[name]}`]);
  }
  console.log('\nAn endpoint more, in KiB:\n');
  row(['', 'RSS', 'PSS', 'private, dirty', 'most RSS', 'goal']);
  row(Array(6).fill('---'));
  slopes.forEach(row);
}

main().catch((error) => {
  console.error(`make scale: ${error.message}`);
  process.exit(1);
});
