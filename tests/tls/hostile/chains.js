// Lists of certificates that are not in the order of their issuers, or have more certificates than are needed (RFC 8446, section
// 4.4.2). certificates.test.js compares the verdicts with OpenSSL's.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const ok = 'asked: ok';

// Each row: its name, what the server does, the certificates that it sends, and the verdict.
module.exports = [
  ['unordered', 'intermediate certificates in reverse order', ['rsa-3', 'middle-4096', 'middle-4096-below'], ok],
  ['unordered-8', 'eight intermediate certificates in reverse order',
    ['deep-below-8', 'deep-1', 'deep-2', 'deep-3', 'deep-4', 'deep-5', 'deep-6', 'deep-7', 'deep-8'], ok],
  ['unordered-root', 'the root, then intermediate certificates in reverse order',
    ['below-renewed', 'root', 'renewed-above', 'renewed'], ok],
  ['unordered-twice', 'intermediate certificates in reverse order, and all certificates twice',
    ['ec-chain', 'root', 'middle', 'ec-chain', 'root', 'middle'], ok],
  ['unordered-strangers', 'unrelated certificates before and between the intermediate ones, which are in reverse order',
    ['below-renewed', 'self-signed', 'renewed-above', 'ec', 'renewed'], ok],
  ['unordered-unknown-issuer', 'issued below a root that is not trusted; it is sent too, and all in reverse order',
    ['below-stranger', 'root-stranger', 'stranger-top', 'stranger-below'], 'certificate-issuer'],
  ['unordered-below-leaf', 'issued by the certificate of a server, which is sent after its root',
    ['below-leaf', 'root', 'ec'], 'certificate-issuer'],
  ['unordered-too-long-a-path', 'a path that is longer than pathlen:0 allows, in reverse order',
    ['too-long-a-path', 'middle-last', 'middle-below'], 'certificate-issuer'],
  ['unordered-mail', 'the issuer of its issuer is for e-mail only; in reverse order',
    ['two-below-mail', 'middle-emailProtection', 'middle-below-mail'], 'certificate'],
  ['unordered-loop', 'two issuers that have issued each other, in reverse order, twice',
    ['looped', 'loop-b', 'loop-a', 'loop-b', 'loop-a'], 'certificate-issuer'],
  ['twin-first', 'its issuer is sent before another authority of the same name', ['below-twin-b', 'twin-b', 'twin-a'], ok],
  ['twin-second', 'its issuer is sent after another authority of the same name; the identifiers of their keys tell which one it is',
    ['below-twin-b', 'twin-a', 'twin-b'], ok],
  ['twin-unidentified', 'its issuer is sent after another authority of the same name, and it has no identifier: only one is tried',
    ['below-twin-unidentified', 'twin-a', 'twin-b'], 'certificate-issuer'],
  ['twin-missing', 'another authority with the name of its issuer', ['below-twin-b', 'twin-a'], 'certificate-issuer'],
  ['renewed', 'an expired certificate of its issuer is sent before the valid one',
    ['below-renewed', 'renewed-old', 'renewed', 'renewed-above'], ok],
  ['renewed-unordered', 'the same, in reverse order, after another authority of the same name',
    ['below-renewed', 'renewed-twin', 'renewed-above', 'renewed-old', 'renewed'], ok],
  ['renewed-missing', 'only the expired certificate of its issuer, and another authority of the same name',
    ['below-renewed', 'renewed-old', 'renewed-twin'], 'certificate-issuer'],
  ['crossed-new-first', 'an issuer with two certificates: the one below the good root is sent first',
    ['crossed-new-first', 'crossed-new', 'crossed-old'], ok],
  ['crossed-old-first', 'an issuer with two certificates: the one below the expired root is sent first, and no other path is tried',
    ['crossed-old-first', 'crossed-old', 'crossed-new'], 'certificate-expired'],
];
