// Frames over a socket, in pieces of any size.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');
const test = require('node:test');

const { until } = require('../e2e/support');
const { temporaryFolder } = require('../e2e/wiremock');
const { connect } = require('./frames');

/** A server that sends its bytes in these pieces, and collects those that come: { path, received() }. */
async function serve(t, pieces) {
  const file = path.join(temporaryFolder(), `wire-${pieces.length}`);
  let received = Buffer.alloc(0);
  const sockets = [];
  const server = net.createServer(async (socket) => {
    sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => { received = Buffer.concat([received, bytes]); });
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }).listen(file);

  t.after(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  await once(server, 'listening');
  return { path: file, received: () => received };
}

const frames = [Buffer.alloc(60, 1), Buffer.alloc(0), Buffer.alloc(1514, 2), Buffer.alloc(300, 3)];
const stream = Buffer.concat(frames.flatMap((frame) => [Buffer.from(Uint8Array.of(0, 0, frame.length >> 8, frame.length & 0xff)), frame]));

for (const size of [1, 3, 64, stream.length])
  test(`frames are the same in pieces of ${size} bytes`, async (t) => {
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) => stream.subarray(index * size, index * size + size));
    const server = await serve(t, pieces);
    const seen = [];

    connect(server.path, { onFrame: (frame) => seen.push(Buffer.from(frame)), onEnd: () => {} });
    await until(() => seen.length === frames.length);
    assert.deepStrictEqual(seen, frames);
  });

test('a frame is sent after its length; the end is reported', async (t) => {
  const server = await serve(t, []);
  const send = connect(server.path, { onFrame: () => {}, onEnd: () => {} });

  send(frames[0]);
  send(frames[3]);
  await until(() => server.received().length === 368);
  assert.deepStrictEqual(server.received(), Buffer.concat([Buffer.from([0, 0, 0, 60]), frames[0], Buffer.from([0, 0, 1, 44]), frames[3]]));
  let why = null;
  connect(`${server.path}-none`, { onFrame: () => {}, onEnd: (text) => { why ??= text; } });
  await until(() => /ENOENT/.test(why));
});
