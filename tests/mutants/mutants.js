// Makes one small mistake at a time in the core, and runs its unit tests to see if one fails. Prints TAP, a line a file.
// From the top of the repository, with the tests' objects built:
//
//   mutants.js CC JSMN_DIR STEP TEST...      tries every STEPth mutant; TEST is the name of a test's object
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { mutants } = require('./mutator');

const [cc, jsmn, step, ...tests] = process.argv.slice(2);
const minimum = 95; // percent that must be killed
const build = process.env.BUILD ?? 'build';
const folder = `${build}/mutants`;
const sources = fs.readdirSync('core').filter((name) => name.endsWith('.c')).sort();
const flags = ['-std=c99', '-w', '-fPIC', '-Icore', '-isystem', jsmn];

// Undefined arithmetic fails, as in `make unit`.
const checked = ['-O1', '-fsanitize=undefined', '-fsanitize-undefined-trap-on-error'];

/** The output of a command; null: it failed. */
async function output(command, options, environment = {}) {
  try {
    return (await promisify(execFile)(command, options, { env: { ...process.env, ...environment }, maxBuffer: Infinity })).stdout;
  } catch {
    return null;
  }
}

async function must(command, options) {
  if (await output(command, options) === null)
    throw new Error(`failed: ${command} ${options.join(' ')}`);
}

/** The CPU time in seconds that a test takes with the core in this folder; null: it fails; it stops at its first failure.
 * A test that does not end is stopped by its CPU time: by wall time, a busy machine would kill mutants. */
async function run(test, pass, where) {
  const times = await output('sh', ['-c', `ulimit -c 0; ulimit -t ${test.limits[pass]}; ${folder}/${test.name} >/dev/null 2>&1 || exit; times`],
    { LD_LIBRARY_PATH: where, CMOCKA_TEST_ABORT: '1', ...(pass === 'fewer' ? { WMREC_FEWER: '1' } : {}) });

  // The second line is about the children: 0m1.234s 0m0.056s.
  return times && times.split('\n')[1].split(' ').map((time) => time.split(/[ms]/))
    .reduce((sum, [minutes, seconds]) => sum + minutes * 60 + Number(seconds), 0);
}

/** Links a test so that it loads the core at run time, and measures its time with the original core. */
async function prepareTest(name) {
  const test = { name, limits: { fewer: 300, full: 300 } };
  const objects = [name, 'support'].map((object) => `${build}/release/tests/unit/${object}.o`);

  await must(cc, [...objects, `-L${folder}`, '-lcore', '-lcmocka', '-o', `${folder}/${name}`]);
  for (const pass of ['full', 'fewer']) {
    test.seconds = await run(test, pass, folder);
    if (test.seconds === null)
      throw new Error(`${name} fails without any mutant`);
    test.limits[pass] = 1 + Math.ceil(4 * test.seconds);
  }
  return test;
}

/** Builds the original core and the tests. Returns the tests, the fastest first. */
async function prepare() {
  const prepared = [];

  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const source of sources) {
    await must(cc, [...flags, '-O2', '-c', `core/${source}`, '-o', `${folder}/${source}.plain.o`]);
    await must(cc, [...flags, ...checked, '-c', `core/${source}`, '-o', `${folder}/${source}.o`]);
  }
  await must(cc, ['-shared', ...sources.map((source) => `${folder}/${source}.o`), '-o', `${folder}/libcore.so`]);
  for (const name of tests)
    prepared.push(await prepareTest(name));
  return prepared.sort((a, b) => a.seconds - b.seconds);
}

/** True if a test fails; that test is then the first in the order. */
async function isNoticed(order, pass, where) {
  for (const [index, test] of order.entries())
    if (await run(test, pass, where) === null) {
      order.unshift(...order.splice(index, 1));
      return true;
    }
  return false;
}

