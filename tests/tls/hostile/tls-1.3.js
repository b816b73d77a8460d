// Servers that speak TLS 1.3 wrongly, or in an odd way. The small profile knows TLS 1.2 only; there, an honest server
// would refuse, and so do these.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const { certificate, says } = require('../../e2e/support');
const {
  answer: answering, before, briefly, but, certificate13, certificateVerify13, extension, group, handshake, hello13, keyShare, message, number,
  readClientHello, record, retryFor, serverHello, showing, tls12, tls13, type, until, vector, versions13,
} = require('./scripted');

const only13 = (rows) => rows.map(([name, what, flight, verdict]) => [name, what, flight,
  Array.isArray(verdict) ? verdict : [verdict, verdict, 'tls-refused']]);
const ok = 'asked: ok';
const hello = (change) => but(tls13, { serverHello: hello13(change) });
const more = (...extensions) => hello((fields) => ({ ...fields, extensions: [...fields.extensions, ...extensions] }));
const share = (make) => hello((fields, peer) => {
  const [which] = [...peer.hello.shares][0];

  return { ...fields, extensions: [versions13, keyShare(...make(which))], shared: Buffer.alloc(32) };
});
const encrypted = (...extensions) => but(tls13, { encryptedExtensions: (peer) => peer.say(message.encryptedExtensions, vector(2, ...extensions)) });
const verify = (how) => but(tls13, { certificateVerify: certificateVerify13(how) });
const times = (count, step) => async (peer) => {
  for (let i = 0; i < count; i++)
    await step(peer);
};
const forever = (next) => (peer) => peer.flood(() => next(peer));
/** Between the request and the answer. */
const behind = (step) => before(tls13, 'answer', async (peer) => {
  await peer.request();
  await step(peer);
});
/** In the flight, between two of its messages. */
const inside = (step) => before(tls13, 'certificate', step);

const change = record(type.changeCipherSpec, Buffer.from([1]));
const cookie = extension(44, vector(2, Buffer.alloc(100, 7)));
const ticket = ({ lifetime = 3600, nonce = Buffer.alloc(8), bytes = Buffer.alloc(200), extensions = [] } = {}) =>
  Buffer.concat([number(4, lifetime), Buffer.alloc(4), vector(1, nonce), vector(2, bytes), vector(2, ...extensions)]);
const sayTicket = (fields) => (peer) => peer.send(type.handshake, handshake(message.newSessionTicket, ticket(fields)));
const keyUpdate = (asks) => (peer) => {
  peer.send(type.handshake, handshake(message.keyUpdate, Buffer.from([asks])));
  peer.writing = peer.writing.next();
};
const otherGroup = (peer) => ([...peer.hello.shares][0][0] === group.p256 ? group.p384 : group.p256);
const retryOther = (...extensions) => (peer) => retryFor(otherGroup(peer), ...extensions)(peer);
const stepNames = ['serverHello', 'encryptedExtensions', 'certificate', 'certificateVerify', 'finished'];

