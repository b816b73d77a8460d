// Servers that speak TLS 1.2 wrongly, or in an odd way.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { answer, says, certificate } = require('../../e2e/support');
const {
  before, briefly, but, extendedMasterSecret, extension, group, handshake, hello12, keyExchange12, keys12Of, message, number, prf, record,
  renegotiationInfo, serverHello, sha256, tls12, type, until, vector, answer: answering,
} = require('./scripted');

const ok = 'asked: ok';
const hello = (fields) => but(tls12, { serverHello: hello12(fields) });
const keyExchange = (how) => but(tls12, { serverKeyExchange: keyExchange12(how) });
const honest = [renegotiationInfo, extendedMasterSecret];

/** What follows the handshake, between the request and the answer. */
const behind = (step) => before(tls12, 'answer', async (peer) => {
  await peer.request();
  await step(peer);
});
const times = (count, step) => async (peer) => {
  for (let i = 0; i < count; i++)
    await step(peer);
};
const forever = (next) => (peer) => peer.flood(() => next(peer));
const helloRequest = handshake(message.helloRequest, Buffer.alloc(0));
const downgraded = (last) => Buffer.concat([Buffer.alloc(24, 7), Buffer.from(`DOWNGRD${last}`, 'latin1')]); // RFC 8446, section 4.1.3
const stepNames = ['serverHello', 'certificate', 'serverKeyExchange', 'serverHelloDone', 'changeCipherSpec', 'finished'];

