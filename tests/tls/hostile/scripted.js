// A TLS server that follows a script, message by message, with the right keys and transcript: so the only fault is the one that the
// script has.
//
// A script is a flight: an object of steps, in their order; each step is a function of the peer. tls12 and tls13 are the flights of an
// honest server; but(), before() and upTo() derive others from them.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');

const { certificate, says, serve } = require('../../e2e/support');

const type = { changeCipherSpec: 20, alert: 21, handshake: 22, application: 23 };
const message = {
  helloRequest: 0, clientHello: 1, serverHello: 2, newSessionTicket: 4, encryptedExtensions: 8, certificate: 11,
  serverKeyExchange: 12, certificateRequest: 13, serverHelloDone: 14, certificateVerify: 15, clientKeyExchange: 16,
  finished: 20, certificateStatus: 22, keyUpdate: 24, compressedCertificate: 25, messageHash: 254,
};
const group = { p256: 23, p384: 24, x25519: 29 };
const retry = crypto.createHash('sha256').update('HelloRetryRequest').digest(); // RFC 8446, section 4.1.3

const number = (size, value) => {
  const bytes = Buffer.alloc(size);

  bytes.writeUIntBE(value, 0, size);
  return bytes;
};
const vector = (size, ...parts) => {
  const bytes = Buffer.concat(parts);

  return Buffer.concat([number(size, bytes.length), bytes]);
};
const handshake = (kind, body) => Buffer.concat([number(1, kind), vector(3, body)]);
const record = (kind, bytes, version = 0x0303) => Buffer.concat([number(1, kind), number(2, version), vector(2, bytes)]);
const extension = (kind, ...parts) => Buffer.concat([number(2, kind), vector(2, ...parts)]);
const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key, ...parts) => crypto.createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const ders = (pem) => pem.match(/-----BEGIN [^]*?-----END/g).map((text) =>
  Buffer.from(text.replace(/-----[^-]*(-----)?/g, ''), 'base64')); // X509Certificate refuses some of them
const der = (file) => ders(fs.readFileSync(certificate(file), 'latin1'))[0];

/** RFC 5246, section 5. */
function prf(secret, label, seed, size) {
  const all = Buffer.concat([Buffer.from(label), seed]);
  let [a, out] = [all, Buffer.alloc(0)];

  while (out.length < size) {
    a = hmac(secret, a);
    out = Buffer.concat([out, hmac(secret, a, all)]);
  }
  return out.subarray(0, size);
}

/** RFC 8446, section 7.1. One block of HKDF-Expand is enough for every size here. */
function expandLabel(secret, label, context, size) {
  const info = Buffer.concat([number(2, size), vector(1, Buffer.from(`tls13 ${label}`)), vector(1, context)]);

  return hmac(secret, info, Buffer.from([1])).subarray(0, size);
}

function aead(mode, key, nonce, header, bytes) {
  const cipher = mode === 'seal' ? crypto.createCipheriv('aes-128-gcm', key, nonce) :
    crypto.createDecipheriv('aes-128-gcm', key, nonce);

  cipher.setAAD(header);
  if (mode === 'seal')
    return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  cipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]);
}

/** The keys of one direction: seal(kind, bytes) makes a record; open(kind, body) returns { kind, bytes }. */
function keys12(key, salt) {
  let sequence = 0n;
  const header = (kind, size) => {
    const counter = Buffer.alloc(8);

    counter.writeBigUInt64BE(sequence++);
    return Buffer.concat([counter, number(1, kind), number(2, 0x0303), number(2, size)]);
  };

  return {
    seal(kind, bytes) {
      const explicit = Buffer.alloc(8);

      explicit.writeBigUInt64BE(sequence);
      return record(kind, Buffer.concat([explicit,
        aead('seal', key, Buffer.concat([salt, explicit]), header(kind, bytes.length), bytes)]));
    },
    open: (kind, body) => ({ kind, bytes: aead('open', key, Buffer.concat([salt, body.subarray(0, 8)]),
      header(kind, body.length - 24), body.subarray(8)) }),
  };
}

