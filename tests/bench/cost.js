// Measures the cost of one poll, cold, resumed and warm, with TLS 1.2 and 1.3. The server is OpenSSL with a P-256 certificate,
// and answers what WireMock answers.
//
//   cost.js            prints the table of README.md
//   cost.js check      compares the figures, except the times, with README.md, and reports in TAP
//
// It runs in a network namespace, where segments have Ethernet's size. If it may not create one, it uses this machine's loopback,
// whose segments are larger, and says so.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { certificate, http, serve } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { built, run } = require('./support');

const answer = fs.readFileSync(path.join(top, 'tests/golden/responses/wiremock-recording.http'));

/**
 * Runs build/cost: { lines, stderr }, where each line is [name, figures]. wrapper: a command that runs it, such as valgrind;
 * ways: its arguments WAY and POLLS; options: of serve().
 */
async function measure(version, { wrapper = [], ways = [], ...options } = {}) {
  const cleaners = [];
  const server = await serve({ after: (clean) => cleaners.push(clean) }, http((socket) => socket.write(answer)),
    { ...options, minVersion: version, maxVersion: version });
  const [command, ...words] = [...wrapper, built('cost'), 'localhost', server.port, certificate('roots.pem'), ...ways];
  const child = spawn(command, words, { stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };

  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (bytes) => { output[stream] += bytes; });
  const [code] = await once(child, 'close');
  await Promise.all(cleaners.map((clean) => clean()));
  if (code !== 0 || /^cost:/m.test(output.stderr))
    throw new Error(`build/cost failed\n${output.stderr}`);
  const lines = output.stdout.trim().split('\n').map((line) => line.split(' ')).map(([name, ...figures]) => [name, figures.map(Number)]);
  return { lines, stderr: output.stderr };
}

/** The rows of the table: [name, figures]. */
async function rows() {
  const all = [];

  for (const version of ['TLSv1.2', 'TLSv1.3'])
    for (const [name, [sent, received, segmentsSent, segmentsReceived, roundTrips, microseconds]] of (await measure(version)).lines)
      all.push([`${version.replace('v', ' ')}, ${name}`,
        [roundTrips, sent, received, segmentsSent, segmentsReceived, `${(microseconds / 1000).toFixed(2)} ms`]]);
  return all;
}

async function print() {
  console.log('| | round trips | bytes sent | received | segments sent | received | CPU |\n|---|---|---|---|---|---|---|');
  for (const [name, figures] of await rows())
    console.log(`| ${name} | ${figures.join(' | ')} |`);
}

/**
 * By how much each figure may exceed README.md's: the length of an ECDSA signature varies by a few bytes, and on a busy machine
 * up to two more segments carry only an acknowledgement.
 */
const tolerances = [0, 0, 6, 2, 2];

/** Compares with README.md, in TAP. */
async function check(isEthernet) {
  const readme = fs.readFileSync(path.join(top, 'tests/bench/README.md'), 'utf8');
  const all = await rows();

  console.log(`1..${all.length}`);
  for (const [index, [name, figures]] of all.entries()) {
    const line = readme.split('\n').find((text) => text.startsWith(`| ${name} |`)) ?? '';
    const published = line.split(' | ').slice(1, 6).map(Number);
    const holds = figures.slice(0, isEthernet ? 5 : 3).every((figure, column) => figure <= published[column] + tolerances[column]);

    console.log(`${holds ? 'ok' : 'not ok'} ${index + 1} - ${name}: a poll costs no more than tests/bench/README.md says`);
    if (!holds)
      console.log(`# measured: ${figures.join(' | ')}; tests/bench/README.md: ${published.join(' | ')}`);
  }
}

/** Runs this program again in a new network namespace; false if that may not be created. */
function runInNetwork(task) {
  const options = process.getuid() === 0 ? ['--net'] : ['--net', '--user', '--map-root-user'];

  if (spawnSync('unshare', [...options, 'true']).status !== 0)
    return false;
  process.exitCode = spawnSync('unshare', [...options, process.execPath, __filename, task, 'inside'], { stdio: 'inherit' }).status;
  return true;
}

async function main(task = 'print', place = 'outside') {
  const isInside = place === 'inside';

  if (!isInside && runInNetwork(task))
    return;
  if (isInside)
    execFileSync('ip', ['link', 'set', 'lo', 'mtu', '1500', 'up']);
  else
    console.log('# No network namespace could be created: the segments are those of this machine\'s loopback.');
  await (task === 'check' ? check(isInside) : print());
}

module.exports = { measure };

if (require.main === module)
  run('cost', main);