module.exports = [
  ['honest', 'nothing wrong', tls12, ok],
  ['no-extended-master-secret', 'without RFC 7627', hello({ extensions: [renegotiationInfo] }), ok],
  ['no-extensions', 'a ServerHello that ends before extensions', hello({ extensions: null }), ok],

  // ServerHello.
  ['version-1.1', 'a ServerHello of TLS 1.1', hello({ version: 0x0302 }), 'tls'],
  ['version-1.0', 'of TLS 1.0', hello({ version: 0x0301 }), 'tls'],
  ['version-ssl3', 'of SSL 3', hello({ version: 0x0300 }), 'tls'],
  ['version-1.3', 'of TLS 1.3, where 1.2 stands', hello({ version: 0x0304 }), 'tls'],
  ['version-0', 'of version 0', hello({ version: 0 }), 'tls'],
  ['downgraded-1.2', 'says that it knows TLS 1.3, but was asked for 1.2',
    hello({ random: downgraded('\x01') }), ['tls', 'tls', ok]],
  ['downgraded-1.1', 'says that it was asked for TLS 1.1', hello({ random: downgraded('\x00') }), ['tls', 'tls', ok]],
  ['suite-ecdhe-rsa', 'picks a suite of RSA, and has a key of P-256: mbedTLS goes by the key', hello({ suite: 0xc02f }), ok],
  ...Object.entries({ 'null': 0x0000, 'null-ecdsa': 0xc006, 'anonymous': 0xc018, 'rc4': 0xc007,
    '3des': 0xc008, 'cbc': 0xc009, 'rsa': 0x009c, 'dhe': 0x009e,
    'psk': 0x00a8, 'scsv': 0x00ff, 'fallback-scsv': 0x5600, '1.3-suite': 0x1301, 'unknown': 0xfefe }).map(([name, suite]) =>
    [`suite-${name}`, `picks the suite 0x${suite.toString(16).padStart(4, '0')}, which was not offered`, hello({ suite }), 'tls']),
  ['compression', 'picks DEFLATE', hello({ compression: 1 }), 'tls'],
  ['session-id-long', 'a session id of 33 bytes', hello({ sessionId: Buffer.alloc(33) }), 'tls'],
  ['session-never-was', 'resumes a session that never was, by the client\'s session id', but(tls12, {
    serverHello: (peer) => {
      peer.sessionId = peer.hello.sessionId;
      hello12()(peer);
      peer.master = Buffer.alloc(48);
    }, certificate: null, serverKeyExchange: null, serverHelloDone: null, clientKeyExchange: null, clientFinished: null,
  }), 'tls'],
  ['extension-twice', 'an extension twice', hello({ extensions: [...honest, extendedMasterSecret] }), ok],
  ['extension-unasked', 'ALPN, h2, which was not asked for',
    hello({ extensions: [...honest, extension(16, vector(2, vector(1, Buffer.from('h2'))))] }), ok],
  ['extension-long', 'an extension longer than the message',
    hello({ extensions: [renegotiationInfo, Buffer.from([0, 23, 0, 99])] }), 'tls'],
  ['extension-tail', 'a byte behind the extensions',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.concat([
    serverHello({ random: peer.random, sessionId: Buffer.alloc(0), suite: 0xc02b, extensions: honest }), Buffer.alloc(1)])) }), 'tls'],
  ['extended-master-secret-odd', 'an extended master secret with content',
    hello({ extensions: [renegotiationInfo, extension(23, Buffer.from([1]))] }), 'tls'],
  ['renegotiation-info-odd', 'goes on with a handshake of which there was none',
    hello({ extensions: [extension(0xff01, vector(1, Buffer.alloc(12, 7)))] }), 'tls'],
  ['fragment-length-unasked', 'agrees to fragments of 512 bytes that nobody asked for',
    hello({ extensions: [...honest, extension(1, Buffer.from([1]))] }), ok],
  ['encrypt-then-mac-unasked', 'encrypt-then-MAC, with GCM', hello({ extensions: [...honest, extension(22)] }), ok],
  ['point-format-odd', 'point formats without the uncompressed one',
    hello({ extensions: [...honest, extension(11, vector(1, Buffer.from([1])))] }), ok],
  ['hello-empty', 'a ServerHello of no bytes',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.alloc(0)) }), 'tls'],
  ['hello-short', 'a ServerHello of 37 bytes',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.concat([number(2, 0x0303), Buffer.alloc(35)])) }), 'tls'],
  ['hello-twice', 'two ServerHellos', before(tls12, 'certificate', tls12.serverHello), 'tls'],
  ['hello-verify', 'a HelloVerifyRequest, of DTLS',
    but(tls12, { serverHello: (peer) => peer.say(3, Buffer.from([3, 3, 0])) }), 'tls'],

  // The server's key.
  ['no-certificate', 'no certificate', but(tls12, { certificate: null }), 'tls'],
  ['certificate-twice', 'its certificate twice', before(tls12, 'certificate', tls12.certificate), 'tls'],
  ['certificate-status', 'an OCSP answer that nobody asked for', before(tls12, 'serverKeyExchange', (peer) =>
    peer.say(message.certificateStatus, Buffer.concat([Buffer.from([1]), vector(3, Buffer.alloc(20))]))), 'tls'],
  ['no-key-exchange', 'no key', but(tls12, { serverKeyExchange: null, clientKeyExchange: null }), 'tls'],
  ['key-exchange-twice', 'two keys', before(tls12, 'serverKeyExchange', tls12.serverKeyExchange), 'tls'],
  ['key-exchange-empty', 'a key of no bytes',
    but(tls12, { serverKeyExchange: (peer) => peer.say(message.serverKeyExchange, Buffer.alloc(0)) }), 'tls'],
  ['signed-by-another', 'the key is signed by another one than the certificate\'s',
    keyExchange({ key: () => fs.readFileSync(certificate('ec-chain.key')) }), 'tls'],
  ['signed-for-another', 'the signature is one for another client',
    keyExchange({ signed: (peer, parameters) => Buffer.concat([Buffer.alloc(32), peer.random, parameters]) }), 'tls'],
  ['signed-other-key', 'the signature is one of another key',
    keyExchange({ signed: (peer, parameters) => Buffer.concat([peer.hello.random, peer.random, parameters.subarray(0, 4),
      Buffer.alloc(65)]) }), 'tls'],
  ['signature-empty', 'a signature of no bytes',
    keyExchange({ change: (bytes) => Buffer.concat([bytes.subarray(0, 71), number(2, 0)]) }), 'certificate'],
  ['signature-short', 'a signature that the message cuts', keyExchange({ change: (bytes) => bytes.subarray(0, -1) }), 'tls'],
  ['signature-tail', 'a byte behind the signature',
    keyExchange({ change: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) }), 'tls'],
  ['signature-zeros', 'r = s = 0 (CVE-2022-21449)',
    keyExchange({ change: (bytes) => Buffer.concat([bytes.subarray(0, 71), vector(2, Buffer.from('3006020100020100', 'hex'))]) }), 'tls'],
  ['signature-sha1', 'a signature by SHA-1', keyExchange({ hash: 'sha1', scheme: 0x0203 }), 'tls'],
  ['signature-md5', 'a signature that says MD5', keyExchange({ scheme: 0x0103 }), 'tls'],
  ['signature-none', 'a signature by no algorithm', keyExchange({ scheme: 0x0000 }), 'tls'],
  ['signature-rsa', 'a signature of P-256 that says RSA', keyExchange({ scheme: 0x0401 }), 'tls'],
  ['signature-ed25519', 'a signature that says Ed25519', keyExchange({ scheme: 0x0807 }), 'tls'],
  ['curve-p224', 'a key on P-224, which was not offered', keyExchange({ curve: Buffer.from([3, 0, 21]) }), 'tls'],
  ['curve-k256', 'a key on secp256k1', keyExchange({ curve: Buffer.from([3, 0, 22]) }), 'tls'],
  ['curve-explicit', 'a key on a curve of its own', keyExchange({ curve: Buffer.from([1, 0, 23]) }), 'tls'],
  ['point-not-on-curve', 'a point that is not on the curve',
    keyExchange({ point: Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]) }), 'tls'],
  ['point-infinity', 'the point at infinity', keyExchange({ point: Buffer.alloc(1) }), 'tls'],
  ['point-zero', 'the point 0, 0', keyExchange({ point: Buffer.concat([Buffer.from([4]), Buffer.alloc(64)]) }), 'tls'],
  ['point-empty', 'a point of no bytes', keyExchange({ point: Buffer.alloc(0) }), 'tls'],
  ['point-long', 'a point of 255 bytes', keyExchange({ point: Buffer.alloc(255, 4) }), 'tls'],
  ['x25519-zero', 'zero on X25519', keyExchange({ curve: Buffer.from([3, 0, group.x25519]), point: Buffer.alloc(32) }), 'tls'],

  // The rest of the flight.
  ['wants-a-certificate', 'asks for a client\'s certificate, and gets an empty list',
    but(before(tls12, 'serverHelloDone', (peer) =>
    peer.say(message.certificateRequest, Buffer.concat([vector(1, Buffer.from([64])), vector(2, Buffer.from([4, 3])), vector(2)]))), {
    clientKeyExchange: async (peer) => {
      await peer.message(message.certificate);
      await tls12.clientKeyExchange(peer);
    } }), ok],
  ['certificate-request-long', 'such a request, longer than its message', before(tls12, 'serverHelloDone', (peer) =>
    peer.say(message.certificateRequest, Buffer.from([1, 64, 0, 99, 4, 3]))), 'tls'],
  ['no-done', 'no ServerHelloDone, but a ticket',
    but(tls12, { serverHelloDone: (peer) => peer.say(message.newSessionTicket, Buffer.alloc(6)) }), 'tls'],
  ['done-odd', 'a ServerHelloDone with content',
    but(tls12, { serverHelloDone: (peer) => peer.say(message.serverHelloDone, Buffer.alloc(1)) }), 'tls'],
  ['done-twice', 'two ServerHelloDones', before(tls12, 'serverHelloDone', tls12.serverHelloDone), 'tls'],
  ['hello-request-inside', 'a HelloRequest in the middle of the handshake',
    before(tls12, 'certificate', (peer) => peer.send(type.handshake, helloRequest)), 'tls'],
  ['unknown-message', 'a handshake message of no kind',
    before(tls12, 'certificate', (peer) => peer.say(99, Buffer.alloc(4))), 'tls'],
  ['key-update', 'a KeyUpdate, of TLS 1.3',
    before(tls12, 'certificate', (peer) => peer.say(message.keyUpdate, Buffer.alloc(1))), 'tls'],
  ['early-change', 'ChangeCipherSpec before a key is agreed (CVE-2014-0224)', before(tls12, 'serverKeyExchange', (peer) =>
    peer.send(type.changeCipherSpec, Buffer.from([1]))), 'tls'],
  ['skips-all', 'Finished right behind ServerHello (CVE-2014-6593)', until(tls12, 'certificate', (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([1]));
    peer.say(message.finished, Buffer.alloc(12));
  }), 'tls'],
  ['application-early', 'an answer before the handshake is over', before(tls12, 'serverHelloDone', (peer) =>
    peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['no-change', 'no ChangeCipherSpec',
    but(tls12, { changeCipherSpec: (peer) => { peer.writing = keys12Of(peer).server; } }), 'tls'],
  ['change-odd', 'a ChangeCipherSpec that says 2', but(tls12, { changeCipherSpec: (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([2]));
    peer.writing = keys12Of(peer).server;
  } }), 'tls'],
  ['change-long', 'a ChangeCipherSpec of two bytes', but(tls12, { changeCipherSpec: (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([1, 1]));
    peer.writing = keys12Of(peer).server;
  } }), 'tls'],
  ['change-twice', 'two ChangeCipherSpecs',
    before(tls12, 'changeCipherSpec', (peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), 'tls'],
  ['finished-plain', 'Finished in plain text',
    but(tls12, { changeCipherSpec: (peer) => peer.send(type.changeCipherSpec, Buffer.from([1])) }), 'tls'],
  ['finished-wrong', 'a Finished of another handshake',
    but(tls12, { finished: (peer) => peer.say(message.finished, Buffer.alloc(12)) }), 'tls'],
  ['finished-ours', 'the client\'s own label in Finished',
    but(tls12, { finished: (peer) => peer.say(message.finished, prf(peer.master, 'client finished', sha256(peer.transcript), 12)) }), 'tls'],
  ['finished-short', 'a Finished of 11 bytes',
    but(tls12, { finished: (peer) => peer.say(message.finished, prf(peer.master, 'server finished', sha256(peer.transcript), 11)) }), 'tls'],
  ['no-finished', 'an answer in place of Finished',
    but(tls12, { finished: (peer) => peer.send(type.application, Buffer.from(says('Recording'))), answer: null }), 'tls'],
  ['ticket-unasked', 'a ticket, though none was asked for', before(tls12, 'changeCipherSpec', (peer) =>
    peer.say(message.newSessionTicket, Buffer.concat([number(4, 300), vector(2, Buffer.alloc(200))]))), 'tls'],

  // Who leaves, falls silent, or says so, in place of each message.
  ...stepNames.map((name) => [`closes-at-${name}`, `closes in place of ${name}`, until(tls12, name, (peer) => peer.socket.end()), 'closed']),
  ...stepNames.map((name) => [`alert-at-${name}`, `the alert internal_error in place of ${name}`, until(tls12, name, (peer) => {
    peer.alert(2, 80);
    peer.socket.end();
  }), 'tls-refused']),
  ...stepNames.map((name) => [`close-notify-at-${name}`, `close_notify in place of ${name}`, until(tls12, name, (peer) => {
    peer.alert(1, 0);
    peer.socket.end();
  }), 'closed']),
  ['silent', 'falls silent behind ServerHelloDone', briefly(until(tls12, 'clientKeyExchange')), 'timeout'],

  // Behind the handshake.
  ['hello-request', 'a HelloRequest', behind((peer) => peer.send(type.handshake, helloRequest)), ok],
  ['hello-request-1000', '1,000 HelloRequests', behind(times(1000, (peer) => peer.send(type.handshake, helloRequest))), ok],
  ['hello-request-forever', 'HelloRequests without end', briefly(behind(forever((peer) => Buffer.concat(Array.from({ length: 50 }, () =>
    peer.writing.seal(type.handshake, helloRequest))))), 10000), 'asked: timeout'],
  ['renegotiates', 'a new ServerHello', behind(tls12.serverHello), 'asked: reset'],
  ['finished-again', 'another Finished', behind(tls12.finished), 'asked: reset'],
  ['change-again', 'another ChangeCipherSpec',
    behind((peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), 'asked: reset'],
  ['warning', 'the warning unrecognized_name in the handshake', before(tls12, 'serverHello', (peer) => peer.alert(1, 112)), ok],
  ['warning-1000', 'that warning 1,000 times', before(tls12, 'serverHello', times(1000, (peer) => peer.alert(1, 112))), ok],
  ['warning-forever', 'that warning without end',
    briefly(before(tls12, 'serverHello', forever(() => Buffer.concat(Array(1000).fill(record(type.alert, Buffer.from([1, 112]))))))), 'timeout'],
  ['warning-behind', 'the warning user_canceled before the answer', behind((peer) => peer.alert(1, 90)), ok],
  ['no-renegotiation', 'the warning no_renegotiation', before(tls12, 'certificate', (peer) => peer.alert(1, 100)), 'tls'],
  ['alert-behind', 'the alert internal_error in place of an answer', behind((peer) => peer.alert(2, 80)), 'asked: tls-refused'],
  ['alert-level-0', 'an alert of level 0', before(tls12, 'certificate', (peer) => peer.alert(0, 80)), ok],
  ['alert-short', 'an alert of one byte', before(tls12, 'certificate', (peer) => peer.send(type.alert, Buffer.from([2]))), 'tls'],
  ['alert-long', 'an alert of three bytes',
    before(tls12, 'certificate', (peer) => peer.send(type.alert, Buffer.from([1, 90, 0]))), 'tls'],
  ['answer-closed', 'closes in place of an answer',
    until(tls12, 'answer', (peer) => peer.request(), (peer) => peer.socket.end()), 'asked: closed'],
  ['answer-cut', 'half of an answer, and closes',
    until(tls12, 'answer', (peer) => answering(peer, says('Recording').slice(0, -5)), (peer) => peer.socket.end()), 'asked: truncated'],
  ['answer-unended', 'an answer until the end, and no close_notify', until(tls12, 'answer', (peer) =>
    answering(peer, 'HTTP/1.1 200 OK\r\n\r\n{"status":"Recording"}'), (peer) => peer.socket.end()), 'asked: truncated'],
  ['answer-plain', 'an answer in plain text',
    until(tls12, 'answer', (peer) => peer.request(), (peer) => peer.write(Buffer.from(says('Recording')))), 'asked: reset'],
  ['answer-plain-record', 'an answer in a record, not encrypted',
    until(tls12, 'answer', (peer) => peer.request(), (peer) => peer.write(record(type.application, Buffer.from(says('Recording'))))), 'asked: reset'],
  ['answer-early', 'the answer before the request',
    until(tls12, 'answer', (peer) => peer.send(type.application, Buffer.from(says('Recording'))), (peer) => peer.request()), ok],
  ['answer-replayed', 'a record twice', behind((peer) => {
    const again = peer.writing.seal(type.application, Buffer.from('HTTP'));
    peer.write(Buffer.concat([again, again]));
  }), 'asked: reset'],
  ['answer-flipped', 'a bit of the answer flipped', behind((peer) => {
    const flipped = peer.writing.seal(type.application, Buffer.from(says('Recording')));
    flipped[20] ^= 1;
    peer.write(flipped);
  }), 'asked: reset'],
  ['answer-short', 'a record shorter than its tag',
    behind((peer) => peer.write(record(type.application, Buffer.alloc(15)))), 'asked: reset'],

  // Records.
  ['bytes', 'records of one byte each: mbedTLS wants four of a handshake message at once',
    { fragment: (peer) => { peer.fragment = 1; }, ...tls12 }, 'tls'],
  ['fours', 'records of four bytes each', { fragment: (peer) => { peer.fragment = 4; }, ...tls12 }, ok],
  ['answer-bytes', 'an answer in records of one byte each', before(tls12, 'answer', (peer) => { peer.fragment = 1; }), ok],
  ['hundreds', 'records of 100 bytes each', { fragment: (peer) => { peer.fragment = 100; }, ...tls12 }, ok],
  ['empty-records', 'a hundred empty handshake records',
    before(tls12, 'certificate', times(100, (peer) => peer.write(record(type.handshake, Buffer.alloc(0))))), 'tls'],
  ['empty-answers', 'three empty records before the answer',
    behind(times(3, (peer) => peer.send(type.application, Buffer.alloc(0)))), ok],
  ['empty-answers-1000', 'a thousand',
    behind(times(1000, (peer) => peer.send(type.application, Buffer.alloc(0)))), 'asked: reset'],
  ['largest', 'an answer in a record of 16,384 bytes', until(tls12, 'answer', (peer) =>
    answering(peer, answer(200, `{"x":"${'x'.repeat(16300)}"}`).padEnd(16384).slice(0, 16384)), tls12.end),
    ['asked: body-limit', 'asked: body-limit', 'asked: reset']],
  ['too-large', 'a record of 16,385 bytes',
    until(tls12, 'answer', (peer) => peer.request(), (peer) => peer.write(peer.writing.seal(type.application, Buffer.alloc(16385)))), 'asked: reset'],
  ['record-version', 'records of version 1.0',
    before(tls12, 'certificate', (peer) => peer.write(record(type.handshake, handshake(message.serverHelloDone, Buffer.alloc(0)), 0x0301))), 'tls'],
  ['record-type', 'a record of no kind', before(tls12, 'certificate', (peer) => peer.send(99, Buffer.alloc(4))), 'tls'],
  ['heartbeat', 'a heartbeat that says it is 16 KB long',
    before(tls12, 'certificate', (peer) => peer.send(24, Buffer.from([1, 64, 0]))), 'tls'],
  ['one-record', 'all of the flight in one record', but(tls12, { serverHello: null, certificate: null, serverKeyExchange: null,
    serverHelloDone: (peer) => {
      const said = [];
      peer.send = (kind, bytes) => said.push(bytes);
      for (const name of ['serverHello', 'certificate', 'serverKeyExchange', 'serverHelloDone'])
        tls12[name](peer);
      delete peer.send;
      peer.send(type.handshake, Buffer.concat(said));
    } }), ok],
  ['interleaved', 'a warning in the middle of a message',
    before(but(tls12, { certificate: null }), 'serverKeyExchange', (peer) => {
    const bytes = handshake(message.certificate, vector(3, ...peer.certificates().map((one) => vector(3, one))));

    peer.transcript = Buffer.concat([peer.transcript, bytes]);
    peer.send(type.handshake, bytes.subarray(0, 100));
    peer.alert(1, 90);
    peer.send(type.handshake, bytes.subarray(100));
  }), 'tls'],
  ['message-16mb', 'a message of 16 MB begins',
    briefly(until(tls12, 'certificate', (peer) => peer.send(type.handshake, Buffer.from([11, 255, 255, 255, 0])))), 'timeout'],
  ['message-16mb-sent', 'and it goes on and on', before(tls12, 'certificate', (peer) => {
    peer.send(type.handshake, Buffer.from([11, 255, 255, 255, 0]));
    return forever(() => record(type.handshake, Buffer.alloc(16384)))(peer);
  }), 'tls'],
];
