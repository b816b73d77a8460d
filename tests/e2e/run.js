// `make run`: runs wmrec against a real WireMock on this machine, through every status. With WMC_API_TOKEN and MOCK_API_ID in the
// environment, it asks the real Cloud instead.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawnSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const path = require('node:path');

const { built, makeCertificates, patience, startPair } = require('./wiremock');

const id = 'jjl8y';
let step = 0;

function say(text) {
  step++;
  console.log(`\n${step}. ${text}`);
}

/** Prints a command line, runs it, and checks its output. */
function expect(status, options, environment = {}) {
  const shown = [...Object.keys(environment).map((name) => `${name}=...`), 'build/wmrec', ...options];
  const { WMC_API_TOKEN, WMC_API_ENDPOINT, ...rest } = process.env;

  console.log(`   $ ${shown.join(' ')}`);
  const { stdout, error, status: exit } = spawnSync(built('wmrec'), options,
    { env: { ...rest, ...environment }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: patience });
  if (error)
    throw error;
  process.stdout.write(stdout.replace(/^/gm, '   ').trimEnd() + '\n');
  if (exit !== 0 || (status !== null && stdout !== `${status}\n`))
    throw new Error(`wmrec ended with ${exit}; expected was 0 and ${status}`);
}

async function askThisMachine() {
  const key = randomBytes(16).toString('hex');
  const certificates = makeCertificates('one');
  const roots = path.join(certificates, 'roots.pem');

  say('Two WireMocks start: a recorder, and one in front of it that answers as WireMock Cloud does.');
  const pair = await startPair({ id, key, certificates });
  const cloud = ['--endpoint', pair.front.tlsUrl, '--cacert', roots];
  console.log(`   recorder  ${pair.recorder.url}, ${pair.recorder.tlsUrl}`);
  console.log(`   Cloud     ${pair.front.tlsUrl}, mock API ${id}, a key made up for this run`);

  say('Nothing was ever recorded.');
  expect('NeverStarted', [...cloud, id], { WMC_API_TOKEN: key });

  say('The recorder starts to record.');
  await pair.startRecording();
  expect('Recording', [...cloud, id], { WMC_API_TOKEN: key });
  expect(null, [...cloud, '-o', 'json', id], { WMC_API_TOKEN: key });

  say('The recorder stops.');
  await pair.stopRecording();
  expect('Stopped', [...cloud, id], { WMC_API_TOKEN: key });

  say('The recorder itself is asked, as a WireMock of your own: it needs no key and has no id.');
  expect('Stopped', ['--self-hosted', pair.recorder.url]);
  expect('Stopped', ['--self-hosted', pair.recorder.tlsUrl, '--cacert', roots]);

  await pair.stop();
  say('Both WireMocks have ended. To ask the real Cloud: WMC_API_TOKEN=... MOCK_API_ID=... make run');
}

/** wmrec inherits the key in its environment; it is on no command line. */
function askTheCloud() {
  console.log(`$ build/wmrec ${process.env.MOCK_API_ID}`);
  const { status, error } = spawnSync(built('wmrec'), ['--', process.env.MOCK_API_ID],
    { stdio: 'inherit' });
  if (error)
    throw error;
  process.exitCode = status ?? 1;
}

async function main() {
  if (process.env.WMC_API_TOKEN && process.env.MOCK_API_ID)
    askTheCloud();
  else
    await askThisMachine();
}

main().catch((error) => {
  console.error(`\nmake run: ${error.message}`);
  process.exit(1);
});
