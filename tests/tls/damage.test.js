// A proxy between wmrec and the server cuts the connection or flips a bit. At no place may that give a wrong status, or send the key
// before the server is verified.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const test = require('node:test');

const { answering, ask, key, says, serve, useAllCertificates } = require('../e2e/support');
const { Prober, profiles } = require('./prober');

useAllCertificates();

const plenty = 3600000; // the timeout of the client, in ms, if it must not be reached
const short = 1000; // the same, if it may be: a flipped length has both sides wait for more; a connection that is slow counts as failed
const step = Number(process.env.WMREC_STEP ?? 37); // every byte at a multiple of it is damaged
const only = process.env.WMREC_ONLY ?? ''; // run only the tests whose names begin so
const probers = Object.fromEntries(Object.keys(profiles).map((name) => [name, new Prober(name)]));

test.after(() => Promise.all(Object.values(probers).map((prober) => prober.end())));

/**
 * Starts a proxy to `server`. change(bytes, offset) returns what the client gets in place of these bytes from the server, which are
 * at this offset of the connection; if it returns fewer, the connection is closed after them. The caller may replace it.
 * Of the last connection: said, the bytes of the client; forwarded, the number of bytes from the server; handshake, how many of
 * these came before the second flight of the client.
 */
async function serveProxy(t, server, firstChange) {
  const proxy = await serve(t, (client) => {
    const behind = net.connect({ port: server.port, host: '127.0.0.1', noDelay: true });
    let times = 0;

    proxy.forwarded = 0;
    proxy.handshake = 0;
    proxy.said = '';
    client.on('data', (bytes) => {
      if (++times === 2)
        proxy.handshake = proxy.forwarded;
      proxy.said += bytes.toString('latin1');
      behind.write(bytes);
    });
    behind.on('data', (bytes) => {
      const changed = proxy.change(bytes, proxy.forwarded);

      proxy.forwarded += bytes.length;
      if (changed !== bytes && changed.length < bytes.length) {
        client.end(changed);
        behind.destroy();
      } else {
        client.write(changed);
      }
    });
    behind.on('error', () => client.destroy());
    behind.on('close', () => client.end());
    client.on('close', () => behind.destroy());
  }, { certificate: null });

  return Object.assign(proxy, { change: firstChange, url: proxy.url.replace('http:', 'https:') });
}

function cutAt(place) {
  return (bytes, offset) => (offset + bytes.length > place ? bytes.subarray(0, Math.max(0, place - offset)) : bytes);
}

function flipAt(place) {
  return (bytes, offset) => {
    if (place < offset || place >= offset + bytes.length)
      return bytes;
    const changed = Buffer.from(bytes);
    changed[place - offset] ^= 1 << (place % 8);
    return changed;
  };
}

const unchanged = (bytes) => bytes;

/** Starts a server and a proxy, and connects without damage: the number of bytes forwarded in the handshake, and in all. */
async function measure(t, prober, settings) {
  const server = await answering(t, says('Recording'), settings);
  const proxy = await serveProxy(t, server, unchanged);

  assert.deepStrictEqual([await prober.connect(proxy.port, plenty), prober.recording], ['ok', 'Recording']);
  assert.ok(proxy.handshake > 500, 'the whole flight of the server was measured');
  await server.quiet();
  return { server, proxy, handshake: proxy.handshake, forwarded: proxy.forwarded };
}

/** Damages every step-th place up to `end`, and calls check() with the result; isAsked: a request came over the first connection or a retry. */
async function tryPlaces(prober, { server, proxy }, end, timeout, change, check) {
  for (let place = 0; place < end; place += step) {
    proxy.change = change(place);
    server.received = '';
    const result = await prober.connect(proxy.port, timeout);

    await server.quiet();
    await proxy.quiet();
    assert.ok(!proxy.said.includes(key));
    check({ place, result, recording: prober.recording, isAsked: server.received !== '' });
  }
}

for (const [profile, prober] of Object.entries(probers)) {
  for (const version of profile === 'small' ? ['TLSv1.2'] : ['TLSv1.2', 'TLSv1.3']) {
    for (const certificate of ['ec-chain', 'rsa-chain']) {
      const settings = { certificate, minVersion: version, maxVersion: version };
      const name = `${profile}, ${version}, ${certificate}`;

      if (!name.startsWith(only))
        continue;
      test(`${name}: a handshake that is cut at any byte gives no status, and the key is not sent`, async (t) => {
        const measured = await measure(t, prober, settings);

        // The length of an ECDSA signature varies by a few bytes.
        await tryPlaces(prober, measured, measured.handshake - 16, plenty, cutAt, ({ place, result, recording, isAsked }) => {
          assert.deepStrictEqual([result, recording, isAsked], ['closed', 'Unknown', false], `cut at ${place}`);
        });
      });

      test(`${name}: with a bit flipped in any byte, the status is right or there is none`, async (t) => {
        const measured = await measure(t, prober, settings);
        let failures = 0;

        await tryPlaces(prober, measured, measured.forwarded, short, flipAt, ({ place, result, recording, isAsked }) => {
          const isRight = result === 'ok' && recording === 'Recording' && isAsked;

          failures += !isRight;
          assert.ok(isRight || (result !== 'ok' && recording === 'Unknown'), `flipped at ${place}: ${result} ${recording}`);
          assert.ok(isRight || !isAsked || place >= measured.handshake - 16, `flipped at ${place}: ${result}, but asked`);
        });
        // Some bits have no effect: those of the version of a record, or of a session ticket.
        assert.ok(failures > measured.forwarded / step / 2);
      });
    }
  }
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`${version}: with a bit flipped in the answer, there is no status`, async (t) => {
    const settings = { minVersion: version, maxVersion: version };
    let flipNow = false;
    const server = await answering(t, () => {
      flipNow = true;
      return says('Recording');
    }, settings);
    const proxy = await serveProxy(t, server, (bytes) => {
      if (!flipNow)
        return bytes;
      const changed = Buffer.from(bytes);
      changed[changed.length - 5] ^= 4;
      return changed;
    });
    const { code, stdout, stderr } = await ask(proxy);

    assert.deepStrictEqual([code, stdout], [69, ''], stderr);
  });
}

test('the client closes the connection by close_notify', async (t) => {
  const proxy = await serveProxy(t, await answering(t, says('Recording'), { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }), unchanged);

  assert.strictEqual((await ask(proxy)).stdout, 'Recording\n');
  assert.match(proxy.said, /\x15\x03\x03\x00[^]{1,40}$/); // the last record is an alert
});
