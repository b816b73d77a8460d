// Compiles what library.json gives to PlatformIO: the files that its srcFilter selects, with its flags, from a folder with the files
// that it exports. PlatformIO itself is not run: Debian has no package of it. The environment has JSMN_DIR, as in the Makefile.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const { temporaryFolder, top } = require('../e2e/wiremock');

const jsmn = path.resolve(top, process.env.JSMN_DIR);
const arduino = '/usr/share/arduino/hardware/arduino/avr';
const manifest = JSON.parse(fs.readFileSync(path.join(top, 'library.json'), 'utf8'));
const { build } = manifest;
const library = path.join(temporaryFolder(), 'library');
const run = (command, options) => execFileSync(command, options, { encoding: 'utf8', cwd: library });

/** The files of a tree that filters like "+<core/*.c>" select, in their order: a pattern also selects what is in a folder. */
function select(files, filters) {
  const selected = new Set();

  for (const filter of filters) {
    const [, sign, pattern] = /^([+-])<(.*)>$/.exec(filter);
    const expression = new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/[*]/g, '[^/]*')}(/|$)`);

    for (const file of files.filter((name) => expression.test(name)))
      selected[sign === '+' ? 'add' : 'delete'](file);
  }
  return [...selected];
}

const filesOf = (folder) => fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.path, entry.name)));

/** Compiles each selected file of one language; returns the objects. */
function compile(ending, compiler, options, name) {
  return select(filesOf(path.join(library, build.srcDir)), build.srcFilter).filter((file) => file.endsWith(ending)).map((file) => {
    const object = path.join(temporaryFolder(), `${name}-${path.basename(file)}.o`);

    run(compiler, ['-Os', '-Wall', '-Wextra', '-Werror', ...options, `-I${build.srcDir}`, `-I${build.includeDir}`,
      ...build.flags.flatMap((flag) => flag.split(' ')), '-isystem', jsmn, '-c', file, '-o', object]);
    return object;
  });
}

before(() => {
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: top, encoding: 'utf8' }).trim().split('\n');

  for (const file of select(tracked, manifest.export.include.map((pattern) => `+<${pattern}>`))) {
    fs.mkdirSync(path.join(library, path.dirname(file)), { recursive: true });
    fs.copyFileSync(path.join(top, file), path.join(library, file));
  }
});

test('library.json has the fields that PlatformIO requires, within their limits', () => {
  assert.match(manifest.name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
  assert.ok(manifest.description.length > 0 && manifest.description.length <= 255);
  assert.ok(manifest.keywords.length > 0 && manifest.keywords.every((word) => /^[a-z0-9-]+$/.test(word)));
  assert.deepStrictEqual([manifest.license, manifest.frameworks, manifest.platforms], ['Apache-2.0', '*', '*']);
  assert.ok(build.flags.every((flag) => /^-I \S+$/.test(flag)));
});

test('each header of library.json is in one of its include folders', () => {
  const folders = [build.includeDir, build.srcDir, ...build.flags.map((flag) => flag.split(' ')[1])];

  for (const header of manifest.headers)
    assert.strictEqual(folders.filter((folder) => fs.existsSync(path.join(library, folder, header))).length, 1, header);
});

test('it selects the core, the drive and the transport over a Client, and no other port', () => {
  const selected = select(filesOf(library), build.srcFilter);

  for (const file of ['core/exchange.c', 'core/json.c', 'port/drive.c', 'port/arduino/wmrec_arduino.cpp'])
    assert.ok(selected.includes(file), file);
  assert.ok(selected.every((file) => /^(core|port)\/\w+\.c$|^port\/arduino\/\w+\.cpp$/.test(file)), String(selected));
});

test('the selected files compile and link for a framework other than Arduino', () => {
  const objects = [...compile('.c', 'gcc', ['-std=gnu11'], 'host'), ...compile('.cpp', 'g++', ['-std=gnu++11'], 'host')];
  const main = path.join(temporaryFolder(), 'main.c');

  fs.writeFileSync(main, '#include <stdio.h>\n#include <wmrec_arduino.h>\nint main(void) { return puts(wmrec_result_name(WMREC_OK)) < 0; }\n');
  run('gcc', [main, ...['core', 'port', 'port/arduino'].map((folder) => `-I${folder}`), ...objects, '-o', path.join(temporaryFolder(), 'main')]);
  assert.strictEqual(run(path.join(temporaryFolder(), 'main'), []), 'ok\n');
});

test('the selected files compile for Arduino on an AVR', () => {
  const options = ['-mmcu=atmega2560', '-DF_CPU=16000000L', '-DARDUINO=10819', '-DARDUINO_ARCH_AVR', `-I${arduino}/cores/arduino`,
    `-I${arduino}/variants/mega`];

  compile('.c', 'avr-gcc', ['-std=gnu11', ...options], 'avr');
  const [transport] = compile('.cpp', 'avr-g++', ['-std=gnu++11', ...options], 'avr');

  assert.match(run('avr-nm', [transport]), / T wmrec_arduino_transport$/m);
});
