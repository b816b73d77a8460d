// Runs a program in a private network namespace, in which api.wiremock.cloud is a server that says Recording:
//
//   unshare --net --mount node cloud.js PROGRAM OPTION...
//
// Prints { code, stdout, stderr, received } as JSON.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');

const { answering, file, run, says, useAllCertificates } = require('../e2e/support');

async function main() {
  const cleaners = [];
  const [, , program, ...options] = process.argv;

  useAllCertificates();
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('mount', ['--bind', file('127.0.0.1 api.wiremock.cloud\n', 0o644), '/etc/hosts']);
  const server = await answering({ after: (clean) => cleaners.push(clean) }, says('Recording'), { certificate: 'cloud', port: 443 });
  const result = await run(program, options, { environment: process.env });

  await server.quiet();
  console.log(JSON.stringify({ ...result, received: server.received }));
  for (const clean of cleaners)
    clean();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
