// wmrec --keep-session: keeps the TLS session in a file for the next run. (../tls has the tests of sessions themselves.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, ask, freePort, id, key, says, serve, watch, withTimeEnough } = require('./support');
const { temporaryFolder } = require('./wiremock');

const folder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'cache-'));

/** Starts a server: resumed has, for each connection, true if it resumed a session; ask() runs wmrec with this cache folder. */
async function begin(t, settings = {}) {
  const resumed = [];
  const server = await answering(t, says('Stopped'), settings);
  const cache = folder();

  server.tls.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
  return {
    server,
    resumed,
    cache,
    file: path.join(cache, 'wmrec', `session-localhost-${server.port}`),
    ask: async (options = ['--keep-session'], environment = { XDG_CACHE_HOME: cache }) => {
      const result = await ask(server, [id, ...options], { environment });

      assert.deepStrictEqual([result.code, result.stdout], [0, 'Stopped\n']);
      return result.stderr;
    },
  };
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`each run resumes the session of the previous one: ${version}`, async (t) => {
    const { ask: again, resumed } = await begin(t, { minVersion: version, maxVersion: version });

    for (let run = 0; run < 3; run++)
      assert.strictEqual(await again(), '');
    assert.deepStrictEqual(resumed, [false, true, true]);
  });
}

test('a name with a final dot has a session of its own', async (t) => {
  const { server, resumed, cache } = await begin(t);
  const url = `https://localhost.:${server.port}`;

  for (let run = 0; run < 2; run++) {
    const { stdout, stderr } = await ask({ url }, ['--keep-session', '--resolve', `localhost.:${server.port}:127.0.0.1`, id],
      { environment: { XDG_CACHE_HOME: cache } });

    assert.deepStrictEqual([stdout, stderr], ['Stopped\n', '']);
  }
  assert.deepStrictEqual(resumed, [false, true]);
  assert.deepStrictEqual(fs.readdirSync(path.join(cache, 'wmrec')), [`session-localhost.-${server.port}`]);
});

test('without --keep-session no session is kept or resumed', async (t) => {
  const { ask: again, resumed, cache } = await begin(t);

  await again([]);
  await again([]);
  assert.deepStrictEqual([resumed, fs.readdirSync(cache)], [[false, false], []]);
  await again();
  await again([]);
  assert.deepStrictEqual(resumed, [false, false, false, false]);
});

test('only the user can read the file, whatever the umask, and it does not have the key', async (t) => {
  const { ask: again, cache, file } = await begin(t);
  const umask = process.umask(0);

  t.after(() => process.umask(umask));
  await again();
  const modes = [path.dirname(file), file].map((name) => fs.statSync(name).mode & 0o777);
  assert.deepStrictEqual(modes, [0o700, 0o600]);
  assert.ok(!fs.readFileSync(file, 'latin1').includes(key));
  assert.deepStrictEqual(fs.readdirSync(path.join(cache, 'wmrec')), [path.basename(file)], 'no temporary file is left');
});

test('-v says that the certificate was verified, or that the session was resumed', async (t) => {
  const { ask: again } = await begin(t);

  assert.match(await again(['--keep-session', '-v']), /certificate verified/);
  assert.match(await again(['--keep-session', '-v']), /session resumed/);
});

test('a file that others can read, or that is a link, is not used but replaced, with a message', async (t) => {
  for (const spoil of [
    (file) => fs.chmodSync(file, 0o640),
    (file) => fs.chmodSync(file, 0o602),
    (file) => {
      fs.renameSync(file, `${file}.moved`);
      fs.symlinkSync(`${file}.moved`, file);
    },
  ]) {
    const { ask: again, resumed, file } = await begin(t);

    await again();
    spoil(file);
    assert.match(await again(), /^wmrec: the TLS session file .*: it (is not used|cannot be read)/);
    assert.strictEqual(await again(), '');
    assert.deepStrictEqual(resumed, [false, false, true]);
    assert.ok(fs.lstatSync(file).isFile());
  }
});