/** The same for TLS 1.3. sealInner(inner) encrypts a TLSInnerPlaintext; next() returns the keys after a KeyUpdate. */
function keys13(secret) {
  const key = expandLabel(secret, 'key', Buffer.alloc(0), 16);
  const iv = expandLabel(secret, 'iv', Buffer.alloc(0), 12);
  let sequence = 0n;
  const nonce = () => {
    const counter = Buffer.alloc(12);

    counter.writeBigUInt64BE(sequence++, 4);
    return Buffer.from(iv.map((byte, at) => byte ^ counter[at]));
  };
  const header = (size) => Buffer.concat([number(1, type.application), number(2, 0x0303), number(2, size)]);
  const sealInner = (inner) => Buffer.concat([header(inner.length + 16),
    aead('seal', key, nonce(), header(inner.length + 16), inner)]);

  return {
    sealInner,
    seal: (kind, bytes) => sealInner(Buffer.concat([bytes, number(1, kind)])),
    open(kind, body) {
      const inner = aead('open', key, nonce(), header(body.length), body);
      const end = inner.findLastIndex((byte) => byte !== 0);

      return { kind: inner[end], bytes: inner.subarray(0, end) };
    },
    next: () => keys13(expandLabel(secret, 'traffic upd', Buffer.alloc(0), 32)),
  };
}

/** The client has closed the connection: the rest of the script cannot be sent. */
class Gone extends Error {}

/** One connection. received: all application data of the client, decrypted if possible. */
class Peer {
  constructor(socket) {
    Object.assign(this, { socket, arrived: Buffer.alloc(0), messages: Buffer.alloc(0), transcript: Buffer.alloc(0),
      received: '', fragment: 16384, random: crypto.randomBytes(32), sessionId: crypto.randomBytes(32), suite: null,
      reading: null, writing: null, alerts: [], name: 'ec' });
    socket.on('data', (bytes) => {
      this.arrived = Buffer.concat([this.arrived, bytes]);
      this.look?.();
    });
    for (const event of ['close', 'end', 'error'])
      socket.on(event, () => {
        this.hasLeft = true;
        this.look?.();
      });
  }

  async take(size) {
    while (this.arrived.length < size) {
      if (this.hasLeft)
        throw new Gone();
      await new Promise((resolve) => { this.look = resolve; });
    }
    const bytes = this.arrived.subarray(0, size);
    this.arrived = this.arrived.subarray(size);
    return bytes;
  }

  /** The next record: { kind, bytes }; isOpaque if it cannot be decrypted. */
  async record() {
    const header = await this.take(5);
    const body = await this.take(header.readUInt16BE(3));
    let plain = { kind: header[0], bytes: body };

    if (this.reading !== null && plain.kind !== type.changeCipherSpec) {
      try {
        plain = this.reading.open(header[0], body);
      } catch { // an alert without encryption, or a record with other keys
        plain.isOpaque = true;
      }
    }
    if (plain.kind === type.application)
      this.received += plain.bytes.toString('latin1');
    if (plain.kind === type.alert)
      this.alerts.push([...plain.bytes]);
    return plain;
  }

  /** Reads the next handshake message of the client, which must be of this kind, into the transcript; returns its body. */
  async message(kind) {
    while (this.messages.length < 4 || this.messages.length < 4 + this.messages.readUIntBE(1, 3)) {
      const { kind: found, bytes, isOpaque } = await this.record();

      if (found === type.handshake && isOpaque)
        throw new Gone();
      if (found === type.handshake)
        this.messages = Buffer.concat([this.messages, bytes]);
    }
    const end = 4 + this.messages.readUIntBE(1, 3);
    const whole = this.messages.subarray(0, end);

    this.messages = this.messages.subarray(end);
    if (whole[0] !== kind)
      throw new Error(`the client sent ${whole[0]}, not ${kind}`);
    this.transcript = Buffer.concat([this.transcript, whole]);
    return whole.subarray(4);
  }

