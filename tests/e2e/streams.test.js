// Standard output and error that take nothing for a while, or have no reader any more.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, certificate, file, id, key, launch, patiently, program, run, says, until } = require('./support');
const { temporaryFolder, top } = require('./wiremock');

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
const signals = { SIGPIPE: 128 + 13, SIGTERM: 128 + 15 };
const block = path.join(top, 'tests/golden/settings/least.bin');
const cloud = (server) => patiently(['--endpoint', server.url, '--cacert', certificate('roots.pem')]);

/** Calls an operation on a pipe that does not block; null: it would block. */
function unlessBlocked(operation) {
  try {
    return operation();
  } catch (error) {
    assert.strictEqual(error.code, 'EAGAIN');
    return null;
  }
}

/**
 * Makes a pipe: { writer, fill(), read(), close() }. fill() fills it. read() takes what is there; it returns null when nothing is,
 * and '' when all writers have closed it. close() closes the reader.
 */
function makePipe(flags = 0) {
  const name = path.join(temporaryFolder(), `pipe-${randomBytes(6).toString('hex')}`);
  const bytes = Buffer.alloc(65536, '.');

  execFileSync('mkfifo', [name]);
  const reader = fs.openSync(name, O_RDONLY | O_NONBLOCK);
  const filler = fs.openSync(name, O_WRONLY | O_NONBLOCK);
  const writer = fs.openSync(name, O_WRONLY | flags);
  const pipe = {
    writer,
    fill: () => {
      for (const size of [bytes.length, 1])
        while (unlessBlocked(() => fs.writeSync(filler, bytes, 0, size)) !== null);
      fs.closeSync(filler);
    },
    read: () => unlessBlocked(() => {
      const count = fs.readSync(reader, bytes);

      return bytes.toString('latin1', 0, count);
    }),
    close: () => fs.closeSync(reader),
  };

  return pipe;
}

/** Reads a pipe until all writers have closed it; returns what came after the bytes of fill(). */
async function readAll(pipe) {
  let text = '';

  await until(() => {
    const piece = pipe.read();

    text += piece ?? '';
    return piece === '';
  });
  return text.replace(/^\.+/, '');
}

/**
 * Starts wmrec in a shell, which gives the exit status also after a signal. redirection: of the shell; 3 is the writer of the pipe.
 * prepare: a command before. Returns as launch(); and wmrec, its process id.
 */
async function launchInShell(t, redirection, pipe, options, prepare = '') {
  const pidFile = file('');
  const line = `${prepare}"$0" "$@" ${redirection} & echo $! >'${pidFile}'; exec >/dev/null 3>&-; wait $!`;
  const running = launch('sh', ['-c', line, program, ...options],
    { environment: { WMC_API_TOKEN: key }, descriptors: pipe === null ? [] : [pipe.writer] });

  if (pipe !== null)
    fs.closeSync(pipe.writer);
  await until(() => fs.readFileSync(pidFile, 'latin1').endsWith('\n'));
  running.wmrec = Number(fs.readFileSync(pidFile, 'latin1'));
  t.after(() => running.hasEnded() || process.kill(running.wmrec, 'SIGKILL')); // the shell's child is not the test's
  return running;
}

