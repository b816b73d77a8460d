// Runs the golden answers on other kinds of processors: the results must be the same. Prints TAP.
//
//   portable.js JSMN_DIR      from the top of the repository
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');

const folder = 'build/portable';
const [jsmn] = process.argv.slice(2);
const flags = ['-Os', '-Wall', '-Wextra', '-Werror', '-Icore', '-Itests/portable', '-isystem', jsmn];
const core = fs.readdirSync('core').filter((name) => name.endsWith('.c')).map((name) => `core/${name}`);
const program = [...core, 'tests/portable/main.c', `${folder}/cases.c`];

const targets = [
  { name: 'm68k', what: 'big-endian, an int of 32 bits at any even address', compiler: ['m68k-linux-gnu-gcc', '-std=c99', '-static'],
    sources: program, emulator: ['qemu-m68k'] },
  { name: 'avr', what: '8 bits, an int and pointers of 16 bits', compiler: ['avr-gcc', '-std=gnu99', '-mmcu=atmega1284p'],
    sources: [...program, 'tests/portable/avr/console.c'], emulator: ['simavr', '-m', 'atmega1284p', '-f', '8000000'] },
];

const table = (name) => fs.readFileSync(`tests/golden/${name}.tsv`, 'utf8').split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t'));

/** All golden cases: { name, bytes, size, ending, expected }, as main.c prints it. */
function cases() {
  const milliseconds = { none: 0xffffffff, date: 0xfffffffe };
  const answers = table('responses').map(([file, result, status, recording, keepAlive, retryAfter, ending]) => ({
    name: `responses/${file}`, bytes: fs.readFileSync(`tests/golden/responses/${file}`), size: 512, ending,
    expected: `case ${result} ${status} ${recording} ${keepAlive} ${milliseconds[retryAfter] ?? retryAfter}`,
  }));
  const bodies = table('bodies').map(([file, result, recording, text]) => {
    const body = fs.readFileSync(`tests/golden/bodies/${file}`);

    return {
      name: `bodies/${file}`, size: 4096, ending: 'open',
      bytes: Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]),
      expected: `case ${result} 200 ${recording} yes ${milliseconds.none} ${text === '-' ? '' : Buffer.from(text.slice(1, -1)).toString('hex')}`.trim(),
    };
  });

  return [...answers, ...bodies];
}

function writeCases(all) {
  const arrays = all.map(({ bytes }, index) => `static const IN_FLASH unsigned char bytes_${index}[] = {${[...bytes, 0].join(',')}};\n`);
  const rows = all.map(({ bytes, size, ending }, index) => `  {bytes_${index}, ${bytes.length}, ${size}, '${ending[0]}'},\n`);

  fs.writeFileSync(`${folder}/cases.c`, `#include "cases.h"\n\n${arrays.join('')}\n`
    + `const IN_FLASH struct golden_case golden_cases[] = {\n${rows.join('')}};\nconst uint16_t golden_case_count = ${all.length};\n`);
}

/** The output of the program for each case. An emulator may use either stream, and add colours and dots. */
function run({ name, compiler: [compiler, ...options], sources, emulator: [emulator, ...arguments_] }) {
  execFileSync(compiler, [...options, ...flags, ...sources, '-o', `${folder}/${name}.elf`], { stdio: ['ignore', 'inherit', 'inherit'] });
  const { stdout, stderr } = spawnSync(emulator, [...arguments_, `${folder}/${name}.elf`], { encoding: 'latin1', timeout: 600000 });

  return `${stdout}${stderr}`.match(/case [\w -]*/g) ?? [];
}

function main() {
  const all = cases();
  let number = 0;

  fs.mkdirSync(folder, { recursive: true });
  writeCases(all);
  console.log(`1..${targets.length}`);
  for (const target of targets) {
    const printed = run(target);
    const wrong = all.filter(({ name, expected }, index) => {
      const line = printed[index] ?? '';
      return name.startsWith('bodies/') ? line.trim() !== expected : !line.startsWith(`${expected} `);
    });

    console.log(`${wrong.length > 0 ? 'not ok' : 'ok'} ${++number} - ${target.name} (${target.what}) gives the same results for ${all.length} golden answers`);
    for (const { name, expected } of wrong)
      console.log(`# ${name}: expected "${expected}", not "${printed[all.findIndex((one) => one.name === name)]}"`);
    process.exitCode ||= wrong.length > 0 ? 1 : 0;
  }
}

main();
