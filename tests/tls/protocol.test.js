// Servers that speak TLS in ways of their own: old, weak, broken, cut short. The key leaves only over what is right.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const test = require('node:test');

const { answering, ask, askJson, http, id, says, serve, useAllCertificates } = require('../e2e/support');

useAllCertificates();

const weak = {
  'TLS 1.0 only': { minVersion: 'TLSv1', maxVersion: 'TLSv1' },
  'TLS 1.1 only': { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' },
  'no encryption (NULL)': { maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' },
  'no certificate (anonymous)': { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' },
  'no forward secrecy': { certificate: 'rsa', maxVersion: 'TLSv1.2', ciphers: 'kRSA:@SECLEVEL=0' },
  'CBC only': { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA' },
};

for (const [what, settings] of Object.entries(weak)) {
  test(`a server of ${what} is not spoken with`, async (t) => {
    const server = await answering(t, says('Recording'), settings);
    const { code, error, stderr } = await askJson(server);

    assert.strictEqual(error, 'tls-refused', stderr);
    assert.strictEqual(code, 69);
    assert.strictEqual(server.received, '');
  });
}

const strong = {
  'ECDHE-ECDSA-AES128-GCM-SHA256': 'TLSv1.2',
  'ECDHE-ECDSA-AES256-GCM-SHA384': 'TLSv1.2',
  'ECDHE-ECDSA-CHACHA20-POLY1305': 'TLSv1.2',
  'TLS_AES_128_GCM_SHA256': 'TLSv1.3',
  'TLS_AES_256_GCM_SHA384': 'TLSv1.3',
  'TLS_CHACHA20_POLY1305_SHA256': 'TLSv1.3',
};

for (const [ciphers, version] of Object.entries(strong)) {
  test(`${version} with ${ciphers} is spoken`, async (t) => {
    const server = await answering(t, says('Recording'), { ciphers, minVersion: version, maxVersion: version });
    const { code, stdout, stderr } = await ask(server, [id, '-v']);

    assert.strictEqual(stdout, 'Recording\n', stderr);
    assert.strictEqual(code, 0);
    assert.match(stderr, new RegExp(`^\\* connected to .*, ${version}, `));
  });
}

for (const curve of ['X25519', 'P-256', 'P-384', 'P-521']) {
  test(`a key is agreed on by ${curve}`, async (t) => {
    const server = await answering(t, says('Recording'), { ecdhCurve: curve });

    assert.strictEqual((await ask(server)).stdout, 'Recording\n');
  });
}

const closing = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"status":"Recording"}';

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  const only = { minVersion: version, maxVersion: version };

  test(`${version}: a body that close_notify ends is whole`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(closing)), only);
    const { code, stdout } = await ask(server);

    assert.strictEqual(stdout, 'Recording\n');
    assert.strictEqual(code, 0);
  });

  test(`${version}: a body that a FIN ends, without close_notify, was cut: truncated, exit status 76`, async (t) => {
    const server = await serve(t, http((socket, request) => {
      socket.write(closing, () => server.tcp.end());
    }), only);
    const { code, error, status } = await askJson(server);

    assert.strictEqual(error, 'truncated');
    assert.strictEqual(status, null);
    assert.strictEqual(code, 76);
  });

  test(`${version}: a server that asks for a certificate, and does without, is answered`, async (t) => {
    const server = await answering(t, says('Stopped'), { requestCert: true, rejectUnauthorized: false, ...only });

    assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  });

  test(`${version}: a server that insists on a certificate refuses: tls-refused, exit status 69`, async (t) => {
    const server = await answering(t, says('Stopped'), { requestCert: true, rejectUnauthorized: true, ...only });
    const { code, error } = await askJson(server);

    // Under TLS 1.3, the client's side of the handshake is over before the server can say no (RFC 8446, section 4.4.2.4).
    assert.ok(['tls-refused', 'reset'].includes(error), error);
    assert.strictEqual(code, 69);
  });

  test(`${version}: an answer of records of full size, and of one byte each`, async (t) => {
    const body = `{"status":"Stopped"}${' '.repeat(40000)}`;
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`;
    const server = await serve(t, http((socket) => {
      for (const byte of head)
        socket.write(byte);
      socket.write(body);
    }), only);

    assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
  });
}

/**
 * A server that stands between wmrec and `server`. change(bytes, from) returns the bytes that go on, from 'client' or
 * 'server', or null: the connection ends there, both ways.
 */
async function between(t, server, change) {
  const proxy = await serve(t, (client) => {
    const onward = net.connect(server.port, '127.0.0.1');
    const pass = (from, to, name) => {
      from.on('data', (bytes) => {
        const changed = change(bytes, name);
        if (changed === null) {
          client.destroy();
          onward.destroy();
        } else {
          to.write(changed);
        }
      });
      from.on('end', () => to.end());
    };
    onward.on('error', () => client.destroy());
    onward.on('close', () => client.end());
    client.on('close', () => onward.destroy());
    pass(client, onward, 'client');
    pass(onward, client, 'server');
  }, { certificate: null });
  return { ...proxy, url: `https://localhost:${proxy.port}` };
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`${version}: an answer that comes byte by byte through TCP is the same answer`, async (t) => {
    const server = await answering(t, says('Recording'), { minVersion: version, maxVersion: version });
    const proxy = await serve(t, (client) => {
      const onward = net.connect({ port: server.port, host: '127.0.0.1', noDelay: true });
      client.pipe(onward);
      onward.on('error', () => client.destroy());
      onward.on('data', (bytes) => {
        for (const byte of bytes)
          client.write(Buffer.from([byte]));
      });
    }, { certificate: null });

    assert.strictEqual((await ask({ url: `https://localhost:${proxy.port}` })).stdout, 'Recording\n');
  });

  test(`${version}: a connection that is cut anywhere gives an error, and no answer`, async (t) => {
    const server = await answering(t, says('Recording'), { minVersion: version, maxVersion: version });
    let count = 0;
    let limit = Infinity;
    const proxy = await between(t, server, (bytes, from) => {
      if (from === 'server')
        count += bytes.length;
      return count > limit ? null : bytes;
    });

    assert.strictEqual((await ask(proxy)).stdout, 'Recording\n');
    const whole = count;
    for (limit = 0; limit < whole - 40; limit += 97) {
      count = 0;
      const { code, error, status } = await askJson(proxy);

      assert.ok(['closed', 'reset', 'truncated'].includes(error), `${limit} of ${whole} bytes: ${error}`);
      assert.strictEqual(status, null);
      assert.ok(code === 69 || code === 76);
    }
  });

  test(`${version}: a bit that was turned over anywhere in what the server says gives an error, and no answer`, async (t) => {
    const server = await answering(t, says('Recording'), { minVersion: version, maxVersion: version });
    let count = 0;
    let turned = Infinity;
    const proxy = await between(t, server, (bytes, from) => {
      const changed = Buffer.from(bytes);
      if (from === 'server') {
        if (turned >= count && turned < count + bytes.length)
          changed[turned - count] ^= 0x10;
        count += bytes.length;
      }
      return changed;
    });

    assert.strictEqual((await ask(proxy)).stdout, 'Recording\n');
    for (const whole = count, step = 61; (turned = turned === Infinity ? 5 : turned + step) < whole - 40;) {
      count = 0;
      const { code, stdout } = await ask(proxy, [id, '--max-time', '2']);

      assert.notStrictEqual(code, 0, `byte ${turned} of ${whole}`);
      assert.strictEqual(stdout, '');
    }
  });
}

