// Ethernet frames over a socket of QEMU (-netdev stream): each one after its length, 4 bytes, big-endian.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const net = require('node:net');

/** Connects to the Unix socket at `path`. onFrame(frame): for each frame that comes; onEnd(why): once. Returns send(frame). */
function connect(path, { onFrame, onEnd }) {
  const socket = net.connect(path);
  let pending = Buffer.alloc(0);

  socket.on('data', (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    for (let length; pending.length >= 4 && pending.length >= 4 + (length = pending.readUInt32BE(0)); pending = pending.subarray(4 + length))
      onFrame(pending.subarray(4, 4 + length));
  });
  socket.on('error', (error) => onEnd(error.message));
  socket.on('close', () => onEnd('closed'));
  return (frame) => {
    const length = Buffer.alloc(4);

    length.writeUInt32BE(frame.length);
    socket.write(Buffer.concat([length, frame]));
  };
}

module.exports = { connect };
