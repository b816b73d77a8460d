// What make install installs, used by the projects of strangers; and make uninstall.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { built } = require('../e2e/wiremock');
const { asksByHttp, asksByHttps, call, cmake, filesIn, makeHere, newFolder, project } = require('./support');

const destination = newFolder();
const prefix = path.join(destination, 'opt/wmrec');
const where = { DESTDIR: destination, PREFIX: '/opt/wmrec' };
const debian = built('debian-mbedtls/usr'); // Debian 13's mbedTLS

makeHere('install', where);
const archives = ['libwmrec.a', 'libwmrec-tls.a'].map((name) => path.join(prefix, 'lib', name));
const pkgConfig = { PKG_CONFIG_PATH: path.join(prefix, 'lib/pkgconfig') };

/** The names that these files define for others, by nm. */
function exported(options, files) {
  return call('/', ['nm', '--defined-only', '--format=posix', ...options, ...files]).split('\n')
    .filter((line) => line.includes(' ')).map((line) => line.split(' ')[0]);
}

test('the libraries export only names that begin with wmrec_', () => {
  const names = exported(['--extern-only'], archives);

  assert.ok(names.includes('wmrec_begin') && names.includes('wmrec_tls_transport'));
  assert.deepStrictEqual(names.filter((name) => !name.startsWith('wmrec_')), []);
});

test('the libraries need only the C library, and each other', () => {
  const needed = call('/', ['nm', '--undefined-only', ...archives]);

  assert.match(needed, / U memcpy\n/);
  assert.doesNotMatch(needed, / U (mbedtls|psa|jsmn)_/);
});

const headers = fs.readdirSync(path.join(prefix, 'include/wmrec')).filter((name) => name.endsWith('.h'));

for (const [compiler, language] of [['cc', 'c99'], ['c++', 'c++11']]) {
  test(`each installed header compiles alone, with warnings as errors and one include path (${language})`, () => {
    assert.ok(headers.includes('drive.h') && headers.includes('tls.h'));
    for (const header of headers) {
      const file = path.join(destination, language === 'c99' ? 'alone.c' : 'alone.cpp');

      fs.writeFileSync(file, `#include <wmrec/${header}>\n#include <wmrec/${header}>\nint main(void) { return 0; }\n`);
      call('/', [compiler, `-std=${language}`, '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-pedantic', '-Werror', '-fsyntax-only',
        '-I', path.join(prefix, 'include'), file]);
    }
  });
}

const byPkgConfig = project('pkg_config');

test('a project builds by pkg-config, with warnings as errors, in C and C++', () => {
  call(byPkgConfig, ['make'], pkgConfig);
});
test('pkg-config and cc: it asks over plain HTTP', (t) => asksByHttp(t, path.join(byPkgConfig, 'http')));
for (const [program, what] of [['https', 'cc'], ['https_cpp', 'c++'], ['https_shared', 'a shared library']])
  test(`pkg-config and ${what}: it asks over TLS, and refuses an unknown root`, (t) => asksByHttps(t, path.join(byPkgConfig, program)));

test('a shared library that has wmrec inside exports nothing of it', () => {
  assert.deepStrictEqual(exported(['--dynamic'], [path.join(byPkgConfig, 'libhttps.so')]), ['https_main']);
});

const byCMake = path.join(project('find_package'), 'build');

test('a project builds by find_package of CMake', () => {
  cmake(path.dirname(byCMake), [`-DCMAKE_PREFIX_PATH=${prefix}`]);
});
test('find_package: it asks over plain HTTP', (t) => asksByHttp(t, path.join(byCMake, 'http')));
for (const program of ['https', 'https_cpp'])
  test(`find_package (${program}): it asks over TLS, and refuses an unknown root`, (t) => asksByHttps(t, path.join(byCMake, program)));