const broken = {
  'closes at once': [(socket) => socket.end(), 'closed'],
  'resets at once': [(socket) => socket.resetAndDestroy?.() ?? socket.destroy(), 'reset|closed'],
  'speaks HTTP': [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'), 'tls-not-spoken'],
  'speaks SSH': [(socket) => socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), 'tls-not-spoken'],
  'sends noise': [(socket) => socket.write(Buffer.alloc(4096, 0xa7)), 'tls-not-spoken'],
  'sends zeros': [(socket) => socket.write(Buffer.alloc(4096)), 'tls-not-spoken'],
  'begins a record, and sends noise': [(socket) => socket.write(Buffer.from(`160303${'ff'.repeat(400)}`, 'hex')), 'tls'],
  'sends an alert': [(socket) => socket.write(Buffer.from('15030300020228', 'hex')), 'tls-refused'],
};

for (const [what, [handle, error]] of Object.entries(broken)) {
  test(`a server that ${what}, where TLS was to be spoken: ${error}, exit status 69`, async (t) => {
    const server = await serve(t, (socket) => socket.once('data', () => handle(socket)), { certificate: null });
    const answer = await askJson({ url: `https://localhost:${server.port}` });

    assert.match(answer.error, new RegExp(`^(${error})$`), answer.stderr);
    assert.strictEqual(answer.code, 69);
  });
}

test('a server that takes the connection and says nothing: timeout, exit status 75, the handshake is named', async (t) => {
  const server = await serve(t, () => {}, { certificate: null });
  const { code, error, stderr } = await askJson({ url: `https://localhost:${server.port}` }, [id, '--max-time', '0.5']);

  assert.strictEqual(error, 'timeout');
  assert.strictEqual(code, 75);
  assert.match(stderr, /the TLS handshake was not over.*--max-time/);
});
