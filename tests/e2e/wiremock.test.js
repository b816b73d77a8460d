// wmrec against real WireMocks: a recorder, and one in front of it that answers as the Cloud does.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const test = require('node:test');

const { ask, askJson, askSelfHosted, certificate, id, key, wmrec } = require('./support');
const { makeCertificates, startPair } = require('./wiremock');

const path = '/v1/mock-apis/{id}/recordings/status';
let pair;
let cloud;

/** Has the Cloud answer for an id of its own in this way; the id. */
async function stub(response) {
  const name = randomBytes(5).toString('hex');

  await pair.front.stub({ priority: 2, request: { method: 'GET', urlPath: path.replace('{id}', name) }, response });
  return name;
}

test('two WireMocks start', async () => {
  pair = await startPair({ id, key, certificates: makeCertificates('one') });
  cloud = { url: pair.front.tlsUrl };
});

test('a recorder that was never started: NeverStarted', async () => {
  assert.deepStrictEqual(await ask(cloud), { code: 0, stdout: 'NeverStarted\n', stderr: '' });
});

test('a recorder that records: Recording', async () => {
  await pair.startRecording();
  assert.deepStrictEqual(await ask(cloud), { code: 0, stdout: 'Recording\n', stderr: '' });
});

test('asked itself, the recorder says Recording, too, over http and https', async () => {
  for (const url of [pair.recorder.url, pair.recorder.tlsUrl])
    assert.deepStrictEqual(await askSelfHosted({ url }), { code: 0, stdout: 'Recording\n', stderr: '' });
});

test('a recorder that was stopped: Stopped', async () => {
  await pair.stopRecording();
  assert.deepStrictEqual(await ask(cloud), { code: 0, stdout: 'Stopped\n', stderr: '' });
});

test('a recorder that was started once more: Recording, then Stopped', async () => {
  await pair.startRecording();
  assert.strictEqual((await askJson(cloud)).recording, true);
  await pair.stopRecording();
  assert.strictEqual((await askJson(cloud)).recording, false);
});

test('several ids, all on one connection of WireMock\'s', async () => {
  const { code, stdout } = await ask(cloud, [id, id, id, id, id]);

  assert.deepStrictEqual([code, stdout], [0, 'jjl8y\tStopped\n'.repeat(5)]);
});

test('the Cloud is asked with the key, and for JSON', async () => {
  await ask(cloud);
  const { requests } = await pair.front.admin('GET', 'requests?limit=1');
  const { method, url, headers } = requests[0].request;

  assert.deepStrictEqual([method, url, headers.Authorization, headers.Accept],
    ['GET', path.replace('{id}', id), `Token ${key}`, 'application/json']);
});

test('the wrong key: 401, exit status 77', async () => {
  const { code, error, http_status: status } = await askJson(cloud, [id], { key: 'not-the-key' });

  assert.deepStrictEqual([code, error, status], [77, 'unauthorized', 401]);
});

test('an id that is not known: 404, exit status 76', async () => {
  const { code, error, http_status: status } = await askJson(cloud, ['xxxxx']);

  assert.deepStrictEqual([code, error, status], [76, 'not-found', 404]);
});

test('403 with the Cloud\'s JSON of errors: exit status 77', async () => {
  const { code, error } = await askJson(cloud, [await stub({ status: 403, jsonBody: { errors: [{ title: 'no' }] } })]);

  assert.deepStrictEqual([code, error], [77, 'forbidden']);
});

test('a redirect is not followed', async () => {
  const name = await stub({ status: 302, headers: { Location: path.replace('{id}', id) } });

  assert.strictEqual((await askJson(cloud, [name])).error, 'redirect');
});

test('429 with Retry-After: exit status 75, and the message says when', async () => {
  const name = await stub({ status: 429, headers: { 'Retry-After': '7' }, body: 'slower' });
  const { code, stderr } = await ask(cloud, [name]);

  assert.strictEqual(code, 75);
  assert.match(stderr, /to be tried again in 7 s/);
});

const faults = {
  // what WireMock does: exit statuses and names that tell the truth about it
  EMPTY_RESPONSE: [69, ['closed', 'reset']],
  CONNECTION_RESET_BY_PEER: [69, ['closed', 'reset']],
  RANDOM_DATA_THEN_CLOSE: [76, ['status-line', 'truncated']],
  MALFORMED_RESPONSE_CHUNK: [76, ['chunk']],
};

for (const [fault, [code, errors]] of Object.entries(faults)) {
  test(`WireMock's fault ${fault}: ${errors.join(' or ')}, exit status ${code}`, async () => {
    const json = await askJson(cloud, [await stub({ fault })]);

    assert.ok(errors.includes(json.error), `${json.error}: ${json.stderr}`);
    assert.deepStrictEqual([json.code, json.status, json.recording], [code, null, null]);
  });

  test(`WireMock's fault ${fault} leaves the next id's answer right`, async () => {
    const { code: worst, stdout } = await ask(cloud, [await stub({ fault }), id]);

    assert.match(stdout, /^\w+\tUnknown\njjl8y\tStopped\n$/);
    assert.strictEqual(worst, code);
  });
}

