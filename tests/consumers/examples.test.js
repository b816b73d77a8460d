// The programs and commands of README.md, "Your program", as a stranger would run them: after make install, in a network where
// api.wiremock.cloud is a server of the test.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, key, useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');
const { call, makeHere, newFolder } = require('./support');

useAllCertificates();

const prefix = path.join(newFolder(), 'usr');
const folder = newFolder();
const readme = fs.readFileSync(path.join(top, 'README.md'), 'utf8');
const [ask, firmware] = [...readme.matchAll(/^```c\n(.*?)^```$/gms)].map(([, program]) => program);
const command = /^ {4}(cc ask\.c .*)$/m.exec(readme)[1];

makeHere('install', { PREFIX: prefix });

function compile(name, program) {
  fs.writeFileSync(path.join(folder, `${name}.c`), program);
  call(folder, ['sh', '-c', `${command.replaceAll('ask', name)} -Wall -Wextra -pedantic -Werror`],
    { PKG_CONFIG_PATH: path.join(prefix, 'lib/pkgconfig') });
}

/** Runs a program where api.wiremock.cloud has this certificate; returns its exit status, its output and the request. */
function runInCloud(name, options, roots) {
  const output = execFileSync('unshare', ['--net', '--mount', process.execPath, path.join(__dirname, 'cloud.js'),
    path.join(folder, name), ...options], { encoding: 'utf8',
    env: { ...process.env, WMC_API_TOKEN: key, SSL_CERT_FILE: roots } });

  return JSON.parse(output);
}

test('both programs of README.md compile by its command, with warnings as errors', () => {
  compile('ask', ask);
  compile('firmware', firmware);
});

for (const [name, options] of [['ask', (roots) => ['jjl8y']], ['firmware', (roots) => ['jjl8y', roots]]]) {
  test(`${name}.c shows the status that the Cloud answers`, () => {
    const roots = certificate('roots.pem');
    const { code, stdout, stderr, received } = runInCloud(name, options(roots), roots);

    assert.deepStrictEqual([code, stdout], [0, 'Recording\n'], stderr);
    assert.match(received, /^GET \/v1\/mock-apis\/jjl8y\/recordings\/status HTTP\/1\.1\r\nHost: api\.wiremock\.cloud\r\n/);
  });

  test(`${name}.c says why it gives no status, and sends nothing, if another authority has issued the certificate`, () => {
    const roots = '/etc/ssl/certs/ca-certificates.crt';
    const { code, stdout, stderr, received } = runInCloud(name, options(roots), roots);

    assert.deepStrictEqual([code, received], [1, '']);
    assert.match(stdout + stderr, /no trusted root|root/);
  });
}
