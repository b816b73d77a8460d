// What it costs to have an answer read by wmrec, and by the parsers that Debian packages: instructions, by callgrind, and heap,
// by memcheck, that one job more takes (tests/bench/peers/job.h). So no start of a program, and nothing that is done once, is
// in it. And the flash of those that come as sources.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { top } = require('../e2e/wiremock');

const responses = 'tests/golden/responses';
const whole = 4096;

/** What they print, by the name of their program in build/peers. */
const names = {
  wmrec: 'wmrec (with the request)',
  'http_parser-jsmn': 'http_parser and jsmn',
  'http_parser-cjson': 'http_parser and cJSON',
  'llhttp-jsmn': 'llhttp and jsmn',
  'curl-cjson': 'libcurl and cJSON (with the request)',
};

const answers = {
  'Content-Length': ['field-twelve.http', whole],
  chunked: ['field-twelve-chunked.http', whole],
  'byte by byte': ['field-twelve.http', 1],
};

/** The numbers that a tool of valgrind tells, where the pattern finds them, of a program that does its job `times` times. */
function ask(tool, pattern, program, [answer, piece], times) {
  const { status, stderr } = spawnSync('valgrind', [`--tool=${tool}`, ...(tool === 'callgrind' ? ['--callgrind-out-file=/dev/null'] : []),
    path.join(top, 'build/peers', program), path.join(top, responses, answer), String(piece), String(times)],
  { encoding: 'utf8', env: { ...process.env, LD_BIND_NOW: '1' } });
  const found = pattern.exec(stderr);

  if (status !== 0 || found === null)
    throw new Error(`${program}, ${answer}: wrong answer, or no figure\n${stderr}`);
  return found.slice(1).map((text) => Number(text.replaceAll(',', '')));
}

/** What one job more takes, once two have been done. */
function difference(...question) {
  const before = ask(...question, 2);
  const after = ask(...question, 3);

  return after.map((number, i) => number - before[i]);
}

/** The bytes of flash that the job takes on a Cortex-M0+; null: the peer does not come as a source. */
function flash(program) {
  const elf = path.join(top, 'build/peers', `${program}.elf`);

  if (!fs.existsSync(elf))
    return null;
  const [text, data] = execFileSync(`${process.env.CROSS ?? 'arm-none-eabi-'}size`, [elf], { encoding: 'utf8' }).match(/\d+/g).map(Number);

  return text + data;
}

/** A row for each: name, instructions by the answers' names, allocations and their bytes, bytes of flash. */
function measurePeers() {
  return Object.entries(names).map(([program, name]) => {
    const [allocations, bytes] = difference('memcheck', /total heap usage: ([\d,]+) allocs, [\d,]+ frees, ([\d,]+) bytes/, program,
      answers['Content-Length']);
    const instructions = Object.values(answers).map((answer) => difference('callgrind', /Collected : (\d+)/, program, answer)[0]);

    return { name, figures: instructions, allocations, bytes, flash: flash(program) };
  });
}

module.exports = { measurePeers, peerColumns: Object.keys(answers) };