  async request() {
    while (!this.received.includes('\r\n\r\n'))
      await this.record();
  }

  write(bytes) {
    if (this.hasLeft || this.socket.destroyed)
      throw new Gone();
    return this.socket.write(bytes);
  }

  /** Writes next() again and again, as fast as the client reads. */
  async flood(next) {
    for (;;) {
      if (this.write(next()))
        await new Promise((resolve) => { setImmediate(resolve); }); // lets other connections run
      else
        await new Promise((resolve) => {
          this.look = resolve;
          this.socket.once('drain', resolve);
        });
    }
  }

  send(kind, bytes) {
    for (let at = 0; at === 0 || at < bytes.length; at += this.fragment) {
      const piece = bytes.subarray(at, at + this.fragment);

      this.write(this.writing === null ? record(kind, piece) : this.writing.seal(kind, piece));
    }
  }

  say(kind, body) {
    const bytes = handshake(kind, body);

    this.transcript = Buffer.concat([this.transcript, bytes]);
    this.send(type.handshake, bytes);
  }

  alert(level, description) {
    this.send(type.alert, Buffer.from([level, description]));
  }

  key() {
    return fs.readFileSync(certificate(`${this.name}.key`));
  }

  certificates() {
    return ders(fs.readFileSync(certificate(`${this.name}.pem`), 'latin1'));
  }

  /** The signature algorithm of the key: { hash, scheme, options, isRsa }; scheme: see RFC 8446, section 4.2.3. */
  signing(isTls13) {
    const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = crypto.createPrivateKey(this.key());
    const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

    switch (kind) {
      case 'ed25519': return { hash: null, scheme: 0x0807 };
      case 'ed448': return { hash: null, scheme: 0x0808 };
      case 'rsa-pss': return { hash: 'sha256', scheme: 0x0809, options: pss, isRsa: true };
      case 'rsa': return isTls13 ? { hash: 'sha256', scheme: 0x0804, options: pss } : { hash: 'sha256', scheme: 0x0401, isRsa: true };
      default: switch (details.namedCurve) {
        case 'secp384r1': return { hash: 'sha384', scheme: 0x0503 };
        case 'secp521r1': return { hash: 'sha512', scheme: 0x0603 };
        default: return { hash: 'sha256', scheme: 0x0403 };
      }
    }
  }
}

/** Reads the ClientHello into peer.hello. */
async function readClientHello(peer) {
  const body = await peer.message(message.clientHello);
  let at = 34;
  const skip = (size) => {
    const start = at + size;
    const end = start + body.readUIntBE(at, size);

    at = end;
    return body.subarray(start, end);
  };

  const hello = { random: body.subarray(2, 34), sessionId: skip(1), suites: skip(2), compressions: skip(1),
    extensions: new Map(), shares: new Map() };
  for (const end = at + 2 + body.readUInt16BE(at), start = at += 2; at < end && start;) {
    const kind = body.readUInt16BE((at += 2) - 2);

    hello.extensions.set(kind, skip(2));
  }
  const shares = hello.extensions.get(51) ?? Buffer.alloc(2);
  for (let i = 2; i < shares.length; i += 4 + shares.readUInt16BE(i + 2))
    hello.shares.set(shares.readUInt16BE(i), shares.subarray(i + 4, i + 4 + shares.readUInt16BE(i + 2)));
  peer.hello = hello;
  return hello;
}

/** A new key pair of the group: { bytes, agree(theirs) }. */
function keyPair(which) {
  if (which !== group.x25519) {
    const ecdh = crypto.createECDH(which === group.p384 ? 'secp384r1' : 'prime256v1');

    return { bytes: ecdh.generateKeys(), agree: (theirs) => ecdh.computeSecret(theirs) };
  }
  const prefix = Buffer.from('302a300506032b656e032100', 'hex'); // RFC 8410
  const { publicKey, privateKey } = crypto.generateKeyPairSync('x25519');

  return {
    bytes: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    agree: (theirs) => crypto.diffieHellman({ privateKey,
      publicKey: crypto.createPublicKey({ key: Buffer.concat([prefix, theirs]), format: 'der', type: 'spki' }) }),
  };
}

