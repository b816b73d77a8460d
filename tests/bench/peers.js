// Measures how wmrec and the parsers that Debian packages read an answer: the instructions (by callgrind) and the heap (by
// memcheck) of one more job of tests/bench/peers/job.h, so that the start of a program and all that it does once are not
// counted; and the flash of those that come as sources.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { top } = require('../e2e/wiremock');
const { built, codeAndData } = require('./support');

const responses = 'tests/golden/responses';
const wholePiece = 4096; // larger than each answer

/** The name of each peer in the table, by its program in build/peers. */
const names = {
  wmrec: 'wmrec (with the request)',
  'http_parser-jsmn': 'http_parser and jsmn',
  'http_parser-cjson': 'http_parser and cJSON',
  'llhttp-jsmn': 'llhttp and jsmn',
  'curl-cjson': 'libcurl and cJSON (with the request)',
};

/** [file, bytes that arrive at a time], by the column of the table. */
const answers = {
  'Content-Length': ['field-twelve.http', wholePiece],
  chunked: ['field-twelve-chunked.http', wholePiece],
  'byte by byte': ['field-twelve.http', 1],
};

/** Runs a program, which does its job `times` times, under a tool of valgrind; returns the numbers that the pattern captures. */
function measure(tool, pattern, program, [answer, piece], times) {
  const { status, stderr } = spawnSync('valgrind', [`--tool=${tool}`, ...(tool === 'callgrind' ? ['--callgrind-out-file=/dev/null'] : []),
    built(`peers/${program}`), path.join(top, responses, answer), String(piece), String(times)],
  { encoding: 'utf8', env: { ...process.env, LD_BIND_NOW: '1' } });
  const found = pattern.exec(stderr);

  if (status !== 0 || found === null)
    throw new Error(`${program}, ${answer}: wrong answer, or no figure\n${stderr}`);
  return found.slice(1).map((text) => Number(text.replaceAll(',', '')));
}

/** The cost of the third job: the difference between three jobs and two. */
function costOfOne(...parameters) {
  const two = measure(...parameters, 2);
  const three = measure(...parameters, 3);

  return three.map((number, i) => number - two[i]);
}

/** The bytes of flash that the job needs on a Cortex-M0+; null: the peer does not come as sources. */
function flash(program) {
  const elf = built(`peers/${program}.elf`);

  return fs.existsSync(elf) ? codeAndData(elf, process.env.CROSS ?? 'arm-none-eabi-') : null;
}

/** A row for each peer: name; figures, its instructions for each answer; allocations and their bytes; bytes of flash. */
function measurePeers() {
  return Object.entries(names).map(([program, name]) => {
    const [allocations, bytes] = costOfOne('memcheck', /total heap usage: ([\d,]+) allocs, [\d,]+ frees, ([\d,]+) bytes/, program,
      answers['Content-Length']);
    const instructions = Object.values(answers).map((answer) => costOfOne('callgrind', /Collected : (\d+)/, program, answer)[0]);

    return { name, figures: instructions, allocations, bytes, flash: flash(program) };
  });
}

module.exports = { measurePeers, peerColumns: Object.keys(answers) };
