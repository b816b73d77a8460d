// Compares the sizes of the core, as size.sh measures them, with their limits in size.tsv and with the table in README.md.
//
//   size.js show JSMN_DIR        prints the sizes, and the differences from size.tsv
//   size.js check JSMN_DIR       checks them, and reports in TAP
//   size.js budget JSMN_DIR      writes them to size.tsv
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const top = path.join(__dirname, '../..');
const budgetFile = 'tests/bench/size.tsv';
const columns = ['flash', '.data', '.bss', 'stack'];

const read = (file) => fs.readFileSync(path.join(top, file), 'utf8');

/** The rows of a table: { architecture, file, figures }, with a figure for each column; NaN: not known. */
function rows(text) {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [architecture, file, ...figures] = line.split('\t');

    return { architecture, file, figures: figures.map(Number) };
  });
}

/** Groups rows: { architecture: rows }. */
function byArchitecture(all) {
  const groups = {};

  for (const row of all)
    (groups[row.architecture] ??= []).push(row);
  return groups;
}

/** Compares the sizes for one architecture with their limits: { more, less }, a line of text for each difference. */
function compare(measured, budget) {
  const more = [];
  const less = [];

  for (const { file, figures } of measured) {
    const limits = budget.find((row) => row.file === file)?.figures ?? [];

    for (const [column, name] of columns.entries()) {
      const [size, limit] = [figures[column], limits[column]];

      if (!Object.is(size, limit))
        (size < limit ? less : more).push(`${file}: ${size} of ${name}, not ${limit ?? 0}`);
    }
  }
  for (const { file } of budget)
    if (!measured.some((row) => row.file === file))
      less.push(`${file}: it is not linked any more`);
  return { more, less };
}

/** A row of README.md's table: flash, .data and .bss, struct wmrec_exchange, stack. */
function published(architecture) {
  const line = read('tests/bench/README.md').split('\n').find((text) => text.startsWith(`| \`${architecture}\` |`)) ?? '';

  return line.split('|').slice(2, 6).map((text) => Number(text.replace(/[^0-9-]/g, '')));
}

/** The same row as it is measured. */
function toPublish(measured) {
  const figuresOf = (name) => measured.find(({ file }) => file === name)?.figures ?? [];
  const [flash, data, bss, stack] = figuresOf('core');

  return [flash, data + bss, figuresOf('struct wmrec_exchange')[2], stack];
}

/** The AVR's constants count as .data, as it cannot read them from flash directly; lint.sh checks that they are constant. */
function isSmall(architecture, [, memory, struct]) {
  return (memory === 0 || architecture === 'avr') && struct <= 64;
}

function check(architecture, measured, budget) {
  const { more, less } = compare(measured, budget);
  const figures = toPublish(measured);
  const readme = published(architecture);

  return [
    { name: `no file of the core exceeds its limit in ${budgetFile}`, holds: more.length === 0,
      notes: [...more, ...less.map((line) => `better: ${line}: make size-budget lowers the limit`)] },
    { name: 'the core is no larger than tests/bench/README.md says', notes: [`measured: ${figures}; README.md: ${readme}`],
      holds: figures.every((figure, i) => figure <= readme[i] || (Number.isNaN(figure) && Number.isNaN(readme[i]))) },
    { name: 'the core has no .data and no .bss, except an AVR\'s constants; struct wmrec_exchange has at most 64 bytes',
      notes: [`measured: ${figures}`], holds: isSmall(architecture, figures) },
  ];
}

function printTap(measured, budget) {
  const all = Object.keys({ ...measured, ...budget }).flatMap((architecture) =>
    check(architecture, measured[architecture] ?? [], budget[architecture] ?? [])
      .map(({ name, ...rest }) => ({ name: `${architecture}: ${name}`, ...rest })));

  console.log(`1..${all.length}`);
  for (const [index, { name, holds, notes }] of all.entries())
    console.log([`${holds ? 'ok' : 'not ok'} ${index + 1} - ${name}`, ...notes.map((note) => `# ${note}`)].join('\n'));
}

function show(text, measured, budget) {
  const align = (field, column) => (column < 2 ? field.padEnd(14) : field.padStart(6));

  for (const line of text.trim().split('\n').slice(1))
    console.log(line.replace('# ', '').split('\t').map(align).join(' '));
  for (const architecture of Object.keys(measured)) {
    const { more, less } = compare(measured[architecture], budget[architecture] ?? []);

    for (const line of more)
      console.log(`${architecture}: worse: ${line}`);
    for (const line of less)
      console.log(`${architecture}: better: ${line}: make size-budget lowers the limit`);
  }
}

function main(task, jsmn) {
  const text = execFileSync('sh', ['tests/bench/size.sh', jsmn], { cwd: top, encoding: 'utf8' });

  if (task === 'budget')
    fs.writeFileSync(path.join(top, budgetFile), text);
  else if (task === 'check')
    printTap(byArchitecture(rows(text)), byArchitecture(rows(read(budgetFile))));
  else
    show(text, byArchitecture(rows(text)), byArchitecture(rows(read(budgetFile))));
}

main(...process.argv.slice(2));
