// A lamp that polls for hours loses no memory. The lamp's clock runs as fast as the emulator can: while the lamp sleeps,
// its clock jumps to the next tick.
//
//   endurance.test.js [POLLS]     default: 1000. 10000 polls take more than an hour of the lamp's time.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const test = require('node:test');

const { answer, answering, certificate, says, until, useAllCertificates } = require('../e2e/support');
const { among, lamp, settings, startNetwork, time } = require('./support');

const polls = Number(process.argv[2] ?? 1000);
const first = Math.min(1000, polls / 2);
const chapter = Math.floor(first / 8); // polls of one kind of server: all kinds occur before the first look
const interval = 360; // ms
const pause = 120; // s without a poll, in which TLS must return its memory: some seconds of this machine
const rest = 130; // s, after which lwIP must have returned its memory: longer than its TIME_WAIT of 120 s (RFC 9293, section 3.6.1)
const longPause = 900; // s without a poll, for a look after `rest`: some ten seconds of this machine
const interruptDepth = 256; // bytes of stack that an interrupt needs at most

/** The kinds of server, in their order. */
const kinds = ['ec', 'rsa', 'rsa-3'].flatMap((name) => ['TLSv1.2', 'TLSv1.3'].map((version) => ({ name, version })));

const isPaused = (number) => number % chapter === 0 || number === first || number === polls;

/** Changes the server's certificate and version, and makes it forget all sessions. */
function become(server, { name, version }) {
  server.tls.setSecureContext({ key: fs.readFileSync(certificate(`${name}.key`)), cert: fs.readFileSync(certificate(`${name}.pem`)),
    ciphers: 'ALL:@SECLEVEL=0', minVersion: version, maxVersion: version, ticketKeys: randomBytes(48) });
}

/** Varies the answers: the status; a closed connection, after which the next one resumes the session; a 503, after which the server is
 * of another kind, so that the next connection needs a full handshake. */
function answerOf(server, number) {
  if (isPaused(number)) {
    become(server, kinds[server.changes++ % kinds.length]);
    return answer(503, '', { 'Retry-After': number === first || number === polls ? longPause : pause, Connection: 'close' });
  }
  return says(['NeverStarted', 'Recording', 'Stopped'][Math.floor(number / 100) % 3], number % 25 === 0 ? { Connection: 'close' } : {});
}

/** A server that counts, and emits "paused" after each answer before a pause. */
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

/** Waits until TLS has returned all of its memory, or the lamp has asked again. Returns true if it was seen to have returned it. */
async function hasReturnedMemory(running, server, atFirst) {
  const { answered } = server;
  let isReturned = false;

  await until(async () => {
    const { arena } = await running.memory();

    isReturned = arena.inUse === atFirst.arena.inUse && arena.largestFree === atFirst.arena.largestFree;
    return isReturned || server.answered !== answered;
  });
  return isReturned;
}

/** The memory after `rest`, when lwIP has returned its memory, too. */
async function memoryAtRest(running) {
  const began = await running.clock();

  await until(async () => await running.clock() - began >= rest * 1000);
  return running.memory();
}

/** The first one of these that is tested. */
const [board] = among('mps2_an385', 'w5500_evb_pico');

test(`${board}: ${polls} polls: TLS returns all of its memory in each pause, and at the end, no more memory of TLS, lwIP or the stack ` +
  `is in use than after ${first}`, async (t) => {
  useAllCertificates();
  await startNetwork();
  const server = await manyFaced(t);
  let begin = () => {};
  time.gate = new Promise((resolve) => { begin = resolve; }); // no poll before the first look
  const running = await lamp(t, board, await settings(server, { interval: `${interval}ms` }), { pace: 'endless' });
  const rests = [];
  const seen = []; // for each pause, true if TLS was seen to return its memory; on a busy machine, a look may come too late
  let paused = once(server.tls, 'paused');

  await running.until(/address=/);
  const began = await running.memory();
  begin();
  while (rests.length < 2) {
    await paused;
    paused = once(server.tls, 'paused');
    const { answered } = server;
    const isReturned = await hasReturnedMemory(running, server, began);

    seen.push(isReturned);
    if (answered === first || answered === polls) {
      assert.ok(isReturned, `TLS has not returned its memory after ${answered} polls`);
      rests.push(await memoryAtRest(running));
    }
  }
  const [{ stackPeak: markAtFirst, ...atFirst }, { stackPeak, ...atLast }] = rests;

  t.diagnostic(`${Math.floor(await running.clock() / 60000)} minutes of the lamp's time, ${server.connections} connections, ${server.resumed} of them resumed; TLS was seen to return its memory in ${seen.filter(Boolean).length} of ${seen.length} pauses`);
  t.diagnostic(JSON.stringify({ stackPeak, ...atLast }));
  assert.ok(kinds.every((kind, index) => seen.some((isReturned, at) => isReturned && at % kinds.length === index)),
    'TLS was never seen to return its memory after one kind of server');
  assert.deepStrictEqual(atLast, atFirst);
  assert.ok(stackPeak <= markAtFirst + interruptDepth, `stack: ${markAtFirst}, then ${stackPeak}`);
  assert.strictEqual(running.output.match(/wmrec board=/g).length, 1, 'the lamp has restarted');
  assert.ok(server.resumed >= polls / 40, `only ${server.resumed} connections resumed a session`);
  assert.ok(await running.clock() >= polls * interval);
});
