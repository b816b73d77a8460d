// Versions and cipher suites, what the client says of itself, how connections end, and servers that do not play by the
// protocol.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const test = require('node:test');
const tls = require('node:tls');

const {
  answer, answering, ask, askJson, certificate, freePort, http, id, key, says, serve, untilListening, useAllCertificates,
} = require('../e2e/support');
const { start, stop } = require('../e2e/wiremock');

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
  test(`${version} with ${ciphers} is spoken`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: name, ciphers, ...only(version) });

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });
}

for (const ecdhCurve of ['X25519', 'P-256', 'P-384', 'P-521']) {
  test(`keys are exchanged on ${ecdhCurve}, though it was not the client's guess`, async (t) => {
    for (const version of versions) {
      const server = await answering(t, says('Recording'), { ecdhCurve, ...only(version) });

      assert.strictEqual((await ask(server)).stdout, 'Recording\n', version);
    }
  });
}

for (const sigalgs of ['RSA+SHA256', 'RSA-PSS+SHA256', 'RSA+SHA512:RSA-PSS+SHA512']) {
  test(`a server of TLS 1.2 that signs by ${sigalgs} is understood`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: 'rsa', sigalgs, ...only('TLSv1.2') });

    if (sigalgs.startsWith('RSA+'))
      assert.strictEqual((await ask(server)).stdout, 'Recording\n');
    else // mbedTLS takes PSS under TLS 1.3 only; a server that knows no other way is told so
      assert.ok([0, 69].includes((await ask(server)).code));
  });
}

const outdated = {
  'TLS 1.0 only': { ...only('TLSv1') },
  'TLS 1.1 only': { ...only('TLSv1.1') },
  'TLS 1.2 with no encryption (ECDSA)': { ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0', ...only('TLSv1.2') },
  'TLS 1.2 with no encryption (RSA)': { certificate: 'rsa', ciphers: 'NULL-SHA256:@SECLEVEL=0', ...only('TLSv1.2') },
  'TLS 1.2 with no certificate': { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', ...only('TLSv1.2') },
  'TLS 1.2 with CBC only (ECDSA)': { ciphers: 'ECDHE-ECDSA-AES128-SHA256', ...only('TLSv1.2') },
  'TLS 1.2 with CBC only (RSA)': { certificate: 'rsa', ciphers: 'ECDHE-RSA-AES256-SHA384', ...only('TLSv1.2') },
  'TLS 1.2 without forward secrecy': { certificate: 'rsa', ciphers: 'AES128-GCM-SHA256', ...only('TLSv1.2') },
};

for (const [what, settings] of Object.entries(outdated)) {
  test(`a server of ${what} is not spoken to: tls-refused, exit status 69, nothing sent`, async (t) => {
    const server = await answering(t, says('Recording'), settings);
    const client = tls.connect({ port: server.port, rejectUnauthorized: false, ...only(settings.maxVersion),
      ciphers: settings.ciphers ?? 'ALL:@SECLEVEL=0', checkServerIdentity: () => undefined });

    await once(client, 'secureConnect'); // it is in order for those who want it
    client.destroy();
    await server.quiet();
    const json = await askJson(server);
    await server.quiet();
    assert.deepStrictEqual([json.code, json.error, json.recording], [69, 'tls-refused', null], json.stderr);
    assert.strictEqual(server.received, '');
  });
}

function hasGnutls() {
  try {
    return execFileSync('gnutls-serv', ['--version'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
}

test('a server of 3DES only is not spoken to', { skip: !hasGnutls() && 'there is no gnutls-serv' }, async () => {
  const port = await freePort();
  const server = start('gnutls-serv', ['--http', '--port', `${port}`,
    '--x509keyfile', certificate('rsa.key'), '--x509certfile', certificate('rsa.pem'),
    '--priority', 'NONE:+VERS-TLS1.2:+3DES-CBC:+ECDHE-RSA:+SHA1:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509'],
  { stdio: 'ignore' });

  await untilListening(port);
  const json = await askJson({ url: `https://localhost:${port}` });
  await stop(server);
  assert.deepStrictEqual([json.code, json.error], [69, 'tls-refused'], json.stderr);
});

// What the client says of itself.

test('a name is sent as SNI; an address is not', async (t) => {
  const names = [];
  const server = await serve(t, (socket) => {
    names.push(socket.servername || null);
    http((connection) => connection.write(says('Stopped')))(socket);
  });

  await ask(server);
  await ask({ url: `https://127.0.0.1:${server.port}` });
  await ask({ url: `https://[::1]:${server.port}` }, ['--resolve', `[::1]:${server.port}:127.0.0.1`, id]);
  assert.deepStrictEqual(names, ['localhost', null, null]);
});

test('no protocol is named by ALPN, so that no server answers in HTTP/2', async (t) => {
  const protocols = [];
  const server = await serve(t, (socket) => {
    protocols.push(socket.alpnProtocol);
    http((connection) => connection.write(says('Stopped')))(socket);
  }, { ALPNProtocols: ['h2', 'http/1.1'] });

  assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  assert.deepStrictEqual(protocols, [false]);
});

for (const version of versions) {
  test(`${version}: a server that would like a client's certificate gets none, and answers`, async (t) => {
    const server = await answering(t, says('Stopped'), { requestCert: true, rejectUnauthorized: false, ...only(version) });

    assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  });
}

test('a server that insists on a client\'s certificate: exit status 69', async (t) => {
  const port = await freePort();
  const server = start('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-Verify', '1', '-verify_return_error',
    '-cert', certificate('ec.pem'), '-key', certificate('ec.key'), '-quiet'], { stdio: ['pipe', 'ignore', 'ignore'] });

  await untilListening(port);
  const { code, error } = await askJson({ url: `https://localhost:${port}` });
  await stop(server);
  assert.strictEqual(code, 69, error);
});

// How a connection ends.

const untilClosed = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"status":"Recording"}';

for (const version of versions) {
  test(`${version}: a body that ends by close_notify is complete`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(untilClosed)), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: a body that ends without close_notify may have been cut: truncated, exit status 76`, async (t) => {
    const server = await serve(t, http((socket) => socket.write(untilClosed, () => socket.destroy())), only(version));
    const { code, error, recording } = await askJson(server);

    assert.deepStrictEqual([code, error, recording], [76, 'truncated', null]);
  });

  test(`${version}: a body of a known length that arrived whole needs no close_notify`, async (t) => {
    const server = await serve(t, http((socket) => socket.write(says('Recording'), () => socket.destroy())), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: a body of a known length that is cut by close_notify is truncated all the same`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(says('Recording').slice(0, -5))), only(version));

    assert.strictEqual((await askJson(server)).error, 'truncated');
  });

  test(`${version}: an answer in records of 16 KiB is an answer`, async (t) => {
    const body = `{"x":"${'x'.repeat(50000)}","status":"Recording"}`;
    const server = await answering(t, answer(200, body), only(version));

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });

  test(`${version}: session tickets, in the middle of things, are no answers`, async (t) => {
    const server = await answering(t, says('Recording'), { sessionTimeout: 300, ...only(version) });
    const { stdout } = await ask(server, [id, id, id]);

    assert.strictEqual(stdout, 'jjl8y\tRecording\n'.repeat(3));
    assert.strictEqual(server.connections, 1);
  });
}

