// Searches the memory and the output of the release build for the key: in plain text, base64, hex and UTF-16.
//
// key.test.js shows that WMC_API_TOKEN is wiped from the environment while wmrec runs, and that it cannot dump core.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, ask, certificate, file, freePort, id, key, launch, patiently, says, serve, until, useAllCertificates,
} = require('./support');
const { findKey, keysIn, untilState } = require('./memory');
const { built, temporaryFolder, top } = require('./wiremock');

useAllCertificates();

const released = built('release/wmrec');
const stopAtExit = built('stop_at_exit.so');
const skip = (process.platform !== 'linux' && 'it needs /proc of Linux') ||
  (process.getuid() !== 0 && 'only root can read the memory of wmrec');
const secret = { skip };
const cloud = (server) => patiently(['--endpoint', server.url, '--cacert', certificate('roots.pem')]);
const withKey = { environment: { WMC_API_TOKEN: key } };

/** The copies of the key in the memory of a process that is waiting for an event; it is stopped during the search. */
async function keysOf(running) {
  await untilState(running.pid, 'S');
  running.kill('SIGSTOP');
  await untilState(running.pid, 'T');
  const found = keysIn(running.pid, key);
  running.kill('SIGCONT');
  return found;
}

/** Runs wmrec until it is about to exit, by itself, or by `signal` after moment(running). Returns left, the copies of the key, or of
 * another secret(), in its memory then, and { code, stdout, stderr }. */
async function leftBy(options, { environment, signal, input, moment, secret: wanted = () => key } = {}) {
  const running = launch(released, options, { input, environment: { WMC_API_TOKEN: key, ...environment, LD_PRELOAD: stopAtExit } });

  if (moment !== undefined)
    await moment(running);
  if (signal !== undefined)
    running.kill(signal);
  await untilState(running.pid, 'T');
  const left = keysIn(running.pid, wanted());
  running.kill('SIGCONT');
  const { stderr, ...ended } = await running.end();
  assert.doesNotMatch(stderr, /WMC_API_TOKEN is in the environment/);
  return { left, stderr, ...ended };
}

test('the search finds a key in each encoding, and half of a key', () => {
  const half = key.slice(0, key.length / 2);

  assert.deepStrictEqual(findKey(Buffer.from(`..${key}..`), key), ['plain']);
  assert.deepStrictEqual(findKey(Buffer.from(`..${key}${half}`), key), ['plain', 'a part of it, plain']);
  assert.deepStrictEqual(findKey(Buffer.from(key, 'utf16le'), key), ['UTF-16']);
  assert.ok(findKey(Buffer.from(Buffer.from(key).toString('hex')), key).includes('hex'));
  assert.deepStrictEqual(findKey(Buffer.from(Buffer.from(`x${key}`).toString('base64')), key), ['base64 after 1 byte']);
  assert.deepStrictEqual(findKey(Buffer.from('wmc-0123456789'), key), []);
});

test('the search finds the key in a process that has it', secret, async () => {
  const running = launch('sleep', ['86400'], withKey);

  assert.ok((await keysOf(running)).length > 0);
  running.kill('SIGTERM');
  await assert.rejects(running.end(), /it died/);
});

/** Starts a server that never answers. asked(running) waits for its first bytes, and fails if the program ends before. */
async function silent(t, settings) {
  let note;
  const request = new Promise((resolve) => { note = resolve; });
  const server = await serve(t, (socket) => socket.once('data', note), settings);

  return Object.assign(server, { asked: (running) => Promise.race([request, running.until(/(?!)/)]) });
}

// While wmrec runs.

const states = [
  // what, the answer, options, output that shows it
  ['an answer', says('Stopped'), [], /Stopped/],
  ['an answer, with -v', says('Stopped'), ['-v'], /Stopped/],
  ['a 401', answer(401), [], /key/],
  ['a 401, with -v', answer(401), ['-v'], /< HTTP\/1.1 401/],
  ['an answer by a new connection', says('Stopped', { Connection: 'close' }), [], /Stopped/],
];

for (const [what, bytes, options, said] of states) {
  test(`after ${what}, watch has one copy of the key: the one that it has read`, secret, async (t) => {
    const server = await answering(t, bytes);
    const running = launch(released, ['watch', ...cloud(server), ...options, id], withKey);

    await running.until(said);
    assert.deepStrictEqual(await keysOf(running), ['plain, in data']);
    running.kill('SIGTERM');
    await running.end();
  });
}

