// Measures the cost of one answer on a desktop, with wmrec and with other programs, from the same real WireMock over TLS 1.3. All
// trust the system's bundle of roots, with the WireMock's root at its end.
// Times are those of this machine; on other machines, only their ratios apply, and only roughly.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { makeCertificates, startPair, top } = require('../e2e/wiremock');
const { built } = require('./support');

const id = 'jjl8y';
const key = 'not-a-real-key';
const systemRoots = '/etc/ssl/certs/ca-certificates.crt';

/** Measures a command line. The shell runs each one, so all figures include the shell. */
function measure(line, runs) {
  const printed = execFileSync(built('usage'), [String(runs), line],
    { cwd: top, encoding: 'utf8', env: { ...process.env, WMC_API_TOKEN: key } });
  const [cpu, wall, kibibytes] = printed.trim().split(' ').map(Number);

  return [cpu / 1000, wall / 1000, kibibytes / 1024];
}

/** A row for each program: its name; the medians of CPU time and wall time in ms, and of the peak memory of its largest process in MiB. */
async function measureDesktop(runs) {
  const certificates = makeCertificates('one');
  const root = path.join(certificates, 'roots.pem');
  const roots = path.join(certificates, 'bundle.pem');
  const pair = await startPair({ id, key, certificates });
  const { tlsUrl } = pair.front;
  const asWmrec = (file) => `${built('wmrec')} --endpoint ${tlsUrl} --cacert ${file} ${id}`;
  const url = `${tlsUrl}/v1/mock-apis/${id}/recordings/status`;
  const lines = {
    'wmrec': asWmrec(roots),
    'wmrec, with one root': asWmrec(root),
    'curl -s | jq -r .status': `curl -sf --tlsv1.3 --cacert ${roots} -H "Authorization: Token $WMC_API_TOKEN" ${url} | jq -re .status`,
    'python3: http.client, json': `/usr/bin/python3 tests/bench/peers/https.py ${url} ${roots}`,
    'node: https': `node tests/bench/peers/https.js ${url} ${roots}`,
  };

  fs.writeFileSync(roots, Buffer.concat([systemRoots, root].map((name) => fs.readFileSync(name))));
  const rows = Object.entries(lines).map(([name, line]) => {
    measure(line, runs); // warms up the server
    return { name, figures: measure(line, runs) };
  });

  await pair.stop();
  return rows;
}

module.exports = { measureDesktop };
