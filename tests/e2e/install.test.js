// What comes with the tool: the man page, bash's completion, make install.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { program, run } = require('./support');
const { temporaryFolder, top } = require('./wiremock');

const at = (name) => path.join(top, 'examples/cli', name);

/** What bash proposes for the last word of the line. */
function complete(...words) {
  const line = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wmrec; printf "%s\\n" "${COMPREPLY[@]}"';

  return execFileSync('bash', ['-c', line, at('wmrec.bash'), 'wmrec', ...words], { encoding: 'utf8', cwd: top })
    .split('\n').filter((word) => word !== '');
}

/** The options that --help tells of. */
async function options() {
  return [...new Set((await run(program, ['--help'])).stdout.match(/--[a-z][a-z-]+/g))].sort();
}

test('the man page tells of every option, command and exit status that --help tells of', async () => {
  const page = execFileSync('mandoc', ['-T', 'ascii', at('wmrec.1')], { encoding: 'utf8' }).replace(/.\x08/g, '');

  for (const word of [...await options(), 'is-recording', 'watch', 'wait', 'settings', 'WMC_API_TOKEN', 'WMC_API_ENDPOINT', 'NO_COLOR'])
    assert.ok(page.includes(word), word);
  for (const status of [0, 3, 64, 69, 74, 75, 76, 77, 78, 124, 130, 143])
    assert.match(page, new RegExp(`\\b${status}\\b`));
});

test('each option that --help tells of is completed for a command that takes it', async () => {
  const completed = ['status', 'is-recording', 'watch', 'wait', 'settings'].flatMap((command) => complete(command, '--'));

  assert.deepStrictEqual([...new Set(completed)].sort(), await options());
});

test('only the options that a command takes are completed', () => {
  const has = (command, option) => complete(command, '--').includes(option);

  assert.deepStrictEqual(['watch', 'wait', 'status', 'is-recording'].map((command) => has(command, '--interval')), [true, true, false, false]);
  assert.deepStrictEqual(['watch', 'wait', 'status', 'is-recording'].map((command) => has(command, '--for')), [false, true, false, false]);
  assert.deepStrictEqual(['watch', 'wait', 'status', 'is-recording'].map((command) => has(command, '--out')), [true, false, true, false]);
  assert.deepStrictEqual(['--write', '--interval', '--max-time', '--verbose'].map((option) => has('settings', option)), [true, true, false, false]);
  assert.deepStrictEqual(['watch', 'status'].map((command) => has(command, '--write')), [false, false]);
});

test('commands are completed, and ids are not', () => {
  assert.deepStrictEqual(complete('wa'), ['watch', 'wait']);
  assert.deepStrictEqual(complete('').sort(), ['is-recording', 'settings', 'status', 'wait', 'watch']);
  assert.deepStrictEqual(complete('jjl8'), []);
});

test('values are completed: formats that the command has, statuses, files; nothing where anything goes', () => {
  assert.deepStrictEqual(complete('watch', '-o', ''), ['text', 'json', 'prometheus', 'home-assistant']);
  assert.deepStrictEqual(complete('-o', 'p'), ['prometheus']);
  assert.deepStrictEqual(complete('wait', '--output', ''), ['text', 'json']);
  assert.deepStrictEqual(complete('wait', '--for', 'S'), ['Stopped']);
  assert.deepStrictEqual(complete('--cacert', 'CHANGE'), ['CHANGELOG.md']);
  assert.deepStrictEqual(complete('watch', '--interval', ''), []);
});

test('make install puts the tool, its man page and the completion in their places, and make uninstall removes them', () => {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'install-'));
  const make = (target) => execFileSync('make', ['-s', target, `DESTDIR=${folder}`, 'PREFIX=/usr'], { cwd: top, encoding: 'utf8' });
  const files = ['bin/wmrec', 'share/man/man1/wmrec.1', 'share/bash-completion/completions/wmrec'];

  make('install');
  for (const file of files)
    assert.ok(fs.statSync(path.join(folder, 'usr', file)).isFile(), file);
  assert.match(execFileSync(path.join(folder, 'usr/bin/wmrec'), ['-V'], { encoding: 'utf8' }), /^wmrec \d/);
  make('uninstall');
  for (const file of files)
    assert.ok(!fs.existsSync(path.join(folder, 'usr', file)), file);
});
