// Shared by the programs of this folder.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');

const { built } = require('../e2e/wiremock');

/** A table in Markdown; all columns except the first are aligned right. */
function table(head, rows) {
  return [head, head.map((column, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The bytes of code and initialised data in a program. prefix: of the toolchain. */
function codeAndData(file, prefix = '') {
  const [text, data] = execFileSync(`${prefix}size`, [file], { encoding: 'utf8' }).match(/\d+/g).map(Number);

  return text + data;
}

/** Runs main with the arguments of the command line. If it fails, prints the error and exits with 1. target: of make. */
function run(target, main) {
  main(...process.argv.slice(2)).catch((error) => {
    console.error(`make ${target}: ${error.message}`);
    process.exit(1);
  });
}

module.exports = { built, codeAndData, run, table };
