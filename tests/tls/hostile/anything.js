// Servers that do not speak TLS, or an old version; relays; and the TLS of OpenSSL and GnuTLS.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const tls = require('node:tls');

const { answering, certificate, freePort, run, says, serve, untilListening } = require('../../e2e/support');
const { start, stop } = require('../../e2e/wiremock');
const { forgedPss, inTurn, play, record } = require('./scripted');

const ok = 'asked: ok';

/** Answers the ClientHello by these bytes, and closes. */
const saying = (bytes) => async (t) => {
  const server = await serve(t, (socket) => socket.once('data', () => socket.end(bytes)), { certificate: null });

  return Object.assign(server, { asked: () => (/GET |HTTP/.test(server.received) ? server.received : '') });
};

/** The TLS server of node. */
const node = (settings, body = says('Recording')) => async (t) => {
  const server = await answering(t, body, settings);

  return { ...server, received: '', asked: () => server.received };
};

/** The same; it first checks that another client can connect. */
const old = (ciphers, settings) => async (t) => {
  const all = { ciphers: `${ciphers}:@SECLEVEL=0`, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ...settings };
  const server = await node(all)(t);
  const client = tls.connect({ ...all, port: server.port, rejectUnauthorized: false, checkServerIdentity: () => undefined });

  await once(client, 'secureConnect');
  client.destroy();
  return server;
};

/** A relay to `server`; send(bytes, client) forwards its bytes to the client. */
async function between(t, server, send) {
  const relay = await serve(t, (client) => {
    const behind = net.connect({ port: server.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });

    client.on('data', (bytes) => behind.write(bytes));
    client.on('end', () => behind.end());
    behind.on('data', (bytes) => send(bytes, client));
    behind.on('end', () => client.end());
    behind.on('error', () => client.destroy());
    client.on('close', () => behind.destroy());
  }, { certificate: null, allowHalfOpen: true });

  return Object.assign(relay, { asked: server.asked });
}

/** A program that serves. It prints the requests that it gets; then these lines, and the answer, go to its standard input. */
const program = (command, options, lines = []) => async (t) => {
  const port = await freePort();
  const child = start(command, options(port), { stdio: 'pipe' });
  let printed = '';

  t.after(() => stop(child));
  child.stdin.on('error', () => {});
  child.stderr.resume();
  child.stdout.on('data', (bytes) => {
    const wasAsked = printed.includes('GET ');

    printed += bytes.toString('latin1');
    if (!wasAsked && printed.includes('GET '))
      child.stdin.write(`${lines.map((line) => `${line}\n`).join('')}${says('Recording')}\n`);
  });
  await untilListening(port);
  const server = await between(t, { port, asked: () => (printed.includes('GET ') ? printed : '') }, (bytes, client) => client.write(bytes));

  return server;
};
const openssl = (options, lines) => program('openssl', (port) => ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', certificate('ec.pem'),
  '-key', certificate('ec.key'), ...options], lines);
const gnutls = (suite) => async (t) => {
  const priority = `NONE:+VERS-TLS1.2:${suite}:+ECDHE-RSA:+SHA1:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509`;
  const server = await program('gnutls-serv', (port) => ['--echo', '--port', `${port}`, '--x509keyfile', certificate('rsa.key'),
    '--x509certfile', certificate('rsa.pem'), '--priority', priority])(t);

  const { code, stderr } = await run('gnutls-cli', ['--insecure', '--port', `${server.port}`, '--priority', priority, '127.0.0.1']);
  assert.strictEqual(code, 0, stderr);
  return server;
};

const alert = (description) => record(21, Buffer.from([2, description]));

