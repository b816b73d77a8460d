// Sessions: where they are resumed, where they must not be; and that, whatever becomes of one, the answer is the same,
// and a server that is not trusted gets none of the request. By probe.c, on the same core and ports.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { X509Certificate, constants, createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, file, http, run, says, serve, useAllCertificates } = require('../e2e/support');
const { makeCertificates, start, startWireMock, stop, top } = require('../e2e/wiremock');

useAllCertificates();

const program = path.resolve(top, process.env.PROBE ?? 'build/sanitized/probe');
const plenty = 131072;
const today = Math.floor(Date.now() / 1000);
const day = 24 * 60 * 60;
const versions = ['TLSv1.2', 'TLSv1.3'];
const only = (version) => ({ minVersion: version, maxVersion: version });
const other = (version) => only(versions.find((one) => one !== version));

/**
 * Connects, once for each arena, with the session in a file: { result, isResumed, peak, left, length } of each
 * connection. Whatever happens, the arena must be given back.
 */
async function connect(server, session, settings = {}) {
  const { host = 'localhost', roots = certificate('roots.pem'), clock = today, size = 8192, arenas = [plenty],
    environment } = settings;
  const { code, stdout, stderr } = await run(program,
    [host, `${server.port}`, roots, `${clock}`, session, `${size}`, ...arenas.map(String)], { environment });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.trimEnd().split('\n').map((line) => {
    const [, result, peak, left, how, length] = line.split(' ');
    assert.strictEqual(left, '0', 'something of the arena is still in use');
    return { result, isResumed: how === 'resumed', peak: Number(peak), length: Number(length) };
  });
}

/** One connection that is answered: whether it was resumed, on which the server must agree. */
async function isResumed(server, session, settings) {
  const [{ result, isResumed: is }] = await connect(server, session, settings);

  assert.strictEqual(result, 'ok');
  assert.strictEqual(server.resumed.at(-1), is, 'what the server saw');
  return is;
}

/** A server that knows its sessions for a week, and of each connection, in `resumed`, whether it resumed one. */
async function resuming(t, settings) {
  const resumed = [];
  const server = await serve(t, (socket) => {
    resumed.push(socket.isSessionReused());
    http((connection) => connection.write(says('Stopped')))(socket);
  }, { sessionTimeout: 7 * day, ...settings });

  return Object.assign(server, { resumed });
}

/** A server, and the file of a session with it. */
async function withSession(t, settings, connecting) {
  const server = await resuming(t, settings);
  const session = file('');

  assert.strictEqual(await isResumed(server, session, connecting), false);
  assert.ok(fs.statSync(session).size > 0, 'there is a session');
  return { server, session };
}

const copy = (session) => file(fs.readFileSync(session));
const pem = (name) => fs.readFileSync(certificate(name));

/** The server is another one from now on, under the same address. */
function become(server, name, settings) {
  server.tls.setSecureContext({ key: pem(`${name}.key`), cert: pem(`${name}.pem`), ciphers: 'ALL:@SECLEVEL=0',
    ticketKeys: randomBytes(48), sessionTimeout: 7 * day, ...settings });
  server.received = '';
  server.connections = 0;
}

// What a session's file has: a digest, and what it is of, then, numbers in this machine's order, expiry and length.
const digestSize = 32;
const headerSize = 48;

const ders = (text) => text.match(/-----BEGIN [^]*?-----END/g).map((part) => {
  return Buffer.from(part.replace(/-----[^-]*(-----)?/g, ''), 'base64');
});

function sha256(...parts) {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** A session that was changed by who knows how its digest is made. */
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
  assert.deepStrictEqual(sign(old.length - headerSize, old.subarray(headerSize)), old, 'the digest is known');
  return file(sign(body.length, body));
}

/** A byte of the master secret, or of the key that the ticket stands for: see mbedTLS's ssl_session_save(). */
function spoilSecret(version) {
  const place = version === 'TLSv1.2' ? 9 + 8 + 33 + 20 : 9 + 6 + 20;

  return (body) => {
    body[place] ^= 1;
    return body;
  };
}

/** Each of `all`, a few at a time. */
async function forEach(all, check) {
  const left = [...all];

  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let one; (one = left.shift()) !== undefined;)
      await check(one);
  }));
}

// Where they are resumed.

