// Attacks from the network: on the seed, on numbers that nobody must guess, and on the date.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { X509Certificate, randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, id, says, until, useAllCertificates } = require('../e2e/support');
const { temporaryFolder } = require('../e2e/wiremock');
const { headerLength, packets } = require('./capture');
const { addressOf, poke } = require('./debugger');
const { among, assertShows, boards, lamp, makeSeed, settings, startNetwork, time } = require('./support');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

/** For tests that do not depend on the board: the first one that is tested. */
const [board] = among('lm3s6965evb', 'w5500_evb_pico');
const waitsForSeed = !boards[board].makesSeed;

const flipped = makeSeed();
flipped[5] ^= 0x10;

for (const [what, garbage] of Object.entries(!waitsForSeed ? {} : { 'random bits': randomBytes(40), 'zeros': Buffer.alloc(40), 'ones': Buffer.alloc(40, 0xff), 'a seed with a wrong bit': flipped })) {
  test(`SRAM with ${what} is not taken as a seed, and nothing is sent over TLS`, async (t) => {
    const server = await answering(t, says('Recording'));
    const running = await lamp(t, board, await settings(server), { seed: garbage });

    await running.until(/sntp=ok/);
    await assertShows(running, [id, 'Unknown', '', 'waiting for a seed']);
    assert.strictEqual(server.connections, 0);
  });
}

for (const on of Object.keys(boards).filter((name) => !boards[name].makesSeed)) {
  test(`${on}: a seed that a debugger writes once is enough: TLS works after a restart`, async (t) => {
    const server = await answering(t, says('Recording'));
    const running = await lamp(t, on, await settings(server), { seed: null });

    const [at, seed] = [addressOf(on, 'seed'), makeSeed()];

    await running.until(/sntp=ok/);
    await poke(running, at, seed.subarray(0, 20)); // the lamp must not take a part of a seed
    const began = await running.clock();
    await until(async () => await running.clock() - began >= 20);
    await poke(running, at + 20, seed.subarray(20));
    await running.until(/status=Recording.*\r\n/);
    await running.monitor('system_reset');
    await running.until(/status=Recording[^]*board=[^]*sntp=ok[^]*status=Recording.*\r\n/);
  });
}

/** The numbers in what a lamp sends in its first polls, each on a new connection. It has no seed, and these bytes in its SRAM. */
async function overhear(t, garbage) {
  const capture = path.join(temporaryFolder(), `capture-${randomBytes(4).toString('hex')}`);
  const server = await answering(t, says('Recording', { Connection: 'close' }), { certificate: null });

  const running = await lamp(t, board, await settings(server, { isSelfHosted: true, cacert: null }), {
    seed: null, capture, pace: 'hasty', sram: { bytes: garbage, at: addressOf(board, 'arena_memory') + 4096 },
  });
  await until(() => server.connections >= 6);
  await running.until(/status=Recording.*\r\n/);
  const sent = packets(fs.readFileSync(capture).subarray(headerLength));
  const to = (port) => sent.filter(({ ports }) => ports[1] === port);

  return {
    transactions: to(67).map(({ payload }) => payload.readUInt32BE(4)), // RFC 2131, section 2
    queries: to(53).map(({ payload, ports }) => ({ id: payload.readUInt16BE(0), port: ports[0] })),
    cookies: to(123).map(({ payload }) => payload.toString('hex', 40)),
    connections: to(server.port).filter(({ flags }) => flags === 2).map(({ sequence, ports }) => ({ sequence, port: ports[0] })), // SYN
  };
}

test('without a seed, too, ports, identifiers and sequence numbers do not follow from earlier ones or from the time', async (t) => {
  const { transactions, queries, cookies, connections } = await overhear(t, randomBytes(8192));
  const steps = connections.slice(1).map(({ sequence, port }, index) => [(sequence - connections[index].sequence) >>> 0, (port - connections[index].port) & 0xffff]);

  assert.ok(transactions.length > 0 && queries.length > 0 && cookies.length > 0 && steps.length >= 5);
  assert.ok(queries.some(({ id: number, port }) => number !== port), JSON.stringify(queries));
  assert.ok(steps.some(([sequence]) => sequence > 2 ** 24), `initial sequence numbers increase: ${steps}`);
  assert.ok(steps.some(([, port]) => port > 8), `ports increase: ${steps}`);
});

