// Uses the files that `make amalgamation` writes, without the tree: builds them, runs the unit tests on them, and lets a stranger's
// program ask a real WireMock. The environment has JSMN_DIR, MBEDTLS_DIR and CROSS, as in the Makefile.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { built, makeCertificates, startWireMock, temporaryFolder, top } = require('../e2e/wiremock');

const { JSMN_DIR: jsmn, MBEDTLS_DIR: mbedtls, CROSS: cross = 'arm-none-eabi-' } = process.env;
const made = built('amalgamation');
const warnings = ['-std=c99', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-pedantic', '-Werror'];
const mbedtlsHeaders = ['include', 'tf-psa-crypto/include', 'tf-psa-crypto/drivers/builtin/include']
  .flatMap((folder) => ['-isystem', path.resolve(top, mbedtls, folder)]);
const ourConfiguration = [`-I${made}`, '-DMBEDTLS_CONFIG_FILE="tls_config.h"', '-DTF_PSA_CRYPTO_CONFIG_FILE="crypto_config.h"'];

/** What mbedTLS calls if it has our configuration. */
const hooks = ['mbedtls_ms_time', 'mbedtls_psa_external_get_random'];

/** What is compiled: a name, a file, options, and the global symbols that it may have besides ours. */
const units = [
  ['wmrec.c', 'wmrec.c', [], []],
  ['wmrec_posix.c', 'wmrec_posix.c', [], []],
  ...['wmrec_mbedtls.c', 'wmrec_ask.c'].flatMap((file) => [
    [`${file}, with our configuration of mbedTLS,`, file, [...mbedtlsHeaders, ...ourConfiguration], hooks],
    [`${file}, with the default configuration of mbedTLS,`, file, mbedtlsHeaders, []],
  ]),
];

const unitTests = ['drive', 'exchange', 'fleet', 'indicator', 'json', 'monitor', 'request', 'response', 'result', 'schedule', 'torture', 'trace'];

const run = (command, options, settings = {}) => execFileSync(command, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: top, ...settings });
const files = (ending) => fs.readdirSync(made).filter((name) => name.endsWith(ending));
const text = (name) => fs.readFileSync(path.join(made, name), 'utf8');
const inWork = (name) => path.join(temporaryFolder(), name);
let count = 0;

/** Compiles a file; returns the path of the object. */
function compile(compiler, file, ...options) {
  const object = inWork(`${++count}-${path.basename(file, '.c')}.o`);

  run(compiler, [...options, '-c', file, '-o', object]);
  return object;
}

/** The same for a generated file, with the project's warnings as errors. */
const compileMade = (compiler, name, ...options) => compile(compiler, path.join(made, name), ...warnings, '-D_DEFAULT_SOURCE', ...options);

test('there is a test for each file', () => {
  assert.deepStrictEqual([...new Set(units.map(([, file]) => file))].sort(), files('.c').sort());
});

for (const [name, file, options, others] of units) {
  test(`${name} compiles without a warning with gcc and clang, with any optimisation`, () => {
    for (const compiler of ['gcc', 'clang'])
      for (const level of ['-O0', '-O2', '-Os'])
        compileMade(compiler, file, level, ...options);
  });

  test(`${name} has no global symbol of its own that does not begin with wmrec_`, () => {
    const symbols = run('nm', ['-g', '--defined-only', '-j', compileMade('gcc', file, '-O2', ...options)]).trim().split('\n');

    assert.ok(symbols.some((symbol) => symbol.startsWith('wmrec_')));
    assert.deepStrictEqual(symbols.filter((symbol) => !symbol.startsWith('wmrec_') && !others.includes(symbol)), []);
  });
}

