// Servers with bad certificates of every kind, and with some good ones.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const { certificate } = require('../../e2e/support');
const chains = require('./chains');
const { but, certificate13, der, message, number, showing, tls12, tls13, vector } = require('./scripted');

/** The flights of TLS 1.2 and 1.3, which must have the same verdict. */
const both = (name, files) => [showing(tls12, name, files), showing(tls13, name, files)];

/** The flights with a list of certificates that make(peer) returns, in DER. */
function sending(make) {
  return [
    but(tls12, { certificate: (peer) => peer.say(message.certificate, vector(3, ...make(peer).map((one) => vector(3, one)))) }),
    but(tls13, { certificate: (peer) => peer.say(message.certificate, certificate13(make(peer))) }),
  ];
}

function changed(bytes, change) {
  const copy = Buffer.from(bytes);

  change(copy);
  return copy;
}

/** A certificate after a change that keeps its length, signed again by the root "root". */
function signedAgain(file, change) {
  const old = changed(der(file), change);
  const tbs = old.subarray(4, 8 + old.readUInt16BE(6));
  const signature = crypto.sign('sha256', tbs, fs.readFileSync(certificate('root.key')));
  const rest = Buffer.concat([tbs, Buffer.from('300a', 'hex'), algorithm, Buffer.from([3, signature.length + 1, 0]), signature]);

  return Buffer.concat([Buffer.from([0x30, 0x82]), number(2, rest.length), rest]);
}

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256: twice in a certificate; the second one is not signed. */
const algorithm = Buffer.from('06082a8648ce3d040302', 'hex');

const ok = 'asked: ok';
const refused = (name) => `certificate-${name}`;

