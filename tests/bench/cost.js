// What one poll costs, cold, resumed and warm, on TLS 1.2 and 1.3: prints the table of README.md, or with "check" tests it
// (all but the times). The server is OpenSSL's TLS with a P-256 certificate, and says what WireMock says.
//
// In a network of its own, whose segments are as large as Ethernet's; without the right to make one, on this machine's
// loopback, whose segments are larger, and the table says so.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { certificate, http, serve } = require('../e2e/support');
const { top } = require('../e2e/wiremock');

const answer = fs.readFileSync(path.join(top, 'tests/golden/responses/wiremock-recording.http'));

/** The lines of build/cost: [name, figures]; and what it said besides. options: a server's; under, a command to run it by;
 * ways, what of it is asked for. */
async function measure(version, { under = [], ways = [], ...options } = {}) {
  const cleaners = [];
  const server = await serve({ after: (clean) => cleaners.push(clean) }, http((socket) => socket.write(answer)),
    { ...options, minVersion: version, maxVersion: version });
  const [command, ...words] = [...under, path.join(top, 'build/cost'), 'localhost', server.port, certificate('roots.pem'), ...ways];
  const child = spawn(command, words, { stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };

  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (bytes) => { said[stream] += bytes; });
  const [code] = await once(child, 'close');
  await Promise.all(cleaners.map((clean) => clean()));
  if (code !== 0 || /^cost:/m.test(said.stderr))
    throw new Error(`build/cost failed\n${said.stderr}`);
  const lines = said.stdout.trim().split('\n').map((line) => line.split(' ')).map(([name, ...figures]) => [name, figures.map(Number)]);
  return { lines, stderr: said.stderr };
}

/** The table's rows, [name, figures]. */
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

/** By how much a figure may be more than what is told: a signature by ECDSA has a few bytes more or less, and on a busy machine
 * two segments more only acknowledge. */
const slack = [0, 0, 6, 2, 2];

/** Speaks TAP. A signature by ECDSA has a byte more or less each time, in a few places. */
async function check(isEthernet) {
  const readme = fs.readFileSync(path.join(top, 'tests/bench/README.md'), 'utf8');
  const all = await rows();

  console.log(`1..${all.length}`);
  for (const [index, [name, figures]] of all.entries()) {
    const line = readme.split('\n').find((text) => text.startsWith(`| ${name} |`)) ?? '';
    const told = line.split(' | ').slice(1, 6).map(Number);
    const isTrue = figures.slice(0, isEthernet ? 5 : 3).every((figure, column) => figure <= told[column] + slack[column]);

    console.log(`${isTrue ? 'ok' : 'not ok'} ${index + 1} - ${name}: a poll costs no more than tests/bench/README.md tells`);
    if (!isTrue)
      console.log(`# measured: ${figures.join(' | ')}; tests/bench/README.md: ${told.join(' | ')}`);
  }
}

/** True if a network of this process's own was made for it to run in. */
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
    console.log('# No network of its own could be made: segments are those of this machine\'s loopback.');
  await (task === 'check' ? check(isInside) : print());
}

module.exports = { measure };

if (require.main === module)
  main(...process.argv.slice(2)).catch((error) => {
    console.error(`make cost: ${error.message}`);
    process.exit(1);
  });
