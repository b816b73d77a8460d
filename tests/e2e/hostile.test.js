// Servers that send too much, too fast, or in another protocol; network.test.js has those that send too little.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answer, answering, ask, askJson, askSelfHosted, http, id, says, serve } = require('./support');

test('an answer that comes a byte at a time within --max-time is read', async (t) => {
  const server = await serve(t, http((socket) => {
    const bytes = [...says('Recording')];
    const drip = setInterval(() => (bytes.length > 0 ? socket.write(bytes.shift()) : clearInterval(drip)), 5);
    socket.once('close', () => clearInterval(drip));
  }));

  assert.strictEqual((await ask(server)).stdout, 'Recording\n');
});

test('a server that sends 1xx responses without end: timeout, exit status 75', async (t) => {
  const server = await serve(t, http((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write('HTTP/1.1 102 Processing\r\n\r\n'))
        ;
    };
    socket.on('drain', more);
    more();
  }));
  const { code, error } = await askJson(server, [id, '--max-time', '1']);

  assert.strictEqual(error, 'timeout');
  assert.strictEqual(code, 75);
});

for (const [what, body] of [['Content-Length', answer(200, ' '.repeat(1 << 20))],
  ['chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${`1000\r\n${' '.repeat(4096)}\r\n`.repeat(256)}0\r\n\r\n`],
  ['the end of the connection', `HTTP/1.1 200 OK\r\n\r\n${' '.repeat(1 << 20)}`]]) {
  test(`a body of 1 MB delimited by ${what}: body-limit, exit status 76`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(body)));
    const { code, error, stderr } = await askJson(server);

    assert.strictEqual(error, 'body-limit');
    assert.strictEqual(code, 76);
    assert.match(stderr, /larger than a status can be/);
  });
}

test('a server that speaks first, in another protocol than HTTP: status-line, exit status 76', async (t) => {
  const server = await serve(t, (socket) => socket.write('220 mail.test ESMTP\r\n'));
  const { code, error, stderr } = await askJson(server);

  assert.strictEqual(error, 'status-line');
  assert.strictEqual(code, 76);
  assert.match(stderr, /not HTTP.*Check the host and the port/);
});

test('a server that expects TLS instead of plain HTTP: https:// is suggested; exit status 69 if it closes, 76 if it sends an alert', async (t) => {
  const closing = await answering(t, says('Recording'));
  const alerting = await serve(t, (socket) => socket.once('data', () => socket.write(Buffer.from('15030300020246', 'hex'))),
    { certificate: null });

  for (const [server, expected] of [[closing, 69], [alerting, 76]]) {
    const { code, stderr } = await askSelfHosted({ url: `http://localhost:${server.port}` });

    assert.strictEqual(code, expected, stderr);
    assert.match(stderr, /give an https:\/\/ URL if the server has TLS/);
  }
});