const extensionBlock = (extensions) => (extensions === null ? Buffer.alloc(0) : vector(2, ...extensions));

function serverHello({ version = 0x0303, random, sessionId, suite, compression = 0, extensions }) {
  return Buffer.concat([number(2, version), random, vector(1, sessionId), number(2, suite), number(1, compression),
    extensionBlock(extensions)]);
}

async function answer(peer, bytes = says('Recording')) {
  await peer.request();
  peer.send(type.application, Buffer.from(bytes));
}

async function end(peer) {
  peer.alert(1, 0);
  peer.socket.end();
}

// TLS 1.2 with ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, on P-256.

const extendedMasterSecret = extension(23);
const renegotiationInfo = extension(0xff01, Buffer.from([0]));

function hello12(fields = {}) {
  return (peer) => {
    const { extensions = [renegotiationInfo, extendedMasterSecret], ...rest } = fields;

    peer.isExtended = extensions?.some((one) => one.equals(extendedMasterSecret));
    peer.random = rest.random ?? peer.random;
    peer.say(message.serverHello, serverHello({ random: peer.random, sessionId: peer.sessionId,
      suite: peer.signing(false).isRsa ? 0xc02f : 0xc02b, extensions, ...rest }));
  };
}

/** signed(peer, parameters): what is signed. key(peer): the key that signs. scheme, hash: the algorithm. change(bytes): of the message. */
function keyExchange12({ curve = Buffer.from([3, 0, group.p256]), point, signed, key, change = (bytes) => bytes, ...how } = {}) {
  return (peer) => {
    const { hash, scheme, options } = { ...peer.signing(false), ...how };
    peer.pair = keyPair(group.p256);
    const parameters = Buffer.concat([curve, vector(1, point ?? peer.pair.bytes)]);
    const what = signed?.(peer, parameters) ?? Buffer.concat([peer.hello.random, peer.random, parameters]);
    const signature = crypto.sign(hash, what, { key: key?.(peer) ?? peer.key(), ...options });

    peer.say(message.serverKeyExchange, change(Buffer.concat([parameters, number(2, scheme), vector(2, signature)])));
  };
}

function keys12Of(peer) {
  const block = prf(peer.master, 'key expansion', Buffer.concat([peer.random, peer.hello.random]), 40);

  return { client: keys12(block.subarray(0, 16), block.subarray(32, 36)), server: keys12(block.subarray(16, 32), block.subarray(36, 40)) };
}

const tls12 = {
  clientHello: readClientHello,
  serverHello: hello12(),
  certificate: (peer) => peer.say(message.certificate, vector(3, ...peer.certificates().map((one) => vector(3, one)))),
  serverKeyExchange: keyExchange12(),
  serverHelloDone: (peer) => peer.say(message.serverHelloDone, Buffer.alloc(0)),
  clientKeyExchange: async (peer) => {
    const theirs = (await peer.message(message.clientKeyExchange)).subarray(1);
    const shared = peer.pair.agree(theirs);
    const randoms = Buffer.concat([peer.hello.random, peer.random]);

    peer.master = peer.isExtended ? prf(shared, 'extended master secret', sha256(peer.transcript), 48) :
      prf(shared, 'master secret', randoms, 48);
  },
  clientFinished: async (peer) => {
    while ((await peer.record()).kind !== type.changeCipherSpec)
      ;
    peer.reading = keys12Of(peer).client;
    await peer.message(message.finished);
  },
  changeCipherSpec: (peer) => {
    peer.send(type.changeCipherSpec, Buffer.from([1]));
    peer.writing = keys12Of(peer).server;
  },
  finished: (peer) => peer.say(message.finished, prf(peer.master, 'server finished', sha256(peer.transcript), 12)),
  answer,
  end,
};