test('an answer that comes after --max-time: timeout, exit status 75', async () => {
  const name = await stub({ status: 200, jsonBody: { status: 'Recording' }, fixedDelayMilliseconds: 20000 });
  const { code, error, stderr, recording } = await askJson(cloud, ['--max-time', '1', name]);

  assert.deepStrictEqual([code, error, recording], [75, 'timeout', null]);
  assert.match(stderr, /within the time allowed: no answer came\. Try again, or give it more time by --max-time/);
});

test('an answer that is late, but within --max-time, is an answer', async () => {
  const name = await stub({ status: 200, jsonBody: { status: 'Recording' }, fixedDelayMilliseconds: 300 });

  assert.strictEqual((await ask(cloud, ['--max-time', '30', name])).stdout, 'Recording\n');
});

test('an answer that dribbles past --max-time: timeout, exit status 75', async () => {
  const name = await stub({
    status: 200,
    jsonBody: { status: 'Recording' },
    chunkedDribbleDelay: { numberOfChunks: 10, totalDuration: 20000 },
  });
  const { code, error } = await askJson(cloud, ['--max-time', '1.5', name]);

  assert.deepStrictEqual([code, error], [75, 'timeout']);
});

test('an answer that dribbles within --max-time is an answer', async () => {
  const name = await stub({
    status: 200,
    jsonBody: { status: 'Recording' },
    chunkedDribbleDelay: { numberOfChunks: 10, totalDuration: 500 },
  });

  assert.strictEqual((await ask(cloud, ['--max-time', '30', name])).stdout, 'Recording\n');
});

test('a status that is not known: exit status 76', async () => {
  const { code, error, status } = await askJson(cloud, [await stub({ status: 200, jsonBody: { status: 'Paused' } })]);

  assert.deepStrictEqual([code, error, status], [76, 'unknown-status', 'Paused']);
});

test('members that the document does not know are welcome', async () => {
  const name = await stub({ status: 200, jsonBody: { a: [1, { status: 'x' }], status: 'Stopped', z: null } });

  assert.strictEqual((await ask(cloud, [name])).stdout, 'Stopped\n');
});

test('a body of 1 MB: exit status 76', async () => {
  const name = await stub({ status: 200, body: `{"status":"Stopped","x":"${'x'.repeat(1 << 20)}"}` });

  assert.strictEqual((await askJson(cloud, [name])).error, 'body-limit');
});

test('a recorder behind a reverse proxy is asked under the proxy\'s path', async () => {
  await pair.front.stub({
    request: { urlPathPattern: '/behind/.*' },
    response: { proxyBaseUrl: pair.recorder.url, proxyUrlPrefixToRemove: '/behind' },
  });
  for (const url of [`${pair.front.url}/behind`, `${pair.front.tlsUrl}/behind/`])
    assert.strictEqual((await askSelfHosted({ url })).stdout, 'Stopped\n');
});

test('a self-hosted server has no such path: 404, and the message names the one that was asked', async () => {
  const { code, stderr } = await askSelfHosted({ url: `${pair.recorder.url}/nothing` });

  assert.strictEqual(code, 76);
  assert.match(stderr, /Check the URL's path: \/__admin\/recordings\/status is asked under it/);
});

test('TLS on WireMock\'s plain port, and plain HTTP on its TLS port, are told apart', async () => {
  const plain = await askJson({ url: pair.front.url.replace('http:', 'https:') });
  const tls = await wmrec(['-o', 'json', '--self-hosted', pair.front.tlsUrl.replace('https:', 'http:')]);

  assert.deepStrictEqual([plain.code, plain.error], [69, 'tls-not-spoken']);
  assert.match(plain.stderr, /Check the port/);
  assert.notStrictEqual(tls.code, 0);
  assert.strictEqual(JSON.parse(tls.stdout).recording, null);
});

test('without its root, WireMock\'s certificate is not trusted, and WireMock never sees a request', async () => {
  const before = (await pair.front.admin('GET', 'requests')).meta.total;
  const { code, stdout } = await wmrec(['--endpoint', cloud.url, '--cacert', strangersRoot(), '-o', 'json', id]);

  assert.deepStrictEqual([code, JSON.parse(stdout).error], [69, 'certificate-issuer']);
  assert.strictEqual((await pair.front.admin('GET', 'requests')).meta.total, before);
});

/** A root that has issued nothing here: a server's own certificate serves as one. */
function strangersRoot() {
  const stranger = certificate('stranger.pem');

  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', certificate('stranger.key'), '-out', stranger, '-subj', '/CN=stranger'], { stdio: 'ignore' });
  return stranger;
}

test('both WireMocks end when they are told to, and leave no process behind', async () => {
  await pair.stop();
  for (const { pid } of [pair.recorder, pair.front])
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
