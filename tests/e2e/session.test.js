// wmrec --keep-session: the TLS session in a file, from one run to the next. (Sessions themselves: ../tls.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, ask, freePort, id, key, says, serve, watch } = require('./support');
const { temporaryFolder } = require('./wiremock');

const folder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'cache-'));

/** A server that notes for each connection whether its session was resumed; and one run with this cache folder. */
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
  test(`the second run resumes the first one's session: ${version}`, async (t) => {
    const { ask: again, resumed } = await begin(t, { minVersion: version, maxVersion: version });

    for (let run = 0; run < 3; run++)
      assert.strictEqual(await again(), '');
    assert.deepStrictEqual(resumed, [false, true, true]);
  });
}

test('without --keep-session nothing is kept, and nothing is resumed', async (t) => {
  const { ask: again, resumed, cache } = await begin(t);

  await again([]);
  await again([]);
  assert.deepStrictEqual([resumed, fs.readdirSync(cache)], [[false, false], []]);
  await again();
  await again([]);
  assert.deepStrictEqual(resumed, [false, false, false, false]);
});

test('the file is the user\'s alone, whatever the umask, and holds no key', async (t) => {
  const { ask: again, cache, file } = await begin(t);
  const umask = process.umask(0);

  t.after(() => process.umask(umask));
  await again();
  const modes = [path.dirname(file), file].map((name) => fs.statSync(name).mode & 0o777);
  assert.deepStrictEqual(modes, [0o700, 0o600]);
  assert.ok(!fs.readFileSync(file, 'latin1').includes(key));
  assert.deepStrictEqual(fs.readdirSync(path.join(cache, 'wmrec')), [path.basename(file)], 'no temporary file is left');
});

test('-v says whether the certificate was verified or the session resumed', async (t) => {
  const { ask: again } = await begin(t);

  assert.match(await again(['--keep-session', '-v']), /certificate verified/);
  assert.match(await again(['--keep-session', '-v']), /session resumed/);
});

test('a file that others can read, or that is no plain file, is not used, is said, and is replaced', async (t) => {
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

test('a file that is damaged, cut, empty or far too long is as good as none', async (t) => {
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

test('each server has a file of its own', async (t) => {
  const one = await begin(t);
  const other = await begin(t);

  await one.ask();
  await other.ask(['--keep-session'], { XDG_CACHE_HOME: one.cache });
  await one.ask();
  await other.ask(['--keep-session'], { XDG_CACHE_HOME: one.cache });
  assert.deepStrictEqual([one.resumed, other.resumed], [[false, true], [false, true]]);
});

test('without XDG_CACHE_HOME, or with one that is not absolute, it is ~/.cache; without HOME it is said', async (t) => {
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

test('a folder that cannot be made is said, and the answer is given all the same', async (t) => {
  const { ask: again, cache } = await begin(t);

  fs.writeFileSync(path.join(cache, 'file'), '');
  assert.match(await again(['--keep-session'], { XDG_CACHE_HOME: path.join(cache, 'file') }), /cannot be written: Not a directory/);
});

test('a session that leads nowhere is removed', async (t) => {
  const { ask: again, file, server } = await begin(t);

  await again();
  await server.stop();
  const silent = await serve(t, () => {}, { port: server.port, certificate: null });
  const { code } = await ask({ url: server.url }, [id, '--keep-session', '--max-time', '1'],
    { environment: { XDG_CACHE_HOME: path.dirname(path.dirname(file)) } });
  assert.strictEqual(code, 75);
  assert.ok(!fs.existsSync(file), `${silent.connections}`);
});

test('watch resumes by itself where a server was restarted with the same keys for its tickets, and keeps no file', async (t) => {
  const port = await freePort();
  const ticketKeys = Buffer.alloc(48, 7);
  const first = await answering(t, says('Recording'), { port, ticketKeys });
  const cache = folder();
  const running = watch(first, ['watch', id, '--interval', '0.5s', '--stale-after', '1h'],
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