test('a file that is damaged, truncated, empty or too long is ignored and replaced', async (t) => {
  const damages = {
    damaged: (bytes) => Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))),
    cut: (bytes) => bytes.subarray(0, -1),
    empty: () => '',
    short: (bytes) => bytes.subarray(0, 20),
    long: () => Buffer.alloc(1 << 20, 0xff),
    text: () => 'a session\n',
  };

  for (const [what, damage] of Object.entries(damages)) {
    const { ask: again, resumed, file } = await begin(t);

    await again();
    fs.writeFileSync(file, damage(fs.readFileSync(file)));
    assert.strictEqual(await again(), '', what);
    assert.strictEqual(await again(), '', what);
    assert.deepStrictEqual(resumed, [false, false, true], what);
  }
});

test('each server has its own file', async (t) => {
  const one = await begin(t);
  const other = await begin(t);

  await one.ask();
  await other.ask(['--keep-session'], { XDG_CACHE_HOME: one.cache });
  await one.ask();
  await other.ask(['--keep-session'], { XDG_CACHE_HOME: one.cache });
  assert.deepStrictEqual([one.resumed, other.resumed], [[false, true], [false, true]]);
});

test('without an absolute XDG_CACHE_HOME, the folder is ~/.cache; without HOME, a message says so', async (t) => {
  for (const environment of [{}, { XDG_CACHE_HOME: 'relative' }, { XDG_CACHE_HOME: '' }]) {
    const { ask: again, resumed, file } = await begin(t);
    const home = folder();

    await again(['--keep-session'], { HOME: home, ...environment });
    await again(['--keep-session'], { HOME: home, ...environment });
    assert.deepStrictEqual(resumed, [false, true]);
    assert.deepStrictEqual(fs.readdirSync(path.join(home, '.cache', 'wmrec')), [path.basename(file)]);
  }
  const { ask: again } = await begin(t);
  assert.match(await again(['--keep-session'], {}), /neither XDG_CACHE_HOME nor HOME/);
});

test('if the folder cannot be made, a message says so, and the answer is printed', async (t) => {
  const { ask: again, cache } = await begin(t);

  fs.writeFileSync(path.join(cache, 'file'), '');
  assert.match(await again(['--keep-session'], { XDG_CACHE_HOME: path.join(cache, 'file') }), /cannot be written: no file can be created in the folder .*: Not a directory/);
});

for (const [what, make] of Object.entries({
  'a folder': (name) => fs.mkdirSync(name), 'a pipe': (name) => execFileSync('mkfifo', [name]), 'a device': (name) => fs.symlinkSync('/dev/zero', name),
})) {
  test(`a session file that is ${what} is not read, and the answer is printed`, async (t) => {
    const { ask: again, file } = await begin(t);

    fs.mkdirSync(path.dirname(file), { mode: 0o700 });
    make(file);
    assert.match(await again(), /^wmrec: the TLS session file .*: it (is not used|cannot be read)/);
  });
}

test('a session is removed if the handshake that offers it times out', async (t) => {
  const { ask: again, cache, file, server } = await begin(t, { port: await freePort() });

  await again();
  await server.stop();
  await serve(t, () => {}, { port: server.port, certificate: null });
  const attempt = (limit) => ask(server, [id, '--keep-session', '--max-time', limit], { environment: { XDG_CACHE_HOME: cache } });
  const { code } = await withTimeEnough(attempt, () => !fs.existsSync(file));
  assert.deepStrictEqual([code, fs.existsSync(file)], [75, false]);
});

test('watch resumes its session after a restart of the server with the same ticket keys, and writes no file', async (t) => {
  const port = await freePort();
  const ticketKeys = Buffer.alloc(48, 7);
  const first = await answering(t, says('Recording'), { port, ticketKeys });
  const cache = folder();
  const running = watch(first, ['watch', id, '--interval', '0.2s', '--stale-after', '1h'],
    { environment: { XDG_CACHE_HOME: cache } });
  const resumed = [];

  await running.until(/Recording/);
  await first.stop();
  const second = await answering(t, says('Stopped'), { port, ticketKeys });
  second.tls.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
  await running.until(/Stopped/);
  running.kill('SIGTERM');
  assert.strictEqual((await running.end()).code, 143);
  assert.deepStrictEqual(resumed, [true]);
  assert.deepStrictEqual(fs.readdirSync(cache), []);
});
