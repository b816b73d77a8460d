// Runs programs in a private network namespace, in which api.wiremock.cloud is a server that says Recording:
//
//   unshare --net --mount node cloud.js '[["PROGRAM", "OPTION", ...], ...]'
//
// Each runs twice: with the roots that have issued the server's certificate, and with those of the system. They are the file that ROOTS
// stands for, and SSL_CERT_FILE. Prints [{ code, stdout, stderr, received }, ...] as JSON.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');

const { answering, certificate, file, key, run, says, useAllCertificates } = require('../e2e/support');

async function ask(server, [program, ...options], roots) {
  const environment = { WMC_API_TOKEN: key, SSL_CERT_FILE: roots };
  const before = server.received.length;
  const result = await run(program, options.map((option) => (option === 'ROOTS' ? roots : option)), { environment });

  await server.quiet();
  return { ...result, received: server.received.slice(before) };
}

async function main() {
  const cleaners = [];
  const results = [];

  useAllCertificates();
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('mount', ['--bind', file('127.0.0.1 api.wiremock.cloud\n', 0o644), '/etc/hosts']);
  const server = await answering({ after: (clean) => cleaners.push(clean) }, says('Recording'), { certificate: 'cloud', port: 443 });
  for (const command of JSON.parse(process.argv[2]))
    for (const roots of [certificate('roots.pem'), '/etc/ssl/certs/ca-certificates.crt'])
      results.push(await ask(server, command, roots));
  console.log(JSON.stringify(results));
  for (const clean of cleaners)
    clean();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