for (const [name, said] of [['unknown-issuer', /certificate/], ['expired', /certificate/]]) {
  test(`after a server with the certificate "${name}" was refused, watch has one copy of the key`, secret, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name });
    const running = launch(released, ['watch', ...cloud(server), id], withKey);

    await running.until(said);
    assert.deepStrictEqual(await keysOf(running), ['plain, in data']);
    running.kill('SIGTERM');
    await running.end();
  });
}

for (const verbose of [[], ['-v']]) {
  test(`while watch waits for an answer${verbose.length ? ', with -v' : ''}, it has one copy of the key, none in the buffers of TLS`, secret, async (t) => {
    const server = await silent(t);
    const running = launch(released, ['watch', ...cloud(server), ...verbose, id], withKey);

    await server.asked(running);
    assert.deepStrictEqual(await keysOf(running), ['plain, in data']);
    running.kill('SIGTERM');
    await running.end();
  });
}

test('during the handshake, watch has two copies of the key: the one that it has read, and the request', secret, async (t) => {
  const server = await silent(t, { certificate: null });
  const running = launch(released, ['watch', ...cloud({ url: server.url.replace('http:', 'https:') }), id], withKey);

  await server.asked(running);
  assert.deepStrictEqual(await keysOf(running), ['plain, in data', 'plain, in data']);
  running.kill('SIGTERM');
  await running.end();
});

// When wmrec exits.

/** The bytes and settings of the server, the options of wmrec, and the exit status. */
const endings = {
  'an answer': { code: 0 },
  'an answer, with -v': { options: ['-v'], code: 0 },
  'an answer, as JSON': { options: ['-o', 'json'], code: 0 },
  'an answer, for Prometheus': { options: ['-o', 'prometheus'], code: 0 },
  'a 401': { bytes: answer(401), code: 77 },
  'a 401, with -v': { bytes: answer(401), options: ['-v'], code: 77 },
  'a redirect that repeats the key': { bytes: answer(302, key, { Location: `https://other.test/${key}` }), code: 76 },
  'a 404 that repeats the key': { bytes: answer(404, key), code: 66 },
  'a redirect': { bytes: answer(302, '', { Location: 'https://other.test/' }), code: 76 },
  'no answer in time': { bytes: '', options: ['--max-time', '1s'], code: 75 },
  'no answer in time, with -v': { bytes: '', options: ['-v', '--max-time', '1s'], code: 75 },
  'an answer that is cut short': { bytes: says('Stopped').slice(0, -9), options: ['--max-time', '1s'], code: 75 },
  'a server with the certificate "unknown-issuer"': { settings: { certificate: 'unknown-issuer' }, code: 69 },
  'a server with the certificate "expired", with -v': { settings: { certificate: 'expired' }, options: ['-v'], code: 69 },
};

for (const [what, { bytes = says('Stopped'), options = [], settings, code }] of Object.entries(endings)) {
  test(`after ${what}, wmrec leaves no copy of the key in its memory`, secret, async (t) => {
    const server = await answering(t, bytes, settings);
    const result = await leftBy([...cloud(server), ...options, id]);

    assert.deepStrictEqual([result.left, result.code], [[], code], result.stderr);
  });
}

test('after a refused connection, wmrec leaves no copy of the key in its memory', secret, async () => {
  const result = await leftBy([...cloud({ url: `https://127.0.0.1:${await freePort()}` }), id]);

  assert.deepStrictEqual([result.left, result.code], [[], 69], result.stderr);
});

const sources = {
  'a file': () => [['--token-file', file(`${key}\n`)], {}],
  'standard input': () => [['--token-file', '-'], { input: `${key}\n` }],
  'a file of two lines': () => [['--token-file', file(`${key}\nmore\n`)], {}, 78],
  'a file of two keys, and so too long': () => [['--token-file', file(key.repeat(200))], {}, 78],
};

for (const [what, source] of Object.entries(sources)) {
  test(`a key from ${what} leaves no copy in the memory`, secret, async (t) => {
    const server = await answering(t, says('Stopped'));
    const [options, { input }, code = 0] = source();
    const result = await leftBy([...cloud(server), ...options, id], { input, environment: { WMC_API_TOKEN: '' } });

    assert.deepStrictEqual([result.left, result.code], [[], code], result.stderr);
  });
}