test('each header is in one file, once', () => {
  const guards = [...files('.c'), ...files('.h')].flatMap((name) => text(name).match(/^#ifndef (\w+_H)\n#define \1$/gm) ?? []);

  assert.ok(guards.some((guard) => guard.endsWith(' WMREC_H')) && guards.some((guard) => guard.endsWith(' JSMN_H')));
  assert.deepStrictEqual(guards.filter((guard, index) => guards.indexOf(guard) !== index), []);
});

test('the files include only each other, the system and mbedTLS', () => {
  for (const name of [...files('.c'), ...files('.h')])
    for (const [, header] of text(name).matchAll(/^# *include "(.*)"/gm))
      assert.ok(files('.h').includes(header), `${name} includes ${header}`);
});

test('wmrec.c has the licence of jsmn, and says so', () => {
  const [licence] = /MIT License[^]*?Copyright[^]*?THE SOFTWARE IS PROVIDED "AS IS"[^]*?SOFTWARE\./.exec(
    fs.readFileSync(path.resolve(top, jsmn, 'jsmn.h'), 'utf8'));

  assert.ok(text('wmrec.c').includes(licence));
  assert.match(text('wmrec.c').slice(0, 300), /SPDX-License-Identifier: Apache-2.0 AND MIT/);
});

test('for a Cortex-M0+, wmrec.c has the size of the separate files, within 1 %', () => {
  const options = ['-mcpu=cortex-m0plus', '-mthumb', '-Os', '-std=c99', '-ffreestanding', '-ffunction-sections', '-fdata-sections'];
  const sizeOf = (sources, ...includes) => {
    const objects = [...sources, 'tests/bench/size_main.c'].map((file) => compile(`${cross}gcc`, file, ...options, ...includes));

    run(`${cross}gcc`, ['-mcpu=cortex-m0plus', '-mthumb', '-nostdlib', '-Wl,-e,main', '-Wl,--gc-sections', ...objects, '-lgcc', '-o', inWork('m0.elf')]);
    return Number(run(`${cross}size`, [inWork('m0.elf')]).split('\n')[1].trim().split(/\s+/)[0]);
  };
  const core = fs.readdirSync(path.join(top, 'core')).filter((name) => name.endsWith('.c')).map((name) => `core/${name}`);
  const separate = sizeOf(core, '-Icore', '-isystem', jsmn);
  const together = sizeOf([path.join(made, 'wmrec.c')], `-I${made}`);

  console.log(`# ${together} bytes; as separate files ${separate}`);
  assert.ok(Math.abs(together - separate) <= separate / 100, `${together} bytes, not ${separate}`);
});

for (const name of unitTests)
  test(`the unit tests of ${name} pass with wmrec.c`, () => {
    const sources = [`tests/unit/${name}_test.c`, 'tests/unit/support.c', 'tests/fake/fake.c', 'tests/fake/server.c'];
    const program = inWork(`${name}_test`);

    for (const header of ['drive.h', 'key.h', 'trace.h', 'transport.h']) // the names that these tests include
      fs.writeFileSync(inWork(header), '#include "wmrec.h"\n');
    run('gcc', ['-D_DEFAULT_SOURCE', '-DWMREC_GOLDEN="tests/golden"', `-I${made}`, `-I${temporaryFolder()}`, '-Itests/fake',
      ...sources, path.join(made, 'wmrec.c'), '-lcmocka', '-o', program]);
    run(program, []);
  });

/** Copies generated files and one of a stranger's programs to an empty folder, and builds what is there. Returns the folder. */
function stranger(program, names, ...options) {
  const folder = inWork(program);

  fs.mkdirSync(folder);
  for (const file of [...names.map((name) => path.join(made, name)), path.join(__dirname, 'amalgamation', program)])
    fs.copyFileSync(file, path.join(folder, path.basename(file)));
  run('sh', ['-c', 'cc *.c "$@" -pthread -o program', 'sh', ...options], { cwd: folder });
  return folder;
}

test('a program that has copied four files is told by a real WireMock that it records', async (t) => {
  const folder = stranger('main.c', ['wmrec.c', 'wmrec.h', 'wmrec_posix.c', 'wmrec_posix.h']);
  const server = await startWireMock(makeCertificates('one'));
  const ask = () => run('./program', [new URL(server.url).port], { cwd: folder }).trim();

  t.after(server.stop);
  assert.strictEqual(ask(), 'NeverStarted');
  await server.admin('POST', 'recordings/start', { targetBaseUrl: server.url });
  assert.strictEqual(ask(), 'Recording');
  await server.admin('POST', 'recordings/stop');
  assert.strictEqual(ask(), 'Stopped');
});

test('a program that has copied all files is told so over verified TLS, in one call', async (t) => {
  const folder = stranger('ask.c', fs.readdirSync(made), '-I.', ...mbedtlsHeaders, ...ourConfiguration.slice(1), built('release/libmbedtls.a'));
  const certificates = makeCertificates('one');
  const server = await startWireMock(certificates);
  const ask = (roots) => {
    const { stdout } = spawnSync('./program', [new URL(server.tlsUrl).port], { cwd: folder, encoding: 'utf8',
      env: { ...process.env, SSL_CERT_FILE: roots } });

    return stdout.trim();
  };

  t.after(server.stop);
  await server.admin('POST', 'recordings/start', { targetBaseUrl: server.url });
  assert.strictEqual(ask(path.join(certificates, 'roots.pem')), 'Recording');
  assert.match(ask('/etc/ssl/certs/ca-certificates.crt'), /issued by nobody trusted/);
});
