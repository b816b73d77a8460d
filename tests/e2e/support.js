// Shared by the tests: runs of wmrec, and servers to run it against.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const dgram = require('node:dgram');
const { randomBytes, randomInt } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');

const { built, makeCertificates, patience, start, temporaryFolder, top } = require('./wiremock');

const program = path.resolve(top, process.env.WMREC ?? built('sanitized/wmrec'));
const key = `wmc-${randomBytes(20).toString('hex')}`; // new in each run; nothing may show it
const id = 'jjl8y';

setTimeout(() => {
  console.error('the tests have hung');
  process.exit(1);
}, 12 * patience).unref();

let certificates = null; // the folder of the certificates; null: not made yet

/** Makes certificates of every kind, which takes seconds; without this call, certificate() makes a root and "ec" only. */
function useAllCertificates() {
  certificates = makeCertificates();
}

/** The path of a file that tests/tls/certificates.sh makes. */
function certificate(file) {
  certificates ??= makeCertificates('one');
  return path.join(certificates, file);
}

/** Writes a new temporary file; returns its path. */
function file(content, mode = 0o600) {
  const name = path.join(temporaryFolder(), `file-${randomBytes(6).toString('hex')}`);

  fs.writeFileSync(name, content, { mode });
  return name;
}

/**
 * The encodings in which a secret could leak: { name: text }. In base64, the text depends on the offset of the secret modulo 3;
 * characters that also encode neighbouring bytes are left out.
 */
function formsOf(secret) {
  const hex = Buffer.from(secret).toString('hex');
  const base64 = (before) => Buffer.from('\0'.repeat(before) + secret).toString('base64')
    .slice(Math.ceil(before * 4 / 3), Math.floor((before + secret.length) / 3) * 4);

  return {
    plain: secret, 'hex': hex, 'HEX': hex.toUpperCase(), 'UTF-16': [...secret].join('\0'),
    'base64': base64(0), 'base64 after 1 byte': base64(1), 'base64 after 2 bytes': base64(2),
  };
}

/**
 * Starts a program. Every run checks that neither its output nor its command line has the key in any encoding, that the output
 * has no report of a sanitizer, and that it ends within `patience`.
 *
 * descriptors: of this process; they become 3 and up of the program.
 * Returns: pid; output, { stdout, stderr } up to now; until(pattern), which waits until one of the two matches; kill(signal);
 * stopReading(), which closes this end of its standard output, a socket; hasEnded(); end(), which waits until the program has ended:
 * { code, stdout, stderr }.
 */
