// A proxy between wmrec and the server, which cuts the connection or changes a bit: at no place may that yield a wrong
// status, or have the key sent before the server is known.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const test = require('node:test');

const { answering, ask, key, says, serve, useAllCertificates } = require('../e2e/support');

useAllCertificates();

const step = 37; // of the places that are tried

/**
 * A proxy to `server`. change(bytes, offset): what goes on to the client in place of these bytes, which are at this
 * offset of all; null: the connection ends here. It keeps, of the last connection: said, by the client; forwarded, how
 * much came from the server; handshake, how much of that before the client spoke for the second time.
 */
async function serveProxy(t, server, change) {
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
      const changed = change(bytes, proxy.forwarded);

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

  return Object.assign(proxy, { url: proxy.url.replace('http:', 'https:') });
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

/** How long the handshake and all of a conversation are, as nothing is changed. */
async function measure(t, settings) {
  const server = await answering(t, says('Recording'), settings);
  const proxy = await serveProxy(t, server, (bytes) => bytes);

  assert.strictEqual((await ask(proxy)).stdout, 'Recording\n');
  return proxy;
}

/** Tries every place up to `end`, a few at a time. */
async function tryPlaces(t, settings, end, change, check) {
  const places = [];

  for (let place = 0; place < end; place += step)
    places.push(place);
  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let place; (place = places.shift()) !== undefined;) {
      const server = await answering(t, says('Recording'), settings);
      const proxy = await serveProxy(t, server, change(place));
      const result = await ask(proxy);

      await server.quiet();
      check({ place, server, proxy, ...result });
    }
  }));
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const certificate of ['ec-chain', 'rsa-chain']) {
    const settings = { certificate, minVersion: version, maxVersion: version };

    test(`${version}, ${certificate}: cut anywhere in the handshake, the connection gives no status and the key stays`,
      async (t) => {
        const { handshake } = await measure(t, settings);

        assert.ok(handshake > 500, 'the whole flight of the server was measured');
        // An ECDSA signature is a few bytes longer or shorter each time.
        await tryPlaces(t, settings, handshake - 16, cutAt, ({ place, server, proxy, code, stdout, stderr }) => {
          assert.deepStrictEqual([code, stdout], [69, ''], `cut at ${place}: ${stderr}`);
          assert.strictEqual(server.received, '', `cut at ${place}`);
          assert.ok(!proxy.said.includes(key));
        });
      });

    test(`${version}, ${certificate}: with a bit flipped anywhere, the status is right or there is none`, async (t) => {
      const { forwarded } = await measure(t, settings);
      let failures = 0;

      await tryPlaces(t, settings, forwarded, flipAt, ({ place, proxy, code, stdout, stderr }) => {
        failures += code !== 0;
        assert.ok((code === 0 && stdout === 'Recording\n') || (code !== 0 && stdout === ''),
          `flipped at ${place}: ${code} ${stdout} ${stderr}`);
        assert.ok(!proxy.said.includes(key));
      });
      // A few bits mean nothing: those of a record's version, or of a session ticket for another time.
      assert.ok(failures > forwarded / step / 2);
    });
  }

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
  const { said } = await measure(t, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });

  assert.match(said, /\x15\x03\x03\x00[^]{1,40}$/); // the last record is an alert
});
