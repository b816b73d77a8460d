// Uses the library that `make arduino` writes, as a sketch does: Debian's arduino-builder compiles the sketches, simavr runs them, and
// they ask a real WireMock.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { after, before, test } = require('node:test');
const tls = require('node:tls');

const { answer, answering, certificate, http, says, serve, useAllCertificates } = require('../e2e/support');
const { built, makeCertificates, startPair, startWireMock, temporaryFolder } = require('../e2e/wiremock');
const { Board, compile } = require('./board');

const id = 'jjl8y';
const key = 'wmc-4f0c8a51d2'; // in asker.ino, too
const standIns = path.join(__dirname, 'libraries');
const unzipped = path.join(temporaryFolder(), 'libraries');
const example = (name) => path.join(unzipped, 'wmrec/examples', name);
const portOf = (url) => Number(new URL(url).port);

const overTcp = (url) => () => ({ socket: net.connect(portOf(url), '127.0.0.1'), event: 'connect' });
const overTls = (url, servername = 'localhost') => () => ({
  socket: tls.connect({ port: portOf(url), host: '127.0.0.1', servername, ca: fs.readFileSync(certificate('roots.pem')) }),
  event: 'secureConnect',
});

let board = null; // with asker.ino
before(() => {
  fs.mkdirSync(unzipped);
  execFileSync('unzip', ['-q', ...fs.readdirSync(built('arduino')).filter((name) => name.endsWith('.zip')).map((name) => built(`arduino/${name}`)),
    '-d', unzipped]);
  useAllCertificates();
  board = new Board(compile(path.join(__dirname, 'asker'), [unzipped, standIns]).elf);
});
after(() => board?.stop());

/** Lets asker.ino ask: { result, recording, text }. */
async function ask(letter, network) {
  board.network = network;
  board.press(letter);
  const line = await board.line();
  const [result, recording, text] = line.split('\t');

  assert.ok(text !== undefined, `printed: ${line}`);
  return { result, recording, text };
}

const resultOf = async (letter, network) => (await ask(letter, network)).result;

test('a sketch on an AVR is told by a real WireMock that it records', async (t) => {
  const server = await startWireMock(makeCertificates());

  t.after(server.stop);
  const recording = async () => (await ask('p', overTcp(server.url))).recording;

  assert.strictEqual(await recording(), 'NeverStarted');
  await server.admin('POST', 'recordings/start', { targetBaseUrl: server.url });
  assert.deepStrictEqual(await ask('p', overTcp(server.url)), { result: 'ok', recording: 'Recording', text: 'answered' });
  await server.admin('POST', 'recordings/stop');
  assert.strictEqual(await recording(), 'Stopped');
});

test('it asks again on the same connection', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  for (let i = 0; i < 3; i++)
    assert.strictEqual((await ask('p', overTcp(server.url))).recording, 'Recording');
  assert.strictEqual(server.connections, 1);
});

test('an answer may come byte by byte', async (t) => {
  const server = await serve(t, http(async (socket) => {
    for (const byte of Buffer.from(says('Stopped')))
      await new Promise((resolve) => { socket.write(Buffer.of(byte), resolve); });
  }), { certificate: null });

  assert.strictEqual((await ask('p', overTcp(server.url))).recording, 'Stopped');
});

test('the Cloud is asked over a Client that is said to be verified TLS, with the key', async (t) => {
  const cloud = await startPair({ id, key, certificates: makeCertificates() });

  t.after(cloud.stop);
  await cloud.startRecording();
  assert.strictEqual((await ask('v', overTls(cloud.front.tlsUrl))).recording, 'Recording');
});

test('the Cloud is not asked over a Client that is not said to be verified TLS: it is not even connected', async () => {
  assert.strictEqual(await resultOf('n', () => assert.fail('a connection was opened')), 'plain-http');
});

test('a Client that refuses the certificate of the server is an error, and the key is not sent', async (t) => {
  const server = await answering(t, says('Recording'));
  const { result, recording } = await ask('v', overTls(server.url, 'another.example'));

  assert.deepStrictEqual({ result, recording }, { result: 'connect', recording: 'Unknown' });
  assert.strictEqual(server.received, '');
});

test('a server that refuses the connection is an error', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  await server.stop();
  assert.strictEqual(await resultOf('p', overTcp(server.url)), 'connect');
});

for (const [status, result, text] of [
  [302, 'redirect', 'the server redirects, which is not followed: the key goes to no other place'],
  [401, 'unauthorized', 'the API key is not accepted (401)'],
  [403, 'forbidden', 'the API key may not see this mock API (403)'],
  [404, 'not-found', 'there is nothing of that name (404)'],
  [503, 'unavailable', 'the service is unavailable (503)'],
])
  test(`a status of ${status} is ${result}, and its text comes from flash`, async (t) => {
    const server = await answering(t, answer(status), { certificate: null });

    assert.deepStrictEqual(await ask('p', overTcp(server.url)), { result, recording: 'Unknown', text });
  });

const whole = says('Recording');
const withoutLength = `HTTP/1.0 200 OK\r\n\r\n${whole.split('\r\n\r\n')[1]}`;