module.exports = only13([
  ['honest', 'nothing wrong', tls13, ok],
  ['to-whom-it-was-not-offered', 'TLS 1.3, offered or not', but(tls13, { clientHello: async (peer) => {
    await readClientHello(peer);
    if (peer.hello.shares.size === 0)
      peer.hello.shares.set(group.p256, crypto.createECDH('prime256v1').generateKeys());
  } }), [ok, ok, 'tls']],

  // ServerHello.
  ['draft', 'a draft of TLS 1.3',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([0x7f, 28])), fields.extensions[1]] })), 'tls'],
  ['selected-1.2', 'TLS 1.2, by the extension of 1.3',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([3, 3])), fields.extensions[1]] })), 'tls'],
  ['selected-1.4', 'TLS 1.4',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([3, 5])), fields.extensions[1]] })), 'tls'],
  ['legacy-version', 'TLS 1.3, also where 1.2 is to stand', hello((fields) => ({ ...fields, version: 0x0304 })), 'tls'],
  ['session-id-other', 'another session id than the client\'s',
    hello((fields) => ({ ...fields, sessionId: Buffer.alloc(32) })), 'tls'],
  ['session-id-none', 'no session id', hello((fields) => ({ ...fields, sessionId: Buffer.alloc(0) })), 'tls'],
  ['suite-ccm', 'a suite that was not offered', hello((fields) => ({ ...fields, suite: 0x1304 })), 'tls'],
  ['suite-integrity', 'a suite without encryption (RFC 9150)', hello((fields) => ({ ...fields, suite: 0xc0b4 })), 'tls'],
  ['suite-1.2', 'a suite of TLS 1.2', hello((fields) => ({ ...fields, suite: 0xc02b })), 'tls'],
  ['compression', 'DEFLATE', hello((fields) => ({ ...fields, compression: 1 })), 'tls'],
  ['no-key-share', 'no key', hello((fields) => ({ ...fields, extensions: [versions13], shared: Buffer.alloc(32) })), 'tls'],
  ['key-share-other', 'a key on a curve that was not asked for',
    share((which) => [which === group.p384 ? group.p256 : group.p384, Buffer.alloc(97, 4)]), 'tls'],
  ['key-share-zero', 'zero on X25519, or a point that is none',
    share((which) => [which, Buffer.alloc(which === group.x25519 ? 32 : 65)]), 'tls'],
  ['key-share-one', 'one on X25519, a point of small order',
    share((which) => [which, Buffer.concat([Buffer.from([1]), Buffer.alloc(which === group.x25519 ? 31 : 64)])]), 'tls'],
  ['key-share-short', 'a key of 31 bytes', share((which) => [which, Buffer.alloc(31, 9)]), 'tls'],
  ['key-share-long', 'a key of 1,000 bytes', share((which) => [which, Buffer.alloc(1000, 9)]), 'tls'],
  ['key-share-empty', 'a key of no bytes', share((which) => [which, Buffer.alloc(0)]), 'tls'],
  ['extension-twice', 'an extension twice', more(versions13), ok],
  ['extension-misplaced', 'SNI in ServerHello', more(extension(0)), 'tls'],
  ['extension-unasked', 'an extension of no kind, which was not asked for', more(extension(0xfefe)), 'tls'],
  ['psk-unasked', 'takes a pre-shared key that was not offered', more(extension(41, number(2, 0))), 'tls'],
  ['psk-and-no-certificate', 'and shows no certificate', but(tls13, {
    serverHello: hello13((fields) => ({ ...fields, extensions: [...fields.extensions, extension(41, number(2, 0))] })),
    certificate: null, certificateVerify: null }), 'tls'],
  ['hello-tail', 'a byte behind the extensions', but(tls13, { serverHello: (peer) => {
    const { say } = peer;
    peer.say = (kind, body) => say.call(peer, kind, Buffer.concat([body, Buffer.alloc(1)]));
    hello13()(peer);
    delete peer.say;
  } }), ok],
  ['hello-twice', 'two ServerHellos', before(tls13, 'encryptedExtensions', (peer) => peer.write(record(type.handshake,
    handshake(message.serverHello, serverHello({ random: peer.random, sessionId: peer.hello.sessionId, suite: 0x1301,
      extensions: [versions13] }))))), 'tls'],

  // HelloRetryRequest.
  ['retry', 'asks for a key on another curve', before(tls13, 'serverHello', retryOther()), ok],
  ['retry-cookie', 'and for a cookie back, which mbedTLS does not give (its issue 9543)',
    before(tls13, 'serverHello', retryOther(cookie)), 'tls'],
  ['retry-twice', 'asks again', before(before(tls13, 'serverHello', retryOther()), 'serverHello', retryFor(group.p384)), 'tls'],
  ['retry-same', 'asks for the key that it has',
    before(tls13, 'serverHello', (peer) => retryFor([...peer.hello.shares][0][0])(peer)), 'tls'],
  ['retry-unknown', 'asks for a curve that was not offered', before(tls13, 'serverHello', retryFor(21)), 'tls'],
  ['retry-nothing', 'asks for no change at all', before(tls13, 'serverHello', retryFor(null)), ok],
  ['retry-cookie-only', 'asks for a cookie back, and for nothing else',
    before(tls13, 'serverHello', retryFor(null, cookie)), 'tls'],
  ['retry-cookie-empty', 'asks for an empty cookie', before(tls13, 'serverHello', retryOther(extension(44, vector(2)))), 'tls'],
  ['retry-cookie-large', 'asks for a cookie of 12 KB back',
    before(tls13, 'serverHello', retryOther(extension(44, vector(2, Buffer.alloc(12000))))), 'tls'],
  ['retry-other-suite', 'and then picks another suite', but(before(tls13, 'serverHello', retryOther()), {
    serverHello: hello13((fields) => ({ ...fields, suite: 0x1303 })) }), 'tls'],
  ['retry-other-group', 'and then uses another curve than it asked for',
    before(but(tls13, { serverHello: hello13((fields) => ({ ...fields,
    extensions: [versions13, keyShare(group.x25519, Buffer.alloc(32, 9))], shared: Buffer.alloc(32) })) }), 'serverHello', retryOther()), 'tls'],
  ['retry-then-1.2', 'and then speaks TLS 1.2, which RFC 8446 forbids; mbedTLS takes it, and verifies it',
    { clientHello: tls13.clientHello, retry: retryOther(), ...but(tls12, { clientHello: null }) }, ok],

  // EncryptedExtensions.
  ['no-encrypted-extensions', 'none', but(tls13, { encryptedExtensions: null }), 'tls'],
  ['encrypted-extensions-twice', 'two of them', before(tls13, 'certificate', tls13.encryptedExtensions), 'tls'],
  ['encrypted-extensions-plain', 'not encrypted', but(tls13, { encryptedExtensions: (peer) => {
    const { writing } = peer;
    peer.writing = null;
    tls13.encryptedExtensions(peer);
    peer.writing = writing;
  } }), 'tls'],
  ['alpn-unasked', 'h2 by ALPN, which was not asked for',
    encrypted(extension(16, vector(2, vector(1, Buffer.from('h2'))))), 'tls'],
  ['early-data-unasked', 'takes early data, which was not sent', encrypted(extension(42)), 'tls'],
  ['fragment-length-unasked', 'fragments of 512 bytes, which were not asked for',
    encrypted(extension(1, Buffer.from([1]))), 'tls'],
  ['record-limit-unasked', 'a record size limit, which was not asked for', encrypted(extension(28, number(2, 64))), 'tls'],
  ['key-share-encrypted', 'another key', encrypted(keyShare(group.p256, Buffer.alloc(65, 4))), 'tls'],
  ['sni', 'took the name', encrypted(extension(0)), ok],
  ['groups', 'tells its curves', encrypted(extension(10, vector(2, number(2, group.p256)))), ok],
  ['encrypted-extension-twice', 'an extension twice', encrypted(extension(0), extension(0)), ok],
  ['encrypted-extension-long', 'an extension longer than the message', encrypted(Buffer.from([0, 0, 0, 99])), 'tls'],

  // Certificate and CertificateVerify.
  ['no-certificate', 'no certificate, but a signature', but(tls13, { certificate: null }), 'tls'],
  ['no-verify', 'a certificate, but no signature', but(tls13, { certificateVerify: null }), 'tls'],
  ['neither', 'neither', but(tls13, { certificate: null, certificateVerify: null }), 'tls'],
  ['verify-first', 'the signature before the certificate',
    before(but(tls13, { certificateVerify: null }), 'certificate', certificateVerify13()), 'tls'],
  ['certificate-context', 'a certificate for a request that there was not', but(tls13, { certificate: (peer) =>
    peer.say(message.certificate, certificate13(peer.certificates(), Buffer.alloc(8))) }), 'tls'],
  ['certificate-extension', 'an OCSP answer with it that was not asked for',
    but(tls13, { certificate: (peer) => peer.say(message.certificate, Buffer.concat([vector(1),
    vector(3, ...peer.certificates().map((one) => Buffer.concat([vector(3, one), vector(2, extension(5, Buffer.alloc(20)))])))])) }), 'tls'],
  ['certificate-compressed', 'a compressed certificate (RFC 8879), which was not asked for',
    but(tls13, { certificate: (peer) => peer.say(message.compressedCertificate,
    Buffer.concat([number(2, 1), number(3, 500), vector(3, require('node:zlib').deflateSync(certificate13(peer.certificates())))])) }), 'tls'],
  ['wants-a-certificate', 'asks for a client\'s certificate, and gets an empty list',
    but(inside((peer) => peer.say(message.certificateRequest,
    Buffer.concat([vector(1), vector(2, extension(13, vector(2, number(2, 0x0403))))]))), { clientFinished: async (peer) => {
    await peer.message(message.certificate);
    await tls13.clientFinished(peer);
  } }), ok],
  ['refuses-late', 'and refuses that behind the handshake, as RFC 8446 has it',
    but(inside((peer) => peer.say(message.certificateRequest,
    Buffer.concat([vector(1), vector(2, extension(13, vector(2, number(2, 0x0403))))]))), { clientFinished: async (peer) => {
    await peer.message(message.certificate);
    await tls13.clientFinished(peer);
    peer.alert(2, 116);
  }, answer: (peer) => peer.request(), end: null }), 'asked: tls-refused'],
  ['signed-by-another', 'a signature by another key than the certificate\'s',
    verify({ key: () => fs.readFileSync(certificate('ec-chain.key')) }), 'tls'],
  ['signed-for-another', 'the signature of another handshake', verify({ transcript: Buffer.alloc(32) }), 'tls'],
  ['signed-as-client', 'a signature that a client would make', verify({ context: 'TLS 1.3, client CertificateVerify' }), 'tls'],
  ['signed-p384', 'a signature by P-256 that says P-384', verify({ scheme: 0x0503, hash: 'sha384' }), ok],
  ['signed-sha1', 'by SHA-1', verify({ scheme: 0x0203, hash: 'sha1' }), 'tls'],
  ['signed-none', 'by no algorithm', verify({ scheme: 0 }), 'tls'],
  ['signed-ed25519', 'that says Ed25519', verify({ scheme: 0x0807 }), 'tls'],
  ['signed-pkcs1', 'by PKCS #1 v1.5, which RFC 8446 forbids; mbedTLS takes what was offered for TLS 1.2', showing(
    verify({ scheme: 0x0401, options: {} }), 'rsa'), ok],
  ['signed-pss-short-salt', 'by PSS without salt', showing(
    verify({ options: { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 } }), 'rsa'), ok],
  ['signature-empty', 'of no bytes',
    but(tls13, { certificateVerify: (peer) => peer.say(message.certificateVerify, Buffer.concat([number(2, 0x0403), vector(2)])) }), 'tls'],
  ['signature-long', 'longer than its message',
    but(tls13, { certificateVerify: (peer) => peer.say(message.certificateVerify, Buffer.concat([number(2, 0x0403), number(2, 999)])) }), 'tls'],

  // Finished, and what comes too early.
  ['finished-wrong', 'a Finished of another handshake', but(tls13, { finished: (peer) => {
    peer.send(type.handshake, handshake(message.finished, Buffer.alloc(32)));
    tls13.finished(Object.assign(Object.create(peer), { say() {}, send() {} }));
  } }), 'tls'],
  ['finished-short', 'a Finished of 31 bytes',
    until(tls13, 'finished', (peer) => peer.say(message.finished, Buffer.alloc(31))), 'tls'],
  ['no-finished', 'an answer in place of Finished',
    until(tls13, 'finished', (peer) => peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['application-early', 'an answer before the certificate',
    inside((peer) => peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['application-plain', 'an answer in plain text, before the certificate',
    inside((peer) => peer.write(record(type.application, Buffer.from(says('Recording'))))), 'tls'],
  ['ticket-early', 'a ticket before the certificate', inside((peer) => peer.say(message.newSessionTicket, ticket())), 'tls'],
  ['key-update-early', 'a KeyUpdate before the certificate',
    inside((peer) => peer.say(message.keyUpdate, Buffer.alloc(1))), 'tls'],
  ['hello-request', 'a HelloRequest, of TLS 1.2', inside((peer) => peer.say(message.helloRequest, Buffer.alloc(0))), 'tls'],
  ['client-hello', 'a ClientHello', inside((peer) => peer.say(message.clientHello, Buffer.alloc(100))), 'tls'],
  ['end-of-early-data', 'EndOfEarlyData', inside((peer) => peer.say(5, Buffer.alloc(0))), 'tls'],
  ['unknown-message', 'a handshake message of no kind', inside((peer) => peer.say(99, Buffer.alloc(4))), 'tls'],
  ['spans-keys', 'a message that begins before the keys change and ends behind', but(tls13, { serverHello: (peer) => {
    const { send } = peer;
    peer.send = (kind, bytes) => send.call(peer, kind, Buffer.concat([bytes, Buffer.from([8, 0])]));
    hello13()(peer);
    delete peer.send;
    peer.transcript = Buffer.concat([peer.transcript, handshake(message.encryptedExtensions, vector(2))]);
    peer.send(type.handshake, Buffer.from([0, 2, 0, 0]));
  }, encryptedExtensions: null }), 'tls'],

  // ChangeCipherSpec, which means nothing in TLS 1.3.
  ['change', 'a ChangeCipherSpec behind ServerHello, for boxes in between',
    before(tls13, 'encryptedExtensions', (peer) => peer.write(change)), ok],
  ['change-first', 'one before ServerHello', before(tls13, 'serverHello', (peer) => peer.write(change)), ok],
  ['change-1000', '1,000 of them', before(tls13, 'encryptedExtensions', times(1000, (peer) => peer.write(change))), ok],
  ['change-forever', 'without end',
    briefly(before(tls13, 'encryptedExtensions', forever(() => Buffer.concat(Array(1000).fill(change))))), ['timeout', 'timeout', 'tls-refused']],
  ['change-odd', 'one that says 2',
    before(tls13, 'encryptedExtensions', (peer) => peer.write(record(type.changeCipherSpec, Buffer.from([2])))), 'tls'],
  ['change-encrypted', 'one that is encrypted',
    before(tls13, 'certificate', (peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), ok],
  ['change-behind', 'one behind the handshake', behind((peer) => peer.write(change)), ok],

  // Who leaves, falls silent, or says so, in place of each message.
  ...stepNames.map((name) => [`closes-at-${name}`, `closes in place of ${name}`, until(tls13, name, (peer) => peer.socket.end()), 'closed']),
  ...stepNames.map((name) => [`alert-at-${name}`, `the alert internal_error in place of ${name}`, until(tls13, name, (peer) => {
    peer.alert(2, 80);
    peer.socket.end();
  }), 'tls-refused']),
  ...stepNames.map((name) => [`close-notify-at-${name}`, `close_notify in place of ${name}`, until(tls13, name, (peer) => {
    peer.alert(1, 0);
    peer.socket.end();
  }), 'closed']),
  ['alert-plain', 'an alert in plain text, where it is to be encrypted', until(tls13, 'certificate', (peer) => {
    peer.write(record(type.alert, Buffer.from([2, 80])));
    peer.socket.end();
  }), 'tls'],
  ['silent', 'falls silent before Finished', briefly(until(tls13, 'finished')), ['timeout', 'timeout', 'tls-refused']],

  // Behind the handshake.
  ['tickets', 'two tickets', before(tls13, 'answer', times(2, sayTicket())), ok],
  ['tickets-1000', '1,000 tickets', before(tls13, 'answer', times(1000, sayTicket())), ok],
  ['tickets-forever', 'tickets without end',
    briefly(before(tls13, 'answer', forever((peer) => Buffer.concat(Array.from({ length: 50 }, () =>
    peer.writing.seal(type.handshake, handshake(message.newSessionTicket, ticket())))))), 10000), 'asked: timeout'],
  ['ticket-large', 'a ticket of 15 KB', before(tls13, 'answer', sayTicket({ bytes: Buffer.alloc(15000) })), ok],
  ['ticket-long', 'a ticket longer than its message',
    before(tls13, 'answer', (peer) => peer.send(type.handshake, handshake(message.newSessionTicket, ticket().subarray(0, 60)))), ok],
  ['ticket-empty', 'a ticket of no bytes', before(tls13, 'answer', sayTicket({ bytes: Buffer.alloc(0) })), ok],
  ['ticket-lifetime', 'a ticket for 136 years', before(tls13, 'answer', sayTicket({ lifetime: 0xffffffff })), ok],
  ['key-update', 'a KeyUpdate, which mbedTLS does not know', behind(keyUpdate(0)), 'asked: reset'],
  ['key-update-asks', 'a KeyUpdate that asks for one', behind(keyUpdate(1)), 'asked: reset'],
  ['key-update-100', 'a hundred of them', behind(times(100, keyUpdate(1))), 'asked: reset'],
  ['late-request', 'asks for a client\'s certificate behind the handshake',
    behind((peer) => peer.send(type.handshake, handshake(message.certificateRequest,
    Buffer.concat([vector(1, Buffer.alloc(8)), vector(2, extension(13, vector(2, number(2, 0x0403))))])))), 'asked: reset'],
  ['hello-again', 'another ServerHello',
    behind((peer) => peer.say(message.serverHello, serverHello({ random: peer.random, sessionId: Buffer.alloc(0),
    suite: 0x1301, extensions: [versions13] }))), 'asked: reset'],
  ['finished-again', 'another Finished', behind((peer) => peer.say(message.finished, Buffer.alloc(32))), 'asked: reset'],
  ['alert-behind', 'the alert internal_error in place of an answer', behind((peer) => peer.alert(2, 80)), 'asked: tls-refused'],
  ['warning-behind', 'the alert user_canceled before the answer', behind((peer) => peer.alert(1, 90)), ok],
  ['warning-behind-1000', 'a thousand of them', behind(times(1000, (peer) => peer.alert(1, 90))), ok],
  ['alert-short', 'an alert of one byte', behind((peer) => peer.send(type.alert, Buffer.from([1]))), 'asked: reset'],
  ['answer-closed', 'closes in place of an answer',
    until(tls13, 'answer', (peer) => peer.request(), (peer) => peer.socket.end()), 'asked: closed'],
  ['answer-cut', 'half of an answer, and closes',
    until(tls13, 'answer', (peer) => answering(peer, says('Recording').slice(0, -5)), (peer) => peer.socket.end()), 'asked: truncated'],
  ['answer-unended', 'an answer until the end, and no close_notify', until(tls13, 'answer', (peer) =>
    answering(peer, 'HTTP/1.1 200 OK\r\n\r\n{"status":"Recording"}'), (peer) => peer.socket.end()), 'asked: truncated'],
  ['answer-plain-record', 'an answer in a record, not encrypted', until(tls13, 'answer', (peer) => peer.request(), (peer) =>
    peer.write(record(type.application, Buffer.from(says('Recording'))))), 'asked: reset'],
  ['answer-replayed', 'a record twice', behind((peer) => {
    const again = peer.writing.seal(type.application, Buffer.from('HTTP'));
    peer.write(Buffer.concat([again, again]));
  }), 'asked: reset'],
  ['answer-flipped', 'a bit of the answer flipped', behind((peer) => {
    const flipped = peer.writing.seal(type.application, Buffer.from(says('Recording')));
    flipped[20] ^= 1;
    peer.write(flipped);
  }), 'asked: reset'],

  // Records.
  ['bytes', 'records of one byte each: mbedTLS wants four of a handshake message at once',
    { fragment: (peer) => { peer.fragment = 1; }, ...tls13 },
    ['tls', 'tls', 'tls']],
  ['fours', 'records of four bytes each', { fragment: (peer) => { peer.fragment = 4; }, ...tls13 }, ok],
  ['answer-bytes', 'an answer in records of one byte each', before(tls13, 'answer', (peer) => { peer.fragment = 1; }), ok],
  ['hundreds', 'records of 100 bytes each', { fragment: (peer) => { peer.fragment = 100; }, ...tls13 }, ok],
  ['padded', 'an answer with 10 KB of padding', before(tls13, 'answer', (peer) => {
    peer.writing.seal = (kind, bytes) => peer.writing.sealInner(Buffer.concat([bytes, number(1, kind), Buffer.alloc(10000)]));
  }), ok],
  ['all-padding', 'a record of zeros only',
    behind((peer) => peer.write(peer.writing.sealInner(Buffer.alloc(100)))), 'asked: reset'],
  ['empty-inner', 'a record of nothing at all',
    behind((peer) => peer.write(peer.writing.sealInner(Buffer.alloc(0)))), 'asked: reset'],
  ['inner-kind', 'a record of no kind', behind((peer) => peer.send(99, Buffer.from('x'))), 'asked: reset'],
  ['empty-handshake', 'an empty handshake record', inside((peer) => peer.send(type.handshake, Buffer.alloc(0))), 'tls'],
  ['empty-answers', 'three empty records before the answer',
    behind(times(3, (peer) => peer.send(type.application, Buffer.alloc(0)))), ok],
  ['empty-answers-1000', 'a thousand',
    behind(times(1000, (peer) => peer.send(type.application, Buffer.alloc(0)))), 'asked: reset'],
  ['largest', 'a record of 16,384 bytes', until(tls13, 'answer', (peer) =>
    answering(peer, `HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n`.padEnd(16384)), tls13.end), 'asked: body-limit'],
  ['too-large', 'a record of 16,385 bytes',
    behind((peer) => peer.write(peer.writing.seal(type.application, Buffer.alloc(16385)))), 'asked: reset'],
  ['too-large-outside', 'a record of 16,641 bytes',
    behind((peer) => peer.write(record(type.application, Buffer.alloc(16641)))), 'asked: reset'],
  ['one-record', 'all of the flight in one record',
    but(tls13, { encryptedExtensions: null, certificate: null, certificateVerify: null, finished: (peer) => {
    const said = [];
    const { writing } = peer;
    peer.send = (kind, bytes) => said.push(bytes);
    for (const name of ['encryptedExtensions', 'certificate', 'certificateVerify', 'finished'])
      tls13[name](peer);
    delete peer.send;
    peer.write(writing.seal(type.handshake, Buffer.concat(said)));
  } }), ok],
  ['interleaved', 'an answer in the middle of a handshake message', but(tls13, { certificate: (peer) => {
    const bytes = handshake(message.certificate, certificate13(peer.certificates()));

    peer.transcript = Buffer.concat([peer.transcript, bytes]);
    peer.send(type.handshake, bytes.subarray(0, 100));
    peer.send(type.application, Buffer.from('HTTP'));
    peer.send(type.handshake, bytes.subarray(100));
  } }), 'tls'],
  ['record-version', 'records of version 3.4', { record: (peer) => {
    const { write } = peer;
    peer.write = (bytes) => {
      const odd = Buffer.from(bytes);
      odd[2] = 4;
      return write.call(peer, odd);
    };
  }, ...tls13 }, ['tls', 'tls', 'tls']],
]);