/** "invalid": it does not compile. "same": the compiler makes the same object file as of the original. */
async function verdict(mutant, order, where) {
  const file = path.join(where, mutant.file);
  const others = sources.filter((source) => source !== mutant.file).map((source) => `${folder}/${source}.o`);

  fs.writeFileSync(file, mutant.source);
  if (await output(cc, [...flags, ...checked, '-shared', file, ...others, '-o', `${where}/libcore.so`]) === null)
    return 'invalid';
  if (await isNoticed(order, 'fewer', where))
    return 'killed';
  await must(cc, [...flags, '-O2', '-c', file, '-o', `${file}.plain.o`]);
  if (fs.readFileSync(`${file}.plain.o`).equals(fs.readFileSync(`${folder}/${mutant.file}.plain.o`)))
    return 'same';
  return await isNoticed(order, 'full', where) ? 'killed' : 'survived';
}

/** All mutants, each with a unique name: its file, its operator, and the line before and after. */
function allMutants() {
  const seen = new Map();

  return sources.flatMap((file) => mutants(fs.readFileSync(`core/${file}`, 'utf8')).map((mutant) => {
    const [head, tail] = [`core/${file}: ${mutant.operator}`, `\n- ${mutant.was}\n+ ${mutant.is}`];
    const count = (seen.get(head + tail) ?? 0) + 1;

    seen.set(head + tail, count);
    return { ...mutant, file, name: head + (count > 1 ? ` (${count})` : '') + tail };
  }));
}

/** The names in survivors.txt: those of the paragraphs that have a reason below the names. */
function listedNames() {
  const name = /^core\/.*\n- .*\n\+.*$/gm;

  return new Set(fs.readFileSync(path.join(__dirname, 'survivors.txt'), 'utf8').split(/\n\n+/)
    .filter((paragraph) => paragraph.replace(name, '').trim()).flatMap((paragraph) => paragraph.match(name) ?? []));
}

async function tryAll(some, prepared) {
  const queue = [...some];
  const work = async (_, index) => {
    const where = `${folder}/${index}`;
    const orders = Object.fromEntries(sources.map((source) => [source, [...prepared]]));

    fs.mkdirSync(where);
    for (let mutant = queue.shift(); mutant; mutant = queue.shift())
      mutant.verdict = await verdict(mutant, orders[mutant.file], where);
  };

  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
}

const count = (some, wanted) => some.filter((mutant) => mutant.verdict === wanted).length;

function summary(some) {
  const [killed, survived] = [count(some, 'killed'), count(some, 'survived')];

  return `of ${killed + survived} mutants, ${killed} are killed, ${survived} survive`;
}

function report(all, some) {
  const listed = listedNames();
  const rules = sources.map((file) => {
    const its = some.filter((mutant) => mutant.file === file);

    return [`core/${file}: ${summary(its)}`, its.filter(({ verdict: its, name }) => its === 'survived' && !listed.has(name)).map(({ name }) => name)];
  });
  const killed = count(some, 'killed');
  const share = 100 * killed / (killed + count(some, 'survived'));
  const gone = [...listed].filter((name) => !all.some((mutant) => mutant.name === name));
  const dead = some.filter((mutant) => mutant.verdict !== 'survived' && listed.has(mutant.name)).map(({ name }) => name);

  rules.push(['each mutant that survivors.txt lists survives', [...gone, ...dead]]);
  if (some.length === all.length)
    rules.push([`${minimum} % or more are killed`, share < minimum ? ['too few'] : []]);
  console.log(`1..${rules.length}`);
  for (const [index, [name, wrong]] of rules.entries()) {
    console.log(`${wrong.length > 0 ? 'not ok' : 'ok'} ${index + 1} - ${name}`);
    for (const text of wrong)
      console.log(text.replace(/^/gm, '# '));
  }
  console.log(`# all of core: ${summary(some)}, ${share.toFixed(1)} % killed; ${count(some, 'same')} more make no difference to the compiler`);
  process.exitCode = rules.some(([, wrong]) => wrong.length > 0) ? 1 : 0;
}

async function main() {
  const prepared = await prepare();
  const all = allMutants();
  const some = all.filter((_, index) => index % Number(step) === 0);

  await tryAll(some, prepared);
  report(all, some);
}

main().catch((error) => {
  console.log(`Bail out! ${error.message}`);
  process.exit(1);
});
