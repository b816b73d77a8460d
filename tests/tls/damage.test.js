// A proxy between wmrec and the server, which cuts the connection or changes a bit: at no place may that yield a wrong
// status, or have the key sent before the server is known.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const test = require('node:test');

const { answering, ask, key, says, serve, useAllCertificates } = require('../e2e/support');
const { Prober, profiles } = require('./prober');

useAllCertificates();

const patience = 20000; // in ms
const step = Number(process.env.WMREC_STEP ?? 37); // of the places that are tried: with 1, all
const only = process.env.WMREC_ONLY ?? ''; // how the names begin of the tests that are run
const probers = Object.fromEntries(Object.keys(profiles).map((name) => [name, new Prober(name)]));

test.after(() => Promise.all(Object.values(probers).map((prober) => prober.end())));

/**
 * A proxy to `server`. change(bytes, offset), which may be replaced: what goes on to the client in place of these bytes,
 * which are at this offset of all; fewer: the connection ends here. It keeps, of the last connection: said, by the client;
 * forwarded, how much came from the server; handshake, how much of that before the client spoke for the second time.
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

/** A server, a proxy to it, and how much it has forwarded, of the handshake and in all, as nothing was changed. */
async function measure(t, prober, settings) {
  const server = await answering(t, says('Recording'), settings);
  const proxy = await serveProxy(t, server, unchanged);

  assert.deepStrictEqual([await prober.connect(proxy.port, patience), prober.recording], ['ok', 'Recording']);
  assert.ok(proxy.handshake > 500, 'the whole flight of the server was measured');
  await server.quiet();
  return { server, proxy, handshake: proxy.handshake, forwarded: proxy.forwarded };
}

/** Tries every place up to `end`. check(): what was seen of the connection, or, where it was tried again, of both. */
async function tryPlaces(prober, { server, proxy }, end, change, check) {
  for (let place = 0; place < end; place += step) {
    proxy.change = change(place);
    server.received = '';
    const result = await prober.connect(proxy.port, patience);

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
      test(`${name}: cut anywhere, the handshake gives no status, and the key stays`, async (t) => {
        const measured = await measure(t, prober, settings);

        // An ECDSA signature is a few bytes longer or shorter each time.
        await tryPlaces(prober, measured, measured.handshake - 16, cutAt, ({ place, result, recording, isAsked }) => {
          assert.deepStrictEqual([result, recording, isAsked], ['closed', 'Unknown', false], `cut at ${place}`);
        });
      });

      test(`${name}: with a bit flipped anywhere, the status is right or there is none`, async (t) => {
        const measured = await measure(t, prober, settings);
        let failures = 0;

        await tryPlaces(prober, measured, measured.forwarded, flipAt, ({ place, result, recording, isAsked }) => {
          const isRight = result === 'ok' && recording === 'Recording' && isAsked;

          failures += !isRight;
          assert.ok(isRight || (result !== 'ok' && recording === 'Unknown'), `flipped at ${place}: ${result} ${recording}`);
          assert.ok(isRight || !isAsked || place >= measured.handshake - 16, `flipped at ${place}: ${result}, but asked`);
        });
        // A few bits mean nothing: those of a record's version, or of a session ticket for another time.
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

test('the client, too, ends by close_notify', async (t) => {
  const proxy = await serveProxy(t, await answering(t, says('Recording'), { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }), unchanged);

  assert.strictEqual((await ask(proxy)).stdout, 'Recording\n');
  assert.match(proxy.said, /\x15\x03\x03\x00[^]{1,40}$/); // the last record is an alert
});
