// What one answer costs on a desktop: wmrec beside `curl | jq`, against the same real WireMock over TLS. Prints the
// README's table. Figures of time are this machine's; what holds elsewhere is their relation.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const { makeCertificates, startPair, top } = require('../e2e/wiremock');

const id = 'jjl8y';
const key = 'a-key-of-no-worth';
const runs = 100;

/** The line's cost, both by the shell, so that its own cost is in both. */
function measure(line) {
  const printed = execFileSync(path.join(top, 'build/usage'), [String(runs), line],
    { cwd: top, encoding: 'utf8', env: { ...process.env, WMC_API_TOKEN: key } });
  const [microseconds, kibibytes] = printed.trim().split(' ').map(Number);

  return { milliseconds: (microseconds / 1000).toFixed(1), mebibytes: (kibibytes / 1024).toFixed(1) };
}

async function main() {
  const certificates = makeCertificates('one');
  const roots = path.join(certificates, 'roots.pem');
  const pair = await startPair({ id, key, certificates });
  const { tlsUrl } = pair.front;
  const lines = {
    '`wmrec`': `build/wmrec --endpoint ${tlsUrl} --cacert ${roots} ${id}`,
    '`curl -s \\| jq -r .status`': `curl -sf --cacert ${roots} -H "Authorization: Token $WMC_API_TOKEN" ` +
      `${tlsUrl}/v1/mock-apis/${id}/recordings/status | jq -re .status`,
  };

  console.log('| | CPU time | peak memory |\n|---|---|---|');
  for (const [name, line] of Object.entries(lines)) {
    measure(line); // warms up the server
    const { milliseconds, mebibytes } = measure(line);
    console.log(`| ${name} | ${milliseconds} ms | ${mebibytes} MiB |`);
  }
  await pair.stop();
}

main().catch((error) => {
  console.error(`make bench: ${error.message}`);
  process.exit(1);
});