// Each row: its name, what the server does, its flights, and the verdict, or those of desktop, device and small.
module.exports = [
  ['ec', 'a certificate of P-256', both('ec'), ok],
  ['ec-chain', 'P-256 with an intermediate certificate', both('ec-chain'), ok],
  ['rsa', 'a certificate of RSA-2048', both('rsa'), ok],
  ['rsa-3', 'RSA-2048 with two intermediate certificates, below an RSA-4096 root', both('rsa-3'), ok],

  // Validity.
  ['expired', 'expired in 2024', both('expired'), refused('expired')],
  ['not-yet-valid', 'valid from 2098', both('not-yet-valid'), refused('not-yet-valid')],
  ['backwards', 'valid from 2098 until 2020', both('backwards'), refused('expired')],
  ['endless', 'valid until 9999', both('endless'), ok],
  ['expired-intermediate', 'its issuer has expired', both('expired-intermediate'), refused('expired')],
  ['expired-root', 'the trusted root has expired', both('expired-root'), refused('expired')],

  // Names.
  ['other-host', 'for another host', both('other-host'), refused('host')],
  ['common-name-only', 'the host only in the common name', both('common-name-only'), refused('host')],
  ['no-names', 'an empty list of names', both('no-names'), refused('host')],
  ['mail-only', 'the host in an e-mail address and a URI', both('mail-only'), refused('host')],
  ['uri-only', 'the host as a URI', both('uri-only'), refused('host')],
  ['uri-and-other', 'the host as a URI, and the name of another host', both('uri-and-other'), refused('host')],
  ['uri-and-same', 'the host as a URI and as a dNSName', both('uri-and-same'), ok],
  ['mail-of-host', 'the host in an rfc822Name', both('mail-of-host'), refused('host')],
  ['other-kinds', 'the host in names of other types: otherName, directoryName', both('other-kinds'), refused('host')],
  ['address-only', 'the addresses of the host, but not its name', both('address-only'), refused('host')],
  ['address-of-letters', 'the name of the host as the bytes of an iPAddress', both('address-of-letters'), 'certificate'],
  ['address-long', 'an iPAddress of address and mask', both('address-long'), 'certificate'],
  ['address-short', 'an iPAddress of three bytes', both('address-short'), 'certificate'],
  ['wildcard', 'a wildcard for another domain', both('wildcard'), refused('host')],
  ['star', 'the wildcard *', both('star'), refused('host')],
  ['star-in-label', 'the wildcards loc*, *host and l*t', both('star-in-label'), refused('host')],
  ['nul-in-name', 'the name localhost, NUL, .example.test', both('nul-in-name'), refused('host')],
  ['names-30', 'the host after 30 other names', both('names-30'), ok],
  ['names-200', 'the host after 200 other names, 5 KB', both('names-200'), ok],
  ['names-400', 'the host after 400 other names, 9 KB', both('names-400'), [ok, 'tls-memory', 'tls']],
  ['names-1000', 'the host after 1,000 other names, 23 KB', both('names-1000'), 'tls'],

  // Issuers.
  ['self-signed', 'self-signed', both('self-signed'), refused('issuer')],
  ['unknown-issuer', 'issued by a root that is not trusted', both('unknown-issuer'), refused('issuer')],
  ['unknown-issuer-root', 'issued by a root that is not trusted, which is sent too',
    both('unknown-issuer', ['unknown-issuer.crt', 'root-stranger.crt']), refused('issuer')],
  ['impostor', 'issued by a root that has the name of a trusted one', both('below-impostor'), refused('issuer')],
  ['impostor-root', 'issued by a root that has the name of a trusted one, which is sent too',
    both('below-impostor', ['below-impostor.crt', 'root-impostor.crt']), refused('issuer')],
  ['signature-flipped', 'a bit of the signature is flipped',
    sending(() => [changed(der('ec.crt'), (bytes) => { bytes[bytes.length - 3] ^= 1; })]), refused('issuer')],
  ['content-flipped', 'a bit of the key is flipped: not a point of the curve', sending(() => [changed(der('ec.crt'), (bytes) => {
    bytes[bytes.indexOf('034200', 'hex') + 20] ^= 1;
  })]), 'tls'],
  ['no-authority', 'its issuer has CA:FALSE', both('no-authority'), refused('issuer')],
  ['below-leaf', 'issued by the certificate of a server', both('below-leaf'), refused('issuer')],
  ['below-version-1', 'issued by a certificate of version 1', both('below-version-1'), refused('issuer')],
  ['below-no-signing', 'its issuer may not sign certificates', both('below-no-signing'), refused('issuer')],
  ['below-client-only', 'its issuer is for clients only', both('below-client-only'), 'certificate'],
  ['below-emailProtection', 'its issuer is for e-mail only', both('below-emailProtection'), 'certificate'],
  ['two-below-mail', 'the issuer of its issuer is for e-mail only', both('two-below-mail'), 'certificate'],
  ['below-root-mail-only', 'the trusted root is for e-mail only', both('below-root-mail-only'), 'certificate'],
  ['below-serverAuth', 'its issuer is for servers', both('below-serverAuth'), ok],
  ['below-anyExtendedKeyUsage', 'its issuer is for any purpose', both('below-anyExtendedKeyUsage'), ok],
  ['below-critical-unknown', 'its issuer has an unknown critical extension', both('below-critical-unknown'), 'certificate'],
  ['too-long-a-path', 'a path that is longer than pathlen:0 allows', both('too-long-a-path'), refused('issuer')],
  ['below-other-names', 'the name constraints of its issuer exclude the host', both('below-other-names'), 'certificate'],
  ['below-same-names', 'the name constraints of its issuer allow the host; mbedTLS does not support them',
    both('below-same-names'), 'certificate'],
  ['below-loose-names', 'name constraints that exclude the host; they are not critical, against RFC 5280', both('below-loose-names'), 'certificate'],
  ['below-loose-same-names', 'name constraints that allow the host, not critical', both('below-loose-same-names'), 'certificate'],
  ['below-loose-excluded', 'name constraints with the host among the excluded names, not critical', both('below-loose-excluded'), 'certificate'],
  ['below-root-loose-names', 'the trusted root has name constraints, not critical', both('below-root-loose-names'), 'certificate'],
  ['below-root-names', 'the trusted root has critical name constraints: mbedTLS does not read it', both('below-root-names'), refused('issuer')],

  // Chains.
  ['missing-intermediate', 'the intermediate certificate is not sent', both('missing-intermediate'), refused('issuer')],
  ...chains.map(([name, what, sent, verdict]) => [name, what, both(sent[0], sent.map((one) => `${one}.crt`)), verdict]),
  ['intermediate-first', 'the certificate of the server is not the first one', both('ec-chain', ['middle.crt', 'ec-chain.crt']), refused('host')],
  ['root-sent', 'the root is sent too', both('ec', ['ec.crt', 'root.crt']), ok],
  ['stranger-in-chain', 'an unrelated self-signed certificate in the chain',
    both('ec-chain', ['ec-chain.crt', 'self-signed.crt', 'middle.crt']), ok],
  ['extra', 'five certificates too many',
    both('ec-chain', ['ec-chain.crt', 'middle.crt', 'expired.crt', 'self-signed.crt', 'root-stranger.crt', 'middle-last.crt', 'ec.crt']), ok],
  ['same-twice', 'the same certificate three times', both('ec', ['ec.crt', 'ec.crt', 'ec.crt']), ok],
  ['looped', 'two issuers that have issued each other', both('looped'), refused('issuer')],
  ['deep-8', 'eight intermediate certificates', both('deep-below-8'), ok],
  ['deep-9', 'nine intermediate certificates: more than mbedTLS accepts', both('deep-below-9'), 'certificate'],
  ['forty', 'forty RSA certificates, 30 KB', both('ec', ['ec.crt', ...Array(40).fill('root-rsa.crt')]), 'tls'],

  // Purpose.
  ['client-only', 'for clients only', both('client-only'), 'certificate'],
  ['any-purpose', 'for any purpose', both('any-purpose'), ok],
  ['no-signing', 'its key may not sign', both('no-signing'), 'certificate'],
  ['authority', 'the certificate of an authority', both('authority'), ok],
  ['critical-unknown', 'an unknown critical extension', both('critical-unknown'), 'certificate'],
  ['unknown', 'an unknown extension', both('unknown'), ok],
  ['extension-twice', 'an extension twice', sending(() => [signedAgain('extension-twice.crt', (bytes) => {
    bytes[bytes.lastIndexOf(Buffer.from('551d63', 'hex')) + 2] = 19; // becomes the number of the other one
  })]), 'certificate'],
  ['version-1', 'version 1: no extensions', both('version-1'), refused('host')],

  // Keys.
  ['weak-key', 'RSA-1024', both('weak-key'), refused('weak')],
  ['below-weak-root', 'below a trusted root of RSA-1024', both('below-weak-root'), refused('weak')],
  ['key-4096', 'RSA-4096', both('key-4096'), ok],
  ['key-8192', 'RSA-8192', both('key-8192'), 'tls'],
  ['key-e3', 'RSA-2048 with the exponent 3', both('key-e3'), ok],
  ['key-pss', 'a key for RSA-PSS only', both('key-pss'), 'certificate'],
  ['key-p384', 'P-384', both('key-p384'), ok],
  ['key-p521', 'P-521', both('key-p521'), [ok, ok, 'certificate']],
  ['key-p224', 'P-224', both('key-p224'), 'certificate'],
  ['key-k256', 'secp256k1', both('key-k256'), 'certificate'],
  ['key-brainpool', 'brainpoolP256r1', both('key-brainpool'), 'certificate'],
  ['key-explicit', 'P-256 with explicit parameters (CVE-2020-0601)', both('key-explicit'), 'tls'],
  ['key-compressed', 'P-256 with a compressed point', both('key-compressed'), ok],
  ['key-ed25519', 'Ed25519', both('key-ed25519'), 'certificate'],
  ['key-ed448', 'Ed448', both('key-ed448'), 'certificate'],

  // Signatures.
  ['weak-signature', 'signed by SHA-1', both('weak-signature'), refused('weak')],
  ['signed-md5', 'signed by MD5', both('signed-md5'), refused('weak')],
  ['signed-sha224', 'signed by SHA-224', both('signed-sha224'), refused('weak')],
  ['signed-sha384', 'signed by SHA-384', both('signed-sha384'), ok],
  ['signed-sha512', 'signed by SHA-512', both('signed-sha512'), ok],
  ['signed-sha3-256', 'signed by SHA3-256', both('signed-sha3-256'), refused('weak')],
  ['signed-pss', 'signed by RSA-PSS', both('signed-pss'), [ok, ok, 'certificate']],
  ['below-sha1-root', 'below a trusted root with a signature by SHA-1',
    both('below-sha1-root'), [ok, refused('issuer'), refused('issuer')]],
  ['algorithms-differ', 'the two algorithms of the signature differ', sending(() => [changed(der('ec.crt'), (bytes) => {
    bytes[bytes.lastIndexOf(algorithm) + 9] = 3;
  })]), 'certificate'],

  // Malformed certificates.
  ['none', 'an empty list; under TLS 1.3, mbedTLS reports an alert',
    sending(() => []), ['tls / tls-refused', 'tls / tls-refused', 'tls']],
  ['empty', 'a certificate of 0 bytes', sending(() => [Buffer.alloc(0)]), 'tls'],
  ['text', 'a text in place of a certificate', sending(() => [Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(10))]), 'certificate'],
  ['cut', 'a certificate without its last byte', sending(() => [der('ec.crt').subarray(0, -1)]), 'certificate'],
  ['trailing', 'a byte after the certificate', sending(() => [Buffer.concat([der('ec.crt'), Buffer.alloc(1)])]), ok],
  ['zeros', '8,000 zeros', sending(() => [Buffer.alloc(8000)]), 'certificate'],
  ['nested', '4,000 nested sequences',
    sending(() => [Buffer.concat(Array.from({ length: 4000 }, () => Buffer.from([0x30, 0x80])))]), 'certificate'],
];