test('two boards without a seed do not have the same numbers, if their SRAM does not hold the same at the power-up', async (t) => {
  const [first, second] = [await overhear(t, randomBytes(8192)), await overhear(t, randomBytes(8192))];

  assert.notStrictEqual(first.transactions[0], second.transactions[0]);
  assert.notStrictEqual(first.cookies[0], second.cookies[0]);
  assert.notStrictEqual(first.connections[0].sequence, second.connections[0].sequence);
});

/** The earliest date that the lamp accepts, in seconds since 1970 (examples/lamp/clock.c). */
async function earliest(running) {
  const [, low, high] = /: (0x[0-9a-f]+) (0x[0-9a-f]+)/.exec(await running.monitor(`xp /2wx ${addressOf(board, 'earliest')}`));

  return Number(BigInt(high) << 32n | BigInt(low));
}

for (const [what, options] of Object.entries({ 'verified TLS': {}, 'plain HTTP': { certificate: null } })) {
  const isVerified = options.certificate === undefined;

  test(`the date of an answer over ${what} ${isVerified ? 'becomes the earliest date that is accepted' : 'is ignored'}`, async (t) => {
    const later = Math.floor(Date.now() / 1000) + 3600;
    const server = await answering(t, says('Recording', { Date: new Date(later * 1000).toUTCString() }), options);
    const running = await lamp(t, board, await settings(server, { isSelfHosted: !isVerified, cacert: isVerified ? 'roots.pem' : null }));

    await running.until(/status=Recording.*\r\n/);
    assert.strictEqual(await earliest(running) === later, isVerified);
  });
}

for (const date of ['Sat, 02 Jan 2100 00:00:00 GMT', 'Tue, 07 Apr 2161 06:28:16 GMT']) { // modulo 2^32 s, the second one is in 2025
  test(`the date of an answer after the end of the server's certificate is ignored: ${date}`, async (t) => {
    let status = 'Recording';
    const server = await answering(t, () => says(status, { Connection: 'close', Date: date }));
    const running = await lamp(t, board, await settings(server));

    await running.until(/status=Recording.*\r\n/);
    const before = await earliest(running);
    status = 'Stopped';
    await running.until(/status=Stopped.*tls=resumed.*\r\n/);
    assert.strictEqual(await earliest(running), before);
    assert.ok(before < Date.parse(date) / 1000);
  });
}

/** Makes now.pem, the certificate of a server and its own authority, which is valid from now on for two days. */
function certifyNow() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', 2, '-subj', '/CN=now',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', certificate('now.key'), '-out', certificate('now.pem')], { stdio: 'ignore' });
}

test('the start of a verified certificate becomes the earliest date that is accepted', async (t) => {
  certifyNow();
  const server = await answering(t, says('Recording'), { certificate: 'now' });
  const running = await lamp(t, board, await settings(server, { cacert: 'now.pem' }));

  await running.until(/status=Recording.*\r\n/);
  assert.strictEqual(await earliest(running), Date.parse(new X509Certificate(fs.readFileSync(certificate('now.pem'))).validFrom) / 1000);
});

test('a wrong date that makes a certificate look expired is asked for again and again, and the lamp recovers', async (t) => {
  certifyNow();
  time.offset = 40 * 365 * 86400; // after 2036
  t.after(() => { time.offset = 0; });
  const server = await answering(t, says('Recording'), { certificate: 'now' });
  const running = await lamp(t, board, await settings(server, { cacert: 'now.pem' }));

  await running.until(/error=certificate-expired/);
  const before = time.requests;
  await until(() => time.requests > before); // it gets the wrong date once more
  time.offset = 0;
  await running.until(/status=Recording.*\r\n/);
});