for (const version of versions) {
  for (const name of ['ec', 'rsa', 'rsa-3']) {
    test(`${version}, ${name}: a second connection resumes the session of the first, and so on`, async (t) => {
      const server = await resuming(t, { certificate: name, ...only(version) });
      const results = await connect(server, file(''), { arenas: [plenty, plenty, plenty] });

      assert.deepStrictEqual(results.map(({ result, isResumed: is }) => [result, is]),
        [['ok', false], ['ok', true], ['ok', true]]);
      assert.deepStrictEqual(server.resumed, [false, true, true]);
      t.diagnostic(`the session: ${results[0].length} bytes; in use at most: ${results.map(({ peak }) => peak)}`);
    });
  }

  test(`${version}: of the server's certificate, nothing is kept with a session`, async (t) => {
    const { session } = await withSession(t, { certificate: 'rsa', ...only(version) });
    const { raw } = new X509Certificate(fs.readFileSync(certificate('rsa.pem')));

    assert.ok(!fs.readFileSync(session).includes(raw.subarray(0, 64)));
  });

  test(`${version}: a session serves another process`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    for (let i = 0; i < 3; i++)
      assert.strictEqual(await isResumed(server, session), true);
    assert.strictEqual(server.connections, 4);
  });

  test(`${version}: without memory for a session, none is resumed`, async (t) => {
    const server = await resuming(t, only(version));
    const results = await connect(server, file(''), { size: 0, arenas: [plenty, plenty] });

    assert.deepStrictEqual(results.map(({ result, length }) => [result, length]), [['ok', 0], ['ok', 0]]);
    assert.deepStrictEqual(server.resumed, [false, false]);
  });

  test(`${version}: a server that wants to be known by its certificate each time is`, async (t) => {
    const server = await resuming(t, { secureOptions: constants.SSL_OP_NO_TICKET, ...only(version) });
    const session = file('');

    for (let i = 0; i < 3; i++)
      assert.strictEqual(await isResumed(server, session), false);
  });

  test(`${version}: an address is as good as a name`, async (t) => {
    const server = await resuming(t, only(version));
    const session = file('');

    assert.strictEqual(await isResumed(server, session, { host: '127.0.0.1' }), false);
    assert.strictEqual(await isResumed(server, session, { host: '127.0.0.1' }), true);
  });
}

test('TLS 1.2: a session that the server knows by an id alone is resumed', async (t) => {
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
  assert.strictEqual(await isResumed(server, session), false, 'and the server has lost it');
  assert.strictEqual(await isResumed(server, session), true);
});

// For whom they are.

