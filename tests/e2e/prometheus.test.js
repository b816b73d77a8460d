// wmrec -o prometheus: which samples there are, and a file that is replaced as a whole.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, ask, askSelfHosted, id, says, until, watch } = require('./support');
const { temporaryFolder } = require('./wiremock');

const folder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'metrics-'));

/** A strict parser of Prometheus's text format: { name: { labels: value } }, with the labels as they are written. */
function parse(text) {
  const metrics = {};
  let current = null;

  assert.ok(text.endsWith('\n'), 'the last line is whole');
  for (const line of text.slice(0, -1).split('\n')) {
    const head = /^# (HELP|TYPE) (\w+) (.+)$/.exec(line);
    if (head?.[1] === 'HELP') {
      current = head[2];
      assert.ok(!(current in metrics), `${current} comes once`);
      metrics[current] = {};
    } else if (head) {
      assert.deepStrictEqual([head[2], head[3]], [current, 'gauge']);
    } else {
      const [, name, labels, value] = /^(\w+)\{((?:\w+="(?:[^"\\]|\\["\\])*",?)+)\} (\d+)$/.exec(line) ?? assert.fail(line);
      assert.strictEqual(name, current, 'samples follow the head of their metric');
      assert.ok(!(labels in metrics[name]), 'no sample comes twice');
      metrics[name][labels] = Number(value);
    }
  }
  return metrics;
}

const names = ['wmrec_up', 'wmrec_recording', 'wmrec_status', 'wmrec_answered_timestamp_seconds'];

for (const status of ['NeverStarted', 'Recording', 'Stopped']) {
  test(`${status} has the right value in every metric`, async (t) => {
    const server = await answering(t, says(status));
    const { code, stdout, stderr } = await ask(server, ['-o', 'prometheus', id]);
    const metrics = parse(stdout);
    const labels = `server="localhost:${server.port}",id="${id}"`;

    assert.deepStrictEqual([code, stderr, Object.keys(metrics)], [0, '', names]);
    assert.deepStrictEqual(metrics.wmrec_up, { [labels]: 1 });
    assert.deepStrictEqual(metrics.wmrec_recording, { [labels]: Number(status === 'Recording') });
    assert.deepStrictEqual(metrics.wmrec_status, Object.fromEntries(['NeverStarted', 'Recording', 'Stopped']
      .map((each) => [`${labels},status="${each}"`, Number(each === status)])));
    assert.ok(Math.abs(metrics.wmrec_answered_timestamp_seconds[labels] - Date.now() / 1000) < 24 * 3600);
  });
}

test('an id without an answer has only the sample of wmrec_up, which is 0', async (t) => {
  const server = await answering(t, (request) => (request.includes('nobody') ? answer(404) : says('Recording')));
  const { code, stdout } = await ask(server, ['-o', 'prometheus', 'nobody', id]);
  const metrics = parse(stdout);

  assert.strictEqual(code, 66);
  assert.deepStrictEqual(Object.values(metrics.wmrec_up), [0, 1]);
  for (const name of names.slice(1))
    assert.ok(Object.keys(metrics[name]).length > 0 && !Object.keys(metrics[name]).some((labels) => labels.includes('nobody')), name);
});

test('quotes and backslashes in labels are escaped', async (t) => {
  const { stdout } = await ask(await answering(t, says('Stopped')), ['-o', 'prometheus', 'a"b\\c']);

  assert.ok(Object.keys(parse(stdout).wmrec_up)[0].endsWith(',id="a\\"b\\\\c"'), stdout);
});

test('an id that is given twice has each sample once', async (t) => {
  const server = await answering(t, (request) => (request.includes('nobody') ? answer(404) : says('Recording')));
  const { stdout } = await ask(server, ['-q', '-o', 'prometheus', id, 'nobody', id, 'nobody']);

  assert.deepStrictEqual(names.map((name) => Object.keys(parse(stdout)[name]).length), [2, 1, 3, 1]);
});

test('the samples of a self-hosted server have no label id', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });
  const { stdout } = await askSelfHosted(server, ['-o', 'prometheus']);

  assert.deepStrictEqual(parse(stdout).wmrec_recording, { [`server="localhost:${server.port}"`]: 1 });
});

test('the label server has the path of the URL, without a slash at its end', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  for (const [end, path] of [['/', ''], ['/a/b', '/a/b'], ['/a/b/', '/a/b']]) {
    const { stdout } = await askSelfHosted({ url: server.url + end }, ['-o', 'prometheus']);

    assert.deepStrictEqual(parse(stdout).wmrec_recording, { [`server="localhost:${server.port}${path}"`]: 1 });
  }
});

test('--out writes to a file, with the mode of the umask, and nothing to standard output', async (t) => {
  const out = path.join(folder(), 'wmrec.prom');
  const umask = process.umask(0o027);

  t.after(() => process.umask(umask));
  const { stdout } = await ask(await answering(t, says('Stopped')), ['-o', 'prometheus', '--out', out, id]);
  assert.deepStrictEqual([stdout, fs.statSync(out).mode & 0o777], ['', 0o640]);
  assert.deepStrictEqual(Object.keys(parse(fs.readFileSync(out, 'utf8'))), names);
});

test('while watch replaces the file, a reader always sees a whole one; no other file is left', async (t) => {
  const out = path.join(folder(), 'wmrec.prom');
  const server = await answering(t, (request, number) => says(number % 2 ? 'Recording' : 'Stopped'));
  const running = watch(server, ['watch', '-o', 'prometheus', '--out', out, id, '--interval', '0.001s']);
  const seen = new Set();

  await until(() => {
    if (fs.existsSync(out))
      seen.add(Object.values(parse(fs.readFileSync(out, 'utf8')).wmrec_recording)[0]);
    return seen.size === 2;
  });
  running.kill('SIGTERM');
  const { code, stdout, stderr } = await running.end();
  assert.deepStrictEqual([code, stdout, stderr], [143, '', '']);
  assert.deepStrictEqual(fs.readdirSync(path.dirname(out)), ['wmrec.prom']);
});

