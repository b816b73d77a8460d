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

const { top } = require('../e2e/wiremock');
const { call, makeHere, newFolder } = require('./support');

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

test('both programs of README.md compile by its command, with warnings as errors', () => {
  compile('ask', ask);
  compile('firmware', firmware);
});

test('each shows the status that the Cloud answers; if another authority has issued the certificate, it says so and sends nothing', () => {
  const commands = [['ask', 'jjl8y'], ['firmware', 'jjl8y', 'ROOTS']].map(([name, ...options]) => [path.join(folder, name), ...options]);
  const results = JSON.parse(execFileSync('unshare',
    ['--net', '--mount', process.execPath, path.join(__dirname, 'cloud.js'), JSON.stringify(commands)], { encoding: 'utf8' }));

  assert.strictEqual(results.length, 4);
  for (const [trusted, untrusted] of [results.slice(0, 2), results.slice(2)]) {
    assert.deepStrictEqual([trusted.code, trusted.stdout], [0, 'Recording\n'], trusted.stderr);
    assert.match(trusted.received, /^GET \/v1\/mock-apis\/jjl8y\/recordings\/status HTTP\/1\.1\r\nHost: api\.wiremock\.cloud\r\n/);
    assert.deepStrictEqual([untrusted.code, untrusted.received], [1, '']);
    assert.match(untrusted.stdout + untrusted.stderr, /was issued by nobody trusted/);
  }
});
