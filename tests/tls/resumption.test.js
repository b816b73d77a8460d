// Sessions: when one is resumed, and when it must not be. With any session, the answer is the same, and an untrusted server gets no
// request. It uses probe.c, with the same core and ports.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { X509Certificate, constants, createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, file, freePort, http, run, says, serve, useAllCertificates, withTimeEnough } = require('../e2e/support');
const { built, makeCertificates, start, startWireMock, stop, top } = require('../e2e/wiremock');

useAllCertificates();

const program = path.resolve(top, process.env.PROBE ?? built('sanitized/probe'));
const plenty = 131072;
const today = Math.floor(Date.now() / 1000);
const day = 24 * 60 * 60;
const versions = ['TLSv1.2', 'TLSv1.3'];
const only = (version) => ({ minVersion: version, maxVersion: version });
const other = (version) => only(versions.find((one) => one !== version));

/**
 * Connects once for each arena, with the session in a file: { result, isResumed, peak, length } of each connection. All memory must
 * be freed.
 */
async function connect(server, session, settings = {}) {
  const { host = 'localhost', roots = certificate('roots.pem'), clock = today, size = 8192, arenas = [plenty],
    environment } = settings;
  const { code, stdout, stderr } = await run(program,
    [host, `${server.port}`, roots, `${clock}`, session, `${size}`, ...arenas.map(String)],
    { environment: { PROBE_TIMEOUT: '3600000', ...environment } });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.trimEnd().split('\n').map((line) => {
    const [, result, peak, left, how, length] = line.split(' ');
    assert.strictEqual(left, '0', 'memory was not freed');
    return { result, isResumed: how === 'resumed', peak: Number(peak), length: Number(length) };
  });
}

/** Connects once, which must give an answer; true if the session was resumed. The server must agree. */
async function isResumed(server, session, settings) {
  const [{ result, isResumed: is }] = await connect(server, session, settings);

  assert.strictEqual(result, 'ok');
  assert.strictEqual(server.resumed.at(-1), is, 'the server says otherwise');
  return is;
}

/** Starts a server whose sessions last a week; resumed has, for each connection, true if it resumed one. */
async function resuming(t, settings) {
  const resumed = [];
  const server = await serve(t, (socket) => {
    resumed.push(socket.isSessionReused());
    http((connection) => connection.write(says('Stopped')))(socket);
  }, { sessionTimeout: 7 * day, ...settings });

  return Object.assign(server, { resumed });
}

/** Starts a server, and makes the file of a session with it. */
async function withSession(t, settings, connecting) {
  const server = await resuming(t, settings);
  const session = file('');

  assert.strictEqual(await isResumed(server, session, connecting), false);
  assert.ok(fs.statSync(session).size > 0, 'there is a session');
  return { server, session };
}

const copy = (session) => file(fs.readFileSync(session));
const pem = (name) => fs.readFileSync(certificate(name));

/** Replaces the certificate and the ticket keys of the server, as if another one had its address. */
function become(server, name, settings) {
  server.tls.setSecureContext({ key: pem(`${name}.key`), cert: pem(`${name}.pem`), ciphers: 'ALL:@SECLEVEL=0',
    ticketKeys: randomBytes(48), sessionTimeout: 7 * day, ...settings });
  server.received = '';
  server.connections = 0;
}

// The file of a session: a digest, then what it is of: expiry and length, in the byte order of this machine, and the session.
const digestSize = 32;
const headerSize = 48;

const ders = (text) => text.match(/-----BEGIN [^]*?-----END/g).map((part) => {
  return Buffer.from(part.replace(/-----[^-]*(-----)?/g, ''), 'base64');
});