// TLS 1.3 with TLS_AES_128_GCM_SHA256, on the first group of the client.

const versions13 = extension(43, Buffer.from([3, 4]));
const keyShare = (which, bytes) => extension(51, number(2, which), vector(2, bytes));

/** change(fields, peer) changes the fields of the ServerHello. */
function hello13(change = (fields) => fields) {
  return (peer) => {
    const [which, theirs] = [...peer.hello.shares][0];
    const pair = keyPair(which);
    const fields = change({ random: peer.random, sessionId: peer.hello.sessionId, suite: 0x1301,
      extensions: [versions13, keyShare(which, pair.bytes)] }, peer);

    peer.say(message.serverHello, serverHello(fields));
    peer.early = hmac(Buffer.alloc(32), Buffer.alloc(32));
    peer.secret = hmac(derive(peer.early, 'derived', Buffer.alloc(0)), fields.shared ?? pair.agree(theirs));
    useKeys(peer, 'hs traffic');
  };
}

const derive = (secret, label, transcript) => expandLabel(secret, label, sha256(transcript), 32);

/** Uses the keys of this name for sending; for receiving too, unless the client still has to send by the old ones. */
function useKeys(peer, name) {
  peer.clientSecret = derive(peer.secret, `c ${name}`, peer.transcript);
  peer.serverSecret = derive(peer.secret, `s ${name}`, peer.transcript);
  peer.writing = keys13(peer.serverSecret);
  if (name === 'hs traffic')
    peer.reading = keys13(peer.clientSecret);
}

function retryFor(which, ...extensions) {
  return async (peer) => {
    peer.transcript = handshake(message.messageHash, sha256(peer.transcript)); // RFC 8446, section 4.4.1
    peer.say(message.serverHello, serverHello({ random: retry, sessionId: peer.hello.sessionId, suite: 0x1301,
      extensions: [versions13, ...(which === null ? [] : [extension(51, number(2, which))]), ...extensions] }));
    await readClientHello(peer);
  };
}

function certificateVerify13({ context = 'TLS 1.3, server CertificateVerify', key, transcript, ...how } = {}) {
  return (peer) => {
    const { hash, scheme, options } = { ...peer.signing(true), ...how };
    const what = Buffer.concat([Buffer.alloc(64, ' '), Buffer.from(`${context}\0`), transcript ?? sha256(peer.transcript)]);

    peer.say(message.certificateVerify, Buffer.concat([number(2, scheme),
      vector(2, crypto.sign(hash, what, { key: key?.(peer) ?? peer.key(), ...options }))]));
  };
}

const certificate13 = (ders, context = Buffer.alloc(0)) => Buffer.concat([vector(1, context),
  vector(3, ...ders.map((one) => Buffer.concat([vector(3, one), vector(2)])))]);

const tls13 = {
  clientHello: async (peer) => {
    if (!(await readClientHello(peer)).extensions.get(43)?.includes(versions13.subarray(4))) {
      peer.alert(2, 70); // protocol_version
      throw new Gone();
    }
  },
  serverHello: hello13(),
  encryptedExtensions: (peer) => peer.say(message.encryptedExtensions, vector(2)),
  certificate: (peer) => peer.say(message.certificate, certificate13(peer.certificates())),
  certificateVerify: certificateVerify13(),
  finished: (peer) => {
    const key = expandLabel(peer.serverSecret, 'finished', Buffer.alloc(0), 32);

    peer.say(message.finished, hmac(key, sha256(peer.transcript)));
    peer.secret = hmac(derive(peer.secret, 'derived', Buffer.alloc(0)), Buffer.alloc(32));
    useKeys(peer, 'ap traffic');
  },
  clientFinished: async (peer) => {
    await peer.message(message.finished);
    peer.reading = keys13(peer.clientSecret);
  },
  answer,
  end,
};

