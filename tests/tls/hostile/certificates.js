// Servers with certificates of every kind of wrong, and of some kinds of right.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const { certificate } = require('../../e2e/support');
const { but, certificate13, der, message, number, showing, tls12, tls13, vector } = require('./scripted');

/** Of TLS 1.2 and of 1.3: the verdict must be the same. */
const both = (name, files) => [showing(tls12, name, files), showing(tls13, name, files)];

/** With a list that is no list of files: entries, in DER. */
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

/** Of a certificate that was changed, within its length, what the root "root" would have signed. */
function signedAgain(file, change) {
  const old = changed(der(file), change);
  const tbs = old.subarray(4, 8 + old.readUInt16BE(6));
  const signature = crypto.sign('sha256', tbs, fs.readFileSync(certificate('root.key')));
  const rest = Buffer.concat([tbs, Buffer.from('300a', 'hex'), algorithm, Buffer.from([3, signature.length + 1, 0]), signature]);

  return Buffer.concat([Buffer.from([0x30, 0x82]), number(2, rest.length), rest]);
}

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256; the second one is outside of what is signed. */
const algorithm = Buffer.from('06082a8648ce3d040302', 'hex');

const ok = 'asked: ok';
const kept = (name) => `certificate-${name}`;

// Each: its name, what the server does, its flights, and the verdict, or those of desktop, device and small.
module.exports = [
  ['ec', 'a certificate of P-256', both('ec'), ok],
  ['ec-chain', 'with an intermediate one', both('ec-chain'), ok],
  ['rsa', 'a certificate of RSA-2048', both('rsa'), ok],
  ['rsa-3', 'RSA-2048 with two intermediate ones, below RSA-4096', both('rsa-3'), ok],

  // When.
  ['expired', 'ended in 2024', both('expired'), kept('expired')],
  ['not-yet-valid', 'begins in 2098', both('not-yet-valid'), kept('not-yet-valid')],
  ['backwards', 'begins in 2098, ended in 2020', both('backwards'), kept('expired')],
  ['endless', 'ends in 9999', both('endless'), ok],
  ['expired-intermediate', 'its issuer has expired', both('expired-intermediate'), kept('expired')],
  ['expired-root', 'the trusted root has expired', both('expired-root'), kept('expired')],

  // Whose.
  ['other-host', 'for another host', both('other-host'), kept('host')],
  ['common-name-only', 'the host as common name only', both('common-name-only'), kept('host')],
  ['no-names', 'an empty list of names', both('no-names'), kept('host')],
  ['mail-only', 'the host in an e-mail address and a URI', both('mail-only'), kept('host')],
  ['uri-only', 'the host as a URI', both('uri-only'), kept('host')],
  ['uri-and-other', 'the host as a URI, and another host\'s name', both('uri-and-other'), kept('host')],
  ['uri-and-same', 'the host as a URI, and as a name', both('uri-and-same'), ok],
  ['mail-of-host', 'the host where an e-mail address stands', both('mail-of-host'), kept('host')],
  ['other-kinds', 'the host as names of other kinds: otherName, directoryName', both('other-kinds'), kept('host')],
  ['address-only', 'the host\'s addresses, where its name was asked for', both('address-only'), kept('host')],
  ['address-of-letters', 'the host\'s name in place of the bytes of an address', both('address-of-letters'), 'certificate'],
  ['address-long', 'an address and its mask, in place of an address', both('address-long'), 'certificate'],
  ['address-short', 'an address of three bytes', both('address-short'), 'certificate'],
  ['wildcard', 'a wildcard for another domain', both('wildcard'), kept('host')],
  ['star', 'the wildcard *', both('star'), kept('host')],
  ['star-in-label', 'the wildcards loc*, *host and l*t', both('star-in-label'), kept('host')],
  ['nul-in-name', 'localhost, NUL, .example.test', both('nul-in-name'), kept('host')],
  ['names-30', 'the host behind 30 other names', both('names-30'), ok],
  ['names-200', 'the host behind 200 other names, 5 KB', both('names-200'), ok],
  ['names-400', 'behind 400, 9 KB', both('names-400'), [ok, 'tls-memory', 'tls']],
  ['names-1000', 'the host behind 1,000 other names, 23 KB', both('names-1000'), 'tls'],

  // By whom.
  ['self-signed', 'signed by itself', both('self-signed'), kept('issuer')],
  ['unknown-issuer', 'signed by a root that is not trusted', both('unknown-issuer'), kept('issuer')],
  ['unknown-issuer-root', 'and that root sent with it',
    both('unknown-issuer', ['unknown-issuer.crt', 'root-stranger.crt']), kept('issuer')],
  ['impostor', 'signed by a root that only has a trusted one\'s name', both('below-impostor'), kept('issuer')],
  ['impostor-root', 'and that root sent with it',
    both('below-impostor', ['below-impostor.crt', 'root-impostor.crt']), kept('issuer')],
  ['signature-flipped', 'a bit of the signature flipped',
    sending(() => [changed(der('ec.crt'), (bytes) => { bytes[bytes.length - 3] ^= 1; })]), kept('issuer')],
  ['content-flipped', 'a bit of the key flipped: no point of the curve', sending(() => [changed(der('ec.crt'), (bytes) => {
    bytes[bytes.indexOf('034200', 'hex') + 20] ^= 1;
  })]), 'tls'],
  ['no-authority', 'the issuer says CA:FALSE', both('no-authority'), kept('issuer')],
  ['below-leaf', 'issued by a server\'s certificate', both('below-leaf'), kept('issuer')],
  ['below-version-1', 'issued by a certificate of version 1', both('below-version-1'), kept('issuer')],
  ['below-no-signing', 'the issuer may not sign certificates', both('below-no-signing'), kept('issuer')],
  ['below-client-only', 'the issuer is for clients only', both('below-client-only'), 'certificate'],
  ['below-emailProtection', 'the issuer is for e-mail only', both('below-emailProtection'), 'certificate'],
  ['two-below-mail', 'the issuer\'s issuer is for e-mail only', both('two-below-mail'), 'certificate'],
  ['below-root-mail-only', 'the trusted root is for e-mail only', both('below-root-mail-only'), 'certificate'],
  ['below-serverAuth', 'the issuer is for servers', both('below-serverAuth'), ok],
  ['below-anyExtendedKeyUsage', 'the issuer is for any purpose', both('below-anyExtendedKeyUsage'), ok],
  ['below-critical-unknown', 'the issuer has an unknown critical extension', both('below-critical-unknown'), 'certificate'],
  ['too-long-a-path', 'a path longer than pathlen:0 allows', both('too-long-a-path'), kept('issuer')],
  ['below-other-names', 'the issuer\'s name constraints exclude the host', both('below-other-names'), 'certificate'],
  ['below-same-names', 'the issuer\'s name constraints allow the host; mbedTLS knows none',
    both('below-same-names'), 'certificate'],
  ['below-loose-names', 'constraints that exclude the host, not critical, which RFC 5280 forbids', both('below-loose-names'), 'certificate'],
  ['below-loose-same-names', 'that allow it, not critical', both('below-loose-same-names'), 'certificate'],
  ['below-loose-excluded', 'that name it as excluded, not critical', both('below-loose-excluded'), 'certificate'],
  ['below-root-loose-names', 'the trusted root has name constraints, not critical', both('below-root-loose-names'), 'certificate'],
  ['below-root-names', 'critical ones: mbedTLS does not read such a root', both('below-root-names'), kept('issuer')],

  // Chains.
  ['missing-intermediate', 'the intermediate one is not sent', both('missing-intermediate'), kept('issuer')],
  ['unordered', 'intermediates in reverse: an issuer is looked for behind what it has issued',
    both('rsa-3', ['rsa-3.crt', 'middle-4096.crt', 'middle-4096-below.crt']), kept('issuer')],
  ['intermediate-first', 'its own certificate not first', both('ec-chain', ['middle.crt', 'ec-chain.crt']), kept('host')],
  ['root-sent', 'the root is sent, too', both('ec', ['ec.crt', 'root.crt']), ok],
  ['stranger-in-chain', 'a self-signed certificate in the middle',
    both('ec-chain', ['ec-chain.crt', 'self-signed.crt', 'middle.crt']), ok],
  ['extra', 'five certificates too many',
    both('ec-chain', ['ec-chain.crt', 'middle.crt', 'expired.crt', 'self-signed.crt', 'root-stranger.crt', 'middle-last.crt', 'ec.crt']), ok],
  ['same-twice', 'its own certificate three times', both('ec', ['ec.crt', 'ec.crt', 'ec.crt']), ok],
  ['looped', 'two issuers that have issued each other', both('looped'), kept('issuer')],
  ['crossed-new-first', 'an issuer with two certificates: below the good root first', both('crossed-new-first'), ok],
  ['crossed-old-first', 'and below the expired root first: no other path is tried', both('crossed-old-first'), kept('expired')],
  ['deep-8', 'eight intermediate ones', both('deep-below-8'), ok],
  ['deep-9', 'nine: more than mbedTLS takes', both('deep-below-9'), 'certificate'],
  ['forty', 'forty of RSA, 30 KB', both('ec', ['ec.crt', ...Array(40).fill('root-rsa.crt')]), 'tls'],

  // For what.
  ['client-only', 'for clients only', both('client-only'), 'certificate'],
  ['any-purpose', 'for any purpose', both('any-purpose'), ok],
  ['no-signing', 'its key may not sign', both('no-signing'), 'certificate'],
  ['authority', 'an authority\'s own certificate', both('authority'), ok],
  ['critical-unknown', 'an unknown critical extension', both('critical-unknown'), 'certificate'],
  ['unknown', 'an unknown extension', both('unknown'), ok],
  ['extension-twice', 'an extension twice', sending(() => [signedAgain('extension-twice.crt', (bytes) => {
    bytes[bytes.lastIndexOf(Buffer.from('551d63', 'hex')) + 2] = 19; // the other one's number
  })]), 'certificate'],
  ['version-1', 'version 1: no extensions', both('version-1'), kept('host')],

  // Keys.
  ['weak-key', 'RSA-1024', both('weak-key'), kept('weak')],
  ['below-weak-root', 'below a trusted root of RSA-1024', both('below-weak-root'), kept('weak')],
  ['key-4096', 'RSA-4096', both('key-4096'), ok],
  ['key-8192', 'RSA-8192', both('key-8192'), 'tls'],
  ['key-e3', 'RSA-2048 with the exponent 3', both('key-e3'), ok],
  ['key-pss', 'a key for RSA-PSS only', both('key-pss'), 'certificate'],
  ['key-p384', 'P-384', both('key-p384'), ok],
  ['key-p521', 'P-521', both('key-p521'), [ok, ok, 'certificate']],
  ['key-p224', 'P-224', both('key-p224'), 'certificate'],
  ['key-k256', 'secp256k1', both('key-k256'), 'certificate'],
  ['key-brainpool', 'brainpoolP256r1', both('key-brainpool'), 'certificate'],
  ['key-explicit', 'P-256 by explicit parameters (CVE-2020-0601)', both('key-explicit'), 'tls'],
  ['key-compressed', 'P-256, the point compressed', both('key-compressed'), ok],
  ['key-ed25519', 'Ed25519', both('key-ed25519'), 'certificate'],
  ['key-ed448', 'Ed448', both('key-ed448'), 'certificate'],

  // Signatures.
  ['weak-signature', 'by SHA-1', both('weak-signature'), kept('weak')],
  ['signed-md5', 'by MD5', both('signed-md5'), kept('weak')],
  ['signed-sha224', 'by SHA-224', both('signed-sha224'), kept('weak')],
  ['signed-sha384', 'by SHA-384', both('signed-sha384'), ok],
  ['signed-sha512', 'by SHA-512', both('signed-sha512'), ok],
  ['signed-sha3-256', 'by SHA3-256', both('signed-sha3-256'), kept('weak')],
  ['signed-pss', 'by RSA-PSS', both('signed-pss'), [ok, ok, 'certificate']],
  ['below-sha1-root', 'below a trusted root that signed itself by SHA-1',
    both('below-sha1-root'), [ok, kept('issuer'), kept('issuer')]],
  ['algorithms-differ', 'signed by another algorithm than it says inside', sending(() => [changed(der('ec.crt'), (bytes) => {
    bytes[bytes.lastIndexOf(algorithm) + 9] = 3;
  })]), 'certificate'],

  // What is no certificate.
  ['none', 'an empty list; under TLS 1.3, mbedTLS calls that an alert',
    sending(() => []), ['tls / tls-refused', 'tls / tls-refused', 'tls']],
  ['empty', 'a certificate of no bytes', sending(() => [Buffer.alloc(0)]), 'tls'],
  ['text', 'a text', sending(() => [Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(10))]), 'certificate'],
  ['cut', 'a certificate without its last byte', sending(() => [der('ec.crt').subarray(0, -1)]), 'certificate'],
  ['trailing', 'a byte behind the certificate', sending(() => [Buffer.concat([der('ec.crt'), Buffer.alloc(1)])]), ok],
  ['zeros', '8,000 zeros', sending(() => [Buffer.alloc(8000)]), 'certificate'],
  ['nested', '4,000 nested sequences',
    sending(() => [Buffer.concat(Array.from({ length: 4000 }, () => Buffer.from([0x30, 0x80])))]), 'certificate'],
];
