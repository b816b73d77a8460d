// What size.sh measures of the core, beside what it may take (size.tsv) and what README tells.
//
//   size.js show JSMN_DIR        prints it, and what differs from size.tsv
//   size.js check JSMN_DIR       tests it: speaks TAP
//   size.js budget JSMN_DIR      writes it to size.tsv
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

/** Rows of a table: { architecture, file, figures }, a figure for each column; NaN: none is known. */
function rows(text) {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [architecture, file, ...figures] = line.split('\t');

    return { architecture, file, figures: figures.map(Number) };
  });
}

/** Their architectures, each with its rows. */
function byArchitecture(all) {
  const groups = {};

  for (const row of all)
    (groups[row.architecture] ??= []).push(row);
  return groups;
}

/** What of one architecture is more or less than it may be, a line each: { more, less }. */
function compare(measured, budget) {
  const more = [];
  const less = [];

  for (const { file, figures } of measured) {
    const allowed = budget.find((row) => row.file === file)?.figures ?? [];

    for (const [column, name] of columns.entries()) {
      const [is, may] = [figures[column], allowed[column]];

      if (!Object.is(is, may))
        (is < may ? less : more).push(`${file}: ${is} of ${name}, not ${may ?? 0}`);
    }
  }
  for (const { file } of budget)
    if (!measured.some((row) => row.file === file))
      less.push(`${file}: nothing of it is linked`);
  return { more, less };
}

/** A row of README's table, as numbers: flash, .data and .bss, struct wmrec_exchange, stack. */
function told(architecture) {
  const line = read('tests/bench/README.md').split('\n').find((text) => text.startsWith(`| \`${architecture}\` |`)) ?? '';

  return line.split('|').slice(2, 6).map((text) => Number(text.replace(/[^0-9-]/g, '')));
}

/** The same, measured. */
function toTell(measured) {
  const of = (name) => measured.find(({ file }) => file === name)?.figures ?? [];
  const [flash, data, bss, stack] = of('core');

  return [flash, data + bss, of('struct wmrec_exchange')[2], stack];
}

/** Constants are read from flash, but by an AVR: that they are constants, lint.sh checks. */
function isSmall(architecture, [, memory, struct]) {
  return (memory === 0 || architecture === 'avr') && struct <= 64;
}

function check(architecture, measured, budget) {
  const { more, less } = compare(measured, budget);
  const figures = toTell(measured);
  const readme = told(architecture);

  return [
    { name: `no file of the core takes more than ${budgetFile} lets it`, holds: more.length === 0,
      notes: [...more, ...less.map((line) => `better: ${line}: make size-budget updates ${budgetFile}`)] },
    { name: 'README tells no less than the core takes', notes: [`measured: ${figures}; README: ${readme}`],
      holds: figures.every((figure, i) => figure <= readme[i] || (Number.isNaN(figure) && Number.isNaN(readme[i]))) },
    { name: 'the core has no .data and no .bss (an AVR\'s constants are .data), struct wmrec_exchange at most 64 bytes',
      notes: [`measured: ${figures}`], holds: isSmall(architecture, figures) },
  ];
}

function speakTap(measured, budget) {
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
      console.log(`${architecture}: better: ${line}: make size-budget updates ${budgetFile}`);
  }
}

function main(task, jsmn) {
  const text = execFileSync('sh', ['tests/bench/size.sh', jsmn], { cwd: top, encoding: 'utf8' });

  if (task === 'budget')
    fs.writeFileSync(path.join(top, budgetFile), text);
  else if (task === 'check')
    speakTap(byArchitecture(rows(text)), byArchitecture(rows(read(budgetFile))));
  else
    show(text, byArchitecture(rows(text)), byArchitecture(rows(read(budgetFile))));
}

main(...process.argv.slice(2));
