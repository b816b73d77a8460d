// Another configuration of mbedTLS than ours: what wmrec refuses to compile, and to do. The other files of tests run with such
// configurations, too: see foreign.mk.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { X509Certificate } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, file, key, run, says, useAllCertificates } = require('../e2e/support');
const { built, temporaryFolder, top } = require('../e2e/wiremock');

useAllCertificates();

const mbedtls = process.env.MBEDTLS_DIR ?? built('mbedtls-source');

/** Compiles text in C with mbedTLS's default configuration, changed by these lines; returns the messages of the compiler. */
function messages(text, changes, include = path.join(mbedtls, 'include')) {
  const config = file(changes.join('\n'));
  const source = path.join(temporaryFolder(), 'program.c');

  fs.writeFileSync(source, text);
  return spawnSync('cc', ['-fsyntax-only', '-Icore', '-Iport', '-Iport/mbedtls', '-isystem', include,
    `-DMBEDTLS_USER_CONFIG_FILE="${config}"`, source], { cwd: top, encoding: 'utf8' }).stderr;
}

const port = '#include "tls.c"\n';
const undef = (...names) => names.map((name) => `#undef MBEDTLS_${name}`);
const without13 = undef('SSL_PROTO_TLS1_3', 'SSL_TLS1_3_COMPATIBILITY_MODE', 'SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ENABLED',
  'SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED', 'SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED');
const refusedConfigurations = {
  'no TLS client': [undef('SSL_CLI_C'), /turn on MBEDTLS_SSL_TLS_C and MBEDTLS_SSL_CLI_C/],
  'no certificates': [undef('X509_CRT_PARSE_C'), /turn on MBEDTLS_X509_CRT_PARSE_C/],
  'no SNI': [undef('SSL_SERVER_NAME_INDICATION'), /turn on MBEDTLS_SSL_SERVER_NAME_INDICATION/],
  'no forward secrecy': [[...without13, ...undef('KEY_EXCHANGE_ECDHE_RSA_ENABLED', 'KEY_EXCHANGE_ECDHE_ECDSA_ENABLED')],
    /needs forward secrecy: turn on MBEDTLS_SSL_PROTO_TLS1_3, or/],
  'no randomness': [['#define MBEDTLS_TEST_NULL_ENTROPY'], /turn off MBEDTLS_TEST_NULL_ENTROPY/],
  'neither PSA nor a generator': [[...without13, ...undef('PSA_CRYPTO_C', 'PSA_CRYPTO_STORAGE_C', 'CTR_DRBG_C')],
    /turn on MBEDTLS_PSA_CRYPTO_C, or MBEDTLS_ENTROPY_C, MBEDTLS_CTR_DRBG_C/],
};

test('the default configuration compiles', () => {
  assert.strictEqual(messages(port, []), '');
});

for (const [what, [changes, said]] of Object.entries(refusedConfigurations)) {
  test(`with ${what}, an #error says what to change`, () => {
    assert.match(messages(port, changes), said);
  });
}

test('an mbedTLS that is too old is an #error', () => {
  const folder = path.join(temporaryFolder(), 'old');

  fs.mkdirSync(path.join(folder, 'mbedtls'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'mbedtls/version.h'), '#define MBEDTLS_VERSION_NUMBER 0x021C0A00\n'); // 2.28.10
  assert.match(messages('#include "tls.h"\n', [], folder), /too old: wmrec needs 3\.6 or 4\.x/);
});

test('an arena for an mbedTLS of somebody else is an #error', () => {
  assert.match(messages('#include "tls_platform.h"\n', []), /memory and random numbers come from mbedTLS itself/);
});

test('a limit of memory for a connection is not a member of struct wmrec_tls', () => {
  assert.match(messages('#include "tls.h"\nstruct wmrec_tls tls = {.memory_limit = 1};\n', []), /has no member named .memory_limit./);
});

const today = `${Math.floor(Date.now() / 1000)}`;

/** Connects to a server with a program of foreign.mk; returns the name of the result. */
async function connect(server, name, clock, roots = certificate('roots.pem'), environment = {}) {
  const { code, stdout, stderr } = await run(built(`foreign/${name}/probe`),
    ['localhost', `${server.port}`, roots, clock, '/dev/null', '0', '1'], { environment: { WMC_API_TOKEN: key, ...environment } });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.split(' ')[1];
}

test('without a clock of the program: mbedTLS has the date; if its configuration has none, tls-setup, and nothing is sent', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual(await connect(server, 'default', 'none'), 'ok');
  assert.strictEqual(await connect(server, 'debian-shared', 'none'), 'ok');
  const connections = server.connections;
  assert.strictEqual(await connect(server, 'lean', 'none'), 'tls-setup');
  assert.strictEqual(server.connections, connections);
});

test('roots that mbedTLS cannot parse are not trusted: tls-roots where all are parsed first, certificate-issuer with the callback', async (t) => {
  const server = await answering(t, says('Recording'));
  const der = new X509Certificate(fs.readFileSync(certificate('root.crt'))).raw;
  const unknown = Buffer.from(der.toString('hex').replaceAll('2a8648ce3d040302', '2a8648ce3d04037f'), 'hex'); // the signature's algorithm
  const roots = file(`-----BEGIN CERTIFICATE-----\n${unknown.toString('base64')}\n-----END CERTIFICATE-----\n`);

  assert.strictEqual(await connect(server, 'default', today, roots), 'tls-roots');
  assert.strictEqual(await connect(server, 'debian-shared', today, roots), 'tls-roots');
  assert.strictEqual(await connect(server, 'lean', today, roots), 'certificate-issuer');
  await server.quiet();
  assert.strictEqual(server.received, '');
});

for (const name of ['default', 'lean', 'debian-static', 'debian-shared']) {
  test(`${name}: roots that the program has parsed are trusted, and no others`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: 'rsa-3', maxVersion: 'TLSv1.2' });
    const parsed = { PROBE_CHAIN: '1', ASAN_OPTIONS: 'detect_leaks=0' }; // the list lives as long as the program

    assert.strictEqual(await connect(server, name, today, certificate('roots.pem'), parsed), 'ok');
    const { received } = server;
    assert.strictEqual(await connect(server, name, today, certificate('root-stranger.crt'), parsed), 'certificate-issuer');
    await server.quiet();
    assert.strictEqual(server.received, received);
  });
}

const refused = {
  'certificate-expired': { certificate: 'expired' },
  'certificate-not-yet-valid': { certificate: 'not-yet-valid' },
  'certificate-host': { certificate: 'other-host' },
  'certificate-issuer': { certificate: 'unknown-issuer' },
  'certificate-weak': { certificate: 'weak-key' },
};

for (const name of ['default', 'lean', 'debian-static', 'debian-shared']) {
  for (const [result, settings] of Object.entries(refused)) {
    test(`${name}: a server with the certificate "${settings.certificate}" is refused, and gets no request`, async (t) => {
      const server = await answering(t, says('Recording'), { ...settings, maxVersion: 'TLSv1.2' });

      assert.strictEqual(await connect(server, name, today), result);
      await server.quiet();
      assert.strictEqual(server.received, '');
    });
  }

  for (const ciphers of ['AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-GCM-SHA256']) {
    test(`${name}: a server that has only ${ciphers} is refused, although this mbedTLS supports it`, async (t) => {
      const server = await answering(t, says('Recording'),
        { certificate: 'rsa', maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0`, dhparam: 'auto' });

      assert.strictEqual(await connect(server, name, today), 'tls-refused');
      assert.strictEqual(server.received, '');
    });
  }
}