test('TLS 1.2: a server that asks for a renegotiation gets none; the answer is right or there is none', async (t) => {
  const server = await serve(t, http((socket) => {
    socket.renegotiate({}, () => {});
    socket.write(says('Recording'));
  }), only('TLSv1.2'));
  const { code, stdout } = await ask(server);

  assert.ok((code === 0 && stdout === 'Recording\n') || (code !== 0 && stdout === ''));
});

test('a chain of 40 certificates, more than a record holds: exit status 69, nothing sent', async (t) => {
  const pem = fs.readFileSync(certificate('ec-chain.pem'), 'latin1') +
    fs.readFileSync(certificate('root-rsa.crt'), 'latin1').repeat(40);

  for (const version of versions) {
    const server = await answering(t, says('Stopped'), { certificate: 'ec-chain', cert: pem, ...only(version) });

    assert.strictEqual((await ask(server)).code, 69);
    await server.quiet();
    assert.strictEqual(server.received, '');
  }
});

// Servers that leave, or say what is no TLS, in the handshake.

const record = (type, ...body) => Buffer.from([type, 3, 3, body.length >> 8, body.length & 255, ...body]);

const answers = {
  // what it does upon the ClientHello: its bytes (null: it closes), names of the error
  'closes': [null, ['closed']],
  'sends the alert handshake_failure': [record(21, 2, 40), ['tls-refused']],
  'sends the alert protocol_version': [record(21, 2, 70), ['tls-refused']],
  'sends the alert close_notify': [record(21, 1, 0), ['tls-refused', 'closed', 'tls', 'truncated']],
  'sends an empty handshake record': [record(22), ['tls', 'closed']],
  'sends a handshake message of no kind': [record(22, 99, 0, 0, 1, 0), ['tls']],
  'sends a ServerHello of one byte': [record(22, 2, 0, 0, 1, 0), ['tls']],
  'sends a message of 16 MB': [record(22, 2, 255, 255, 255, 0), ['tls', 'closed', 'tls-memory']],
  'sends a record longer than any may be': [Buffer.from([22, 3, 3, 255, 255, 2]), ['tls', 'closed']],
  'sends half a record header': [Buffer.from([22, 3]), ['closed']],
  'sends application data': [record(23, 1, 2, 3), ['tls', 'tls-not-spoken']],
  'sends HTTP': [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), ['tls-not-spoken']],
  'sends the greeting of SSH': [Buffer.from('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), ['tls-not-spoken']],
  'sends zeros': [Buffer.alloc(100), ['tls-not-spoken']],
};

for (const [what, [bytes, errors]] of Object.entries(answers)) {
  test(`a server that ${what}: ${errors.join(' or ')}, exit status 69`, async (t) => {
    const server = await serve(t, (socket) => {
      socket.once('data', () => (bytes === null ? socket.end() : socket.end(bytes)));
    }, { certificate: null });
    const json = await askJson({ url: server.url.replace('http:', 'https:') });

    assert.ok(errors.includes(json.error), `${json.error}: ${json.stderr}`);
    assert.strictEqual(json.code, 69);
    assert.ok(!server.received.includes(key));
    assert.ok(!server.received.includes('GET '));
  });
}
