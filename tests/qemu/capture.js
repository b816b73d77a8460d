// Reads the capture of a lamp's network, which QEMU's filter-dump writes: a pcap file of Ethernet frames.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const headerLength = 24; // bytes of the file's header
const protocols = { 6: 'tcp', 17: 'udp' };

/**
 * The TCP and UDP packets over IPv4 in a part of a capture that begins with a frame. Each: frame and payload, bytes; protocol; ports, of
 * the sender and of the receiver; for TCP, sequence and flags.
 */
function packets(bytes) {
  const found = [];

  for (let at = 0; at < bytes.length;) {
    const frame = bytes.subarray(at + 16, at + 16 + bytes.readUInt32LE(at + 8));
    const ip = frame.subarray(14, 14 + frame.readUInt16BE(16));
    const inner = ip.subarray((ip[0] & 15) * 4);
    const protocol = frame.readUInt16BE(12) === 0x0800 ? protocols[ip[9]] : undefined;

    at += 16 + frame.length;
    if (protocol !== undefined)
      found.push({
        frame,
        protocol,
        ports: [inner.readUInt16BE(0), inner.readUInt16BE(2)],
        ...(protocol === 'udp' ? { payload: inner.subarray(8) }
          : { payload: inner.subarray((inner[12] >> 4) * 4), sequence: inner.readUInt32BE(4), flags: inner[13] }),
      });
  }
  return found;
}

module.exports = { headerLength, packets };
