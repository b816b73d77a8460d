// What the tests share: runs of wmrec, and servers to run it against.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { randomBytes, randomInt } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');

const { makeCertificates, patience, start, temporaryFolder, top } = require('./wiremock');

const program = path.resolve(top, process.env.WMREC ?? 'build/sanitized/wmrec');
const key = `wmc-${randomBytes(20).toString('hex')}`; // of this run; it must never be seen
const id = 'jjl8y';

setTimeout(() => {
  console.error('the tests have hung');
  process.exit(1);
}, 12 * patience).unref();

let certificates = null; // which: all of them (seconds), or the good one

/** Certificates of every kind, for the tests of TLS; the others do with a good one. */
function useAllCertificates() {
  certificates = makeCertificates();
}

function certificate(file) {
  certificates ??= makeCertificates('one');
  return path.join(certificates, file);
}

/** A new file with this content; its path. */
function file(content, mode = 0o600) {
  const name = path.join(temporaryFolder(), `file-${randomBytes(6).toString('hex')}`);

  fs.writeFileSync(name, content, { mode });
  return name;
}

/** The forms in which a secret could be given away, by their names. In base64, what does not depend on its neighbours. */
function formsOf(secret) {
  const hex = Buffer.from(secret).toString('hex');
  const base64 = (before) => Buffer.from('\0'.repeat(before) + secret).toString('base64')
    .slice(Math.ceil(before * 4 / 3), Math.floor((before + secret.length) / 3) * 4);

  return {
    plain: secret, 'hex': hex, 'HEX': hex.toUpperCase(), 'UTF-16': [...secret].join('\0'),
    'base64': base64(0), 'base64 behind a byte': base64(1), 'base64 behind two bytes': base64(2),
  };
}

/**
 * Starts a program. In every run of every test, neither the key, in any form, nor a sanitizer's complaint may be in what
 * it prints, nor the key on its command line; and it must not need to be ended. Returns: pid; output, { stdout, stderr } so far;
 * until(pattern), which waits for it in either; kill(signal); end(), which waits for { code, stdout, stderr }.
 */
function launch(command, options, { environment = {}, input, secret = key } = {}) {
  const child = start(command, options, { env: { PATH: process.env.PATH, ...environment }, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  const all = () => output.stdout + output.stderr;
  const closed = once(child, 'close');
  let hasHung = false;
  let hasEnded = false;
  let look = () => {};
  const impatience = setTimeout(() => {
    hasHung = true;
    child.kill('SIGKILL');
  }, patience);

  child.stdin.on('error', () => {}); // it need not read all
  child.stdin.end(input);
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text) => {
      output[name] += text;
      look();
    });
  }
  child.once('close', () => {
    hasEnded = true;
    clearTimeout(impatience);
    look();
  });
  return {
    output,
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    until: (pattern) => new Promise((resolve, reject) => {
      look = () => {
        if (pattern.test(output.stdout) || pattern.test(output.stderr))
          resolve();
        else if (hasEnded)
          reject(new Error(`it ended without ${pattern}: ${all()}`));
      };
      look();
    }),
    end: async () => {
      const [code, signal] = await closed;

      assert.ok(!hasHung, `it hung: ${all()}`);
      assert.strictEqual(signal, null, `it died: ${all()}`);
      assert.doesNotMatch(all(), /Sanitizer|runtime error:/);
      for (const [form, hidden] of Object.entries(formsOf(secret)))
        for (const text of [...options, all()])
          assert.ok((hidden.length < 8 && form !== 'plain') || !text.includes(hidden), `the key is shown: ${form}`);
      return { code, ...output };
    },
  };
}

/** Runs a program to its end: { code, stdout, stderr }. */
function run(command, options, settings) {
  return launch(command, options, settings).end();
}

/** wmrec, with the key in the environment. settings.key: another one; null: none. */
function wmrec(options, settings = {}) {
  const { key: given = key, environment = {}, ...rest } = settings;
  const keys = given === null ? {} : { WMC_API_TOKEN: given };

  return run(program, options, { ...rest, environment: { ...keys, ...environment } });
}

/**
 * The options of a command that asks, and in front of them those which give it time enough on a machine that does other
 * work: for an answer, and until an answer of `watch` is stale. A test of these times gives its own, which take precedence.
 */
function patiently(options) {
  if (options[0] === 'settings') // which asks nobody
    return options;
  return ['--max-time', '1h', ...(options[0] === 'watch' ? ['--stale-after', '1h'] : []), ...options];
}

/** wmrec, started, asking the Cloud that `server` plays, until it is told to end. */
function watch(server, options, settings = {}) {
  return launch(program, ['--endpoint', server.url, '--cacert', certificate('roots.pem'), ...patiently(options)],
    { ...settings, environment: { WMC_API_TOKEN: key, ...settings.environment } });
}

/** wmrec, asking the Cloud that `server` plays. */
function ask(server, options = [id], settings = {}) {
  return wmrec(['--endpoint', server.url, '--cacert', certificate('roots.pem'), ...patiently(options)], settings);
}