function sha256(...parts) {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** The file of a session that was changed, with a right digest. */
function forge(server, session, change) {
  const [portBytes, length] = [Buffer.alloc(2), Buffer.alloc(8)];
  const old = fs.readFileSync(session);
  const body = change(Buffer.from(old.subarray(headerSize)));
  const roots = ders(fs.readFileSync(certificate('roots.pem'), 'latin1')).flatMap((der) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(der.length);
    return [size, der.subarray(-32)];
  });

  portBytes.writeUInt16LE(server.port);
  const binding = sha256(Buffer.from('localhost\0'), portBytes, ...roots);
  const sign = (size, bytes) => {
    length.writeBigUInt64LE(BigInt(size));
    const rest = Buffer.concat([old.subarray(digestSize, digestSize + 8), length, bytes]);
    return Buffer.concat([sha256(binding, rest), rest]);
  };
  assert.deepStrictEqual(sign(old.length - headerSize, old.subarray(headerSize)), old, 'the digest is made in another way');
  return file(sign(body.length, body));
}

/** Changes a byte of the master secret or of the resumption secret: see ssl_session_save() of mbedTLS. */
function spoilSecret(version) {
  const place = version === 'TLSv1.2' ? 9 + 8 + 33 + 20 : 9 + 6 + 20;

  return (body) => {
    body[place] ^= 1;
    return body;
  };
}

/** Calls check() for each of `all`, three at a time. */
async function forEach(all, check) {
  const left = [...all];

  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let one; (one = left.shift()) !== undefined;)
      await check(one);
  }));
}

// When a session is resumed.

for (const version of versions) {
  for (const name of ['ec', 'rsa', 'rsa-3']) {
    test(`${version}, ${name}: each connection resumes the session of the previous one`, async (t) => {
      const server = await resuming(t, { certificate: name, ...only(version) });
      const results = await connect(server, file(''), { arenas: [plenty, plenty, plenty] });

      assert.deepStrictEqual(results.map(({ result, isResumed: is }) => [result, is]),
        [['ok', false], ['ok', true], ['ok', true]]);
      assert.deepStrictEqual(server.resumed, [false, true, true]);
      t.diagnostic(`the session: ${results[0].length} bytes; in use at most: ${results.map(({ peak }) => peak)}`);
    });
  }

  test(`${version}: a session does not have the certificate of the server`, async (t) => {
    const { session } = await withSession(t, { certificate: 'rsa', ...only(version) });
    const { raw } = new X509Certificate(fs.readFileSync(certificate('rsa.pem')));

    assert.ok(!fs.readFileSync(session).includes(raw.subarray(0, 64)));
  });

  test(`${version}: a session is resumed by another process`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    for (let i = 0; i < 3; i++)
      assert.strictEqual(await isResumed(server, session), true);
    assert.strictEqual(server.connections, 4);
  });

  test(`${version}: without a buffer for a session, none is resumed`, async (t) => {
    const server = await resuming(t, only(version));
    const results = await connect(server, file(''), { size: 0, arenas: [plenty, plenty] });

    assert.deepStrictEqual(results.map(({ result, length }) => [result, length]), [['ok', 0], ['ok', 0]]);
    assert.deepStrictEqual(server.resumed, [false, false]);
  });

  test(`${version}: with a server that supports no resumption, every handshake is full`, async (t) => {
    const server = await resuming(t, { secureOptions: constants.SSL_OP_NO_TICKET, ...only(version) });
    const session = file('');

    for (let i = 0; i < 3; i++)
      assert.strictEqual(await isResumed(server, session), false);
  });

  test(`${version}: a session with an address is resumed, like one with a name`, async (t) => {
    const server = await resuming(t, only(version));
    const session = file('');

    assert.strictEqual(await isResumed(server, session, { host: '127.0.0.1' }), false);
    assert.strictEqual(await isResumed(server, session, { host: '127.0.0.1' }), true);
  });
}