test('a key that was sent to a self-hosted server over plain HTTP leaves no copy in the memory', secret, async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });
  const result = await leftBy(['--self-hosted', server.url, '-v', '--token-file', file(key)], { environment: { WMC_API_TOKEN: '' } });

  assert.deepStrictEqual([result.left, result.code], [[], 0], result.stderr);
  assert.ok(server.received.includes(key));
});

const passwords = {
  'WMREC_PASSWORD': () => [[], { WMREC_PASSWORD: key }],
  'a file': () => [['--password-file', file(`${key}\n`)], {}],
};

for (const [what, source] of Object.entries(passwords)) {
  for (const verbose of [[], ['-v']]) {
    test(`a password from ${what}${verbose.length ? ', with -v,' : ''} leaves no copy in the memory, also not in base64`, secret, async (t) => {
      for (const bytes of [says('Stopped'), answer(401, key), answer(302, '', { Location: `/${key}` })]) {
        const server = await answering(t, bytes, { certificate: null });
        const [options, environment] = source();
        const result = await leftBy(['--self-hosted', server.url, '--user', 'alice', ...options, ...verbose],
          { environment: { WMC_API_TOKEN: '', ...environment } });

        assert.deepStrictEqual(result.left, [], result.stderr);
        assert.ok(server.received.includes(Buffer.from(`alice:${key}`).toString('base64')));
      }
    });
  }
}

for (const [isOld, what] of [[true, 'no copy of the old key'], [false, 'one copy of the new key']]) {
  test(`after a key was replaced, watch has ${what}`, secret, async (t) => {
    const another = 'a-key-of-the-same-length'.padEnd(key.length, '-');
    const keys = file(isOld ? key : another);
    const server = await answering(t, (request, number) => {
      fs.writeFileSync(keys, isOld ? another : key);
      return number === 1 ? answer(401) : says('Stopped');
    }, { certificate: null });
    const running = launch(released, ['watch', '-v', '--self-hosted', server.url, '--token-file', keys, '--interval', '1h']);

    await running.until(/Stopped\n/);
    await untilState(running.pid, 'S');
    assert.deepStrictEqual(keysIn(running.pid, key), isOld ? [] : ['plain, in data']);
    running.kill('SIGTERM');
    await running.end();
  });
}

const unneeded = {
  '--help': [['--help'], 0],
  'an unknown option': [['--nonsense'], 64],
  'an id that is a URL': [['--', 'https://localhost'], 64],
  'settings --read': [['settings', '--read', path.join(top, 'tests/golden/settings/least.bin')], 0],
  'settings --read of a UF2': [['settings', '--read', path.join(top, 'tests/golden/uf2/least.uf2')], 0],
  'a token file that is missing': [['--token-file', '/nowhere/key', id], 78],
};

for (const [what, [options, code]] of Object.entries(unneeded)) {
  test(`${what}: WMC_API_TOKEN, which is not needed, leaves no copy in the memory`, secret, async () => {
    const result = await leftBy(options);

    assert.deepStrictEqual([result.left, result.code], [[], code], result.stderr);
  });
}

for (const [what, options] of [['a self-hosted server', () => []], ['a server that gets the key of a file', () => ['--token-file', file('another-key')]]]) {
  test(`watch of ${what}: WMC_API_TOKEN, which is not needed, is not in its memory`, secret, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: null });
    const running = launch(released, ['watch', '--self-hosted', server.url, ...options()], withKey);

    await running.until(/Stopped/);
    assert.deepStrictEqual(await keysOf(running), []);
    running.kill('SIGTERM');
    await running.end();
  });
}

/** Without the stack: on a signal, the kernel saves the registers there, and a vector register may have a part of the key. */
const butForRegisters = (left) => left.filter((what) => !what.endsWith('[stack]'));

for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  test(`watch that is ended by ${signal} between two polls leaves no copy of the key, except in saved registers`, secret, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { left, code } = await leftBy(['watch', '-v', ...cloud(server), id], { signal, moment: async (running) => {
      await running.until(/Stopped\n/);
      await untilState(running.pid, 'S');
    } });

    assert.deepStrictEqual([butForRegisters(left), code], [[], status]);
  });

  test(`wait that is ended by ${signal} during an exchange leaves no copy of the key, except in saved registers`, secret, async (t) => {
    const server = await silent(t);
    const { left, code } = await leftBy(['wait', '--for', 'Stopped', ...cloud(server), id], { signal, moment: server.asked });

    assert.deepStrictEqual([butForRegisters(left), code], [[], status]);
  });
}