test('find_package takes the same minor version, up to the installed one, and no other', () => {
  const [major, minor, patch] = call('/', ['pkg-config', '--modversion', 'wmrec'], pkgConfig).trim().split('.').map(Number);
  const folder = newFolder();
  const finds = (version) => {
    fs.writeFileSync(path.join(folder, 'CMakeLists.txt'), 'cmake_minimum_required(VERSION 3.16)\nproject(version C)\n' +
      `find_package(wmrec ${version})\nfile(WRITE found "\${wmrec_FOUND}")\n`);
    call(folder, ['cmake', '-S', '.', '-B', 'build', `-DCMAKE_PREFIX_PATH=${prefix}`]);
    return fs.readFileSync(path.join(folder, 'found'), 'utf8') === '1';
  };

  for (const version of ['', `${major}.${minor}`, `${major}.${minor}.${patch}`, `${major}.${minor}.${patch} EXACT`])
    assert.ok(finds(version), version);
  for (const version of [`${major}.${minor + 1}`, `${major + 1}.${minor}`, `${major}.${minor}.${patch + 1}`, `${major}.${minor}.${patch + 1} EXACT`])
    assert.ok(!finds(version), version);
});

const besideOwn = project('own_mbedtls');

test('a project with an mbedTLS of its own links, and its own mbedTLS is the one that it calls', async (t) => {
  call(besideOwn, ['make', `MBEDTLS=${debian}`], pkgConfig);
  await asksByHttps(t, path.join(besideOwn, 'https'));
});

test('a file that includes another mbedTLS before <wmrec/tls.h> is refused, with the reason', () => {
  const file = path.join(destination, 'both.c');
  const compile = () => call('/', ['cc', '-fsyntax-only', '-isystem', `${debian}/include`, '-I', path.join(prefix, 'include'), file]);

  fs.writeFileSync(file, '#include <mbedtls/ssl.h>\n#include <wmrec/tls.h>\n');
  assert.throws(compile, /#error "This file includes the headers of another mbedTLS before wmrec's/);
  fs.writeFileSync(file, '#include <mbedtls/ssl.h>\n#include <wmrec/drive.h>\n');
  compile();
});

test('make uninstall removes exactly what make install has installed, also in another LIBDIR', () => {
  const folder = newFolder();
  const usr = path.join(folder, 'usr');
  const options = { DESTDIR: folder, PREFIX: '/usr', LIBDIR: '/usr/lib/any-linux' };
  const mine = ['bin/mine', 'include/wmrec/mine.h', 'lib/any-linux/pkgconfig/mine.pc'];

  for (const name of mine) {
    fs.mkdirSync(path.dirname(path.join(usr, name)), { recursive: true });
    fs.writeFileSync(path.join(usr, name), '');
  }
  makeHere('install', options);
  assert.ok(filesIn(usr).includes('lib/any-linux/libwmrec.a'));
  assert.match(call('/', ['pkg-config', '--cflags', '--libs', 'wmrec-tls'], { PKG_CONFIG_PATH: path.join(usr, 'lib/any-linux/pkgconfig') }),
    /^-I\S+\/any-linux\/pkgconfig\/\.\.\/\.\.\/\.\.\/include -L\S+\/any-linux\/pkgconfig\/\.\. -lwmrec-tls -lwmrec -pthread/);
  makeHere('uninstall', options);
  assert.deepStrictEqual(filesIn(usr), mine);
  assert.ok(!fs.existsSync(path.join(usr, 'lib/any-linux/cmake/wmrec')) && !fs.existsSync(path.join(usr, 'include/wmrec/mbedtls')));
});

test('a LIBDIR that is not in PREFIX is refused', () => {
  assert.throws(() => makeHere('install', { ...where, LIBDIR: '/lib' }), /LIBDIR must be a folder in PREFIX/);
});

test('make uninstall says so if wmrec is not installed', () => {
  assert.throws(() => makeHere('uninstall', { DESTDIR: newFolder() }), /wmrec is not installed in/);
});
