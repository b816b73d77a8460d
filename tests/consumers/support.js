// Builds a stranger's project, and runs its programs against servers on this machine.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { answering, certificate, key, run, says } = require('../e2e/support');
const { inBuild, temporaryFolder, top } = require('../e2e/wiremock');

const here = path.join(top, 'tests/consumers');
const systemRoots = '/etc/ssl/certs/ca-certificates.crt'; // they have issued no certificate of the tests
let count = 0;

/** A new folder. */
function newFolder() {
  const folder = path.join(temporaryFolder(), `consumer-${++count}`);

  fs.mkdirSync(folder);
  return folder;
}

/** Runs a command to its end; returns its output. environment: the only variables that it gets in addition to these. */
function call(folder, [command, ...options], environment = {}) {
  try {
    return execFileSync(command, options, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', ...environment } });
  } catch (error) {
    throw new Error(`${command} ${options.join(' ')}\n${error.stdout}${error.stderr}`);
  }
}

/** Runs `make TARGET` of this repository with variables, { NAME: value }. */
function makeHere(target, variables) {
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);

  return call(top, ['make', '-s', target, inBuild, ...settings], process.env); // it has the variables of the make that runs this
}

/** Copies the project of this name to a new folder, with the programs http.c, https.c and https.cpp in it. Returns the folder. */
function project(name) {
  const folder = newFolder();

  fs.cpSync(path.join(here, name), folder, { recursive: true });
  for (const [from, to] of [['http.c', 'http.c'], ['https.c', 'https.c'], ['https.c', 'https.cpp']])
    fs.copyFileSync(path.join(here, from), path.join(folder, to));
  return folder;
}

let archiveFile = null;

/** An archive of this repository, as a release would be. */
function archive() {
  if (archiveFile === null) {
    archiveFile = path.join(newFolder(), 'wmrec.tar.gz');
    call(top, ['sh', '-c', 'git ls-files -coz --exclude-standard | tar --null -czf "$0" -T -', archiveFile]);
  }
  return archiveFile;
}

/** Unpacks this archive to a folder. */
function unpack(folder) {
  fs.mkdirSync(folder, { recursive: true });
  call(folder, ['tar', '-xzf', archive()]);
}

/** A copy of the project of this name, with wmrec's sources in third_party/wmrec. */
function projectWithSources(name) {
  const folder = project(name);

  unpack(path.join(folder, 'third_party/wmrec'));
  return folder;
}

/** Configures a project by CMake; returns the folder for its programs. */
function configure(folder, options) {
  const built = path.join(folder, 'build');

  call(folder, ['cmake', '-S', folder, '-B', built, ...options]);
  return built;
}

/** Configures and builds a project by CMake; returns the folder of its programs. */
function cmake(folder, options) {
  const built = configure(folder, options);

  call(folder, ['cmake', '--build', built, '--parallel', '2']);
  return built;
}

/** Checks that the program, which is http.c, shows the status of a server. */
async function asksByHttp(t, program) {
  const server = await answering(t, says('Recording'), { certificate: null });
  const { code, stdout, stderr } = await run(program, ['127.0.0.1', `${server.port}`]);

  assert.deepStrictEqual([code, stdout], [0, 'Recording\n'], stderr);
  assert.match(server.received, /^GET \/__admin\/recordings\/status HTTP\/1\.1\r\n/);
}

/** Checks that the program, which is https.c, shows the status of a server that it trusts, and sends no byte to another one. */
async function asksByHttps(t, program) {
  const ask = async (roots) => {
    const server = await answering(t, says('Stopped'));
    const { code, stdout } = await run(program, ['localhost', `${server.port}`, roots], { environment: { WMC_API_TOKEN: key } });

    await server.quiet();
    return [code, stdout, server.received.split('\r\n')[0]];
  };

  assert.deepStrictEqual(await ask(certificate('roots.pem')), [0, 'Stopped\n', 'GET /v1/mock-apis/jjl8y/recordings/status HTTP/1.1']);
  assert.deepStrictEqual(await ask(systemRoots), [1, 'certificate-issuer\n', '']);
}

/** The files in a folder, as paths relative to it. */
function filesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.path, entry.name))).sort();
}

module.exports = {
  archive, asksByHttp, asksByHttps, call, cmake, configure, filesIn, makeHere, newFolder, project, projectWithSources, unpack,
};
