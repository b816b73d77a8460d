// Servers that violate TLS 1.3, or use it in an unusual way. The small profile supports TLS 1.2 only, so these servers refuse it, as an
// honest one does.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const { certificate, says } = require('../../e2e/support');
const {
  afterRequest, answer: answering, before, but, certificate13, certificateVerify13, extension, forever, group, handshake, hello13, keyShare,
  message, number, readClientHello, record, retryFor, serverHello, showing, times, tls12, tls13, type, upTo, vector, versions13,
} = require('./scripted');
const sharedRows = require('./shared');

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
const after = (step) => afterRequest(tls13, step);
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
  ['honest', 'an honest server', tls13, ok],
  ['not-offered', 'uses TLS 1.3 although it was not offered', but(tls13, { clientHello: async (peer) => {
    await readClientHello(peer);
    if (peer.hello.shares.size === 0)
      peer.hello.shares.set(group.p256, crypto.createECDH('prime256v1').generateKeys());
  } }), [ok, ok, 'tls']],

  // ServerHello.
  ['draft', 'selects a draft of TLS 1.3',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([0x7f, 28])), fields.extensions[1]] })), 'tls'],
  ['selected-1.2', 'selects TLS 1.2 in supported_versions',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([3, 3])), fields.extensions[1]] })), 'tls'],
  ['selected-1.4', 'selects TLS 1.4',
    hello((fields) => ({ ...fields, extensions: [extension(43, Buffer.from([3, 5])), fields.extensions[1]] })), 'tls'],
  ['legacy-version', 'sends TLS 1.3 as legacy version', hello((fields) => ({ ...fields, version: 0x0304 })), 'tls'],
  ['session-id-other', 'sends another session id than that of the client',
    hello((fields) => ({ ...fields, sessionId: Buffer.alloc(32) })), 'tls'],
  ['session-id-none', 'sends no session id', hello((fields) => ({ ...fields, sessionId: Buffer.alloc(0) })), 'tls'],
  ['suite-ccm', 'chooses a suite that was not offered', hello((fields) => ({ ...fields, suite: 0x1304 })), 'tls'],
  ['suite-integrity', 'chooses a suite without encryption (RFC 9150)', hello((fields) => ({ ...fields, suite: 0xc0b4 })), 'tls'],
  ['suite-1.2', 'chooses a suite of TLS 1.2', hello((fields) => ({ ...fields, suite: 0xc02b })), 'tls'],
  ['compression', 'chooses DEFLATE', hello((fields) => ({ ...fields, compression: 1 })), 'tls'],
  ['no-key-share', 'sends no key_share', hello((fields) => ({ ...fields, extensions: [versions13], shared: Buffer.alloc(32) })), 'tls'],
  ['key-share-other', 'sends a key on a curve for which there was no key share',
    share((which) => [which === group.p384 ? group.p256 : group.p384, Buffer.alloc(97, 4)]), 'tls'],
  ['key-share-zero', 'sends zero on X25519, or an invalid point',
    share((which) => [which, Buffer.alloc(which === group.x25519 ? 32 : 65)]), 'tls'],
  ['key-share-one', 'sends 1 on X25519, a point of small order, or an invalid point',
    share((which) => [which, Buffer.concat([Buffer.from([1]), Buffer.alloc(which === group.x25519 ? 31 : 64)])]), 'tls'],
  ['key-share-short', 'sends a key of 31 bytes', share((which) => [which, Buffer.alloc(31, 9)]), 'tls'],
  ['key-share-long', 'sends a key of 1,000 bytes', share((which) => [which, Buffer.alloc(1000, 9)]), 'tls'],
  ['key-share-empty', 'sends a key of 0 bytes', share((which) => [which, Buffer.alloc(0)]), 'tls'],
  ['extension-twice', 'sends an extension twice in ServerHello', more(versions13), ok],
  ['extension-misplaced', 'sends server_name in ServerHello', more(extension(0)), 'tls'],
  ['extension-unasked', 'sends an unknown extension in ServerHello', more(extension(0xfefe)), 'tls'],
  ['psk-unasked', 'accepts a pre-shared key that was not offered', more(extension(41, number(2, 0))), 'tls'],
  ['psk-and-no-certificate', 'accepts a pre-shared key that was not offered, and sends no certificate', but(tls13, {
    serverHello: hello13((fields) => ({ ...fields, extensions: [...fields.extensions, extension(41, number(2, 0))] })),
    certificate: null, certificateVerify: null }), 'tls'],
  ['hello-tail', 'sends a byte after the extensions of ServerHello', but(tls13, { serverHello: (peer) => {
    const { say } = peer;
    peer.say = (kind, body) => say.call(peer, kind, Buffer.concat([body, Buffer.alloc(1)]));
    hello13()(peer);
    delete peer.say;
  } }), ok],
  ['hello-twice', 'sends two ServerHellos', before(tls13, 'encryptedExtensions', (peer) => peer.write(record(type.handshake,
    handshake(message.serverHello, serverHello({ random: peer.random, sessionId: peer.hello.sessionId, suite: 0x1301,
      extensions: [versions13] }))))), 'tls'],

  // HelloRetryRequest.
  ['retry', 'requests a key on another curve', before(tls13, 'serverHello', retryOther()), ok],
  ['retry-cookie', 'requests a key on another curve, and sends a cookie, which mbedTLS does not return (its issue 9543)',
    before(tls13, 'serverHello', retryOther(cookie)), 'tls'],
  ['retry-twice', 'sends two HelloRetryRequests', before(before(tls13, 'serverHello', retryOther()), 'serverHello', retryFor(group.p384)), 'tls'],
  ['retry-same', 'requests the key that was offered',
    before(tls13, 'serverHello', (peer) => retryFor([...peer.hello.shares][0][0])(peer)), 'tls'],
  ['retry-unknown', 'requests a key on a curve that was not offered', before(tls13, 'serverHello', retryFor(21)), 'tls'],
  ['retry-nothing', 'sends a HelloRetryRequest that changes nothing', before(tls13, 'serverHello', retryFor(null)), ok],
  ['retry-cookie-only', 'sends a HelloRetryRequest with a cookie only',
    before(tls13, 'serverHello', retryFor(null, cookie)), 'tls'],
  ['retry-cookie-empty', 'sends an empty cookie', before(tls13, 'serverHello', retryOther(extension(44, vector(2)))), 'tls'],
  ['retry-cookie-large', 'sends a cookie of 12 KB',
    before(tls13, 'serverHello', retryOther(extension(44, vector(2, Buffer.alloc(12000))))), 'tls'],
  ['retry-other-suite', 'chooses another suite after a HelloRetryRequest', but(before(tls13, 'serverHello', retryOther()), {
    serverHello: hello13((fields) => ({ ...fields, suite: 0x1303 })) }), 'tls'],
  ['retry-other-group', 'uses another curve than it requested',
    before(but(tls13, { serverHello: hello13((fields) => ({ ...fields,
    extensions: [versions13, keyShare(group.x25519, Buffer.alloc(32, 9))], shared: Buffer.alloc(32) })) }), 'serverHello', retryOther()), 'tls'],
  ['retry-then-1.2', 'uses TLS 1.2 after a HelloRetryRequest, against RFC 8446; mbedTLS accepts and verifies it',
    { clientHello: tls13.clientHello, retry: retryOther(), ...but(tls12, { clientHello: null }) }, ok],

  // EncryptedExtensions.
  ['no-encrypted-extensions', 'sends no EncryptedExtensions', but(tls13, { encryptedExtensions: null }), 'tls'],
  ['encrypted-extensions-twice', 'sends two EncryptedExtensions', before(tls13, 'certificate', tls13.encryptedExtensions), 'tls'],
  ['encrypted-extensions-plain', 'sends EncryptedExtensions without encryption', but(tls13, { encryptedExtensions: (peer) => {
    const { writing } = peer;
    peer.writing = null;
    tls13.encryptedExtensions(peer);
    peer.writing = writing;
  } }), 'tls'],
  ['alpn-unasked', 'sends ALPN with h2, which was not offered',
    encrypted(extension(16, vector(2, vector(1, Buffer.from('h2'))))), 'tls'],
  ['early-data-unasked', 'accepts early data that was not sent', encrypted(extension(42)), 'tls'],
  ['fragment-length-unasked', 'sends max_fragment_length of 512 bytes, which was not offered',
    encrypted(extension(1, Buffer.from([1]))), 'tls'],
  ['record-limit-unasked', 'sends record_size_limit, which was not offered', encrypted(extension(28, number(2, 64))), 'tls'],
  ['key-share-encrypted', 'sends a key_share in EncryptedExtensions', encrypted(keyShare(group.p256, Buffer.alloc(65, 4))), 'tls'],
  ['sni', 'acknowledges server_name', encrypted(extension(0)), ok],
  ['groups', 'sends supported_groups', encrypted(extension(10, vector(2, number(2, group.p256)))), ok],
  ['encrypted-extension-twice', 'sends an extension twice in EncryptedExtensions', encrypted(extension(0), extension(0)), ok],
  ['encrypted-extension-long', 'sends an extension that is longer than EncryptedExtensions', encrypted(Buffer.from([0, 0, 0, 99])), 'tls'],

  // Certificate and CertificateVerify.
  ['no-certificate', 'sends a CertificateVerify without a Certificate', but(tls13, { certificate: null }), 'tls'],
  ['no-verify', 'sends a Certificate without a CertificateVerify', but(tls13, { certificateVerify: null }), 'tls'],
  ['neither', 'sends neither Certificate nor CertificateVerify', but(tls13, { certificate: null, certificateVerify: null }), 'tls'],
  ['verify-first', 'sends CertificateVerify before Certificate',
    before(but(tls13, { certificateVerify: null }), 'certificate', certificateVerify13()), 'tls'],
  ['certificate-context', 'sends a Certificate with a request context', but(tls13, { certificate: (peer) =>
    peer.say(message.certificate, certificate13(peer.certificates(), Buffer.alloc(8))) }), 'tls'],
  ['certificate-extension', 'sends an OCSP response that was not requested',
    but(tls13, { certificate: (peer) => peer.say(message.certificate, Buffer.concat([vector(1),
    vector(3, ...peer.certificates().map((one) => Buffer.concat([vector(3, one), vector(2, extension(5, Buffer.alloc(20)))])))])) }), 'tls'],
  ['certificate-compressed', 'sends a compressed certificate (RFC 8879), which was not offered',
    but(tls13, { certificate: (peer) => peer.say(message.compressedCertificate,
    Buffer.concat([number(2, 1), number(3, 500), vector(3, require('node:zlib').deflateSync(certificate13(peer.certificates())))])) }), 'tls'],
  ['wants-a-certificate', 'requests a client certificate, and gets an empty list',
    but(inside((peer) => peer.say(message.certificateRequest,
    Buffer.concat([vector(1), vector(2, extension(13, vector(2, number(2, 0x0403))))]))), { clientFinished: async (peer) => {
    await peer.message(message.certificate);
    await tls13.clientFinished(peer);
  } }), ok],
  ['refuses-late', 'requests a client certificate, and refuses the empty list after the handshake, as RFC 8446 allows',
    but(inside((peer) => peer.say(message.certificateRequest,
    Buffer.concat([vector(1), vector(2, extension(13, vector(2, number(2, 0x0403))))]))), { clientFinished: async (peer) => {
    await peer.message(message.certificate);
    await tls13.clientFinished(peer);
    peer.alert(2, 116);
  }, answer: (peer) => peer.request(), end: null }), 'asked: tls-refused'],
  ['signed-by-another', 'signs by another key than that of the certificate',
    verify({ key: () => fs.readFileSync(certificate('ec-chain.key')) }), 'tls'],
  ['signed-for-another', 'sends the signature of another handshake', verify({ transcript: Buffer.alloc(32) }), 'tls'],
  ['signed-as-client', 'sends a signature with the context of a client', verify({ context: 'TLS 1.3, client CertificateVerify' }), 'tls'],
  ['signed-p384', 'signs by P-256 with an algorithm for P-384', verify({ scheme: 0x0503, hash: 'sha384' }), ok],
  ['signed-sha1', 'signs by SHA-1', verify({ scheme: 0x0203, hash: 'sha1' }), 'tls'],
  ['signed-none', 'sends a signature with algorithm 0', verify({ scheme: 0 }), 'tls'],
  ['signed-ed25519', 'sends a signature that claims to be Ed25519', verify({ scheme: 0x0807 }), 'tls'],
  ['signed-pkcs1', 'signs by PKCS #1 v1.5, against RFC 8446; mbedTLS accepts it, as it is offered for TLS 1.2', showing(
    verify({ scheme: 0x0401, options: {} }), 'rsa'), ok],
  ['signed-pss-short-salt', 'signs by PSS without salt', showing(
    verify({ options: { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 } }), 'rsa'), ok],
  ['signature-empty', 'sends a signature of 0 bytes',
    but(tls13, { certificateVerify: (peer) => peer.say(message.certificateVerify, Buffer.concat([number(2, 0x0403), vector(2)])) }), 'tls'],
  ['signature-long', 'sends a signature that is longer than its message',
    but(tls13, { certificateVerify: (peer) => peer.say(message.certificateVerify, Buffer.concat([number(2, 0x0403), number(2, 999)])) }), 'tls'],

  // Finished, and messages that come too early.
  ['finished-wrong', 'sends a Finished with wrong data', but(tls13, { finished: (peer) => {
    peer.send(type.handshake, handshake(message.finished, Buffer.alloc(32)));
    tls13.finished(Object.assign(Object.create(peer), { say() {}, send() {} }));
  } }), 'tls'],
  ['finished-short', 'sends a Finished of 31 bytes',
    upTo(tls13, 'finished', (peer) => peer.say(message.finished, Buffer.alloc(31))), 'tls'],
  ['no-finished', 'sends the answer in place of Finished',
    upTo(tls13, 'finished', (peer) => peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['application-early', 'sends the answer before the certificate',
    inside((peer) => peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['application-plain', 'sends the answer before the certificate, without encryption',
    inside((peer) => peer.write(record(type.application, Buffer.from(says('Recording'))))), 'tls'],
  ['ticket-early', 'sends a ticket before the certificate', inside((peer) => peer.say(message.newSessionTicket, ticket())), 'tls'],
  ['key-update-early', 'sends a KeyUpdate before the certificate',
    inside((peer) => peer.say(message.keyUpdate, Buffer.alloc(1))), 'tls'],
  ['hello-request', 'sends a HelloRequest of TLS 1.2', inside((peer) => peer.say(message.helloRequest, Buffer.alloc(0))), 'tls'],
  ['client-hello', 'sends a ClientHello', inside((peer) => peer.say(message.clientHello, Buffer.alloc(100))), 'tls'],
  ['end-of-early-data', 'sends EndOfEarlyData', inside((peer) => peer.say(5, Buffer.alloc(0))), 'tls'],
  ['spans-keys', 'sends a message that begins before a change of keys and ends after it', but(tls13, { serverHello: (peer) => {
    const { send } = peer;
    peer.send = (kind, bytes) => send.call(peer, kind, Buffer.concat([bytes, Buffer.from([8, 0])]));
    hello13()(peer);
    delete peer.send;
    peer.transcript = Buffer.concat([peer.transcript, handshake(message.encryptedExtensions, vector(2))]);
    peer.send(type.handshake, Buffer.from([0, 2, 0, 0]));
  }, encryptedExtensions: null }), 'tls'],

  // ChangeCipherSpec, which has no meaning in TLS 1.3.
  ['change', 'sends ChangeCipherSpec after ServerHello, as middleboxes expect',
    before(tls13, 'encryptedExtensions', (peer) => peer.write(change)), ok],
  ['change-first', 'sends ChangeCipherSpec before ServerHello', before(tls13, 'serverHello', (peer) => peer.write(change)), ok],
  ['change-1000', 'sends 1,000 ChangeCipherSpecs', before(tls13, 'encryptedExtensions', times(1000, (peer) => peer.write(change))), ok],
  ['change-forever', 'sends ChangeCipherSpecs without end',
    before(tls13, 'encryptedExtensions', forever(() => Buffer.concat(Array(1000).fill(change)))), ['timeout', 'timeout', 'tls-refused']],
  ['change-odd', 'sends a ChangeCipherSpec of value 2',
    before(tls13, 'encryptedExtensions', (peer) => peer.write(record(type.changeCipherSpec, Buffer.from([2])))), 'tls'],
  ['change-encrypted', 'sends an encrypted ChangeCipherSpec',
    before(tls13, 'certificate', (peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), ok],
  ['change-after', 'sends ChangeCipherSpec after the handshake', after((peer) => peer.write(change)), ok],

  ['alert-plain', 'sends an alert without encryption after ServerHello', upTo(tls13, 'certificate', (peer) => {
    peer.write(record(type.alert, Buffer.from([2, 80])));
    peer.socket.end();
  }), 'tls'],
  ['silent', 'is silent before Finished', upTo(tls13, 'finished'), ['timeout', 'timeout', 'tls-refused']],

  // After the handshake.
  ['tickets', 'sends 2 tickets', before(tls13, 'answer', times(2, sayTicket())), ok],
  ['tickets-1000', 'sends 1,000 tickets', before(tls13, 'answer', times(1000, sayTicket())), ok],
  ['tickets-forever', 'sends tickets without end',
    before(tls13, 'answer', forever((peer) => Buffer.concat(Array.from({ length: 50 }, () =>
    peer.writing.seal(type.handshake, handshake(message.newSessionTicket, ticket())))))), 'asked: timeout'],
  ['ticket-large', 'sends a ticket of 15 KB', before(tls13, 'answer', sayTicket({ bytes: Buffer.alloc(15000) })), ok],
  ['ticket-long', 'sends a ticket that is longer than its message',
    before(tls13, 'answer', (peer) => peer.send(type.handshake, handshake(message.newSessionTicket, ticket().subarray(0, 60)))), ok],
  ['ticket-empty', 'sends a ticket of 0 bytes', before(tls13, 'answer', sayTicket({ bytes: Buffer.alloc(0) })), ok],
  ['ticket-lifetime', 'sends a ticket with a lifetime of 136 years', before(tls13, 'answer', sayTicket({ lifetime: 0xffffffff })), ok],
  ['key-update', 'sends a KeyUpdate, which mbedTLS does not support', after(keyUpdate(0)), 'asked: reset'],
  ['key-update-asks', 'sends a KeyUpdate that requests another', after(keyUpdate(1)), 'asked: reset'],
  ['key-update-100', 'sends 100 KeyUpdates', after(times(100, keyUpdate(1))), 'asked: reset'],
  ['late-request', 'requests a client certificate after the handshake',
    after((peer) => peer.send(type.handshake, handshake(message.certificateRequest,
    Buffer.concat([vector(1, Buffer.alloc(8)), vector(2, extension(13, vector(2, number(2, 0x0403))))])))), 'asked: reset'],
  ['hello-again', 'sends another ServerHello after the handshake',
    after((peer) => peer.say(message.serverHello, serverHello({ random: peer.random, sessionId: Buffer.alloc(0),
    suite: 0x1301, extensions: [versions13] }))), 'asked: reset'],
  ['finished-again', 'sends another Finished after the handshake', after((peer) => peer.say(message.finished, Buffer.alloc(32))), 'asked: reset'],
  ['warning-after-1000', 'sends the warning user_canceled 1,000 times before the answer', after(times(1000, (peer) => peer.alert(1, 90))), ok],
  ['alert-short', 'sends an alert of 1 byte', after((peer) => peer.send(type.alert, Buffer.from([1]))), 'asked: reset'],
  // Records.
  ['padded', 'sends the answer with 10 KB of padding', before(tls13, 'answer', (peer) => {
    peer.writing.seal = (kind, bytes) => peer.writing.sealInner(Buffer.concat([bytes, number(1, kind), Buffer.alloc(10000)]));
  }), ok],
  ['all-padding', 'sends a record of zeros only',
    after((peer) => peer.write(peer.writing.sealInner(Buffer.alloc(100)))), 'asked: reset'],
  ['empty-inner', 'sends a record with an empty TLSInnerPlaintext',
    after((peer) => peer.write(peer.writing.sealInner(Buffer.alloc(0)))), 'asked: reset'],
  ['inner-kind', 'sends a record of unknown type', after((peer) => peer.send(99, Buffer.from('x'))), 'asked: reset'],
  ['empty-handshake', 'sends an empty handshake record', inside((peer) => peer.send(type.handshake, Buffer.alloc(0))), 'tls'],
  ['largest', 'sends a record of 16,384 bytes', upTo(tls13, 'answer', (peer) =>
    answering(peer, `HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n`.padEnd(16384)), tls13.end), 'asked: body-limit'],
  ['too-large-outside', 'sends a record of 16,641 bytes',
    after((peer) => peer.write(record(type.application, Buffer.alloc(16641)))), 'asked: reset'],
  ['one-record', 'sends its flight in one record',
    but(tls13, { encryptedExtensions: null, certificate: null, certificateVerify: null, finished: (peer) => {
    const said = [];
    const { writing } = peer;
    peer.send = (kind, bytes) => said.push(bytes);
    for (const name of ['encryptedExtensions', 'certificate', 'certificateVerify', 'finished'])
      tls13[name](peer);
    delete peer.send;
    peer.write(writing.seal(type.handshake, Buffer.concat(said)));
  } }), ok],
  ['interleaved', 'sends an answer inside of a handshake message', but(tls13, { certificate: (peer) => {
    const bytes = handshake(message.certificate, certificate13(peer.certificates()));

    peer.transcript = Buffer.concat([peer.transcript, bytes]);
    peer.send(type.handshake, bytes.subarray(0, 100));
    peer.send(type.application, Buffer.from('HTTP'));
    peer.send(type.handshake, bytes.subarray(100));
  } }), 'tls'],
  ['record-version', 'sends records of version 3.4', { record: (peer) => {
    const { write } = peer;
    peer.write = (bytes) => {
      const odd = Buffer.from(bytes);
      odd[2] = 4;
      return write.call(peer, odd);
    };
  }, ...tls13 }, ['tls', 'tls', 'tls']],

  ...sharedRows(tls13, stepNames),
]);