for (const version of versions) {
  test(`${version}: to another host, a session is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    assert.strictEqual(await isResumed(server, copy(session), { host: '127.0.0.1' }), false);
    assert.strictEqual(await isResumed(server, copy(session), { host: 'LOCALHOST' }), false);
    assert.strictEqual(await isResumed(server, copy(session)), true);
  });

  test(`${version}: to another port, a session is not offered, though who is there could resume it`, async (t) => {
    const ticketKeys = randomBytes(48);
    const { server, session } = await withSession(t, { ticketKeys, ...only(version) });
    const second = await resuming(t, { ticketKeys, ...only(version) });

    assert.strictEqual(await isResumed(second, copy(session)), false);
    assert.strictEqual(await isResumed(server, copy(session)), true);
  });

  test(`${version}: with a root more, or one fewer, or others, a session is not offered`, async (t) => {
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

  test(`${version}: without the root, the server is refused, session or not`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.received = '';
    const [{ result }] = await connect(server, session, { roots: certificate('root-rsa.crt') });
    await server.quiet();
    assert.strictEqual(result, 'certificate-issuer');
    assert.strictEqual(server.received, '');
  });
}

// What may have become of them.

for (const version of versions) {
  test(`${version}: a session that was damaged anywhere is not offered`, async (t) => {
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

  test(`${version}: a session that was cut, or anything else in its place, is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const whole = fs.readFileSync(session);
    const contents = [whole.subarray(0, -1), whole.subarray(0, headerSize), whole.subarray(0, headerSize - 1),
      Buffer.alloc(8192), Buffer.alloc(8192, 255), randomBytes(8192), Buffer.from('null')];

    for (const content of contents)
      assert.strictEqual(await isResumed(server, file(content)), false);
    const longer = file(Buffer.concat([whole, randomBytes(100)]));
    assert.strictEqual(await isResumed(server, longer), true, 'what is behind it does not matter');
  });

  test(`${version}: memory that is too small for a session leaves none, and the answer is the same`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const { length } = fs.readFileSync(session);

    for (const size of [1, headerSize - 1, headerSize, headerSize + 1, headerSize + 50, length - 60, length - 1]) {
      const small = copy(session);
      const results = await connect(server, small, { size, arenas: [plenty, plenty] });

      assert.deepStrictEqual(results.map(({ result, isResumed: is, length: kept }) => [result, is, kept]),
        [['ok', false, 0], ['ok', false, 0]], `${size} bytes`);
    }
  });

  test(`${version}: a server that has lost its keys is verified anew, and its new session is resumed`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.tls.setTicketKeys(randomBytes(48));
    assert.strictEqual(await isResumed(server, session), false);
    assert.strictEqual(await isResumed(server, session), true);
    assert.strictEqual(server.connections, 3);
  });

  test(`${version}: a session whose secret is not the server's is given up for a second connection`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const spoilt = forge(server, session, spoilSecret(version));

    assert.strictEqual(await isResumed(server, forge(server, session, (body) => body)), true, 'unchanged, it is good');
    server.connections = 0;
    assert.strictEqual(await isResumed(server, spoilt), false);
    assert.strictEqual(server.connections, 2);
    assert.strictEqual(await isResumed(server, spoilt), true);
    assert.strictEqual(server.connections, 3);
  });

  test(`${version}: a session of another mbedTLS is not offered`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const old = forge(server, session, (body) => {
      body[2] ^= 1;
      return body;
    });

    assert.strictEqual(await isResumed(server, old), false);
    assert.strictEqual(server.connections, 2);
  });

  test(`${version}: a server that now speaks the other version only is spoken to in that`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    become(server, 'ec', other(version));
    assert.strictEqual(await isResumed(server, session), false);
    assert.strictEqual(server.connections, 2);
    assert.strictEqual(await isResumed(server, session), true);
  });

  test(`${version}: a server that hangs up on a session is asked once more, no more; and it is gone`, async (t) => {
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

  test(`${version}: a server that goes silent over a session does so once: the session is gone`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const listeners = server.tls.listeners('connection');

    server.tls.removeAllListeners('connection');
    server.tls.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.resume();
    });
    const [{ result, length }] = await connect(server, session, { environment: { PROBE_TIMEOUT: '3000' } });
    assert.deepStrictEqual([result, length], ['timeout', 0]);

    server.tls.removeAllListeners('connection');
    for (const listener of listeners)
      server.tls.on('connection', listener);
    assert.strictEqual(await isResumed(server, session), false);
  });

  test(`${version}: where nobody takes the connection, the session stays`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.tls.close();
    await once(server.tls, 'close');
    const [{ result, length }] = await connect(server, session);
    assert.strictEqual(result, 'connect');
    assert.ok(length > 0);
  });
}

