// wmrec against real WireMocks: a recorder, one in front of it that answers as the Cloud does, and every fault that WireMock can
// serve.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');

const { ask, askJson, askSelfHosted, certificate, file, id, key, wmrec } = require('./support');
const { startPair } = require('./wiremock');

let pair;
let cloud;

test.before(async () => {
  pair = await startPair({ id, key, certificates: path.dirname(certificate('roots.pem')) });
  cloud = { url: pair.front.tlsUrl };
});
test.after(() => pair?.stop());

/** Sets the answer for the id `other`. */
async function stub(other, response) {
  await pair.front.stub({
    priority: 2,
    request: { method: 'GET', urlPath: `/v1/mock-apis/${other}/recordings/status` },
    response,
  });
}

test('a real recording is NeverStarted, Recording, Stopped, in the API of the Cloud and in that of the recorder', async () => {
  const plain = { url: pair.recorder.url.replace('127.0.0.1', 'localhost') };
  const tls = { url: pair.recorder.tlsUrl };
  const all = async () => [(await ask(cloud)).stdout, (await askSelfHosted(plain)).stdout, (await askSelfHosted(tls)).stdout];
  const each = (status) => Array(3).fill(`${status}\n`);

  assert.deepStrictEqual(await all(), each('NeverStarted'));
  await pair.startRecording();
  assert.deepStrictEqual(await all(), each('Recording'));
  await pair.stopRecording();
  assert.deepStrictEqual(await all(), each('Stopped'));
});

test('several ids are printed as a list', async () => {
  const { code, stdout } = await ask(cloud, [id, 'nobody', id]);

  assert.strictEqual(stdout, `${id}\tStopped\nnobody\tUnknown\n${id}\tStopped\n`);
  assert.strictEqual(code, 66);
});

test('a wrong key: unauthorized, exit status 77', async () => {
  const { code, error, http_status: status } = await askJson(cloud, [id], { key: 'wrong' });

  assert.deepStrictEqual([code, error, status], [77, 'unauthorized', 401]);
});

test('an id that does not exist: not-found, exit status 66', async () => {
  const { code, error } = await askJson(cloud, ['nobody']);

  assert.deepStrictEqual([code, error], [66, 'not-found']);
});

test('a self-hosted WireMock answers although it gets a key', async () => {
  const { code, stdout, stderr } = await askSelfHosted(cloud, ['--token-file', file(`${key}\n`), '-v']);

  assert.strictEqual(code, 0);
  assert.strictEqual(stdout, 'NeverStarted\n'); // the front itself has never recorded
  assert.match(stderr, /Authorization: Token \[key\]/);
});

const body = '{"status":"Recording"}';
const faults = [
  ['EMPTY_RESPONSE', { fault: 'EMPTY_RESPONSE' }, 69, 'closed'],
  ['MALFORMED_RESPONSE_CHUNK', { status: 200, fault: 'MALFORMED_RESPONSE_CHUNK' }, 76, 'chunk|truncated'],
  ['RANDOM_DATA_THEN_CLOSE', { fault: 'RANDOM_DATA_THEN_CLOSE' }, 76, 'status-line'],
  ['CONNECTION_RESET_BY_PEER', { fault: 'CONNECTION_RESET_BY_PEER' }, 69, 'reset|closed|truncated'],
  ['a delay past the deadline', { status: 200, body, fixedDelayMilliseconds: 5000 }, 75, 'timeout'],
  ['a dribble past the deadline',
    { status: 200, body, chunkedDribbleDelay: { numberOfChunks: 20, totalDuration: 20000 } }, 75, 'timeout'],
  ['429 with Retry-After', { status: 429, headers: { 'Retry-After': '120' } }, 75, 'too-many-requests'],
  ['503', { status: 503 }, 75, 'unavailable'],
  ['500 with HTML', { status: 500, body: '<html>'.repeat(1000) }, 75, 'server'],
  ['403 with the Cloud\'s errors', { status: 403, jsonBody: { errors: [{ title: 'Forbidden' }] } }, 77, 'forbidden'],
  ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.test/' } }, 76, 'redirect'],
  ['a body of 1 MB', { status: 200, body: 'x'.repeat(1 << 20) }, 76, 'body-limit'],
  ['an unknown status', { status: 200, body: '{"status":"Paused"}' }, 76, 'unknown-status'],
  ['an empty body', { status: 200 }, 76, 'json'],
];

