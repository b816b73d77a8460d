// examples/lamp/flash_roots.sh: the trusted roots that are built into a firmware are the given ones, byte for byte; a root that the
// lamp cannot use is refused.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { X509Certificate } = require('node:crypto');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, file, run, useAllCertificates } = require('../e2e/support');
const { temporaryFolder, top } = require('../e2e/wiremock');

useAllCertificates();

const lamp = path.join(top, 'examples/lamp');
const newFolder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'roots-'));

/** Makes the table of these roots: { code, stdout, stderr, target }, where target is its file. */
async function make(roots, { script = path.join(lamp, 'flash_roots.sh'), target = path.join(newFolder(), 'roots.c') } = {}) {
  return { ...await run('sh', [script, target, ...roots]), target };
}

/** The bytes of a table; its source must have nothing but the table and comments. */
function bytesOf(target) {
  const source = fs.readFileSync(target, 'latin1').replace(/\/\*.*?\*\//g, '');
  const [, table] = /^\s*#include "flash_roots\.h"\s*static const unsigned char der\[\] = \{((?:\s*0x[0-9a-f]{2},)*)\s*0\};\s*const struct wmrec_der_roots flash_roots = \{der, sizeof der - 1\};\s*$/.exec(source);

  return Buffer.from(table.replace(/0x|[\s,]/g, ''), 'hex');
}

/** Makes a new root; returns its file. */
function newRoot(...options) {
  const folder = newFolder();

  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=root', '-keyout', path.join(folder, 'key'), '-out',
    path.join(folder, 'root.pem'), ...options], { stdio: 'ignore' });
  return path.join(folder, 'root.pem');
}

const ec = (curve) => ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`];

test('the table has the roots as DER, in the order given; key, end of validity and subject of each are printed', async () => {
  const files = ['root-4096.crt', 'root.crt', 'root-rsa.crt'].map(certificate);
  const { code, stdout, stderr, target } = await make(files);
  const ders = files.map((name) => new X509Certificate(fs.readFileSync(name)).raw);
  const shown = ['RSA-4096, until 2099-12-31, CN=root-4096', 'P-256, until 2099-12-31, CN=root', 'RSA-2048, until 2099-12-31, CN=root-rsa'];

  assert.deepStrictEqual([code, stderr], [0, '']);
  assert.deepStrictEqual(bytesOf(target), Buffer.concat(ders));
  assert.deepStrictEqual(stdout.trim().split(/\n */), [...shown.map((text, index) => `${ders[index].length} bytes, ${text}`),
    `${Buffer.concat(ders).length} bytes: 3 roots that the firmware trusts, in addition to those in the settings`]);
});

test('a root in DER is accepted', async () => {
  const { raw } = new X509Certificate(fs.readFileSync(certificate('root.crt')));
  const { code, target } = await make([file(raw)]);

  assert.deepStrictEqual([code, bytesOf(target)], [0, raw]);
});

test('without roots, the table is empty', async () => {
  const { code, target } = await make([]);

  assert.deepStrictEqual([code, bytesOf(target)], [0, Buffer.alloc(0)]);
});

test('the default roots are those of flash_roots.txt, with its digests', async () => {
  const { code, stdout } = await make(['default']);
  const names = fs.readFileSync(path.join(lamp, 'flash_roots.txt'), 'utf8').match(/^[0-9a-f]{64} .*$/gm);

  assert.strictEqual(code, 0);
  assert.strictEqual(names.length, 9);
  assert.match(stdout, / 9 roots /);
});

test('a default root whose digest is not that of flash_roots.txt is refused', async () => {
  const folder = newFolder();
  const list = fs.readFileSync(path.join(lamp, 'flash_roots.txt'), 'latin1');

  fs.copyFileSync(path.join(lamp, 'flash_roots.sh'), path.join(folder, 'flash_roots.sh'));
  fs.writeFileSync(path.join(folder, 'flash_roots.txt'), list.replace('ISRG_Root_X2.crt', 'GTS_Root_R3.crt'));
  const { code, stderr, target } = await make(['default'], { script: path.join(folder, 'flash_roots.sh') });

  assert.strictEqual(code, 1);
  assert.match(stderr, /GTS_Root_R3\.crt: differs from the certificate in flash_roots\.txt/);
  assert.ok(!fs.existsSync(target));
});

test('a subject cannot end the comment that it is in', async () => {
  const root = newRoot(...ec('P-256'), '-subj', '/CN=*\\/ 1, \\/*\\\\');
  const { code, target } = await make([root]);

  assert.deepStrictEqual([code, bytesOf(target)], [0, new X509Certificate(fs.readFileSync(root)).raw]);
});

test('a table that would not change is not written, so that nothing is rebuilt', async () => {
  const { target } = await make([certificate('root.crt')]);

  fs.utimesSync(target, 1, 1);
  await make([certificate('root.crt')], { target });
  assert.strictEqual(fs.statSync(target).mtimeMs, 1000);
  await make([certificate('root-rsa.crt')], { target });
  assert.notStrictEqual(fs.statSync(target).mtimeMs, 1000);
});

const refused = [
  // what, its file, message
  ['an expired root', () => certificate('root-expired.crt'), /the certificate has expired/],
  ['a certificate of a server', () => certificate('ec.crt'), /not the certificate of an authority/],
  ['a self-signed certificate of a server', () => certificate('self-signed.crt'), /not the certificate of an authority/],
  ['several certificates in one file', () => certificate('roots.pem'), /more than one certificate/],
  ['a key', () => certificate('ec.key'), /not a certificate/],
  ['a file that is missing', () => '/nowhere/root.pem', /no such file/],
  ['a key of RSA-1024', () => newRoot('-newkey', 'rsa:1024'), /the lamp does not support its key: rsaEncryption 1024/],
  ['a key of Ed25519', () => newRoot('-newkey', 'ed25519'), /the lamp does not support its signature algorithm: ED25519/],
  ['a key of a curve that is not one of NIST', () => newRoot(...ec('brainpoolP256r1')), /the lamp does not support its key: id-ecPublicKey 256/],
  ['a signature by SHA-1', () => newRoot('-newkey', 'rsa:2048', '-sha1'), /the lamp does not support its signature algorithm: sha1WithRSAEncryption/],
];

for (const [what, name, message] of refused) {
  test(`${what} is refused, and the table is not changed`, async () => {
    const { target } = await make([certificate('root.crt')]);
    const before = fs.readFileSync(target);
    const { code, stderr } = await make([certificate('root.crt'), name()], { target });

    assert.strictEqual(code, 1);
    assert.match(stderr, message);
    assert.deepStrictEqual(fs.readFileSync(target), before);
    assert.deepStrictEqual(fs.readdirSync(path.dirname(target)), ['roots.c']);
  });
}