test('a session of TLS 1.2 is given up for a server that has learnt TLS 1.3: mbedTLS would offer nothing newer with it', async (t) => {
  const { server, session } = await withSession(t, only('TLSv1.2'));
  const spoken = [];

  become(server, 'ec', { ticketKeys: server.tls.getTicketKeys(), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
  server.tls.on('secureConnection', (socket) => spoken.push(socket.getProtocol()));
  assert.strictEqual(await isResumed(server, session), false);
  assert.deepStrictEqual([server.connections, spoken.at(-1)], [2, 'TLSv1.3']);
  assert.strictEqual(await isResumed(server, session), true);
  assert.strictEqual(spoken.at(-1), 'TLSv1.3');
});

test('a session that does not fit leaves none, not even the one before', async (t) => {
  const { session } = await withSession(t, only('TLSv1.2'));
  const second = await resuming(t, only('TLSv1.3'));
  const [{ result, length }] = await connect(second, session, { size: fs.statSync(session).size });

  assert.deepStrictEqual([result, length], ['ok', 0]);
});

test('TLS 1.3: a session that is refused, and followed by no other, is gone', async (t) => {
  const { server, session } = await withSession(t, only('TLSv1.3'));

  server.tls.close();
  await once(server.tls, 'close');
  const second = start('openssl', ['s_server', '-accept', `127.0.0.1:${server.port}`, '-tls1_3', '-num_tickets', '0',
    '-cert', certificate('ec.pem'), '-key', certificate('ec.key'), '-www'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(second.stdout, 'data'); // ACCEPT
  const [{ result, isResumed: is, length }] = await connect(server, session);
  await stop(second);
  assert.deepStrictEqual([result, is, length], ['body-limit', false, 0], 'a page, of no status');
});

test('a ticket that no ClientHello has room for is given up, and the answer is the same', async (t) => {
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

test('a server of TLS 1.2 that picks PSS is asked once more for that, and its sessions are resumed', async (t) => {
  const { server, session } = await withSession(t,
    { certificate: 'rsa', sigalgs: 'RSA-PSS+SHA256:RSA+SHA256', ...only('TLSv1.2') });
  const spoilt = forge(server, session, spoilSecret('TLSv1.2'));

  assert.strictEqual(server.connections, 2, 'it has picked PSS');
  assert.strictEqual(await isResumed(server, session), true);
  assert.strictEqual(server.connections, 3);
  assert.strictEqual(await isResumed(server, spoilt), false);
  assert.strictEqual(server.connections, 6, 'with the session; with all versions; with TLS 1.2');
});

for (const version of versions) {
  test(`${version}: with a session, too, an arena of any size does, or is said to be too small`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const arenas = Array.from({ length: 120 }, (_, i) => (i + 1) * 299);
    const results = await connect(server, session, { arenas: [...arenas, plenty, plenty] });
    const smallest = arenas[results.findIndex(({ result }) => result === 'ok')];

    for (const { result } of results)
      assert.ok(result === 'ok' || result === 'tls-memory', result);
    assert.deepStrictEqual(results.slice(-2).map(({ isResumed: is }) => is).at(-1), true);
    t.diagnostic(`${version}: ${smallest} bytes do`);
  });
}

// Whether the server is trusted is as it was.

const bad = {
  'expired': 'certificate-expired',
  'other-host': 'certificate-host',
  'unknown-issuer': 'certificate-issuer',
  'weak-key': 'certificate-weak',
};

for (const version of versions) {
  for (const [name, error] of Object.entries(bad)) {
    test(`${version}: who cannot resume the session and has the certificate "${name}" gets nothing`, async (t) => {
      const { server, session } = await withSession(t, only(version));

      become(server, name, only(version));
      const [{ result }] = await connect(server, session);
      await server.quiet();
      assert.deepStrictEqual([result, server.connections, server.received], [error, 1, '']);
    });
  }

  test(`${version}: nor does one who takes the session, but not its secret, and then shows a bad one`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const spoilt = forge(server, session, spoilSecret(version));

    become(server, 'unknown-issuer', { ticketKeys: server.tls.getTicketKeys(), ...only(version) });
    const [{ result, length }] = await connect(server, spoilt);
    await server.quiet();
    assert.deepStrictEqual([result, length, server.connections, server.received], ['certificate-issuer', 0, 2, '']);
  });
}

// For how long.

for (const version of versions) {
  test(`${version}: a session is resumed for a day, and never before it was made`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const clocks = [[0, true], [60, true], [day, true], [day + 1, false], [25 * 60 * 60, false], [-1, false],
      [-day, false]];

    for (const [later, expected] of clocks) {
      const clock = today + later;
      assert.strictEqual(await isResumed(server, copy(session), { clock }), expected, `${later} s later`);
    }
  });

  test(`${version}: with a clock that is not set, nobody is asked, session or not`, async (t) => {
    const { server, session } = await withSession(t, only(version));

    server.connections = 0;
    assert.strictEqual((await connect(server, session, { clock: 0 }))[0].result, 'tls-clock');
    assert.strictEqual(server.connections, 0);
  });

  test(`${version}: resuming does not put the end off`, async (t) => {
    const { server, session } = await withSession(t, only(version));
    const half = day / 2;

    for (const [later, expected] of [[half, true], [day - 1, true], [day, true], [day + 1, false], [day + half, true]])
      assert.strictEqual(await isResumed(server, session, { clock: today + later }), expected, `${later} s later`);
  });

  const ends = {
    'ec': Date.UTC(2099, 11, 31, 23, 59, 59) / 1000,
    'ends-earlier': Date.UTC(2060, 1, 29, 12, 34, 56) / 1000, // not its own, but its issuer's
  };

  for (const [name, end] of Object.entries(ends)) {
    test(`${version}, ${name}: a session ends when the first certificate of the chain does`, async (t) => {
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

// Java's TLS.

const javas = {
  'as it is': '',
  'of TLS 1.2': '-Djdk.tls.server.enableSessionTicketExtension=false', // its ids are resumed, its tickets are not
};

for (const [what, options] of Object.entries(javas)) {
  test(`WireMock, ${what}: a second connection resumes the session of the first`, async (t) => {
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
