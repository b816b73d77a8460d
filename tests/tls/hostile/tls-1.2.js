// Servers that violate TLS 1.2, or use it in an unusual way.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { answer, says, certificate } = require('../../e2e/support');
const {
  afterRequest, before, but, extendedMasterSecret, extension, forever, group, handshake, hello12, keyExchange12, keys12Of, message,
  number, prf, record, renegotiationInfo, serverHello, sha256, times, tls12, type, upTo, vector, answer: answering,
} = require('./scripted');
const sharedRows = require('./shared');

const ok = 'asked: ok';
const hello = (fields) => but(tls12, { serverHello: hello12(fields) });
const keyExchange = (how) => but(tls12, { serverKeyExchange: keyExchange12(how) });
const honest = [renegotiationInfo, extendedMasterSecret];

const after = (step) => afterRequest(tls12, step);
const helloRequest = handshake(message.helloRequest, Buffer.alloc(0));
const downgraded = (last) => Buffer.concat([Buffer.alloc(24, 7), Buffer.from(`DOWNGRD${last}`, 'latin1')]); // RFC 8446, section 4.1.3
const stepNames = ['serverHello', 'certificate', 'serverKeyExchange', 'serverHelloDone', 'changeCipherSpec', 'finished'];

module.exports = [
  ['honest', 'an honest server', tls12, ok],
  ['no-extended-master-secret', 'does not support the extended master secret (RFC 7627)', hello({ extensions: [renegotiationInfo] }), ok],
  ['no-extensions', 'sends a ServerHello without the field of extensions', hello({ extensions: null }), ok],

  // ServerHello.
  ['version-1.1', 'sends a ServerHello of TLS 1.1', hello({ version: 0x0302 }), 'tls'],
  ['version-1.0', 'sends a ServerHello of TLS 1.0', hello({ version: 0x0301 }), 'tls'],
  ['version-ssl3', 'sends a ServerHello of SSL 3', hello({ version: 0x0300 }), 'tls'],
  ['version-1.3', 'sends a ServerHello with TLS 1.3 in its legacy version', hello({ version: 0x0304 }), 'tls'],
  ['version-0', 'sends a ServerHello of version 0', hello({ version: 0 }), 'tls'],
  ['downgraded-1.2', 'signals a downgrade from TLS 1.3 to 1.2',
    hello({ random: downgraded('\x01') }), ['tls', 'tls', ok]],
  ['downgraded-1.1', 'signals a downgrade to TLS 1.1', hello({ random: downgraded('\x00') }), ['tls', 'tls', ok]],
  ['suite-ecdhe-rsa', 'chooses a suite with RSA, but has a key of P-256: mbedTLS uses the key', hello({ suite: 0xc02f }), ok],
  ...Object.entries({ 'null': 0x0000, 'null-ecdsa': 0xc006, 'anonymous': 0xc018, 'rc4': 0xc007,
    '3des': 0xc008, 'cbc': 0xc009, 'rsa': 0x009c, 'dhe': 0x009e,
    'psk': 0x00a8, 'scsv': 0x00ff, 'fallback-scsv': 0x5600, '1.3-suite': 0x1301, 'unknown': 0xfefe }).map(([name, suite]) =>
    [`suite-${name}`, `chooses the suite 0x${suite.toString(16).padStart(4, '0')}, which was not offered`, hello({ suite }), 'tls']),
  ['compression', 'chooses DEFLATE', hello({ compression: 1 }), 'tls'],
  ['session-id-long', 'sends a session id of 33 bytes', hello({ sessionId: Buffer.alloc(33) }), 'tls'],
  ['session-never-was', 'resumes a session that never existed, by the session id of the client', but(tls12, {
    serverHello: (peer) => {
      peer.sessionId = peer.hello.sessionId;
      hello12()(peer);
      peer.master = Buffer.alloc(48);
    }, certificate: null, serverKeyExchange: null, serverHelloDone: null, clientKeyExchange: null, clientFinished: null,
  }), 'tls'],
  ['extension-twice', 'sends an extension twice', hello({ extensions: [...honest, extendedMasterSecret] }), ok],
  ['extension-unasked', 'sends ALPN with h2, which was not offered',
    hello({ extensions: [...honest, extension(16, vector(2, vector(1, Buffer.from('h2'))))] }), ok],
  ['extension-long', 'sends an extension that is longer than the message',
    hello({ extensions: [renegotiationInfo, Buffer.from([0, 23, 0, 99])] }), 'tls'],
  ['extension-tail', 'sends a byte after the extensions',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.concat([
    serverHello({ random: peer.random, sessionId: Buffer.alloc(0), suite: 0xc02b, extensions: honest }), Buffer.alloc(1)])) }), 'tls'],
  ['extended-master-secret-odd', 'sends an extended_master_secret that is not empty',
    hello({ extensions: [renegotiationInfo, extension(23, Buffer.from([1]))] }), 'tls'],
  ['renegotiation-info-odd', 'sends a renegotiation_info of a previous handshake',
    hello({ extensions: [extension(0xff01, vector(1, Buffer.alloc(12, 7)))] }), 'tls'],
  ['fragment-length-unasked', 'sends max_fragment_length of 512 bytes, which was not offered',
    hello({ extensions: [...honest, extension(1, Buffer.from([1]))] }), ok],
  ['encrypt-then-mac-unasked', 'sends encrypt_then_mac with GCM', hello({ extensions: [...honest, extension(22)] }), ok],
  ['point-format-odd', 'sends point formats without the uncompressed one',
    hello({ extensions: [...honest, extension(11, vector(1, Buffer.from([1])))] }), ok],
  ['hello-empty', 'sends a ServerHello of 0 bytes',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.alloc(0)) }), 'tls'],
  ['hello-short', 'sends a ServerHello of 37 bytes',
    but(tls12, { serverHello: (peer) => peer.say(message.serverHello, Buffer.concat([number(2, 0x0303), Buffer.alloc(35)])) }), 'tls'],
  ['hello-twice', 'sends two ServerHellos', before(tls12, 'certificate', tls12.serverHello), 'tls'],
  ['hello-verify', 'sends a HelloVerifyRequest of DTLS',
    but(tls12, { serverHello: (peer) => peer.say(3, Buffer.from([3, 3, 0])) }), 'tls'],

  // Certificate and ServerKeyExchange.
  ['no-certificate', 'sends no Certificate', but(tls12, { certificate: null }), 'tls'],
  ['certificate-twice', 'sends two Certificates', before(tls12, 'certificate', tls12.certificate), 'tls'],
  ['certificate-status', 'sends a CertificateStatus that was not requested', before(tls12, 'serverKeyExchange', (peer) =>
    peer.say(message.certificateStatus, Buffer.concat([Buffer.from([1]), vector(3, Buffer.alloc(20))]))), 'tls'],
  ['no-key-exchange', 'sends no ServerKeyExchange', but(tls12, { serverKeyExchange: null, clientKeyExchange: null }), 'tls'],
  ['key-exchange-twice', 'sends two ServerKeyExchanges', before(tls12, 'serverKeyExchange', tls12.serverKeyExchange), 'tls'],
  ['key-exchange-empty', 'sends a ServerKeyExchange of 0 bytes',
    but(tls12, { serverKeyExchange: (peer) => peer.say(message.serverKeyExchange, Buffer.alloc(0)) }), 'tls'],
  ['signed-by-another', 'signs by another key than that of the certificate',
    keyExchange({ key: () => fs.readFileSync(certificate('ec-chain.key')) }), 'tls'],
  ['signed-for-another', 'sends a signature for the random of another client',
    keyExchange({ signed: (peer, parameters) => Buffer.concat([Buffer.alloc(32), peer.random, parameters]) }), 'tls'],
  ['signed-other-key', 'sends a signature of another ephemeral key',
    keyExchange({ signed: (peer, parameters) => Buffer.concat([peer.hello.random, peer.random, parameters.subarray(0, 4),
      Buffer.alloc(65)]) }), 'tls'],
  ['signature-empty', 'sends a signature of 0 bytes',
    keyExchange({ change: (bytes) => Buffer.concat([bytes.subarray(0, 71), number(2, 0)]) }), 'certificate'],
  ['signature-short', 'sends a signature that is longer than its message', keyExchange({ change: (bytes) => bytes.subarray(0, -1) }), 'tls'],
  ['signature-tail', 'sends a byte after the signature',
    keyExchange({ change: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) }), 'tls'],
  ['signature-zeros', 'sends a signature with r = s = 0 (CVE-2022-21449)',
    keyExchange({ change: (bytes) => Buffer.concat([bytes.subarray(0, 71), vector(2, Buffer.from('3006020100020100', 'hex'))]) }), 'tls'],
  ['signature-sha1', 'signs by SHA-1', keyExchange({ hash: 'sha1', scheme: 0x0203 }), 'tls'],
  ['signature-md5', 'sends a signature that claims to be by MD5', keyExchange({ scheme: 0x0103 }), 'tls'],
  ['signature-none', 'sends a signature with algorithm 0', keyExchange({ scheme: 0x0000 }), 'tls'],
  ['signature-rsa', 'sends a signature of P-256 that claims to be RSA', keyExchange({ scheme: 0x0401 }), 'tls'],
  ['signature-ed25519', 'sends a signature that claims to be Ed25519', keyExchange({ scheme: 0x0807 }), 'tls'],
  ['curve-p224', 'sends a key on P-224, which was not offered', keyExchange({ curve: Buffer.from([3, 0, 21]) }), 'tls'],
  ['curve-k256', 'sends a key on secp256k1, which was not offered', keyExchange({ curve: Buffer.from([3, 0, 22]) }), 'tls'],
  ['curve-explicit', 'sends a key on an explicit curve', keyExchange({ curve: Buffer.from([1, 0, 23]) }), 'tls'],
  ['point-not-on-curve', 'sends a point that is not on the curve',
    keyExchange({ point: Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]) }), 'tls'],
  ['point-infinity', 'sends the point at infinity', keyExchange({ point: Buffer.alloc(1) }), 'tls'],
  ['point-zero', 'sends the point (0, 0)', keyExchange({ point: Buffer.concat([Buffer.from([4]), Buffer.alloc(64)]) }), 'tls'],
  ['point-empty', 'sends a point of 0 bytes', keyExchange({ point: Buffer.alloc(0) }), 'tls'],
  ['point-long', 'sends a point of 255 bytes', keyExchange({ point: Buffer.alloc(255, 4) }), 'tls'],
  ['x25519-zero', 'sends zero on X25519', keyExchange({ curve: Buffer.from([3, 0, group.x25519]), point: Buffer.alloc(32) }), 'tls'],

  // The rest of the flight.
  ['wants-a-certificate', 'requests a client certificate, and gets an empty list',
    but(before(tls12, 'serverHelloDone', (peer) =>
    peer.say(message.certificateRequest, Buffer.concat([vector(1, Buffer.from([64])), vector(2, Buffer.from([4, 3])), vector(2)]))), {
    clientKeyExchange: async (peer) => {
      await peer.message(message.certificate);
      await tls12.clientKeyExchange(peer);
    } }), ok],
  ['certificate-request-long', 'sends a CertificateRequest whose lists are longer than the message', before(tls12, 'serverHelloDone', (peer) =>
    peer.say(message.certificateRequest, Buffer.from([1, 64, 0, 99, 4, 3]))), 'tls'],
  ['no-done', 'sends a ticket in place of ServerHelloDone',
    but(tls12, { serverHelloDone: (peer) => peer.say(message.newSessionTicket, Buffer.alloc(6)) }), 'tls'],
  ['done-odd', 'sends a ServerHelloDone that is not empty',
    but(tls12, { serverHelloDone: (peer) => peer.say(message.serverHelloDone, Buffer.alloc(1)) }), 'tls'],
  ['done-twice', 'sends two ServerHelloDones', before(tls12, 'serverHelloDone', tls12.serverHelloDone), 'tls'],
  ['hello-request-inside', 'sends a HelloRequest during the handshake',
    before(tls12, 'certificate', (peer) => peer.send(type.handshake, helloRequest)), 'tls'],
  ['key-update', 'sends a KeyUpdate of TLS 1.3',
    before(tls12, 'certificate', (peer) => peer.say(message.keyUpdate, Buffer.alloc(1))), 'tls'],
  ['early-change', 'sends ChangeCipherSpec before the key exchange (CVE-2014-0224)', before(tls12, 'serverKeyExchange', (peer) =>
    peer.send(type.changeCipherSpec, Buffer.from([1]))), 'tls'],
  ['skips-all', 'sends Finished right after ServerHello (CVE-2014-6593)', upTo(tls12, 'certificate', (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([1]));
    peer.say(message.finished, Buffer.alloc(12));
  }), 'tls'],
  ['application-early', 'sends the answer before the end of the handshake', before(tls12, 'serverHelloDone', (peer) =>
    peer.send(type.application, Buffer.from(says('Recording')))), 'tls'],
  ['no-change', 'sends no ChangeCipherSpec',
    but(tls12, { changeCipherSpec: (peer) => { peer.writing = keys12Of(peer).server; } }), 'tls'],
  ['change-odd', 'sends a ChangeCipherSpec of value 2', but(tls12, { changeCipherSpec: (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([2]));
    peer.writing = keys12Of(peer).server;
  } }), 'tls'],
  ['change-long', 'sends a ChangeCipherSpec of 2 bytes', but(tls12, { changeCipherSpec: (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([1, 1]));
    peer.writing = keys12Of(peer).server;
  } }), 'tls'],
  ['change-twice', 'sends two ChangeCipherSpecs',
    before(tls12, 'changeCipherSpec', (peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), 'tls'],
  ['finished-plain', 'sends Finished without encryption',
    but(tls12, { changeCipherSpec: (peer) => peer.send(type.changeCipherSpec, Buffer.from([1])) }), 'tls'],
  ['finished-wrong', 'sends a Finished with wrong data',
    but(tls12, { finished: (peer) => peer.say(message.finished, Buffer.alloc(12)) }), 'tls'],
  ['finished-ours', 'sends a Finished with the label of the client',
    but(tls12, { finished: (peer) => peer.say(message.finished, prf(peer.master, 'client finished', sha256(peer.transcript), 12)) }), 'tls'],
  ['finished-short', 'sends a Finished of 11 bytes',
    but(tls12, { finished: (peer) => peer.say(message.finished, prf(peer.master, 'server finished', sha256(peer.transcript), 11)) }), 'tls'],
  ['no-finished', 'sends the answer in place of Finished',
    but(tls12, { finished: (peer) => peer.send(type.application, Buffer.from(says('Recording'))), answer: null }), 'tls'],
  ['ticket-unasked', 'sends a ticket that was not requested', before(tls12, 'changeCipherSpec', (peer) =>
    peer.say(message.newSessionTicket, Buffer.concat([number(4, 300), vector(2, Buffer.alloc(200))]))), 'tls'],

  ['silent', 'is silent after ServerHelloDone', upTo(tls12, 'clientKeyExchange'), 'timeout'],

  // After the handshake.
  ['hello-request', 'sends a HelloRequest before the answer', after((peer) => peer.send(type.handshake, helloRequest)), ok],
  ['hello-request-1000', 'sends 1,000 HelloRequests before the answer', after(times(1000, (peer) => peer.send(type.handshake, helloRequest))), ok],
  ['hello-request-forever', 'sends HelloRequests without end', after(forever((peer) => Buffer.concat(Array.from({ length: 50 }, () =>
    peer.writing.seal(type.handshake, helloRequest))))), 'asked: timeout'],
  ['renegotiates', 'sends another ServerHello after the handshake', after(tls12.serverHello), 'asked: reset'],
  ['finished-again', 'sends another Finished after the handshake', after(tls12.finished), 'asked: reset'],
  ['change-again', 'sends another ChangeCipherSpec after the handshake',
    after((peer) => peer.send(type.changeCipherSpec, Buffer.from([1]))), 'asked: reset'],
  ['warning', 'sends the warning unrecognized_name in the handshake', before(tls12, 'serverHello', (peer) => peer.alert(1, 112)), ok],
  ['warning-1000', 'sends the warning unrecognized_name 1,000 times in the handshake',
    before(tls12, 'serverHello', times(1000, (peer) => peer.alert(1, 112))), ok],
  ['warning-forever', 'sends the warning unrecognized_name without end',
    before(tls12, 'serverHello', forever(() => Buffer.concat(Array(1000).fill(record(type.alert, Buffer.from([1, 112])))))), 'timeout'],
  ['no-renegotiation', 'sends the warning no_renegotiation in the handshake', before(tls12, 'certificate', (peer) => peer.alert(1, 100)), 'tls'],
  ['alert-level-0', 'sends an alert of level 0', before(tls12, 'certificate', (peer) => peer.alert(0, 80)), ok],
  ['alert-short', 'sends an alert of 1 byte', before(tls12, 'certificate', (peer) => peer.send(type.alert, Buffer.from([2]))), 'tls'],
  ['alert-long', 'sends an alert of 3 bytes',
    before(tls12, 'certificate', (peer) => peer.send(type.alert, Buffer.from([1, 90, 0]))), 'tls'],
  ['answer-plain', 'sends the answer without encryption and record',
    upTo(tls12, 'answer', (peer) => peer.request(), (peer) => peer.write(Buffer.from(says('Recording')))), 'asked: reset'],
  ['answer-early', 'sends the answer before the request',
    upTo(tls12, 'answer', (peer) => peer.send(type.application, Buffer.from(says('Recording'))), (peer) => peer.request()), ok],
  ['answer-short', 'sends a record that is shorter than its tag',
    after((peer) => peer.write(record(type.application, Buffer.alloc(15)))), 'asked: reset'],

  // Records.
  ['empty-records', 'sends 100 empty handshake records',
    before(tls12, 'certificate', times(100, (peer) => peer.write(record(type.handshake, Buffer.alloc(0))))), 'tls'],
  ['largest', 'sends the answer in a record of 16,384 bytes', upTo(tls12, 'answer', (peer) =>
    answering(peer, answer(200, `{"x":"${'x'.repeat(16300)}"}`).padEnd(16384).slice(0, 16384)), tls12.end),
    ['asked: body-limit', 'asked: body-limit', 'asked: reset']],
  ['record-version', 'sends a record of version 1.0',
    before(tls12, 'certificate', (peer) => peer.write(record(type.handshake, handshake(message.serverHelloDone, Buffer.alloc(0)), 0x0301))), 'tls'],
  ['record-type', 'sends a record of unknown type', before(tls12, 'certificate', (peer) => peer.send(99, Buffer.alloc(4))), 'tls'],
  ['heartbeat', 'sends a heartbeat that claims 16 KB',
    before(tls12, 'certificate', (peer) => peer.send(24, Buffer.from([1, 64, 0]))), 'tls'],
  ['one-record', 'sends its first flight in one record', but(tls12, { serverHello: null, certificate: null, serverKeyExchange: null,
    serverHelloDone: (peer) => {
      const said = [];
      peer.send = (kind, bytes) => said.push(bytes);
      for (const name of ['serverHello', 'certificate', 'serverKeyExchange', 'serverHelloDone'])
        tls12[name](peer);
      delete peer.send;
      peer.send(type.handshake, Buffer.concat(said));
    } }), ok],
  ['interleaved', 'sends a warning inside of a handshake message',
    before(but(tls12, { certificate: null }), 'serverKeyExchange', (peer) => {
    const bytes = handshake(message.certificate, vector(3, ...peer.certificates().map((one) => vector(3, one))));

    peer.transcript = Buffer.concat([peer.transcript, bytes]);
    peer.send(type.handshake, bytes.subarray(0, 100));
    peer.alert(1, 90);
    peer.send(type.handshake, bytes.subarray(100));
  }), 'tls'],
  ['message-16mb', 'begins a handshake message of 16 MB',
    upTo(tls12, 'certificate', (peer) => peer.send(type.handshake, Buffer.from([11, 255, 255, 255, 0]))), 'timeout'],
  ['message-16mb-sent', 'sends a handshake message of 16 MB', before(tls12, 'certificate', (peer) => {
    peer.send(type.handshake, Buffer.from([11, 255, 255, 255, 0]));
    return forever(() => record(type.handshake, Buffer.alloc(16384)))(peer);
  }), 'tls'],

  ...sharedRows(tls12, stepNames),
];