test('TLS 1.2: a session with a session id instead of a ticket is resumed', async (t) => {
  const server = await resuming(t, { secureOptions: constants.SSL_OP_NO_TICKET, ...only('TLSv1.2') });
  const known = new Map();
  const session = file('');

  server.tls.on('newSession', (sessionId, data, done) => {
    known.set(sessionId.toString('hex'), data);
    done();
  });
  server.tls.on('resumeSession', (sessionId, done) => done(null, known.get(sessionId.toString('hex')) ?? null));
  assert.strictEqual(await isResumed(server, session), false);
  assert.strictEqual(await isResumed(server, session), true);
  t.diagnostic(`the session: ${fs.statSync(session).size} bytes`);
  known.clear();
  assert.strictEqual(await isResumed(server, session), false, 'the server has lost it');
  assert.strictEqual(await isResumed(server, session), true);
});

// To which server a session is offered.

for (const version of versions) {
  test(`${version}: a session is not offered to another host`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    assert.strictEqual(await isResumed(server, copy(session), { host: '127.0.0.1' }), false);
    assert.strictEqual(await isResumed(server, copy(session), { host: 'LOCALHOST' }), false);
    assert.strictEqual(await isResumed(server, copy(session)), true);
  });

  test(`${version}: a session is not offered to another port, although the server there could resume it`, async (t) => {
    const ticketKeys = randomBytes(48);
    const { server, session } = await withSession(t, { ticketKeys, ...only(version) });
    const second = await resuming(t, { ticketKeys, ...only(version) });

    assert.strictEqual(await isResumed(second, copy(session)), false);
    assert.strictEqual(await isResumed(server, copy(session)), true);
  });

  test(`${version}: a session is not offered after a root was added, removed, moved or replaced`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const sets = {
      more: ['roots.pem', 'root-stranger.crt'],
      fewer: ['root.crt', 'root-rsa.crt', 'root-4096.crt'],
      inAnotherOrder: ['root-rsa.crt', 'root.crt', 'root-4096.crt', 'root-expired.crt'],
      another: ['root.crt', 'root-rsa.crt', 'root-4096.crt', 'root-stranger.crt'],
    };

    for (const [what, names] of Object.entries(sets)) {
      const roots = file(Buffer.concat(names.map(pem)));
      assert.strictEqual(await isResumed(server, copy(session), { roots }), false, what);
    }
    assert.strictEqual(await isResumed(server, copy(session), { roots: copy(certificate('roots.pem')) }), true);
  });

  test(`${version}: a server whose root is not trusted any more is refused, whatever the session`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.received = '';
    const [{ result }] = await connect(server, session, { roots: certificate('root-rsa.crt') });
    await server.quiet();
    assert.strictEqual(result, 'certificate-issuer');
    assert.strictEqual(server.received, '');
  });
}

// Sessions that are damaged or refused.

