// Which certificates are taken, and what is said of those that are not. Of a server with a bad one, the request must not
// have been seen: that is, neither the key nor any other byte of the application's.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answering, ask, askJson, certificate, key, says, useAllCertificates } = require('../e2e/support');

useAllCertificates();

const good = {
  'a P-256 key': 'ec',
  'a P-256 key, and an intermediate': 'ec-chain',
  'an RSA-2048 key': 'rsa',
  'an RSA-2048 key, and an intermediate': 'rsa-chain',
  'three certificates up to an RSA-4096 root': 'rsa-3',
  'serverAuth as its purpose': 'server-only',
};

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const [what, name] of Object.entries(good)) {
    test(`${version}: a certificate with ${what} is taken`, async (t) => {
      const server = await answering(t, says('Recording'),
        { certificate: name, minVersion: version, maxVersion: version });
      const { code, stdout, stderr } = await ask(server);

      assert.strictEqual(stdout, 'Recording\n', stderr);
      assert.strictEqual(code, 0);
    });
  }
}

const bad = [
  ['has expired', 'expired', 'certificate-expired', /has expired/],
  ['is not valid yet', 'not-yet-valid', 'certificate-not-yet-valid', /not valid yet.*Check this machine's date/],
  ['is for another host', 'other-host', 'certificate-host', /for another host/],
  ['is self-signed and not trusted', 'self-signed', 'certificate-issuer', /nobody trusted.*--cacert/],
  ['was issued by a stranger', 'unknown-issuer', 'certificate-issuer', /nobody trusted/],
  ['lacks its intermediate', 'missing-intermediate', 'certificate-issuer', /intermediate certificate is missing/],
  ['has a key of RSA-1024', 'weak-key', 'certificate-weak', /weak/],
  ['is signed by SHA-1', 'weak-signature', 'certificate-weak', /weak/],
  ['has the host in its common name only', 'common-name-only', 'certificate-host', /another host/],
  ['is for clients only', 'client-only', 'certificate', /not acceptable/],
  ['has an intermediate that has expired', 'expired-intermediate', 'certificate-expired', /issuer's, has expired/],
  ['was issued by what is no authority', 'no-authority', 'certificate-issuer', /nobody trusted/],
  ['has a longer path than its authority may make', 'too-long-a-path', 'certificate-issuer', /nobody trusted/],
  ['leads to a root that has expired', 'expired-root', 'certificate-expired', /issuer's, has expired/],
  ['has a critical extension that nobody knows', 'critical-unknown', 'certificate', /not acceptable/],
  ['is for a name elsewhere', 'wildcard', 'certificate-host', /another host/],
];

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const [what, name, error, message] of bad) {
    test(`${version}: a certificate that ${what}: ${error}, exit status 69, and the key has not left`, async (t) => {
      const server = await answering(t, says('Recording'),
        { certificate: name, minVersion: version, maxVersion: version });
      const { code, status, stderr, ...answer } = await askJson(server);

      assert.strictEqual(answer.error, error, stderr);
      assert.strictEqual(code, 69);
      assert.strictEqual(status, null);
      assert.match(stderr, message);
      await server.quiet();
      assert.strictEqual(server.connections, 1);
      assert.strictEqual(server.received, '');
      assert.ok(!server.received.includes(key));
    });
  }
}

/** The same server, asked by another name than localhost. */
function askAs(server, host, options = []) {
  const [, port] = /:(\d+)$/.exec(server.url);

  return askJson({ url: `https://${host}:${port}` }, ['jjl8y', ...options]);
}

test('a server asked by its IPv4 address needs that address in its certificate', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'ec' });
  const other = await answering(t, says('Stopped'), { certificate: 'other-host' });
  const asName = await answering(t, says('Stopped'), { certificate: 'address-as-name' });

  assert.strictEqual((await askAs(server, '127.0.0.1')).status, 'Stopped');
  assert.strictEqual((await askAs(other, '127.0.0.1')).error, 'certificate-host');
  assert.strictEqual((await askAs(asName, '127.0.0.1')).error, 'certificate-host');
  assert.strictEqual(other.received + asName.received, '');
});

test('a server asked by its IPv6 address needs that address in its certificate', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'ec', host: '::1' });
  const other = await answering(t, says('Stopped'), { certificate: 'other-host', host: '::1' });

  assert.strictEqual((await askAs(server, '[::1]')).status, 'Stopped');
  assert.strictEqual((await askAs(server, '[0:0:0:0:0:0:0:1]')).status, 'Stopped');
  assert.strictEqual((await askAs(other, '[::1]')).error, 'certificate-host');
  assert.strictEqual(other.received, '');
});

test('a wildcard stands for one label, the first', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'wildcard' });
  const hosts = { 'a.example.test': 'Stopped', 'A.EXAMPLE.TEST': 'Stopped', 'example.test': null, 'a.b.example.test': null };

  for (const [host, status] of Object.entries(hosts)) {
    const answer = await askAs(server, host, ['--resolve', `${host}:${server.port}:127.0.0.1`]);
    assert.strictEqual(answer.status, status, host);
    assert.strictEqual(answer.error, status === null ? 'certificate-host' : null, host);
  }
});

test('a self-signed certificate that is trusted by itself is taken, for its host and its dates only', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'self-signed' });
  const trusted = ['--cacert', certificate('self-signed.crt')];
  const { code, stdout } = await ask(server, [...trusted, 'jjl8y']);
  const [, port] = /:(\d+)$/.exec(server.url);
  const wrong = await ask({ url: `https://wrong.test:${port}` },
    [...trusted, '--resolve', `wrong.test:${port}:127.0.0.1`, '-o', 'json', 'jjl8y']);

  assert.strictEqual(stdout, 'Stopped\n');
  assert.strictEqual(code, 0);
  assert.strictEqual(JSON.parse(wrong.stdout).error, 'certificate-host');
});

test('a certificate that was issued by a server\'s own, trusted by itself, is not trusted', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'unknown-issuer' });
  const { stdout } = await ask(server, ['--cacert', certificate('ec.crt'), '-o', 'json', 'jjl8y']);

  assert.strictEqual(JSON.parse(stdout).error, 'certificate-issuer');
  assert.strictEqual(server.received, '');
});

test('the name goes out as SNI, and an address does not (RFC 6066, section 3); no ALPN is sent', async (t) => {
  const names = [];
  const server = await answering(t, says('Stopped'), {
    certificate: 'ec',
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: (name, done) => { names.push(name); done(null, null); },
  });
  const protocols = [];
  server.tls.on('secureConnection', (socket) => protocols.push(socket.alpnProtocol));

  assert.strictEqual((await ask(server)).code, 0);
  assert.strictEqual((await askAs(server, '127.0.0.1')).code, 0);
  assert.deepStrictEqual(names, ['localhost']);
  assert.deepStrictEqual(protocols, [false, false]);
});