for (const [index, [what, response, code, error]] of faults.entries()) {
  test(`WireMock serves ${what}: ${error}, exit status ${code}`, async () => {
    const other = `fault${index}`;
    await stub(other, response);
    const found = await askJson(cloud, [other, ...(error === 'timeout' ? ['--max-time', '1'] : [])]);

    assert.match(found.error, new RegExp(`^(${error})$`), found.stderr);
    assert.strictEqual(found.code, code, found.error);
    assert.strictEqual(found.recording, null);
  });
}

test('an answer that comes late, or in parts, within --max-time is read', async () => {
  await stub('slow1', { status: 200, body, fixedDelayMilliseconds: 300 });
  await stub('slow2', { status: 200, body, chunkedDribbleDelay: { numberOfChunks: 5, totalDuration: 300 } });
  const { code, stdout } = await ask(cloud, ['slow1', 'slow2']);

  assert.strictEqual(stdout, 'slow1\tRecording\nslow2\tRecording\n');
  assert.strictEqual(code, 0);
});

test('the request is what the documentation of the Cloud requires, and nothing else', async () => {
  await pair.front.admin('DELETE', 'requests');
  await ask(cloud);
  const { requests } = await pair.front.admin('GET', 'requests');
  const sent = requests.map(({ request }) => request);

  assert.strictEqual(sent.length, 1);
  assert.strictEqual(sent[0].method, 'GET');
  assert.strictEqual(sent[0].url, `/v1/mock-apis/${id}/recordings/status`);
  const { Host: host, ...fields } = sent[0].headers;
  assert.deepStrictEqual(fields, {
    Authorization: `Token ${key}`, 'User-Agent': 'wmrec/0.1.0', Accept: 'application/json', 'Accept-Encoding': 'identity',
    'Cache-Control': 'no-cache',
  });
  assert.strictEqual(host, new URL(cloud.url).host);
});

test('the certificate of the server is verified', async () => {
  const { code, stderr } = await wmrec(['--max-time', '1h', '--endpoint', cloud.url, '--cacert', '/etc/ssl/certs/ca-certificates.crt', id]);

  assert.strictEqual(code, 69);
  assert.match(stderr, /nobody trusted/);
});

for (const fault of ['EMPTY_RESPONSE', 'MALFORMED_RESPONSE_CHUNK', 'RANDOM_DATA_THEN_CLOSE', 'CONNECTION_RESET_BY_PEER']) {
  test(`after the fault ${fault}, the next id gets its right answer`, async () => {
    await stub('faulty', { status: 200, fault });
    const { code, stdout } = await ask(cloud, ['faulty', id]);

    assert.strictEqual(stdout, `faulty\tUnknown\n${id}\tStopped\n`);
    assert.notStrictEqual(code, 0);
  });
}

test('a recorder behind a reverse proxy is asked with the path of the proxy', async () => {
  await pair.front.stub({
    request: { urlPathPattern: '/behind/.*' },
    response: { proxyBaseUrl: pair.recorder.url, proxyUrlPrefixToRemove: '/behind' },
  });
  for (const url of [`${pair.front.url}/behind`, `${pair.front.tlsUrl}/behind/`])
    assert.strictEqual((await askSelfHosted({ url })).stdout, 'Stopped\n');
});

test('TLS to the plain port of WireMock, or plain HTTP to its TLS port, gives no status', async () => {
  const plain = await askJson({ url: pair.front.url.replace('http:', 'https:') });
  const tls = await askSelfHosted({ url: pair.front.tlsUrl.replace('https:', 'http:') });

  assert.deepStrictEqual([plain.code, plain.error], [69, 'tls-not-spoken']);
  assert.notStrictEqual(tls.code, 0);
  assert.strictEqual(tls.stdout, '');
});

test('a server whose certificate is not trusted gets no request', async () => {
  await pair.front.admin('DELETE', 'requests');
  const { code } = await wmrec(['--max-time', '1h', '--endpoint', cloud.url.replace('localhost', 'other.test'), '--resolve',
    `other.test:${new URL(cloud.url).port}:127.0.0.1`, '--cacert', certificate('roots.pem'), id]);

  assert.strictEqual(code, 69);
  assert.strictEqual((await pair.front.admin('GET', 'requests')).meta.total, 0);
});

test('WireMocks end on SIGTERM, and leave no process', async () => {
  await pair.stop();
  for (const { pid } of [pair.recorder, pair.front])
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
