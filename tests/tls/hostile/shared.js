// The rows that TLS 1.2 and TLS 1.3 share: the same fault in a flight of either version.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { says } = require('../../e2e/support');
const { afterRequest, answer, before, record, times, type, upTo } = require('./scripted');

const ok = 'asked: ok';
const cipher = (peer, text) => peer.writing.seal(type.application, Buffer.from(text));
const close = (peer) => peer.socket.end();
const inRecordsOf = (flight, size) => ({ fragment: (peer) => { peer.fragment = size; }, ...flight });

/** flight: of an honest server; stepNames: those of its steps that send a message of the handshake. */
module.exports = (flight, stepNames) => {
  const after = (step) => afterRequest(flight, step);
  const alertAt = (name, level, description) => upTo(flight, name, (peer) => peer.alert(level, description), close);

  return [
    // Before each message of the handshake.
    ...stepNames.map((name) => [`closes-at-${name}`, `closes in place of ${name}`, upTo(flight, name, close), 'closed']),
    ...stepNames.map((name) => [`alert-at-${name}`, `sends the alert internal_error in place of ${name}`, alertAt(name, 2, 80), 'tls-refused']),
    ...stepNames.map((name) => [`close-notify-at-${name}`, `sends close_notify in place of ${name}`, alertAt(name, 1, 0), 'closed']),
    ['unknown-message', 'sends an unknown handshake message', before(flight, 'certificate', (peer) => peer.say(99, Buffer.alloc(4))), 'tls'],

    // After the handshake.
    ['alert-after', 'sends the alert internal_error in place of the answer', after((peer) => peer.alert(2, 80)), 'asked: tls-refused'],
    ['warning-after', 'sends the warning user_canceled before the answer', after((peer) => peer.alert(1, 90)), ok],
    ['answer-closed', 'closes in place of the answer', upTo(flight, 'answer', (peer) => peer.request(), close), 'asked: closed'],
    ['answer-cut', 'sends half of the answer, and closes',
      upTo(flight, 'answer', (peer) => answer(peer, says('Recording').slice(0, -5)), close), 'asked: truncated'],
    ['answer-unended', 'sends an answer without length, and closes without close_notify',
      upTo(flight, 'answer', (peer) => answer(peer, 'HTTP/1.1 200 OK\r\n\r\n{"status":"Recording"}'), close), 'asked: truncated'],
    ['answer-plain-record', 'sends the answer in a record without encryption', upTo(flight, 'answer', (peer) => peer.request(), (peer) =>
      peer.write(record(type.application, Buffer.from(says('Recording'))))), 'asked: reset'],
    ['answer-replayed', 'sends a record twice', after((peer) => {
      const bytes = cipher(peer, 'HTTP');
      peer.write(Buffer.concat([bytes, bytes]));
    }), 'asked: reset'],
    ['answer-flipped', 'flips a bit of the answer', after((peer) => {
      const flipped = cipher(peer, says('Recording'));
      flipped[20] ^= 1;
      peer.write(flipped);
    }), 'asked: reset'],

    // Records.
    ['bytes', 'sends records of 1 byte: mbedTLS needs the first 4 bytes of a handshake message in one record', inRecordsOf(flight, 1),
      ['tls', 'tls', 'tls']],
    ['fours', 'sends records of 4 bytes', inRecordsOf(flight, 4), ok],
    ['hundreds', 'sends records of 100 bytes', inRecordsOf(flight, 100), ok],
    ['answer-bytes', 'sends the answer in records of 1 byte', before(flight, 'answer', (peer) => { peer.fragment = 1; }), ok],
    ['empty-answers', 'sends 3 empty records before the answer', after(times(3, (peer) => peer.send(type.application, Buffer.alloc(0)))), ok],
    ['empty-answers-1000', 'sends 1,000 empty records before the answer',
      after(times(1000, (peer) => peer.send(type.application, Buffer.alloc(0)))), 'asked: reset'],
    ['too-large', 'sends a record of 16,385 bytes', after((peer) => peer.write(peer.writing.seal(type.application, Buffer.alloc(16385)))),
      'asked: reset'],
  ];
};