// Derived flights.

/** The flight of a server with this certificate; files: the certificates that it sends instead of its own chain. */
function showing(flight, name, files) {
  return { name: (peer) => {
    peer.name = name;
    if (files !== undefined)
      peer.certificates = () => files.map(der);
  }, ...flight };
}

/** The flight with some steps replaced; null removes a step. */
function but(flight, changes) {
  const entries = Object.entries({ ...flight, ...changes });

  for (const name of Object.keys(changes))
    if (!(name in flight))
      throw new Error(`there is no ${name}`);
  return Object.fromEntries(entries.filter(([, step]) => step !== null));
}

/** The flight with one more step before the step `name`, and after those that were added there earlier. */
function before(flight, name, step) {
  const added = Object.keys(flight).length;

  return Object.fromEntries(Object.entries(flight).flatMap((entry) => (entry[0] === name ? [[`added ${added}`, step], entry] : [entry])));
}

/** The flight without the step `name` and all later ones; then these steps. */
function upTo(flight, name, ...steps) {
  const entries = Object.entries(flight);

  return Object.fromEntries([...entries.slice(0, entries.findIndex((entry) => entry[0] === name)),
    ...steps.map((step, at) => [`then ${at}`, step])]);
}

/** The flight with one more step between the request and the answer. */
const afterRequest = (flight, step) => before(flight, 'answer', async (peer) => {
  await peer.request();
  await step(peer);
});

/** A step that does the given one `count` times. */
const times = (count, step) => async (peer) => {
  for (let i = 0; i < count; i++)
    await step(peer);
};

/** A step that sends next(peer) again and again, without end. */
const forever = (next) => (peer) => peer.flood(() => next(peer));

/** Starts a server that follows the flight on each connection: see serve() in support.js. asked(): the bytes of the request that came. */
async function play(t, flight) {
  const peers = [];
  const server = await serve(t, async (socket) => {
    const peer = new Peer(socket);

    peers.push(peer);
    try {
      for (const step of Object.values(flight))
        await step(peer);
    } catch (error) {
      if (!(error instanceof Gone) && !peer.hasLeft)
        server.fault ??= error;
      if (!(error instanceof Gone))
        socket.destroy();
    }
    try {
      for (;;)
        await peer.record();
    } catch { /* the client has closed */ }
    socket.end();
  }, { certificate: null, allowHalfOpen: true });

  return Object.assign(server, { peers, asked: () => peers.map(({ received }) => received).join('') });
}

/** What a man in the middle can send without any key: a ServerHello of TLS 1.2, the certificate of the server, and a key exchange with
 * an invalid signature that claims to be RSA-PSS. */
const forgedPss = upTo(showing(but(tls12, {
  serverKeyExchange: keyExchange12({ scheme: 0x0804, key: () => fs.readFileSync(certificate('root-stranger.key')) }),
}), 'rsa'), 'clientKeyExchange');

/** One port for several servers: the first connection goes to the first of them, and so on; all others go to the last one. */
async function inTurn(t, servers) {
  const left = [...servers];
  const front = await serve(t, (client) => {
    const { port } = left.length > 1 ? left.shift() : left[0];
    const behind = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });

    client.pipe(behind);
    behind.pipe(client);
    behind.on('error', () => client.destroy());
    client.on('close', () => behind.destroy());
  }, { certificate: null, allowHalfOpen: true });

  return Object.assign(front, { asked: () => servers.map(({ received }) => received).join('').match(/GET .*/)?.[0] ?? '' });
}

module.exports = {
  afterRequest, answer, before, but, certificate13, certificateVerify13, der, extension, forever, forgedPss, group, handshake, hello12,
  hello13, inTurn, keyExchange12, keyShare, keys12Of, message, number, play, prf, readClientHello, record, renegotiationInfo, extendedMasterSecret,
  retry, retryFor, serverHello, sha256, showing, times, tls12, tls13, type, upTo, vector, versions13,
};
