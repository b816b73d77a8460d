// port/posix over lwIP's sockets, and port/lwip from threads: lwIP runs in a thread of its own, as with an RTOS, and checks that its
// core lock is held.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, http, says, serve } = require('../e2e/support');
const { built, start, startWireMock } = require('../e2e/wiremock');
const { ask, begin, here, here6, nobody, startNetwork } = require('./network');

test.before(startNetwork);

const plain = { host: here, certificate: null }; // a server without TLS

/** A port of `here` that nobody listens on: the server that had it has stopped. */
async function freePort(t) {
  const server = await serve(t, () => {}, plain);

  await server.stop();
  return server.port;
}

const kinds = { threads: 'port/posix', raw: 'port/lwip' };

for (const [how, port] of Object.entries(kinds)) {
  test(`${port}: a real WireMock says NeverStarted, Recording, Stopped`, async (t) => {
    const wireMock = await startWireMock(path.dirname(certificate('roots.pem')));
    t.after(wireMock.stop);
    const bridge = await serve(t, (socket) => {
      const other = net.connect(Number(new URL(wireMock.url).port), '127.0.0.1');
      other.on('error', () => socket.destroy());
      socket.pipe(other).pipe(socket);
    }, plain);

    assert.deepStrictEqual(await ask(how, { port: bridge.port }), ['NeverStarted']);
    await wireMock.admin('POST', 'recordings/start', { targetBaseUrl: wireMock.url });
    assert.deepStrictEqual(await ask(how, { port: bridge.port }), ['Recording']);
    await wireMock.admin('POST', 'recordings/stop');
    assert.deepStrictEqual(await ask(how, { port: bridge.port }), ['Stopped']);
  });

  for (const [host, address] of [['one.test', here], ['ONE.Test', here], ['six.test', here6], [here6, here6]]) {
    test(`${port}: ${host} is found, and asked`, async (t) => {
      const server = await answering(t, says('Stopped'), { ...plain, host: address });

      assert.deepStrictEqual(await ask(how, { host, port: server.port }), ['Stopped']);
    });
  }

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`port/mbedtls over ${port}: three exchanges over one verified connection; another host is refused: ${version}`, async (t) => {
      const server = await answering(t, says('Recording'), { host: here, maxVersion: version });
      const secure = { host: 'localhost', port: server.port, roots: certificate('roots.pem') };

      assert.deepStrictEqual(await ask(how, { ...secure, exchanges: 3 }), Array(3).fill('Recording'));
      assert.deepStrictEqual([server.connections, server.handshakes], [1, 1]);
      assert.deepStrictEqual(await ask(how, { ...secure, host: 'one.test' }), ['certificate-host']);
    });
  }

  test(`${port}: a name that does not exist: name`, async () => {
    assert.deepStrictEqual(await ask(how, { host: 'none.test', port: 80 }), ['name']);
  });

  test(`${port}: five exchanges use one connection`, async (t) => {
    const server = await answering(t, says('Recording'), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port, exchanges: 5 }), Array(5).fill('Recording'));
    assert.strictEqual(server.connections, 1);
  });

  test(`${port}: after the server has closed the connection, the next exchange opens another one`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(says('Recording'))), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port, exchanges: 3 }), Array(3).fill('Recording'));
    assert.strictEqual(server.connections, 3);
  });

  test(`${port}: a port that nobody listens on: connect`, async (t) => {
    assert.deepStrictEqual(await ask(how, { port: await freePort(t) }), ['connect']);
  });

  test(`${port}: a server that says nothing: timeout`, async (t) => {
    const server = await serve(t, () => {}, plain);

    assert.deepStrictEqual(await ask(how, { port: server.port, timeout: 500 }), ['timeout']);
  });

  test(`${port}: an address that no machine has: timeout`, async () => {
    assert.deepStrictEqual(await ask(how, { host: nobody, port: 80, timeout: 500 }), ['timeout']);
  });

  test(`${port}: a name server that says nothing: timeout`, async () => {
    assert.deepStrictEqual(await ask(how, { host: 'one.test', port: 80, timeout: 500, nameServer: nobody }), ['timeout']);
  });

  test(`${port}: an address is asked, although the name server says nothing`, async (t) => {
    const server = await answering(t, says('Stopped'), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port, nameServer: nobody }), ['Stopped']);
  });

  test(`${port}: if the first of two addresses is silent, the second one is asked`, async (t) => {
    const server = await answering(t, says('Stopped'), { ...plain, host: here6 });

    assert.deepStrictEqual(await ask(how, { host: 'dead.test', port: server.port }), ['Stopped']);
  });

  test(`${port}: if the first of two addresses refuses, the second one is asked`, async (t) => {
    const server = await answering(t, says('Stopped'), { ...plain, host: here6 });

    assert.deepStrictEqual(await ask(how, { host: 'two.test', port: server.port }), ['Stopped']);
  });

  test(`${port}: a server that closes in the middle of the body: truncated`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(says('Recording').slice(0, -3))), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port }), ['truncated']);
  });

  test(`${port}: a server that resets the connection after the request: reset`, async (t) => {
    const server = await serve(t, http((socket) => socket.resetAndDestroy()), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port }), ['reset']);
  });
}

for (const how of ['threads', 'poll', 'raw']) {
  test(`${how}: 40 connections are open at the same time, and each has two exchanges`, async (t) => {
    const waiting = [];
    const server = await serve(t, http((socket) => {
      waiting.push(socket);
      if (waiting.length === 40) // until then, nobody gets an answer
        for (const each of waiting.splice(0))
          each.write(says('Recording'));
    }), plain);

    assert.deepStrictEqual(await ask(how, { port: server.port, connections: 40, exchanges: 2 }), Array(80).fill('Recording'));
    assert.strictEqual(server.connections, 40);
  });
}

test('port/posix: a socket that becomes readable ends the wait', async (t) => {
  const server = await serve(t, () => {}, plain);
  const running = begin('wake', { port: server.port });

  await once(server.tls, 'connection');
  running.kill('SIGUSR1');
  assert.strictEqual((await running.end()).stdout, '0 closed\n');
});

test('port/lwip from a thread without the core lock: lwIP ends the program', async (t) => {
  const server = await answering(t, says('Stopped'), plain);
  const child = start(built('sanitized/sockets/ask'), ['unlocked', '1', '1', '3600000', here, here, `${server.port}`],
    { env: { PRECONFIGURED_TAPIF: 'tap0' }, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';

  child.stdout.on('data', (bytes) => { said += bytes; });
  const [, signal] = await once(child, 'close');
  assert.strictEqual(signal, 'SIGABRT');
  assert.match(said, /Function called without core lock/);
});