/** wmrec, asking `server` as a WireMock of one's own. */
function askSelfHosted(server, options = [], settings = {}) {
  const trusted = server.url.startsWith('https') ? ['--cacert', certificate('roots.pem')] : [];

  return wmrec(['--self-hosted', server.url, ...trusted, ...patiently(options)], settings);
}

/** The one object that `-o json` prints for one id. */
async function askJson(server, options = [id], settings = {}) {
  const { code, stdout, stderr } = await ask(server, ['-o', 'json', ...options], settings);

  assert.match(stdout, /^\{.*\}\n$/, stderr);
  return { code, stderr, ...JSON.parse(stdout) };
}

/**
 * A server on a free port, until the test `t` ends. handle: (socket) => ..., for each connection, once TLS is spoken.
 *
 * settings.certificate: its name; null: no TLS. settings.host: where it listens. Others: of tls.createServer().
 * The server: url, port; connections and handshakes, how many there were; received, all the application's bytes that
 * came; tcp, the last connection's socket under TLS; quiet(), which waits until all connections are gone; stop().
 */
async function serve(t, handle, settings = {}) {
  const { certificate: name = 'ec', host = '127.0.0.1', port = 0, ...options } = settings;
  const open = new Set();
  const server = { connections: 0, handshakes: 0, received: '' };
  const greet = (socket) => {
    server.handshakes++;
    socket.on('error', () => {}); // a client may leave as it likes
    socket.on('data', (bytes) => { server.received += bytes.toString('latin1'); });
    handle(socket, server);
  };
  const listener = name === null ? net.createServer({ noDelay: true, ...options }, greet) : tls.createServer({
    key: fs.readFileSync(certificate(`${name}.key`)),
    cert: fs.readFileSync(certificate(`${name}.pem`)),
    ciphers: 'ALL:@SECLEVEL=0', // so that a weak certificate can be served
    noDelay: true,
    handshakeTimeout: patience,
    ...options,
  }, greet);

  listener.on('connection', (socket) => {
    server.connections++;
    server.tcp = socket;
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  listener.on('tlsClientError', () => {});
  listener.listen(port, host);
  await once(listener, 'listening');

  server.port = listener.address().port;
  server.tls = listener;
  server.url = name === null ? `http://localhost:${server.port}` : `https://localhost:${server.port}`;
  server.quiet = () => Promise.all([...open].map((socket) => new Promise((resolve) => { socket.once('close', resolve); })));
  server.stop = () => {
    for (const socket of open)
      socket.destroy();
    return new Promise((resolve) => { listener.close(resolve); });
  };
  t.after(server.stop);
  return server;
}

/**
 * A handler that reads requests and calls answer(socket, request, number) for each; number counts the server's
 * requests from 1.
 */
function http(answer) {
  let count = 0;

  return (socket) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end; (end = text.indexOf('\r\n\r\n')) >= 0; text = text.slice(end + 4))
        answer(socket, text.slice(0, end + 4), ++count);
    });
  };
}

/** An answer's bytes. */
function answer(status, body = '', fields = {}) {
  const all = { 'Content-Length': Buffer.byteLength(body), ...fields };
  const lines = Object.keys(all).map((name) => `${name}: ${all[name]}\r\n`);

  return `HTTP/1.1 ${status} Reason\r\n${lines.join('')}\r\n${body}`;
}

/** The answer that says this status. */
function says(status, fields) {
  return answer(200, `{\n  "status" : "${status}"\n}`, fields);
}

/** A server of answers, the same for every request: bytes, or what a function of request and number returns. */
function answering(t, bytes, settings) {
  return serve(t, http((socket, request, number) => {
    socket.write(typeof bytes === 'function' ? bytes(request, number) : bytes);
  }), settings);
}

/** Below the ports that the system gives to clients: from 32,768 on (Linux), or 49,152 (RFC 6335). */
const ports = { first: 10000, end: 32768 };
let nextPort = randomInt(ports.first, ports.end);

/** A port of this machine that nobody listens on, and that this process gets once only. */
async function freePort() {
  for (let tries = ports.first; tries < ports.end; tries++) {
    const port = nextPort;
    const listener = net.createServer();

    nextPort = port + 1 < ports.end ? port + 1 : ports.first;
    try {
      await once(listener.listen(port, '127.0.0.1'), 'listening');
    } catch (error) {
      assert.strictEqual(error.code, 'EADDRINUSE');
      continue;
    }
    listener.close();
    await once(listener, 'close');
    return port;
  }
  throw new Error('no port is free');
}

/** Waits for what sends no event, by looking again and again, until isTrue() is. */
async function until(isTrue) {
  for (let looks = 0; !await isTrue(); looks++) {
    assert.ok(looks < patience / 10, `never: ${isTrue}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

/** Waits for a port to be listened on, by looking at the connection that fails. */
function untilListening(port) {
  return until(async () => {
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });

    socket.destroy();
    return isOpen;
  });
}

module.exports = {
  answer, answering, ask, askJson, askSelfHosted, certificate, file, formsOf, freePort, http, id, key, launch, patiently, program, run, says, serve,
  until, untilListening, useAllCertificates, watch, wmrec,
};
