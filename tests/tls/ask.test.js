// wmrec_ask(): one call. It uses ask.c.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, file, freePort, http, key, run, says, serve } = require('../e2e/support');
const { built, top } = require('../e2e/wiremock');

const program = path.resolve(top, process.env.ASK ?? built('sanitized/ask'));
const hour = '3600000';

/** Asks a server; returns the lines of output. */
async function ask(port, { host = 'localhost', scheme = 'https', timeout = hour, count = 1, roots = certificate('roots.pem') } = {}) {
  const { code, stdout, stderr } = await run(program, [host, `${port}`, scheme, timeout, `${count}`],
    { environment: { WMC_API_TOKEN: key, SSL_CERT_FILE: roots } });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.trimEnd().split('\n');
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`${version}: each call gives the answer, on a connection of its own, which resumes the session of the last one`, async (t) => {
    const resumed = [];
    const server = await serve(t, (socket) => {
      resumed.push(socket.isSessionReused());
      http((connection) => connection.write(says('Stopped')))(socket);
    }, { minVersion: version, maxVersion: version });

    assert.deepStrictEqual(await ask(server.port, { count: 3 }), Array(3).fill('ok Stopped'));
    assert.deepStrictEqual(resumed, [false, true, true]);
  });
}

test('plain HTTP needs no roots', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  assert.deepStrictEqual(await ask(server.port, { scheme: 'http', roots: '/nowhere', count: 2 }), ['ok Recording', 'ok Recording']);
});

for (const [what, roots] of [['does not exist', '/nowhere'], ['has no certificate', file('no certificate')],
  ['is longer than 1 MiB', file(Buffer.alloc(1048576, '\n'))]]) {
  test(`if the file of SSL_CERT_FILE ${what}: tls-roots, and nothing is sent`, async (t) => {
    const server = await answering(t, says('Recording'));

    assert.deepStrictEqual(await ask(server.port, { roots }), ['tls-roots Unknown']);
    assert.strictEqual(server.connections, 0);
  });
}

test('without SSL_CERT_FILE the system\'s roots are used: they have not issued the certificate of the test, so nothing is sent', async (t) => {
  const server = await answering(t, says('Recording'));

  assert.deepStrictEqual(await ask(server.port, { roots: '' }), ['certificate-issuer Unknown']);
  await server.quiet();
  assert.strictEqual(server.received, '');
});

test('after an error the status is Unknown, and the next call can succeed', async (t) => {
  let count = 0;
  const server = await serve(t, http((socket) => socket.write(++count === 1 ? says('Nonsense') : says('NeverStarted'))));

  assert.deepStrictEqual(await ask(server.port, { count: 2 }), ['unknown-status Unknown', 'ok NeverStarted']);
});

test('no server: connect', async () => {
  assert.deepStrictEqual(await ask(await freePort(), { host: '127.0.0.1' }), ['connect Unknown']);
});

test('a server that never answers: timeout', async (t) => {
  const server = await serve(t, () => {}, { certificate: null });

  assert.deepStrictEqual(await ask(server.port, { scheme: 'http', timeout: '50' }), ['timeout Unknown']);
});
