// Versions and cipher suites, SNI and ALPN, the end of a connection, and servers that violate the protocol.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const fs = require('node:fs');
const test = require('node:test');
const tls = require('node:tls');

const {
  answer, answering, ask, askJson, certificate, freePort, http, id, key, says, serve, untilListening, useAllCertificates,
} = require('../e2e/support');
const { start, stop } = require('../e2e/wiremock');
const { forgedPss, inTurn, play } = require('./hostile/scripted');

useAllCertificates();

const versions = ['TLSv1.2', 'TLSv1.3'];
const only = (version) => ({ minVersion: version, maxVersion: version });

// Versions and suites.

const suites = [
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'ec'],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'ec'],
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 'ec'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ec'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ec'],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ec'],
  ['TLSv1.2', 'ECDHE-RSA-AES128-GCM-SHA256', 'rsa'],
  ['TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384', 'rsa'],
  ['TLSv1.2', 'ECDHE-RSA-CHACHA20-POLY1305', 'rsa'],
];

for (const [version, ciphers, name] of suites) {
  test(`${version} with ${ciphers} is supported`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: name, ciphers, ...only(version) });

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });
}

for (const ecdhCurve of ['X25519', 'P-256', 'P-384', 'P-521']) {
  test(`key exchange on ${ecdhCurve} is supported, also if the client guessed another group`, async (t) => {
    for (const version of versions) {
      const server = await answering(t, says('Recording'), { ecdhCurve, ...only(version) });

      assert.strictEqual((await ask(server)).stdout, 'Recording\n', version);
    }
  });
}

for (const sigalgs of ['RSA+SHA256', 'RSA-PSS+SHA256', 'RSA+SHA512:RSA-PSS+SHA512']) {
  test(`a server of TLS 1.2 that signs by ${sigalgs} is ${sigalgs.startsWith('RSA+') ? 'accepted' : 'accepted or refused'}`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: 'rsa', sigalgs, ...only('TLSv1.2') });

    if (sigalgs.startsWith('RSA+'))
      assert.strictEqual((await ask(server)).stdout, 'Recording\n');
    else // mbedTLS supports PSS under TLS 1.3 only; the server may have no other algorithm
      assert.ok([0, 69].includes((await ask(server)).code));
  });
}

for (const name of ['rsa', 'ec']) {
  test(`a man in the middle who forges RSA-PSS under TLS 1.2 cannot downgrade a server of TLS 1.3 (${name}): nothing is sent`, async (t) => {
    const honest = await answering(t, says('Recording'), { certificate: name });
    const front = await inTurn(t, [await play(t, forgedPss), honest]);
    const { code, error, recording, stderr } = await askJson({ url: `https://localhost:${front.port}` });

    await honest.quiet();
    assert.deepStrictEqual([code, error, recording], [69, 'tls-downgrade', null]);
    assert.match(stderr, /TLS 1\.3.*another network/);
    assert.deepStrictEqual([front.connections, honest.received], [2, ''], 'the second connection offers TLS 1.2 only');
  });
}

// What the client sends.

test('SNI has a host name, without its final dot, but no address', async (t) => {
  const names = [];
  const server = await serve(t, (socket) => {
    names.push(socket.servername || null);
    http((connection) => connection.write(says('Stopped')))(socket);
  });

  await ask(server);
  await ask({ url: `https://127.0.0.1:${server.port}` });
  await ask({ url: `https://[::1]:${server.port}` }, ['--resolve', `[::1]:${server.port}:127.0.0.1`, id]);
  for (const host of ['localhost.', '127.0.0.1.'])
    await ask({ url: `https://${host}:${server.port}` }, ['--resolve', `${host}:${server.port}:127.0.0.1`, id]);
  assert.deepStrictEqual(names, ['localhost', null, null, 'localhost', null]);
});

test('the client does not offer ALPN, so that no server answers in HTTP/2', async (t) => {
  const protocols = [];
  const server = await serve(t, (socket) => {
    protocols.push(socket.alpnProtocol);
    http((connection) => connection.write(says('Stopped')))(socket);
  }, { ALPNProtocols: ['h2', 'http/1.1'] });

  assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  assert.deepStrictEqual(protocols, [false]);
});

for (const version of versions) {
  test(`${version}: a server that requests a client certificate, but does not need it, answers`, async (t) => {
    const server = await answering(t, says('Stopped'), { requestCert: true, rejectUnauthorized: false, ...only(version) });

    assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  });
}

test('a server that requires a client certificate: exit status 69', async (t) => {
  const port = await freePort();
  const server = start('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-Verify', '1', '-verify_return_error',
    '-cert', certificate('ec.pem'), '-key', certificate('ec.key'), '-quiet'], { stdio: ['pipe', 'ignore', 'ignore'] });

  await untilListening(port);
  const { code, error } = await askJson({ url: `https://localhost:${port}` });
  await stop(server);
  assert.strictEqual(code, 69, error);
});

// The end of a connection.

const untilClosed = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"status":"Recording"}';

for (const version of versions) {
  test(`${version}: a body without length that ends by close_notify is complete`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(untilClosed)), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: a body without length that ends without close_notify: truncated, exit status 76`, async (t) => {
    const server = await serve(t, http((socket) => socket.write(untilClosed, () => socket.destroy())), only(version));
    const { code, error, recording } = await askJson(server);

    assert.deepStrictEqual([code, error, recording], [76, 'truncated', null]);
  });

  test(`${version}: a whole body with a length needs no close_notify`, async (t) => {
    const server = await serve(t, http((socket) => socket.write(says('Recording'), () => socket.destroy())), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: a body with a length that is cut by close_notify: truncated`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(says('Recording').slice(0, -5))), only(version));

    assert.strictEqual((await askJson(server)).error, 'truncated');
  });

  test(`${version}: an answer in records of 16 KiB is read`, async (t) => {
    const body = `{"x":"${'x'.repeat(50000)}","status":"Recording"}`;
    const server = await answering(t, answer(200, body), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: session tickets between answers are not taken for answers`, async (t) => {
    const server = await answering(t, says('Recording'), { sessionTimeout: 300, ...only(version) });
    const { stdout } = await ask(server, [id, id, id]);

    assert.strictEqual(stdout, 'jjl8y\tRecording\n'.repeat(3));
    assert.strictEqual(server.connections, 1);
  });
}

// hostile.test.js has every handshake that fails; these tests are about the output of `wmrec`.

const failures = {
  'tls-refused': Buffer.from('15030300020246', 'hex'), // the alert protocol_version
  'tls-not-spoken': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'tls': Buffer.from('1603030005020000010000', 'hex'), // a ServerHello of one byte
  'closed': '',
};

for (const [error, bytes] of Object.entries(failures)) {
  test(`a handshake that fails by ${error}: exit status 69, and no request is sent`, async (t) => {
    const server = await serve(t, (socket) => socket.once('data', () => socket.end(bytes)), { certificate: null });
    const json = await askJson({ url: server.url.replace('http:', 'https:') });

    assert.deepStrictEqual([json.code, json.error, json.recording], [69, error, null], json.stderr);
    assert.ok(!server.received.includes('GET '));
  });
}
