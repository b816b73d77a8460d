// CMakeLists.txt: add_subdirectory, FetchContent, an installation, and each choice of TLS, used by the projects of strangers.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { built } = require('../e2e/wiremock');
const { archive, asksByHttp, asksByHttps, call, cmake, configure, filesIn, makeHere, newFolder, project, projectWithSources,
  unpack } = require('./support');

const [jsmn, mbedtls] = process.argv.slice(2).map((folder) => path.resolve(folder));
const sources = `-DJSMN_DIR=${jsmn}`;
const own = [sources, `-DMBEDTLS_DIR=${mbedtls}`];
const found = [sources, '-DWMREC_TLS=FOUND', `-DCMAKE_PREFIX_PATH=${built('debian-mbedtls/usr')}`];

/** Builds wmrec alone, and installs it. Returns the prefix. */
function install(options) {
  const folder = newFolder();
  const prefix = path.join(folder, 'prefix');

  unpack(folder);
  call(folder, ['cmake', '--install', cmake(folder, [...options, '-DCMAKE_BUILD_TYPE=Debug']), '--prefix', prefix]);
  return prefix;
}

let folder; // of the programs

test('OWN: a project with add_subdirectory builds, in C and C++', () => {
  folder = cmake(projectWithSources('add_subdirectory'), own);
});
test('OWN, add_subdirectory: it asks over plain HTTP', (t) => asksByHttp(t, path.join(folder, 'http')));
for (const program of ['https', 'https_cpp'])
  test(`OWN, add_subdirectory (${program}): it asks over TLS, and refuses an unknown root`, (t) => asksByHttps(t, path.join(folder, program)));

test('NONE, FetchContent: it asks over plain HTTP; mbedTLS is not needed', async (t) => {
  const built = cmake(project('fetch_content'), [sources, `-DARCHIVE=${archive()}`]);

  await asksByHttp(t, path.join(built, 'http'));
});

test('FOUND, add_subdirectory: it asks over TLS by the mbedTLS of the program, and refuses an unknown root', async (t) => {
  await asksByHttps(t, path.join(cmake(projectWithSources('found'), found), 'https'));
});

test('FOUND, installed: the same', async (t) => {
  const prefix = install(found);
  const paths = `-DCMAKE_PREFIX_PATH=${prefix};${built('debian-mbedtls/usr')}`;

  await asksByHttps(t, path.join(cmake(project('found'), ['-DINSTALLED=ON', paths]), 'https'));
});

test('cmake --install installs the same files as make install, and a tool that runs', () => {
  const byCMake = install(own);
  const byMake = newFolder();
  const withoutTargets = (prefix) => filesIn(prefix).filter((name) => !/wmrec-targets(-debug)?\.cmake$|share\/wmrec\/installed$/.test(name));
  const isText = (name) => !/\.a$|^bin\//.test(name);

  makeHere('install', { PREFIX: byMake });
  assert.deepStrictEqual(withoutTargets(byCMake), withoutTargets(byMake));
  for (const name of withoutTargets(byCMake).filter(isText))
    assert.strictEqual(fs.readFileSync(path.join(byCMake, name), 'utf8'), fs.readFileSync(path.join(byMake, name), 'utf8'), name);
  assert.match(call('/', [path.join(byCMake, 'bin/wmrec'), '--version']), /^wmrec \d/);
});

const mistakes = [
  ['WMREC_TLS that is none of the three', [sources, '-DWMREC_TLS=YES'], /WMREC_TLS is YES; it must be OWN, FOUND or NONE/],
  ['OWN without MBEDTLS_DIR', [sources, '-DWMREC_TLS=OWN'], /WMREC_TLS=OWN needs MBEDTLS_DIR/],
  ['no jsmn.h', ['-DJSMN_DIR='], /jsmn\.h was not found\.\s+Install it .*, or set\s+JSMN_DIR/],
];

for (const [what, options, message] of mistakes) {
  test(`a mistake is refused, and the message says what to do: ${what}`, () => {
    const folder = newFolder();

    unpack(folder);
    assert.throws(() => configure(folder, options), message);
  });
}
