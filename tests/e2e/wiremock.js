// Starts real WireMocks, and makes sure that they end.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const top = path.resolve(__dirname, '../..');

/** Tells make the folder of its output. */
const inBuild = `BUILD=${process.env.BUILD ?? 'build'}`;

/** The path of something that make has built. */
const built = (name) => path.resolve(top, process.env.BUILD ?? 'build', name);

/** In ms: far longer than any step takes on a busy machine. A step that takes longer has hung, and fails. */
const patience = 600000;

// Child processes and the temporary folder: removed when this process ends for any reason.
const children = new Set();
let folder = null;

process.on('exit', () => {
  for (const child of children)
    child.kill('SIGKILL');
  if (folder !== null)
    fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => process.exit(128 + os.constants.signals[signal]));

/** The folder for temporary files of this process; removed when it ends. */
function temporaryFolder() {
  folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'wmrec-'));
  return folder;
}

/** Starts a command that is killed when this process ends. */
function start(command, options, settings) {
  const child = spawn(command, options, settings);

  children.add(child);
  child.once('error', () => children.delete(child));
  child.once('exit', () => children.delete(child));
  return child;
}

/** Ends a child by SIGTERM, after 10 s by SIGKILL, and waits until it has ended. */
function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const impatience = setTimeout(() => child.kill('SIGKILL'), 10000);
    child.once('exit', () => {
      clearTimeout(impatience);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** Makes certificates: all, or with "one" a root and the server "ec" only. Returns their folder. */
function makeCertificates(...which) {
  const made = path.join(temporaryFolder(), ['certificates', ...which].join('-'));

  if (!fs.existsSync(made))
    execFileSync('sh', [path.join(top, 'tests/tls/certificates.sh'), made, ...which], { stdio: ['ignore', 2, 2] });
  return made;
}

/** Sends one request over plain HTTP; returns the body of the answer, parsed as JSON. Throws if the status is not 2xx. */
function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false, timeout: patience }, (answer) => {
      let text = '';
      answer.on('data', (bytes) => { text += bytes; });
      answer.on('end', () => {
        if (answer.statusCode >= 300)
          reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
        else
          resolve(text === '' ? null : JSON.parse(text));
      });
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`${method} ${url}: no answer`)));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function findJar() {
  const place = built('npm/node_modules/wiremock/build');
  const jar = fs.readdirSync(place).find((name) => /^wiremock-standalone-.*\.jar$/.test(name));

  return path.join(place, jar);
}

/** Reads the ports of a WireMock from its output, which names them when it listens. */
function readPorts(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why) => reject(new Error(`WireMock did not start: ${why}\n${said}`));
    const impatience = setTimeout(() => {
      child.kill('SIGKILL');
      fail('it hung');
    }, patience);

    child.once('error', (error) => fail(error.message));
    child.once('exit', () => fail('it ended'));
    child.stderr.on('data', (bytes) => { said += bytes; });
    child.stdout.on('data', (bytes) => {
      said += bytes;
      const plain = /^port:\s+(\d+)\s*$/m.exec(said);
      const tls = /^https-port:\s+(\d+)\s*$/m.exec(said);
      if (plain && tls && /^extensions:/m.test(said)) {
        clearTimeout(impatience);
        said = '';
        resolve({ port: Number(plain[1]), tlsPort: Number(tls[1]) });
      }
    });
  });
}

/** Starts a WireMock on free ports, with the certificate `name` of the folder `certificates`, and more options. */
async function startWireMock(certificates, name = 'ec', options = []) {
  const own = fs.mkdtempSync(path.join(temporaryFolder(), 'wiremock-'));
  const store = path.join(own, 'store.p12');

  execFileSync('openssl', ['pkcs12', '-export', '-inkey', path.join(certificates, `${name}.key`),
    '-in', path.join(certificates, `${name}.pem`), '-passout', 'pass:password', '-out', store]);
  const child = start('java', ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', `-Duser.home=${own}`,
    '-jar', findJar(), '--bind-address', '127.0.0.1', '--port', '0', '--https-port', '0', '--root-dir', own,
    '--https-keystore', store, '--keystore-type', 'PKCS12', '--keystore-password', 'password',
    '--key-manager-password', 'password', '--disable-banner', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { port, tlsPort } = await readPorts(child);
  const url = `http://127.0.0.1:${port}`;

  if (options.length === 0) // they may protect this path
    await call('GET', `${url}/__admin/health`);
  return {
    url,
    tlsUrl: `https://localhost:${tlsPort}`,
    pid: child.pid,
    admin: (method, what, body) => call(method, `${url}/__admin/${what}`, body),
    stub: (stub) => call('POST', `${url}/__admin/mappings`, stub),
    stop: () => stop(child),
  };
}

/**
 * Starts a recorder, and in front of it a second WireMock that answers as the Cloud does, for one id and one key. Two are needed:
 * a WireMock that records forwards every request, also those that match its stubs.
 */
async function startPair({ id, key, certificates }) {
  const [recorder, front] = await Promise.all([startWireMock(certificates), startWireMock(certificates)]);
  const anyStatus = { method: 'GET', urlPathPattern: '/v1/mock-apis/[^/]+/recordings/status' };
  const withKey = { headers: { Authorization: { equalTo: `Token ${key}` } } };

  await front.stub({
    priority: 1,
    request: { method: 'GET', urlPath: `/v1/mock-apis/${id}/recordings/status`, ...withKey },
    response: { proxyBaseUrl: `${recorder.url}/__admin`, proxyUrlPrefixToRemove: `/v1/mock-apis/${id}` },
  });
  await front.stub({
    priority: 8,
    request: { ...anyStatus, ...withKey },
    response: { status: 404, jsonBody: { errors: [{ title: 'Not found' }] } },
  });
  await front.stub({
    priority: 9,
    request: anyStatus,
    response: { status: 401, headers: { 'Content-Type': 'text/plain' }, body: 'Unauthorized' },
  });
  return {
    recorder,
    front,
    startRecording: () => recorder.admin('POST', 'recordings/start', { targetBaseUrl: front.url }),
    stopRecording: () => recorder.admin('POST', 'recordings/stop'),
    stop: () => Promise.all([recorder.stop(), front.stop()]),
  };
}

module.exports = { built, inBuild, makeCertificates, patience, start, startPair, startWireMock, stop, temporaryFolder, top };