module.exports = [
  ['closes', 'closes at once', saying(''), 'closed'],
  ['http', 'speaks HTTP', saying('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tls-not-spoken'],
  ['ssh', 'speaks SSH', saying('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), 'tls-not-spoken'],
  ['smtp', 'speaks SMTP', saying('220 mail.test ESMTP\r\n'), 'tls-not-spoken'],
  ['zeros', 'sends zeros', saying(Buffer.alloc(100)), 'tls-not-spoken'],
  ['ones', 'sends bytes of 255', saying(Buffer.alloc(100, 255)), 'tls-not-spoken'],
  ['sslv2', 'sends a ServerHello of SSL 2',
    saying(Buffer.from('801b0400010002000000030010010080000000000000000000000000', 'hex')), 'tls-not-spoken'],
  ['sslv3', 'sends a ServerHello of SSL 3',
    saying(record(22, Buffer.concat([Buffer.from('020000260300', 'hex'), Buffer.alloc(32, 7), Buffer.from('00000500', 'hex')]), 0x0300)), 'tls'],
  ['dtls', 'sends a record of DTLS', saying(Buffer.concat([Buffer.from('16fefd0000000000000000', 'hex'), Buffer.alloc(40)])), 'tls'],
  ['half-a-header', 'sends half of the header of a record, and closes', saying(Buffer.from([22, 3])), 'closed'],
  ['half-a-record', 'sends half of a record, and closes', saying(Buffer.from([22, 3, 3, 0, 50, 2, 0])), 'closed'],
  ['empty-record', 'sends an empty handshake record', saying(record(22, Buffer.alloc(0))), 'tls'],
  ['too-large', 'sends a record of 65,535 bytes',
    saying(Buffer.concat([Buffer.from([22, 3, 3, 255, 255]), Buffer.alloc(65535)])), 'tls'],
  ['answer', 'sends an answer in a record, without a handshake', saying(record(23, Buffer.from(says('Recording')))), 'tls-not-spoken'],
  ['its-own-hello', 'echoes the ClientHello', async (t) => {
    const server = await serve(t, (socket) => socket.once('data', (bytes) => socket.end(bytes)), { certificate: null });

    return Object.assign(server, { asked: () => (server.received.includes('GET ') ? server.received : '') });
  }, 'tls'],
  ...Object.entries({ handshake_failure: 40, protocol_version: 70, insufficient_security: 71, internal_error: 80,
    unrecognized_name: 112, unknown: 250 })
    .map(([name, description]) => [`alert-${description}`, `sends the alert ${name}`, saying(alert(description)), 'tls-refused']),
  ['alert-slowly', 'sends an alert in single bytes', async (t) => {
    const server = await serve(t, (socket) => socket.once('data', async () => {
      for (const byte of alert(40)) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => { setImmediate(resolve); });
      }
      socket.end();
    }), { certificate: null });

    return Object.assign(server, { asked: () => '' });
  }, 'tls-refused'],
  ['silent', 'is silent',
    async (t) => Object.assign(await serve(t, () => {}, { certificate: null }), { asked: () => '' }), 'timeout'],
  ['drips', 'sends a record that never ends, byte by byte', async (t) => {
    const server = await serve(t, (socket) => {
      socket.write(Buffer.from([22, 3, 3, 31, 0]));
      const drip = setInterval(() => socket.write(Buffer.from([2])), 20);
      socket.once('close', () => clearInterval(drip));
    }, { certificate: null });

    return Object.assign(server, { asked: () => '' });
  }, 'timeout'],

  // Old versions and suites, by OpenSSL and GnuTLS.
  ['tls-1.0', 'supports TLS 1.0 only', old('ALL', { minVersion: 'TLSv1', maxVersion: 'TLSv1' }), 'tls-refused'],
  ['tls-1.1', 'supports TLS 1.1 only', old('ALL', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }), 'tls-refused'],
  ['no-encryption', 'supports only suites without encryption (ECDSA)', old('ECDHE-ECDSA-NULL-SHA'), 'tls-refused'],
  ['no-encryption-rsa', 'supports only suites without encryption (RSA)', old('NULL-SHA256', { certificate: 'rsa' }), 'tls-refused'],
  ['anonymous', 'supports only suites without a certificate', old('AECDH-AES128-SHA'), 'tls-refused'],
  ['cbc', 'supports CBC only (ECDSA)', old('ECDHE-ECDSA-AES128-SHA256'), 'tls-refused'],
  ['cbc-rsa', 'supports CBC only (RSA)', old('ECDHE-RSA-AES256-SHA384', { certificate: 'rsa' }), 'tls-refused'],
  ['ccm', 'supports CCM only', old('ECDHE-ECDSA-AES128-CCM8'), 'tls-refused'],
  ['no-forward-secrecy', 'supports only suites without forward secrecy', old('AES128-GCM-SHA256', { certificate: 'rsa' }), 'tls-refused'],
  ['chacha', 'supports ChaCha20-Poly1305 only', old('ECDHE-ECDSA-CHACHA20-POLY1305'), [ok, ok, 'tls-refused']],
  ['3des', 'supports 3DES only (GnuTLS)', gnutls('+3DES-CBC'), 'tls-refused'],
  ['rc4', 'supports RC4 only (GnuTLS)', gnutls('+ARCFOUR-128'), 'tls-refused'],
  ['pss-1.2', 'supports TLS 1.2 with signatures by RSA-PSS only',
    node({ certificate: 'rsa', sigalgs: 'RSA-PSS+SHA256', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }), 'tls-refused'],
  ['pss-forged', 'a man in the middle forges a server of TLS 1.2 that signs by RSA-PSS; then a server of TLS 1.3 answers',
    async (t) => inTurn(t, [await play(t, forgedPss), await answering(t, says('Recording'), { certificate: 'rsa' })]),
    ['tls-downgrade', 'tls-downgrade', 'tls']],
  ['x25519-only', 'supports X25519 only', node({ ecdhCurve: 'X25519' }), [ok, ok, 'tls-refused']],
  ['p521-only', 'supports P-521 only', node({ ecdhCurve: 'P-521' }), [ok, ok, 'tls-refused']],
  ['x448-only', 'supports X448 only', node({ ecdhCurve: 'X448' }), 'tls-refused'],
  ['wants-h2', 'supports only h2, by ALPN', node({ ALPNProtocols: ['h2'] }), ok],
  ['answers-h2', 'answers in HTTP/2',
    node({}, Buffer.from('000012040000000000000300000064000400100000000600004000', 'hex').toString('latin1')), 'asked: status-line'],

  // The defaults of OpenSSL, and TCP segments.
  ['openssl-1.2', 'OpenSSL with TLS 1.2', openssl(['-tls1_2']), ok],
  ['openssl-1.3', 'OpenSSL with TLS 1.3', openssl(['-tls1_3']), [ok, ok, 'tls-refused']],
  ['openssl-renegotiates', 'OpenSSL requests a renegotiation, and ends after a refusal',
    openssl(['-tls1_2'], ['r']), 'asked: tls-refused'],
  ['openssl-renegotiates-verify', 'OpenSSL requests a renegotiation and a client certificate', openssl(['-tls1_2'], ['R']), 'asked: tls-refused'],
  ['openssl-key-update', 'OpenSSL updates its key', openssl(['-tls1_3'], ['k']), ['asked: reset', 'asked: reset', 'tls-refused']],
  ['openssl-key-update-asks', 'OpenSSL updates its key, and requests an update from the client',
    openssl(['-tls1_3'], ['K']), ['asked: reset', 'asked: reset', 'tls-refused']],
  ['openssl-tickets', 'OpenSSL sends 1,000 tickets', openssl(['-tls1_3', '-num_tickets', '1000']), [ok, ok, 'tls-refused']],
  ['segments', 'sends each byte in its own segment',
    async (t) => between(t, await node({ certificate: 'rsa-chain' })(t), async (bytes, client) => {
    for (const byte of bytes)
      client.write(Buffer.from([byte]));
  }), ok],
];
