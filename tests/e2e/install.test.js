// The man page, the completion of bash, and make install.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, program, run, wmrec } = require('./support');
const { inBuild, temporaryFolder, top } = require('./wiremock');

const commands = ['status', 'is-recording', 'watch', 'wait', 'settings'];

const at = (name) => path.join(top, 'examples/cli', name);

/** The words that bash proposes in place of the last one. */
function complete(...words) {
  const line = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wmrec; printf "%s\\n" "${COMPREPLY[@]}"';

  return execFileSync('bash', ['-c', line, at('wmrec.bash'), 'wmrec', ...words], { encoding: 'utf8', cwd: top })
    .split('\n').filter((word) => word !== '');
}

/** The man page as text. */
function manPage() {
  return execFileSync('mandoc', ['-T', 'ascii', at('wmrec.1')], { encoding: 'utf8' }).replace(/.\x08/g, '');
}

/** The options that --help lists. */
async function options() {
  return [...new Set((await run(program, ['--help'])).stdout.match(/--[a-z][a-z0-9-]+/g))].sort();
}

test('the man page has every option, command and exit status of --help', async () => {
  const page = manPage();

  for (const word of [...await options(), ...commands, 'WMC_API_TOKEN', 'WMC_API_ENDPOINT', 'NO_COLOR'])
    assert.ok(page.includes(word), word);
  for (const status of [0, 3, 64, 66, 69, 74, 75, 76, 77, 78, 124, 130, 143])
    assert.match(page, new RegExp(`\\b${status}\\b`));
});

test('the man page has no option that --help does not have', async () => {
  const items = fs.readFileSync(at('wmrec.1'), 'utf8').match(/^\.It Fl .*$/gm).join('\n'); // "Fl o , -output Ar FORMAT"
  const documented = items.match(/ -[a-z0-9-]+/g).map((option) => option.replace(' ', '-'));

  assert.deepStrictEqual([...new Set(documented)].sort(), await options());
});

test('the man page has the loop for Home Assistant of examples/cli/README.md', () => {
  const [, loop] = /```sh\n(wmrec watch -o home-assistant [^]*?done\n)```/.exec(fs.readFileSync(at('README.md'), 'utf8'));

  assert.ok(manPage().replace(/^ {11}/gm, '').includes(loop));
});

test('each option of --help is completed for some command', async () => {
  const completed = commands.flatMap((command) => complete(command, '--'));

  assert.deepStrictEqual([...new Set(completed)].sort(), await options());
});

/** True if the command accepts these options: then wmrec refuses only the id, which is too short. */
async function takes(command, ...given) {
  const needed = { wait: ['--for', 'Stopped'], settings: ['--write', path.join(temporaryFolder(), 'block')] };
  const { code } = await wmrec([command, 'x', ...needed[command] ?? [], ...given]);

  assert.ok(code === 64 || code === 78);
  return code === 78;
}

for (const command of commands) {
  test(`${command}: an option or format is completed if and only if wmrec accepts it there`, async () => {
    const some = { '--out': ['file', '-o', 'prometheus'], '--interval': ['1s'], '--stale-after': ['1s'], '--for': ['Stopped'],
      '--timeout': ['1s'], '--write': ['file'], '--hex': [], '--address': ['0x10000', '--hex'], '--ntp-server': ['localhost'],
      '--resolve': ['api.wiremock.cloud:443:127.0.0.1'], '--max-time': ['1s'], '--keep-session': [], '--verbose': [], '--quiet': [],
      '--cacert': [certificate('roots.pem')], '--mock': [] };
    const completed = complete(command, '--');

    for (const [option, values] of Object.entries(some))
      assert.strictEqual(completed.includes(option), await takes(command, option, ...values), option);
    for (const format of ['text', 'json', 'prometheus', 'home-assistant']) {
      const more = command === 'watch' && format === 'prometheus' ? ['--out', 'file'] : [];
      assert.strictEqual(complete(command, '-o', '').includes(format), await takes(command, '-o', format, ...more), format);
    }
  });
}

test('commands are completed where a command is allowed; ids are never completed', () => {
  for (const before of [[], ['--mock'], ['-o', 'json'], ['--token-file', 'watch'], ['--for', '=', 'Stopped'],
    ['--self-hosted', 'http', ':', '//localhost', ':', '8080']])
    assert.deepStrictEqual(complete(...before, '').sort(), [...commands].sort(), before.join(' '));
  assert.deepStrictEqual(complete('wa'), ['watch', 'wait']);
  for (const words of [['jjl8'], ['watch', 'wa'], ['jjl8y', 'wa'], ['status', 'status', ''], ['--', ''], ['--', 'wa'], ['--', 'jjl8y', '--'], ['watch', '--', '-']])
    assert.deepStrictEqual(complete(...words), [], words.join(' '));
});

test('the command decides which options are completed; the value of an option, or an id, is not taken for a command', () => {
  const isWatch = (...words) => ['--out', '--interval'].every((option) => complete(...words, '--').includes(option));

  assert.ok(isWatch('watch') && isWatch('-v', 'watch') && isWatch('-qo', 'json', 'watch', 'jjl8y') && isWatch('--cacert', 'wait', 'watch'));
  assert.ok(!isWatch('--cacert', 'watch') && !isWatch('jjl8y', 'watch') && !isWatch('status', 'watch') && !isWatch('-o', 'watch'));
});

test('values are completed: the formats of the command, statuses and files; free text is not', () => {
  assert.deepStrictEqual(complete('watch', '-o', ''), ['text', 'json', 'prometheus', 'home-assistant']);
  assert.deepStrictEqual(complete('-o', 'p'), ['prometheus']);
  assert.deepStrictEqual(complete('wait', '--output', ''), ['text', 'json']);
  assert.deepStrictEqual(complete('wait', '--for', 'S'), ['Stopped']);
  for (const option of ['--cacert', '--token-file', '--out', '--uf2', '--write', '--read'])
    assert.deepStrictEqual(complete(option, 'CHANGE'), ['CHANGELOG.md'], option);
  for (const option of ['--interval', '--stale-after', '--timeout', '--max-time', '--endpoint', '--self-hosted', '--server', '--resolve'])
    assert.deepStrictEqual(complete(option, ''), [], option);
});

test('values are completed after an equals sign, which bash passes as a separate word', () => {
  assert.deepStrictEqual(complete('wait', '--for', '=', 'Rec'), ['Recording']);
  assert.deepStrictEqual(complete('wait', '--for', '='), ['NeverStarted', 'Recording', 'Stopped']);
  assert.deepStrictEqual(complete('--output', '=', 'j'), ['json']);
  assert.deepStrictEqual(complete('--cacert', '=', 'CHANGE'), ['CHANGELOG.md']);
});

test('make install installs the tool, its man page and the completion, and make uninstall removes them', () => {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'install-'));
  const make = (target) => execFileSync('make', ['-s', target, inBuild, `DESTDIR=${folder}`, 'PREFIX=/usr'], { cwd: top, encoding: 'utf8' });
  const files = ['bin/wmrec', 'share/man/man1/wmrec.1', 'share/bash-completion/completions/wmrec'];

  make('install');
  for (const file of files)
    assert.ok(fs.statSync(path.join(folder, 'usr', file)).isFile(), file);
  assert.match(execFileSync(path.join(folder, 'usr/bin/wmrec'), ['-V'], { encoding: 'utf8' }), /^wmrec \d/);
  make('uninstall');
  for (const file of files)
    assert.ok(!fs.existsSync(path.join(folder, 'usr', file)), file);
});
