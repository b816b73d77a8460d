// Which certificates are accepted and refused, and by which error; a server whose certificate is refused gets no byte of the request,
// and so none of the key.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const test = require('node:test');

const { answering, ask, askJson, certificate, file, id, says, useAllCertificates } = require('../e2e/support');
const chains = require('./hostile/chains');

useAllCertificates();

const versions = ['TLSv1.2', 'TLSv1.3'];
const only = (version) => ({ minVersion: version, maxVersion: version });

/** The option --cacert with the certificates of these files; it overrides an earlier one. */
function trusting(...names) {
  const text = names.map((name) => fs.readFileSync(certificate(name), 'latin1')).join('');

  return ['--cacert', file(text)];
}

/** The URL and the options for another host than localhost, at the same server. */
function as(server, host) {
  const written = host.includes(':') ? `[${host}]` : host;

  return [{ url: `https://${written}:${server.port}` }, ['--resolve', `${written}:${server.port}:127.0.0.1`]];
}

/** Checks that wmrec names this error, and that the server got nothing. */
async function refused(server, error, [where, options] = [server, []]) {
  const json = await askJson(where, [...options, id]);

  await server.quiet();
  assert.deepStrictEqual([json.error, json.code, json.status, json.recording], [error, 69, null, null], json.stderr);
  assert.strictEqual(server.received, '', 'it got something of the request');
  assert.ok(server.connections > 0);
  return json;
}

const good = {
  'ec': 'P-256, by a P-256 root',
  'ec-chain': 'P-256, with an intermediate certificate',
  'rsa': 'RSA-2048, by an RSA-2048 root',
  'rsa-chain': 'RSA-2048, with an intermediate certificate',
  'rsa-3': 'RSA-2048, with two intermediate certificates and an RSA-4096 root',
  'server-only': 'P-256, for servers only',
};

for (const version of versions) {
  for (const [name, what] of Object.entries(good)) {
    test(`${version}: a good certificate (${what}) is accepted`, async (t) => {
      const server = await answering(t, says('Recording'), { certificate: name, ...only(version) });
      const { code, stdout, stderr } = await ask(server, ['-v', id]);

      assert.deepStrictEqual([code, stdout], [0, 'Recording\n'], stderr);
      assert.match(stderr, new RegExp(`, ${version.replace('.', '\\.')}, [\\w-]+, certificate verified`));
    });
  }
}

// hostile.test.js has every certificate that is refused; these tests are about the output of `wmrec`.

const bad = {
  'expired': 'certificate-expired',
  'not-yet-valid': 'certificate-not-yet-valid',
  'other-host': 'certificate-host',
  'unknown-issuer': 'certificate-issuer',
  'weak-key': 'certificate-weak',
  'critical-unknown': 'certificate',
};

for (const [name, error] of Object.entries(bad)) {
  test(`the certificate "${name}" is refused (${error}), and the key is not sent`, async (t) => {
    await refused(await answering(t, says('Recording'), { certificate: name }), error);
  });
}

test('a certificate that is refused for the first id is refused for the second', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: 'expired' });

  assert.strictEqual((await ask(server, [id, id])).code, 69);
  await server.quiet();
  assert.strictEqual(server.received, '');
});

const messages = {
  'expired': /has expired/,
  'not-yet-valid': /not valid yet.*Check the date of this machine/,
  'other-host': /for another host/,
  'unknown-issuer': /issued by nobody trusted.*give its root certificate with --cacert FILE/,
  'weak-key': /weak key or signature/,
};

for (const [name, message] of Object.entries(messages)) {
  test(`the message about "${name}" says ${message}; mbedTLS's error number is in it with -v only`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name });
    const { stderr } = await ask(server);

    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /mbedTLS/);
    assert.match((await ask(server, ['-v', id])).stderr, /\(mbedTLS error -0x[0-9a-f]{4}\)/);
  });
}

// Host names and addresses.

for (const host of ['127.0.0.1', '::1', 'localhost', 'LOCALHOST', 'localhost.', '127.0.0.1.']) {
  test(`a certificate for localhost, 127.0.0.1 and ::1 is accepted for ${host}`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const [where, options] = as(server, host);

    assert.strictEqual((await ask(where, [...options, id])).stdout, 'Stopped\n');
  });
}

for (const host of ['127.0.0.2', '127.0.0.2.', '::2', '::ffff:127.0.0.1', 'localhost.example.test', 'xlocalhost', 'localhos',
  'localhost..', '.localhost', 'localhost..x', '.', '..']) {
  test(`a certificate for localhost, 127.0.0.1 and ::1 is refused for ${host}`, async (t) => {
    const server = await answering(t, says('Stopped'));

    await refused(server, 'certificate-host', as(server, host));
  });
}

for (const host of ['127.0.0.1', '127.0.0.1.']) {
  test(`an address in a dNSName is not accepted as the address ${host}`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: 'address-as-name' });

    await refused(server, 'certificate-host', as(server, host));
  });
}