/** Waits until a process sleeps, or has ended. */
function untilAsleep(pid) {
  return until(() => {
    try {
      return / [SZ] /.test(/\) . /.exec(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'))[0]);
    } catch (error) {
      return error.code === 'ENOENT' || error.code === 'ESRCH';
    }
  });
}

/** Waits until wmrec has read an answer with `Connection: close`, and so has closed its connection. */
async function untilAnswered(server) {
  await until(() => server.handshakes === 1);
  await server.quiet();
}

// What each command prints.
const commands = [
  [['--help'], /^wmrec: is a WireMock mock API recording\?\n[^]*\n$/],
  [['--version'], /^wmrec \d+\.\d+\.\d+\n$/],
  [['settings', '--read', block], /^endpoint .*\n[^]*\nroots 0\n$/],
  [['status', id], /^Stopped\n$/],
  [['status', '-o', 'prometheus', id], /^# HELP wmrec_up [^]*\} \d+\n$/],
  [['is-recording', id], /^Stopped\n$/, 3],
  [['wait', '--for', 'Stopped', id], /^Stopped\n$/],
  [['watch', id], /^Stopped\n$/, signals.SIGTERM],
];
const isAsking = (command) => command.includes(id);

for (const [flags, what] of [[O_NONBLOCK, 'a full pipe that another process has set to O_NONBLOCK'], [0, 'a full pipe']]) {
  for (const [command, expected, code = 0] of commands) {
    test(`${command.slice(0, 2).join(' ')} waits for ${what}, and loses nothing`, async (t) => {
      const server = await answering(t, says('Stopped'));
      const pipe = makePipe(flags);

      pipe.fill();
      const running = await launchInShell(t, '>&3', pipe, isAsking(command) ? [...cloud(server), ...command, '-v'] : command);
      if (isAsking(command))
        await running.until(/200/);
      await untilAsleep(running.wmrec);
      if (command[0] === 'watch') {
        let text = '';
        await until(() => (text += pipe.read() ?? '').endsWith('Stopped\n'));
        process.kill(running.wmrec, 'SIGTERM');
        await readAll(pipe);
      } else {
        assert.match(await readAll(pipe), expected);
      }
      assert.strictEqual((await running.end()).code, code);
      pipe.close();
    });

    test(`SIGTERM ends ${command.slice(0, 2).join(' ')} while it waits for ${what}: exit status 143`, async (t) => {
      const server = await answering(t, says('Stopped'));
      const pipe = makePipe(flags);

      pipe.fill();
      const running = await launchInShell(t, '>&3', pipe, isAsking(command) ? [...cloud(server), ...command, '-v'] : command);
      if (isAsking(command))
        await running.until(/200/);
      await untilAsleep(running.wmrec);
      process.kill(running.wmrec, 'SIGTERM');
      const { code, stderr } = await running.end();
      assert.strictEqual(code, signals.SIGTERM);
      assert.doesNotMatch(stderr, /standard output/);
      pipe.close();
    });
  }

  test(`output that is far longer than ${what} loses nothing`, async (t) => {
    const ids = Array.from({ length: 1024 }, (_, index) => `id-${1000 + index}`);
    const pipe = makePipe(flags);
    let text = '';

    pipe.fill();
    const running = await launchInShell(t, '>&3', pipe, [...cloud(await answering(t, '')), 'watch', '-o', 'home-assistant', ...ids]);
    await untilAsleep(running.wmrec);
    await until(() => (text += pipe.read() ?? '').includes('wmrec_id-2d2023/config ') && text.endsWith('\n'));
    process.kill(running.wmrec, 'SIGTERM');
    const lines = text.replace(/^\.+/, '').trimEnd().split('\n');
    assert.deepStrictEqual(lines.map((line) => JSON.parse(line.replace(/^\S+ /, '')).name), ids.map((name) => `${name} recording`));
    assert.ok(text.length > 3 * 65536);
    assert.strictEqual((await running.end()).code, signals.SIGTERM);
    pipe.close();
  });

  test(`a message waits for ${what} as standard error, and is printed whole`, async (t) => {
    const pipe = makePipe(flags);
    const server = await answering(t, answer(401, '', { Connection: 'close' }));

    pipe.fill();
    const running = await launchInShell(t, '2>&3', pipe, [...cloud(server), id]);
    await untilAnswered(server);
    await untilAsleep(running.wmrec);
    assert.match(await readAll(pipe), /^wmrec: jjl8y: localhost: the API key is not accepted \(401\)\. .*\n$/);
    assert.strictEqual((await running.end()).code, 77);
    pipe.close();
  });

  test(`SIGTERM ends watch while a message waits for ${what} as standard error: exit status 143`, async (t) => {
    const pipe = makePipe(flags);
    const server = await answering(t, answer(500, '', { Connection: 'close' }));

    pipe.fill();
    const running = await launchInShell(t, '2>&3', pipe, [...cloud(server), 'watch', id]);
    await untilAnswered(server);
    await untilAsleep(running.wmrec);
    process.kill(running.wmrec, 'SIGTERM');
    assert.strictEqual((await running.end()).code, signals.SIGTERM);
    pipe.close();
  });
}

// No reader.

const once1h = ['--interval', '1h'];

test('watch | head -1 ends, although nothing changes', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stdout, stderr } = await run('sh', ['-c', '"$0" "$@" | head -1', program, ...cloud(server), 'watch', id, ...once1h],
    { environment: { WMC_API_TOKEN: key } });

  assert.deepStrictEqual([code, stdout, stderr], [0, 'Stopped\n', '']);
});