for (const [what, bytes, result] of [['before the first byte', '', 'closed'], ['in the header section', whole.slice(0, 30), 'truncated'],
  ['in the body', whole.slice(0, -1), 'truncated'], ['where only the end of the stream would end the body', withoutLength, 'truncated']])
  for (const [how, letter, cut] of [['a FIN', 'p', (socket) => socket.end(bytes)],
    ['a RST', 'p', (socket) => socket.write(bytes, () => socket.resetAndDestroy())],
    ['close_notify', 'v', (socket) => socket.end(bytes)],
    ['a FIN without close_notify', 'v', (socket, server) => socket.write(bytes, () => server.tcp.end())]])
    test(`a stream that ends ${what}, by ${how}, is ${result}`, async (t) => {
      const server = await serve(t, (socket, own) => socket.once('data', () => cut(socket, own)),
        letter === 'p' ? { certificate: null } : {});
      const network = letter === 'p' ? overTcp : overTls;
      const found = await ask(letter, network(server.url));

      assert.deepStrictEqual([found.result, found.recording], [result, 'Unknown']);
    });

test('a server that does not answer is a timeout, after the time of the sketch', async (t) => {
  const server = await serve(t, () => {}, { certificate: null });

  assert.strictEqual(await resultOf('t', overTcp(server.url)), 'timeout');
});

/** Messages of the compiler about our files. */
const ours = (messages) => messages.split('\n').filter((line) => /: (warning|error):/.test(line) && !line.startsWith('/usr/share/arduino/'));

/** A copy of an example of the unpacked zip, with the user's settings in it. */
function configured(name, settings) {
  const folder = path.join(fs.mkdtempSync(path.join(temporaryFolder(), 'user-')), name);
  const file = path.join(folder, `${name}.ino`);

  fs.cpSync(example(name), folder, { recursive: true });
  fs.writeFileSync(file, Object.entries(settings).reduce((text, [placeholder, value]) => {
    assert.ok(text.includes(placeholder));
    return text.replace(placeholder, value);
  }, fs.readFileSync(file, 'utf8')));
  return folder;
}

/** Runs an example; returns the first line that it prints, and what it connected to. */
async function firstLine(elf, network) {
  const other = new Board(elf);

  other.network = network;
  const line = await other.line();

  await other.stop();
  return { line, connections: other.connections };
}

test('the example SelfHosted compiles from the zip without a warning, and prints Recording (its Ethernet library is a stand-in)', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });
  const { elf, messages } = compile(configured('SelfHosted', { '192.168.1.10': 'mocks.example' }), [unzipped, standIns]);

  assert.deepStrictEqual(ours(messages), []);
  assert.deepStrictEqual(await firstLine(elf, overTcp(server.url)), { line: 'Recording', connections: [{ host: 'mocks.example', port: 8080 }] });
});

for (const [board_, flag] of [['ESP32', '-DESP32'], ['ESP8266', '-DESP8266'], ['arduino-pico', '-DARDUINO_ARCH_RP2040']])
  test(`the example Cloud for ${board_} compiles from the zip without a warning, and prints Recording (the board's libraries are stand-ins)`, async (t) => {
    const server = await answering(t, (request) => (request.includes(`Authorization: Token ${key}\r\n`) ? says('Recording') : answer(401)));
    const { elf, messages } = compile(configured('Cloud', { 'your API key': key }), [unzipped, standIns], { flags: flag });

    assert.deepStrictEqual(ours(messages), []);
    assert.deepStrictEqual(await firstLine(elf, overTls(server.url)), { line: 'Recording', connections: [{ host: 'api.wiremock.cloud', port: 443 }] });
  });

test('the example Cloud does not compile for another board', () => {
  assert.throws(() => compile(example('Cloud'), [unzipped, standIns]),
    ({ stdout }) => stdout.includes('#error "This sketch is for ESP32, ESP8266 and arduino-pico."'));
});

test('on an AVR, the names and texts of results are in flash', () => {
  const { elf } = compile(path.join(__dirname, 'asker'), [unzipped, standIns]);
  const places = execFileSync('avr-nm', [elf], { encoding: 'utf8' }).split('\n').filter((line) => / result_(names|texts)$/.test(line));

  assert.strictEqual(places.length, 2);
  for (const place of places)
    assert.ok(parseInt(place, 16) < 0x800000, place); // where gcc's addresses of RAM begin
});

test('the zip is a library by the specification: a flat src, properties, keywords, a licence, no link', () => {
  const all = fs.readdirSync(path.join(unzipped, 'wmrec'), { recursive: true, withFileTypes: true });
  const text = (name) => fs.readFileSync(path.join(unzipped, 'wmrec', name), 'utf8');
  const properties = Object.fromEntries(text('library.properties').trim().split('\n').map((line) => line.split(/=(.*)/).slice(0, 2)));

  assert.deepStrictEqual(fs.readdirSync(unzipped), ['wmrec']);
  assert.ok(all.every((entry) => entry.isFile() || entry.isDirectory()));
  assert.deepStrictEqual(fs.readdirSync(path.join(unzipped, 'wmrec/src')).sort(), ['wmrec.c', 'wmrec.h', 'wmrec_arduino.cpp', 'wmrec_arduino.h']);
  for (const field of ['name', 'version', 'author', 'maintainer', 'sentence', 'paragraph', 'category', 'url', 'architectures', 'includes'])
    assert.ok(properties[field]?.length > 0, field);
  assert.strictEqual(properties.category, 'Communication');
  assert.match(text('LICENSE'), /Apache License/);
  for (const line of text('keywords.txt').split('\n').filter((words) => words !== '' && !words.startsWith('#'))) {
    const [word, kind, ...more] = line.split('\t');

    assert.ok(['KEYWORD1', 'KEYWORD2', 'LITERAL1'].includes(kind) && more.length === 0, line);
    assert.match(text('src/wmrec.h') + text('src/wmrec_arduino.h'), new RegExp(`\\b${word}\\b`));
  }
});