for (const version of versions) {
  test(`${version}: a session that is damaged in any byte is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const whole = fs.readFileSync(session);
    const places = Array.from({ length: Math.ceil(whole.length / 7) }, (_, i) => i * 7);

    server.resumed.length = 0;
    server.connections = 0;
    await forEach(places, async (place) => {
      const damaged = Buffer.from(whole);
      damaged[place] ^= 1 << (place % 8);
      assert.strictEqual((await connect(server, file(damaged)))[0].result, 'ok', `at ${place}`);
    });
    assert.deepStrictEqual(server.resumed, places.map(() => false));
    assert.strictEqual(server.connections, places.length);
    assert.strictEqual(await isResumed(server, copy(session)), true);
  });

  test(`${version}: a session that is truncated, or other bytes in its place, is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const whole = fs.readFileSync(session);
    const end = whole.findLastIndex((byte) => byte !== 0); // the probe fills its buffer with zeros
    const contents = [whole.subarray(0, end), whole.subarray(0, headerSize), whole.subarray(0, headerSize - 1),
      Buffer.alloc(8192), Buffer.alloc(8192, 255), randomBytes(8192), Buffer.from('null')];

    for (const content of contents)
      assert.strictEqual(await isResumed(server, file(content)), false);
    const longer = file(Buffer.concat([whole, randomBytes(100)]));
    assert.strictEqual(await isResumed(server, longer), true, 'bytes after the session do not matter');
  });

  test(`${version}: in a buffer that is too small, no session is kept, and the answer is the same`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const { length } = fs.readFileSync(session);

    for (const size of [1, headerSize - 1, headerSize, headerSize + 1, headerSize + 50, length - 60, length - 1]) {
      const small = copy(session);
      const results = await connect(server, small, { size, arenas: [plenty, plenty] });

      assert.deepStrictEqual(results.map(({ result, isResumed: is, length: kept }) => [result, is, kept]),
        [['ok', false, 0], ['ok', false, 0]], `${size} bytes`);
    }
  });

  test(`${version}: a server with new ticket keys is verified, and its new session is resumed`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.tls.setTicketKeys(randomBytes(48));
    assert.strictEqual(await isResumed(server, session), false);
    assert.strictEqual(await isResumed(server, session), true);
    assert.strictEqual(server.connections, 3);
  });

  test(`${version}: a session with a wrong secret is dropped, and a second connection is made without it`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const spoilt = forge(server, session, spoilSecret(version));

    assert.strictEqual(await isResumed(server, forge(server, session, (body) => body)), true, 'the unchanged session is good');
    server.connections = 0;
    assert.strictEqual(await isResumed(server, spoilt), false);
    assert.strictEqual(server.connections, 2);
    assert.strictEqual(await isResumed(server, spoilt), true);
    assert.strictEqual(server.connections, 3);
  });

  test(`${version}: a session of another version of mbedTLS is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const old = forge(server, session, (body) => {
      body[2] ^= 1;
      return body;
    });

    assert.strictEqual(await isResumed(server, old), false);
    assert.strictEqual(server.connections, 2);
  });

  test(`${version}: a server that now supports only the other version is asked in that`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    become(server, 'ec', other(version));
    assert.strictEqual(await isResumed(server, session), false);
    assert.strictEqual(server.connections, 2);
    assert.strictEqual(await isResumed(server, session), true);
  });

  test(`${version}: if the server resets a connection with a session, one more is made without it, and the session is dropped`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.tls.removeAllListeners('connection');
    let connections = 0;
    server.tls.on('connection', (socket) => {
      connections++;
      socket.on('error', () => {});
      socket.once('data', () => socket.resetAndDestroy());
    });
    const [{ result, length }] = await connect(server, session);
    assert.deepStrictEqual([result, length, connections], ['reset', 0, 2]);
  });

  test(`${version}: a session is dropped if the handshake that offers it times out`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const listeners = server.tls.listeners('connection');

    server.tls.removeAllListeners('connection');
    server.tls.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.resume();
    });
    const attempt = (limit) => connect(server, session, { environment: { PROBE_TIMEOUT: `${1000 * parseFloat(limit)}` } });
    const [{ result, length }] = await withTimeEnough(attempt, ([connection]) => connection.length === 0);
    assert.deepStrictEqual([result, length], ['timeout', 0]);

    server.tls.removeAllListeners('connection');
    for (const listener of listeners)
      server.tls.on('connection', listener);
    assert.strictEqual(await isResumed(server, session), false);
  });

  test(`${version}: a session is kept if the connection is refused`, async (t) => {
    const { server, session } = await withSession(t, { port: await freePort(), ...only(version) });

    server.tls.close();
    await once(server.tls, 'close');
    const [{ result, length }] = await connect(server, session);
    assert.strictEqual(result, 'connect');
    assert.ok(length > 0);
  });
}

test('a session of TLS 1.2 is dropped if the server now supports TLS 1.3, which mbedTLS would not offer with it', async (t) => {
  const { server, session } = await withSession(t, only('TLSv1.2'));
  const spoken = [];

  become(server, 'ec', { ticketKeys: server.tls.getTicketKeys(), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
  server.tls.on('secureConnection', (socket) => spoken.push(socket.getProtocol()));
  assert.strictEqual(await isResumed(server, session), false);
  assert.deepStrictEqual([server.connections, spoken.at(-1)], [2, 'TLSv1.3']);
  assert.strictEqual(await isResumed(server, session), true);
  assert.strictEqual(spoken.at(-1), 'TLSv1.3');
});

test('if a new session does not fit, the old one is dropped too', async (t) => {
  const { session } = await withSession(t, only('TLSv1.2'));
  const second = await resuming(t, only('TLSv1.3'));
  const [{ result, length }] = await connect(second, session, { size: fs.statSync(session).size });

  assert.deepStrictEqual([result, length], ['ok', 0]);
});

test('TLS 1.3: a session that the server refuses without a new one is dropped', async (t) => {
  const { server, session } = await withSession(t, { port: await freePort(), ...only('TLSv1.3') });

  server.tls.close();
  await once(server.tls, 'close');
  const second = start('openssl', ['s_server', '-accept', `127.0.0.1:${server.port}`, '-tls1_3', '-num_tickets', '0',
    '-cert', certificate('ec.pem'), '-key', certificate('ec.key'), '-www'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(second.stdout, 'data'); // ACCEPT
  const [{ result, isResumed: is, length }] = await connect(server, session);
  await stop(second);
  assert.deepStrictEqual([result, is, length], ['body-limit', false, 0], 'the answer is a page of HTML');
});

test('a ticket that is too large for a ClientHello is dropped, and the answer is the same', async (t) => {
  const { server, session } = await withSession(t, only('TLSv1.3'));
  const size = 5000;
  const old = fs.readFileSync(session).subarray(headerSize);
  const ticketSize = old.length - (9 + 6 + old[9 + 5] + 2 + 'localhost\0'.length + 8 + 4 + 2);
  const huge = forge(server, session, (body) => {
    const start = body.subarray(0, body.length - ticketSize);
    start.writeUInt16BE(size, start.length - 2);
    return Buffer.concat([start, randomBytes(size)]);
  });

  assert.strictEqual(await isResumed(server, huge), false);
  assert.strictEqual(await isResumed(server, huge), true);
});

test('a server of TLS 1.2 that chooses PSS is asked again without it, and its sessions are resumed', async (t) => {
  const { server, session } = await withSession(t,
    { certificate: 'rsa', sigalgs: 'RSA-PSS+SHA256:RSA+SHA256', ...only('TLSv1.2') });
  const spoilt = forge(server, session, spoilSecret('TLSv1.2'));

  assert.strictEqual(server.connections, 2, 'it has chosen PSS');
  assert.strictEqual(await isResumed(server, session), true);
  assert.strictEqual(server.connections, 3);
  assert.strictEqual(await isResumed(server, spoilt), false);
  assert.strictEqual(server.connections, 6, 'with the session; with all versions; with TLS 1.2');
});

for (const version of versions) {
  test(`${version}: with a session, an arena of any size is enough, or gives tls-memory`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const arenas = Array.from({ length: 120 }, (_, i) => (i + 1) * 299);
    const results = await connect(server, session, { arenas: [...arenas, plenty, plenty] });
    const smallest = arenas[results.findIndex(({ result }) => result === 'ok')];

    for (const { result } of results)
      assert.ok(result === 'ok' || result === 'tls-memory', result);
    assert.deepStrictEqual(results.slice(-2).map(({ isResumed: is }) => is).at(-1), true);
    t.diagnostic(`${version}: ${smallest} bytes are enough`);
  });
}

// A session makes no server trusted.

const bad = {
  'expired': 'certificate-expired',
  'other-host': 'certificate-host',
  'unknown-issuer': 'certificate-issuer',
  'weak-key': 'certificate-weak',
};

for (const version of versions) {
  for (const [name, error] of Object.entries(bad)) {
    test(`${version}: a server that cannot resume the session, and has the certificate "${name}", gets no request`, async (t) => {
      const { server, session } = await withSession(t, only(version));

      become(server, name, only(version));
      const [{ result }] = await connect(server, session);
      await server.quiet();
      assert.deepStrictEqual([result, server.connections, server.received], [error, 1, '']);
    });
  }

  test(`${version}: a server that accepts the session without knowing its secret, and then has a bad certificate, gets no request`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const spoilt = forge(server, session, spoilSecret(version));

    become(server, 'unknown-issuer', { ticketKeys: server.tls.getTicketKeys(), ...only(version) });
    const [{ result, length }] = await connect(server, spoilt);
    await server.quiet();
    assert.deepStrictEqual([result, length, server.connections, server.received], ['certificate-issuer', 0, 2, '']);
  });
}

// How long a session lasts.

for (const version of versions) {
  test(`${version}: a session is resumed for a day, and not before the time at which it was made`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const clocks = [[0, true], [60, true], [day, true], [day + 1, false], [25 * 60 * 60, false], [-1, false],
      [-day, false]];

    for (const [later, expected] of clocks) {
      const clock = today + later;
      assert.strictEqual(await isResumed(server, copy(session), { clock }), expected, `${later} s later`);
    }
  });

  test(`${version}: if the clock is not set, no connection is made, whatever the session`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.connections = 0;
    assert.strictEqual((await connect(server, session, { clock: 0 }))[0].result, 'tls-clock');
    assert.strictEqual(server.connections, 0);
  });

  test(`${version}: a session that is resumed does not last longer`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const half = day / 2;

    for (const [later, expected] of [[half, true], [day - 1, true], [day, true], [day + 1, false], [day + half, true]])
      assert.strictEqual(await isResumed(server, session, { clock: today + later }), expected, `${later} s later`);
  });

  const ends = {
    'ec': Date.UTC(2099, 11, 31, 23, 59, 59) / 1000,
    'ends-earlier': Date.UTC(2060, 1, 29, 12, 34, 56) / 1000, // that of its issuer
  };

  for (const [name, end] of Object.entries(ends)) {
    test(`${version}, ${name}: a session ends when the first certificate of the chain expires`, async (t) => {
      const { server, session } = await withSession(t, { certificate: name, ...only(version) }, { clock: end - 60 });

      assert.strictEqual(await isResumed(server, copy(session), { clock: end }), true);
      await server.quiet();
      server.received = '';
      const [{ result }] = await connect(server, copy(session), { clock: end + 1 });
      await server.quiet();
      assert.deepStrictEqual([result, server.received], ['certificate-expired', '']);
    });
  }
}

// The TLS of Java.

const javas = {
  'default settings': '',
  'TLS 1.2 with session ids': '-Djdk.tls.server.enableSessionTicketExtension=false', // it does not resume its own tickets
};

for (const [what, options] of Object.entries(javas)) {
  test(`WireMock with ${what}: each connection resumes the session of the previous one`, async (t) => {
    const settings = file('jdk.tls.disabledAlgorithms=TLSv1.3, TLSv1.1, TLSv1, SSLv3, NULL, anon\n');

    process.env.JAVA_TOOL_OPTIONS = options === '' ? '' : `${options} -Djava.security.properties=${settings}`;
    const wiremock = await startWireMock(makeCertificates());
    delete process.env.JAVA_TOOL_OPTIONS;
    const { port } = new URL(wiremock.tlsUrl);
    const results = await connect({ port }, file(''), { arenas: [plenty, plenty, plenty] });

    await wiremock.stop();
    assert.deepStrictEqual(results.map(({ result, isResumed: is }) => [result, is]),
      [['ok', false], ['ok', true], ['ok', true]]);
    t.diagnostic(`the session: ${results[0].length} bytes; in use at most: ${results.map(({ peak }) => peak)}`);
  });
}
