// A lamp that asks for hours: nothing of its memory is lost. Guest time goes as fast as the host can (-icount, sleep=off):
// while the lamp sleeps, its clock jumps to the next tick.
//
//   endurance.test.js [POLLS]     by default 1000; 10000 are more than an hour of the lamp's time
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const test = require('node:test');

const { answer, answering, certificate, says, useAllCertificates } = require('../e2e/support');
const { lamp, settings, startNetwork, time } = require('./support');

const polls = Number(process.argv[2] ?? 1000);
const first = Math.min(1000, polls / 2);
const chapter = Math.floor(first / 8); // polls of one kind of server: all come around before the first look
const interval = 360; // ms
const pause = 5; // s, in which nothing is asked
const longPause = 150; // s: longer than TIME_WAIT (RFC 9293, section 3.6.1), which lwIP takes for two minutes
const interruptDepth = 256; // bytes of stack that an interrupt takes, at most, wherever it comes

/** What the server is, one after the other. */
const kinds = ['ec', 'rsa', 'rsa-3'].flatMap((name) => ['TLSv1.2', 'TLSv1.3'].map((version) => ({ name, version })));

const isPaused = (number) => number % chapter === 0 || number === first || number === polls;

/** Its sessions are lost, too. */
function become(server, { name, version }) {
  server.tls.setSecureContext({ key: fs.readFileSync(certificate(`${name}.key`)), cert: fs.readFileSync(certificate(`${name}.pem`)),
    ciphers: 'ALL:@SECLEVEL=0', minVersion: version, maxVersion: version, ticketKeys: randomBytes(48) });
}

/** All that can differ between two answers comes around: the status; a connection that is closed, whose session the next
 * one resumes; a failure, behind which the server is another one, that must be verified anew. */
function answerOf(server, number) {
  if (isPaused(number)) {
    become(server, kinds[server.changes++ % kinds.length]);
    return answer(503, '', { 'Retry-After': number === first || number === polls ? longPause : pause, Connection: 'close' });
  }
  return says(['NeverStarted', 'Recording', 'Stopped'][Math.floor(number / 100) % 3], number % 25 === 0 ? { Connection: 'close' } : {});
}

/** A server that counts, and emits "paused" after each answer that a pause follows. */
async function manyFaced(t) {
  const server = await answering(t, (request, number) => {
    server.answered = number;
    if (isPaused(number))
      setImmediate(() => server.tls.emit('paused'));
    return answerOf(server, number);
  });

  Object.assign(server, { answered: 0, changes: 0, resumed: 0 });
  server.tls.on('secureConnection', (socket) => { server.resumed += socket.isSessionReused(); });
  return server;
}

/** Waits until the connection is closed and TLS has given all back; that it does not, is seen by the next question. */
async function atRest(running, server, atFirst) {
  const { answered } = server;

  for (;;) {
    const memory = await running.memory();

    if (memory.arena.inUse === atFirst.arena.inUse && memory.arena.largestFree === atFirst.arena.largestFree)
      return;
    assert.strictEqual(server.answered, answered, `not given back after ${answered} polls: ${JSON.stringify(memory)}`);
  }
}

/** After a long pause, when lwIP has nothing to wait for, either. */
async function atLongRest(running) {
  const began = await running.clock();

  while (await running.clock() - began < (longPause - 20) * 1000)
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  return running.memory();
}

test(`mps2_an385: ${polls} polls: TLS gives all of its memory back at each pause; and in the end, no more is in use of it, of lwIP's or of the ` +
  `stack than after ${first}`, async (t) => {
  useAllCertificates();
  await startNetwork();
  const server = await manyFaced(t);
  let begin = () => {};
  time.gate = new Promise((resolve) => { begin = resolve; }); // so that nothing is asked before the first look
  const running = await lamp(t, 'mps2_an385', await settings(server, { interval: `${interval}ms` }), { options: ['-icount', 'shift=0,sleep=off'] });
  const rests = [];
  let paused = once(server.tls, 'paused');

  await running.until(/address=/);
  const began = await running.memory();
  begin();
  while (rests.length < 2) {
    await paused;
    paused = once(server.tls, 'paused');
    const { answered } = server;

    await atRest(running, server, began);
    if (answered === first || answered === polls)
      rests.push(await atLongRest(running));
  }
  const [{ stackMark: markAtFirst, ...atFirst }, { stackMark, ...atLast }] = rests;

  t.diagnostic(`${Math.floor(await running.clock() / 60000)} minutes of the lamp's time, ${server.connections} connections, ${server.resumed} of them resumed`);
  t.diagnostic(JSON.stringify({ stackMark, ...atLast }));
  assert.deepStrictEqual(atLast, atFirst);
  assert.ok(stackMark <= markAtFirst + interruptDepth, `stack: ${markAtFirst}, then ${stackMark}`);
  assert.strictEqual(running.output.match(/wmrec board=/g).length, 1, 'it has restarted');
  assert.ok(server.resumed >= polls / 40, `${server.resumed} resumed`);
  assert.ok(await running.clock() >= polls * interval);
});
