// Uses the files that `make amalgamation` writes, without the tree: builds them, runs the unit tests on them, and lets a stranger's
// program ask a real WireMock. The environment has JSMN_DIR, MBEDTLS_DIR and CROSS, as in the Makefile.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { built, makeCertificates, startWireMock, temporaryFolder, top } = require('../e2e/wiremock');

const { JSMN_DIR: jsmn, MBEDTLS_DIR: mbedtls, CROSS: cross = 'arm-none-eabi-' } = process.env;
const made = built('amalgamation');
const warnings = ['-std=c99', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-pedantic', '-Werror'];
const includeMbedtls = [`-I${made}`, ...['include', 'tf-psa-crypto/include', 'tf-psa-crypto/drivers/builtin/include']
  .flatMap((folder) => ['-isystem', path.resolve(top, mbedtls, folder)]),
'-DMBEDTLS_CONFIG_FILE="tls_config.h"', '-DTF_PSA_CRYPTO_CONFIG_FILE="crypto_config.h"'];

/** What mbedTLS calls if it has our configuration. */
const hooks = ['mbedtls_ms_time', 'mbedtls_psa_external_get_random'];

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
const compileMade = (compiler, name, level) => compile(compiler, path.join(made, name), level, ...warnings, '-D_DEFAULT_SOURCE',
  ...(name === 'wmrec_mbedtls.c' ? includeMbedtls : []));

for (const name of files('.c')) {
  test(`${name} compiles without a warning with gcc and clang, with any optimisation`, () => {
    for (const compiler of ['gcc', 'clang'])
      for (const level of ['-O0', '-O2', '-Os'])
        compileMade(compiler, name, level);
  });

  test(`every global symbol of ${name} begins with wmrec_`, () => {
    const symbols = run('nm', ['-g', '--defined-only', '-j', compileMade('gcc', name, '-O2')]).trim().split('\n');

    assert.ok(symbols.length > 2);
    assert.deepStrictEqual(symbols.filter((symbol) => !symbol.startsWith('wmrec_') && !hooks.includes(symbol)), []);
  });
}

test('each header is in one file, once', () => {
  const guards = [...files('.c'), ...files('.h')].flatMap((name) => text(name).match(/^#ifndef \w+_H$/gm) ?? []);

  assert.ok(guards.includes('#ifndef WMREC_H') && guards.includes('#ifndef JSMN_H'));
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

test('a program that has copied four files is told by a real WireMock that it records', async (t) => {
  const folder = inWork('stranger');
  const server = await startWireMock(makeCertificates('one'));
  const ask = () => run('./ask', [new URL(server.url).port], { cwd: folder }).trim();

  t.after(server.stop);
  fs.mkdirSync(folder);
  for (const file of [...['wmrec.c', 'wmrec.h', 'wmrec_posix.c', 'wmrec_posix.h'].map((name) => path.join(made, name)),
    path.join(__dirname, 'amalgamation/main.c')])
    fs.copyFileSync(file, path.join(folder, path.basename(file)));
  run('sh', ['-c', 'cc *.c -pthread -o ask'], { cwd: folder });

  assert.strictEqual(ask(), 'NeverStarted');
  await server.admin('POST', 'recordings/start', { targetBaseUrl: server.url });
  assert.strictEqual(ask(), 'Recording');
  await server.admin('POST', 'recordings/stop');
  assert.strictEqual(ask(), 'Stopped');
});