for (const name of ['uri-only', 'name-only']) {
  test(`the certificate "${name}" has no iPAddress 127.0.0.1, and is refused for that host`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name });

    await refused(server, 'certificate-host', as(server, '127.0.0.1'));
  });
}

for (const name of ['uri-only', 'uri-and-other', 'address-only']) {
  test(`the certificate "${name}" has no dNSName localhost, and is refused for that host`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name });

    await refused(server, 'certificate-host');
  });
}

for (const host of ['a.example.test', 'A.EXAMPLE.test']) {
  test(`a certificate with a URI of ${host}, and with names of other hosts, is refused for that host`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: 'uri-wildcard' });

    await refused(server, 'certificate-host', as(server, host));
  });
}

for (const host of ['127.0.0.1', '::1']) {
  test(`a certificate with addresses only is accepted for ${host}`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: 'address-only' });
    const [where, options] = as(server, host);

    assert.strictEqual((await ask(where, [...options, id])).stdout, 'Stopped\n');
  });
}

test('a wildcard matches one label', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'wildcard' });
  const [where, options] = as(server, 'a.example.test');

  assert.strictEqual((await ask(where, [...options, id])).stdout, 'Stopped\n');
});

for (const host of ['example.test', 'a.b.example.test', '.example.test', 'example.test.', 'a.example.tes']) {
  test(`the wildcard *.example.test does not match ${host}`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: 'wildcard' });

    await refused(server, 'certificate-host', as(server, host));
  });
}

// Trust.

test('a self-signed certificate is trusted if it is in the CA file', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'self-signed' });

  assert.strictEqual((await ask(server, [...trusting('self-signed.crt'), id])).stdout, 'Stopped\n');
});

test('a self-signed certificate in the CA file is refused for another host', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'self-signed' });
  const [where, options] = as(server, 'other.example.test');

  await refused(server, 'certificate-host', [where, [...options, ...trusting('self-signed.crt')]]);
});

for (const name of ['expired', 'not-yet-valid', 'weak-key']) {
  test(`the certificate "${name}" is refused although it is in the CA file`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name });

    await refused(server, bad[name], [server, trusting(`${name}.crt`, 'root.crt')]);
  });
}

test('a certificate is refused if only the root of another authority is trusted', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'ec' });

  await refused(server, 'certificate-issuer', [server, trusting('root-rsa.crt')]);
});

test('an intermediate certificate in the CA file is trusted as a root', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'missing-intermediate' });

  assert.strictEqual((await ask(server, [...trusting('middle.crt'), id])).stdout, 'Stopped\n');
});

test('a root that the server sends does not make it trusted or untrusted', async (t) => {
  const chain = (name, root) => Buffer.concat([`${name}.pem`, root].map((part) => fs.readFileSync(certificate(part))));
  const known = await answering(t, says('Stopped'), { certificate: 'ec', cert: chain('ec', 'root.crt') });
  const stranger = await answering(t, says('Stopped'),
    { certificate: 'unknown-issuer', cert: chain('unknown-issuer', 'root-stranger.crt') });

  assert.strictEqual((await ask(known)).stdout, 'Stopped\n');
  await refused(stranger, 'certificate-issuer');
});

for (const name of ['emailProtection', 'loose-names']) {
  test(`the limits of an issuer apply also if it is a trusted root (${name})`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: `below-${name}` });

    await refused(server, 'certificate', [server, trusting(`middle-${name}.crt`)]);
  });
}

test('OpenSSL accepts the same lists of certificates, whatever their order', () => {
  for (const [name, , [server, ...others], verdict] of chains) {
    const untrusted = file(others.map((one) => fs.readFileSync(certificate(`${one}.crt`), 'latin1')).join(''));
    const { status, stderr } = spawnSync('openssl', ['verify', '-purpose', 'sslserver', '-CAfile', certificate('more-roots.pem'),
      '-untrusted', untrusted, certificate(`${server}.crt`)], { encoding: 'utf8' });

    assert.strictEqual(status === 0, verdict === 'asked: ok', `${name}: ${stderr}`);
  }
});

test('of two roots with the same name, the one that signed is found', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'ec' });
  const twin = certificate('twin.crt');

  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256', '-nodes', '-keyout', certificate('twin.key'), '-out', twin, '-subj', '/CN=root'],
  { stdio: 'ignore' });
  assert.strictEqual((await ask(server, [...trusting('twin.crt', 'root.crt'), id])).stdout, 'Stopped\n');
  assert.strictEqual((await ask(server, [...trusting('root.crt', 'twin.crt'), id])).stdout, 'Stopped\n');

  const alone = await answering(t, says('Stopped'), { certificate: 'ec' });
  await refused(alone, 'certificate-issuer', [alone, trusting('twin.crt')]);
});