function launch(command, options, { environment = {}, input, secret = key, descriptors = [] } = {}) {
  const child = start(command, options, { env: { PATH: process.env.PATH, ...environment }, stdio: ['pipe', 'pipe', 'pipe', ...descriptors] });
  const output = { stdout: '', stderr: '' };
  const all = () => output.stdout + output.stderr;
  const closed = once(child, 'close');
  let hasHung = false;
  let hasEnded = false;
  const waiting = new Set(); // of until(): each looks at the output, and removes itself when it is done
  const look = () => waiting.forEach((each) => each());
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
    hasEnded: () => hasEnded,
    stopReading: () => child.stdout.destroy(),
    until: (pattern) => new Promise((resolve, reject) => {
      const each = () => {
        const isMatch = pattern.test(output.stdout) || pattern.test(output.stderr);

        if (!isMatch && !hasEnded)
          return;
        waiting.delete(each);
        if (isMatch)
          resolve();
        else
          reject(new Error(`it ended without ${pattern}: ${all()}`));
      };
      waiting.add(each);
      each();
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

/** Starts wmrec on a terminal, which script(1) makes. stop(signal) ends it: { code, stdout, stderr }. */
function launchOnTerminal(columns, options, environment) {
  const pidFile = file('');
  const words = [program, ...options].map((word) => `'${word}'`).join(' ');
  const running = launch('script', ['-qec', `stty cols ${columns}; echo $$ >'${pidFile}'; exec ${words}`, '/dev/null'],
    { environment: { TERM: 'xterm', ...environment } });

  running.stop = (signal = 'SIGTERM') => {
    process.kill(Number(fs.readFileSync(pidFile, 'utf8')), signal); // script(1) ends at once when its child does
    return running.end();
  };
  return running;
}

/** Runs a program to its end: { code, stdout, stderr }. */
function run(command, options, settings) {
  return launch(command, options, settings).end();
}

/** Runs wmrec with the key in its environment. settings.key: another key; null: no key. */
function wmrec(options, settings = {}) {
  const { key: given = key, environment = {}, ...rest } = settings;
  const keys = given === null ? {} : { WMC_API_TOKEN: given };

  return run(program, options, { ...rest, environment: { ...keys, ...environment } });
}

/**
 * Adds limits of an hour for an answer, and for how long `watch` shows one, so that no test fails on a busy machine. A test
 * whose subject is such a limit gives its own later in `options`, where it wins.
 */
function patiently(options) {
  if (options[0] === 'settings') // it connects to no server, and takes no such option
    return options;
  return ['--max-time', '1h', ...(options[0] === 'watch' ? ['--stale-after', '1h'] : []), ...options];
}

/**
 * Runs attempt(limit) with a time limit of '0.5s', then '1s', '2s' and so on up to a minute, until isEnough(result) is true;
 * returns the last result. For a test that needs one event before the limit, and the limit itself: on a busy machine, the event
 * may take longer than the first limits.
 */
async function withTimeEnough(attempt, isEnough) {
  let result;

  for (let seconds = 0.5; seconds <= 64; seconds *= 2) {
    result = await attempt(`${seconds}s`);
    if (isEnough(result))
      break;
  }
  return result;
}

/** Starts wmrec, with `server` as the Cloud: see launch(). */
function watch(server, options, settings = {}) {
  return launch(program, ['--endpoint', server.url, '--cacert', certificate('roots.pem'), ...patiently(options)],
    { ...settings, environment: { WMC_API_TOKEN: key, ...settings.environment } });
}

/** Runs wmrec to its end, with `server` as the Cloud. */
function ask(server, options = [id], settings = {}) {
  return wmrec(['--endpoint', server.url, '--cacert', certificate('roots.pem'), ...patiently(options)], settings);
}

/** Runs wmrec to its end, with `server` as a self-hosted WireMock. */
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
 * Starts a server on a free port; it stops when the test `t` ends. handle(socket, server) is called for each connection, after
 * its TLS handshake.
 *
 * settings.certificate: the name of its certificate; null: no TLS. settings.host: the address that it listens on.
 * settings.port: 0 is any free one. Others: see tls.createServer().
 * Returns: url, port; connections and handshakes, their numbers up to now; received, all bytes of the application that came;
 * tcp, the TCP socket of the last connection; tls, the listener; quiet(), which waits until all connections are closed; stop().
 */
async function serve(t, handle, settings = {}) {
  const { certificate: name = 'ec', host = '127.0.0.1', port = 0, ...options } = settings;
  const open = new Set();
  const server = { connections: 0, handshakes: 0, received: '' };
  const greet = (socket) => {
    server.handshakes++;
    socket.on('error', () => {}); // a client may close or reset at any time
    socket.on('data', (bytes) => { server.received += bytes.toString('latin1'); });
    handle(socket, server);
  };
  const listener = name === null ? net.createServer({ noDelay: true, ...options }, greet) : tls.createServer({
    key: fs.readFileSync(certificate(`${name}.key`)),
    cert: fs.readFileSync(certificate(`${name}.pem`)),
    ciphers: 'ALL:@SECLEVEL=0', // allows weak certificates
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

/** The bytes of an HTTP response. */
function answer(status, body = '', fields = {}) {
  const all = { 'Content-Length': Buffer.byteLength(body), ...fields };
  const lines = Object.keys(all).map((name) => `${name}: ${all[name]}\r\n`);

  return `HTTP/1.1 ${status} Reason\r\n${lines.join('')}\r\n${body}`;
}

/** The response with this recording status. */
function says(status, fields) {
  return answer(200, `{\n  "status" : "${status}"\n}`, fields);
}

/** Starts a server that answers every request by `bytes`; if that is a function, by bytes(request, number). */
function answering(t, bytes, settings) {
  return serve(t, http((socket, request, number) => {
    socket.write(typeof bytes === 'function' ? bytes(request, number) : bytes);
  }), settings);
}

/** Below the ports that the system gives to clients: those begin at 32,768 (Linux) or 49,152 (RFC 6335). */
const ports = { first: 10000, end: 32768 };
let nextPort = randomInt(ports.first, ports.end);

/** Waits until a socket of TCP or UDP is bound; false if its port is in use. */
async function isBound(socket) {
  try {
    await once(socket, 'listening');
    return true;
  } catch (error) {
    assert.strictEqual(error.code, 'EADDRINUSE');
    return false;
  }
}

/**
 * A TCP port that nobody listens on. This process keeps the UDP port of the same number, which no test needs: so no other process
 * gets the same port from here.
 */
async function freePort() {
  for (let tries = ports.first; tries < ports.end; tries++) {
    const port = nextPort;
    const reservation = dgram.createSocket('udp4').bind(port, '127.0.0.1');

    nextPort = port + 1 < ports.end ? port + 1 : ports.first;
    if (!await isBound(reservation))
      continue;
    reservation.unref();
    const listener = net.createServer().listen(port, '127.0.0.1');
    const isFree = await isBound(listener);

    await new Promise((resolve) => { listener.close(resolve); });
    if (isFree)
      return port;
  }
  throw new Error('no port is free');
}

/** Waits for a state that no event announces: looks every 10 ms until isTrue() is true, and fails after `patience`. */
async function until(isTrue) {
  for (let looks = 0; !await isTrue(); looks++) {
    assert.ok(looks < patience / 10, `never: ${isTrue}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

/** Waits until a server listens on the port: until a connection is accepted. */
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
  answer, answering, ask, askJson, askSelfHosted, certificate, file, formsOf, freePort, http, id, key, launch, launchOnTerminal, patiently,
  program, run, says, serve, until, untilListening, useAllCertificates, watch, withTimeEnough, wmrec,
};