for (const options of [['--write'], ['--hex', '--address', '0x3f000', '--write'], ['--uf2']]) {
  test(`settings ${options.join(' ')}, and --read of the file: neither leaves a copy of the key in the memory`, secret, async () => {
    const name = path.join(temporaryFolder(), `settings${options.join('')}`);
    const written = await leftBy(['settings', ...options, name, '--cacert', certificate('roots.pem'), id]);
    const read = await leftBy(['settings', '--read', name], { environment: { WMC_API_TOKEN: '' } });

    assert.deepStrictEqual([written.left, written.code], [[], 0], written.stderr);
    assert.deepStrictEqual([read.left, read.code], [[], 0], read.stderr);
    assert.match(read.stdout, /^key \[key\]$/m);
  });
}

for (const [option, blockIn] of [['--write', (bytes) => bytes], ['--uf2', (bytes) => bytes.subarray(32, 32 + 256)]]) { // its first block
  test(`settings ${option}, and --read of the file: neither leaves a copy of the device's secret in the memory, or prints it`, secret, async () => {
    const name = path.join(temporaryFolder(), `settings${option}-with-secret`);
    const ofDevice = () => {
      const block = blockIn(fs.readFileSync(name));

      return block.subarray(0, 12 + block.readUInt16LE(6)).toString('latin1').slice(-32);
    };
    const written = await leftBy(['settings', option, name, id], { secret: ofDevice });
    const read = await leftBy(['settings', '--read', name], { secret: ofDevice });

    assert.deepStrictEqual([written.left, written.stdout, written.stderr], [[], '', '']);
    assert.deepStrictEqual([read.left, read.stderr], [[], '']);
    assert.match(read.stdout, /^secret \[secret\]$/m);
    assert.deepStrictEqual(findKey(Buffer.from(read.stdout), ofDevice()), []);
  });
}

// Output: launch() searches it, and the command line, for the key in each encoding.

const verbosities = [[], ['-q'], ['-v'], ['-q', '-v']];
const commands = [
  ...['text', 'json', 'prometheus'].map((format) => ['status', '-o', format]),
  ...['text', 'json'].map((format) => ['is-recording', '-o', format]),
  ['wait', '--for', 'Recording', '--timeout', '100ms'],
];
const spoken = {
  'an answer': says('Stopped'),
  'a 401 that echoes the key': answer(401, key),
  'a status that is the key': answer(200, `{"status":"${key}"}`),
};

for (const [what, bytes] of Object.entries(spoken)) {
  for (const command of commands) {
    test(`${command.join(' ')}, at each verbosity, does not print the key in any encoding after ${what}`, async (t) => {
      const server = await answering(t, bytes);

      for (const verbosity of verbosities) {
        const { stdout, stderr } = await ask(server, [...command, ...verbosity, id]);
        assert.ok(verbosity.includes('-q') || stdout + stderr !== '');
      }
    });
  }
}

for (const [format, said] of [['text', /^Stopped$/m], ['json', /"Stopped"/], ['home-assistant', /^wmrec\S* (Stopped|OFF)$/m]]) {
  test(`watch -o ${format}, with -v, does not print the key in any encoding`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const running = launch(released, ['watch', '-o', format, '-v', ...cloud(server), id], withKey);

    await running.until(said);
    running.kill('SIGTERM');
    assert.match((await running.end()).stderr, /Token \[key\]/);
  });
}

test('watch -o prometheus does not write the key to its file in any encoding', async (t) => {
  const server = await answering(t, says('Stopped'));
  const metrics = path.join(temporaryFolder(), 'secrets.prom');
  const running = launch(released, ['watch', '-o', 'prometheus', '--out', metrics, '-v', ...cloud(server), id], withKey);

  await until(() => fs.existsSync(metrics) && /^wmrec_up.* 1$/m.test(fs.readFileSync(metrics, 'utf8')));
  running.kill('SIGTERM');
  await running.end();
  assert.deepStrictEqual(findKey(fs.readFileSync(metrics), key), []);
});
