// Measures what a system's bundle of root certificates costs: one run of wmrec with the bundle, compared with one root.
//
//   roots.js [check]      check: in TAP, whether a run with the bundle takes at most 1.1 times as much
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { promisify } = require('node:util');

const { answering, certificate, file, id, key, says, useAllCertificates } = require('../e2e/support');
const { built, run, table } = require('./support');

const bundle = '/etc/ssl/certs/ca-certificates.crt';
const maximum = 1.1;
const servers = {
  'ec': ['P-256', 'root.crt'],
  'ec-chain': ['P-256, an intermediate certificate', 'root.crt'],
  'rsa': ['RSA-2048', 'root-rsa.crt'],
  'rsa-chain': ['RSA-2048, an intermediate certificate', 'root-rsa.crt'],
  'rsa-3': ['RSA-2048, two intermediate certificates and an RSA-4096 root', 'root-4096.crt'],
};
const settings = { env: { WMC_API_TOKEN: key, PATH: process.env.PATH } };

async function countInstructions(options) {
  const { stderr } = await promisify(execFile)('valgrind',
    ['--tool=callgrind', '--callgrind-out-file=/dev/null', built('wmrec'), ...options], settings);

  return Number(/Collected : (\d+)/.exec(stderr)[1]);
}

/**
 * The memory in use when the request arrives, in KiB: a run uses most then. The median of some runs, as the number of pages of
 * the libraries varies. The peak that wait4() reports is not exact, as Linux counts pages in batches.
 */
async function measureMemory(options, server) {
  const measured = [];

  while (measured.length < 15) {
    const child = spawn(built('wmrec'), options, settings);

    server.onRequest = () => measured.push(Number(/^Rss: +(\d+)/m.exec(fs.readFileSync(`/proc/${child.pid}/smaps_rollup`, 'latin1'))[1]));
    await once(child, 'close');
  }
  server.onRequest = () => {};
  return measured.sort((a, b) => a - b)[7];
}

/** Instructions and memory of a run: [with one root, with the bundle] of each. */
async function measure(scope, name) {
  const root = fs.readFileSync(certificate(servers[name][1]), 'latin1');
  const figures = { instructions: [], memory: [] };
  const server = await answering(scope, () => {
    server.onRequest();
    return says('Stopped');
  }, { certificate: name, minVersion: 'TLSv1.3' });

  for (const roots of [root, fs.readFileSync(bundle, 'latin1') + root]) {
    const options = ['--max-time', '1h', '--endpoint', server.url, '--cacert', file(roots), id];

    figures.memory.push(await measureMemory(options, server));
    figures.instructions.push(await countInstructions(options));
  }
  return figures;
}

function print(rows) {
  const cells = ([one, all], write) => [write(one), `${write(all)} (\u00d7${(all / one).toFixed(2)})`];

  console.log(table(['the server\'s certificate', 'instructions, one root', 'the bundle', 'memory, one root', 'the bundle'],
    rows.map(([name, { instructions, memory }]) => [name, ...cells(instructions, (count) => `${(count / 1e6).toFixed(1)} M`),
      ...cells(memory, (kibibytes) => `${(kibibytes / 1024).toFixed(2)} MiB`)])));
}

function check(rows) {
  console.log(`1..${rows.length}`);
  for (const [index, [name, figures]] of rows.entries()) {
    const holds = Object.values(figures).every(([one, all]) => all <= maximum * one);

    console.log(`${holds ? 'ok' : 'not ok'} ${index + 1} - ${name}: the bundle costs at most ${maximum} times one root's instructions and memory`);
    if (!holds)
      console.log(`# ${JSON.stringify(figures)}`);
  }
}

async function main(task = 'print') {
  const cleaners = [];
  const rows = [];

  useAllCertificates();
  for (const [name, [text]] of Object.entries(servers))
    rows.push([text, await measure({ after: (clean) => cleaners.push(clean) }, name)]);
  (task === 'check' ? check : print)(rows);
  await Promise.all(cleaners.map((clean) => clean()));
}

run('bench-roots', main);