test('the time of an answer is less by its Age; one that is too old has no sample but that', async (t) => {
  const server = await answering(t, says('Recording', { Age: 100 }));
  const before = Math.floor(Date.now() / 1000);
  const values = async (limit) => {
    const { stdout } = await ask(server, ['-q', '-o', 'prometheus', '--stale-after', limit, id]);
    return names.map((name) => Object.values(parse(stdout)[name]));
  };
  const [up, recording, status, [time]] = await values('1h');

  assert.deepStrictEqual([up, recording, status.length], [[1], [1], 3]);
  assert.ok(time >= before - 100 && time <= Date.now() / 1000 - 100, `${time}`);
  assert.deepStrictEqual((await values('99s')).map((all) => all.length), [1, 0, 0, 1]);
});

test('an answer of unknown age has no time', async (t) => {
  const { stdout } = await ask(await answering(t, says('Recording', { Age: 'x' })), ['-q', '-o', 'prometheus', id]);

  assert.deepStrictEqual(names.map((name) => Object.values(parse(stdout)[name])), [[0], [], [], []]);
});

test('while the server refuses, wmrec_up is 0, and the last answer stays until it is stale', async (t) => {
  const out = path.join(folder(), 'wmrec.prom');
  const server = await answering(t, (request, number) => (number === 1 ? says('Recording') : answer(401)));
  const running = watch(server, ['watch', '-q', '-o', 'prometheus', '--out', out, id, '--interval', '0.05s']);
  const values = (metric) => Object.values(parse(fs.readFileSync(out, 'utf8'))[metric]);

  await until(() => fs.existsSync(out) && values('wmrec_up')[0] === 0);
  assert.deepStrictEqual([values('wmrec_recording'), values('wmrec_answered_timestamp_seconds').length], [[1], 1]);
  running.kill('SIGTERM');
  await running.end();
});

test('a stale answer has no samples but its time, also while a poll hangs', async (t) => {
  const out = path.join(folder(), 'wmrec.prom');
  const server = await answering(t, (request, number) => (number === 1 ? says('Recording') : ''));
  const running = watch(server, ['watch', '-o', 'prometheus', '--out', out, id, '--interval', '0.2s', '--stale-after', '1s',
    '--max-time', '1h']);
  let metrics = {};

  await until(() => {
    if (fs.existsSync(out))
      metrics = parse(fs.readFileSync(out, 'utf8'));
    return metrics.wmrec_up && Object.keys(metrics.wmrec_recording).length === 0;
  });
  running.kill('SIGTERM');
  await running.end();
  assert.deepStrictEqual(names.map((name) => Object.values(metrics[name]).length), [1, 0, 0, 1]);
  assert.deepStrictEqual(Object.values(metrics.wmrec_up), [1], 'the last poll that ended was answered');
});

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  test(`when ${signal} ends watch, wmrec_up is 0 for each id, and no status stays`, async (t) => {
    const out = path.join(folder(), 'wmrec.prom');
    const server = await answering(t, (request) => (request.includes('unasked') ? '' : says('Recording')));
    const running = watch(server, ['watch', '-o', 'prometheus', '--out', out, id, 'unasked', '--interval', '1h']);

    await until(() => fs.existsSync(out) && Object.keys(parse(fs.readFileSync(out, 'utf8')).wmrec_recording).length === 1);
    running.kill(signal);
    assert.strictEqual((await running.end()).code, code);
    const metrics = parse(fs.readFileSync(out, 'utf8'));
    assert.deepStrictEqual(Object.values(metrics.wmrec_up), [0, 0]);
    assert.deepStrictEqual(names.map((name) => Object.values(metrics[name]).length), [2, 0, 0, 1]);
  });
}

test('if the last metrics of watch cannot be written, the message says so: exit status 74', async (t) => {
  const own = folder();
  const out = path.join(own, 'wmrec.prom');
  const running = watch(await answering(t, says('Recording')), ['watch', '-o', 'prometheus', '--out', out, id, '--interval', '1h']);

  await until(() => fs.existsSync(out));
  fs.rmSync(own, { recursive: true });
  running.kill('SIGTERM');
  const { code, stderr } = await running.end();
  assert.deepStrictEqual([code, stderr], [74, `wmrec: ${out}: no file can be created in the folder ${own}/: No such file or directory.\n`]);
});

test('--out to something that is not a regular file, or cannot be made: the message names it, and it is not changed; exit status 74', async (t) => {
  const server = await answering(t, says('Stopped'));
  const own = folder();
  const places = [[own, /Is a directory/], ['/dev/null', /it is not a regular file/], ['/dev/stdout', /it is not a regular file/], [path.join(own, 'none/file'), /No such file or directory/]];

  for (const [out, why] of places) {
    const { code, stderr } = await ask(server, ['-o', 'prometheus', '--out', out, id]);

    assert.strictEqual(code, 74);
    assert.ok(stderr.startsWith(`wmrec: ${out}: `), stderr);
    assert.match(stderr, why);
  }
  assert.ok(fs.statSync('/dev/null').isCharacterDevice());
  assert.ok(fs.lstatSync('/dev/stdout').isSymbolicLink());
  assert.deepStrictEqual(fs.readdirSync(own), []);
});