for (const [format, options] of Object.entries({ text: [], json: ['-o', 'json'], 'home-assistant': ['-o', 'home-assistant'] })) {
  test(`watch -o ${format} ends by SIGPIPE when the reader of its pipe is gone, between two polls and during one`, async (t) => {
    for (const answers of [[says('Stopped')], [says('Stopped'), '']]) {
      const pipe = makePipe();
      let asked = 0;
      const server = await answering(t, () => answers[asked++] ?? '');
      const interval = answers.length === 1 ? '1h' : '0.01s';
      const running = await launchInShell(t, '>&3', pipe, [...cloud(server), 'watch', id, ...options, '--interval', interval]);

      await until(() => asked === answers.length && pipe.read() !== null);
      pipe.close();
      const { code, stderr } = await running.end();
      assert.deepStrictEqual([code, stderr], [signals.SIGPIPE, '']);
    }
  });
}

test('if SIGPIPE is ignored, a message says that the reader is gone: exit status 74', async (t) => {
  const pipe = makePipe();
  const running = await launchInShell(t, '>&3', pipe, [...cloud(await answering(t, says('Stopped'))), 'watch', id, ...once1h], "trap '' PIPE; ");

  await until(() => pipe.read() !== null);
  pipe.close();
  const { code, stderr } = await running.end();
  assert.deepStrictEqual([code, stderr], [74, 'wmrec: standard output: Broken pipe\n']);
});

test('watch ends when the reader of a socket is gone', async (t) => {
  const server = await answering(t, says('Stopped'));
  const running = launch('sh', ['-c', '"$0" "$@"; echo "exit status $?" >&2', program, ...cloud(server), 'watch', id, ...once1h],
    { environment: { WMC_API_TOKEN: key } });

  await running.until(/Stopped/);
  running.stopReading();
  await running.until(new RegExp(`exit status ${signals.SIGPIPE}`));
  await running.end();
});

for (const place of ['/dev/null', 'a file']) {
  test(`watch goes on if its output is ${place}`, async (t) => {
    let asked = 0;
    const server = await answering(t, () => {
      asked++;
      return says('Stopped');
    });
    const name = place === 'a file' ? file('') : place;
    const running = await launchInShell(t, `>'${name}'`, null, [...cloud(server), 'watch', id, '--interval', '0.01s']);

    await until(() => asked > 3);
    process.kill(running.wmrec, 'SIGTERM');
    assert.strictEqual((await running.end()).code, signals.SIGTERM);
  });
}

test('watch --out goes on if standard output has no reader, as it prints nothing there', async (t) => {
  const pipe = makePipe();
  let asked = 0;
  const server = await answering(t, () => {
    asked++;
    return says('Stopped');
  });
  const running = await launchInShell(t, '>&3', pipe, [...cloud(server), 'watch', id, '-o', 'prometheus', '--out', file(''), '--interval', '0.01s']);

  pipe.close();
  const before = asked;
  await until(() => asked > before + 3);
  process.kill(running.wmrec, 'SIGTERM');
  assert.strictEqual((await running.end()).code, signals.SIGTERM);
});

test('wait goes on without a reader, as its exit status may be needed; it ends by SIGPIPE when it prints', async (t) => {
  const pipe = makePipe();
  let isGone = false;
  let asked = 0;
  const server = await answering(t, () => says(isGone && ++asked > 3 ? 'Stopped' : 'Recording'));
  const running = await launchInShell(t, '>&3', pipe, [...cloud(server), 'wait', '--for', 'Stopped', id, '--interval', '0.01s']);

  await until(() => server.handshakes === 1);
  pipe.close();
  isGone = true;
  const { code, stderr } = await running.end();
  assert.deepStrictEqual([code, stderr, asked], [signals.SIGPIPE, '', 4]);
});

// Descriptors.

test('watch works with 1,100 open descriptors', async (t) => {
  const server = await answering(t, says('Stopped'));
  const running = launch('sh', ['-c', 'ulimit -n 2048 && exec "$0" "$@"', program, ...cloud(server), 'watch', id],
    { environment: { WMC_API_TOKEN: key }, descriptors: Array(1100).fill('ignore') });

  await running.until(/Stopped/);
  running.kill('SIGTERM');
  assert.strictEqual((await running.end()).code, signals.SIGTERM);
});
