// The lamp trusts the roots in its firmware and those in its settings, and no others.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, says, useAllCertificates } = require('../e2e/support');
const { inBuild, temporaryFolder, top } = require('../e2e/wiremock');
const { among, lamp, settings, startNetwork } = require('./support');

const [board] = among('lm3s6965evb', 'w5500_evb_pico');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

/** Builds the firmware with these roots in a new folder, and returns the folder. */
function firmware(...roots) {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'firmware-'));
  const { MAKEFLAGS, MAKELEVEL, ...env } = process.env; // without those of the make that runs this test

  execFileSync('make', ['firmware', inBuild, `BOARD=${board}`, `FOLDER=${folder}`, `ROOTS=${roots.join(' ')}`], { cwd: top, env });
  return folder;
}

/** Returns the first report of a lamp with this firmware, and this root in its settings, on a server with this certificate. */
async function ask(t, folder, { name = 'ec', cacert = null } = {}) {
  const server = await answering(t, says('Recording'), { certificate: name });
  const running = await lamp(t, board, await settings(server, { cacert }), { elf: path.join(folder, 'lamp.elf') });

  await running.until(/status=.*\r\n/);
  const { status, error, tls } = running.lines().find((line) => line.status !== undefined);
  return { status, error, tls, isAsked: server.received !== '' };
}

const trusted = { status: 'Recording', error: undefined, tls: 'verified', isAsked: true };
const refused = (error) => ({ status: 'Unknown', error, tls: undefined, isAsked: false });

test('a root in the firmware is trusted without roots in the settings', async (t) => {
  assert.deepStrictEqual(await ask(t, firmware(certificate('root.crt'))), trusted);
});

test('a server under another root than the default ones receives no request', async (t) => {
  assert.deepStrictEqual(await ask(t, firmware('default')), refused('certificate-issuer'));
});

test('a root in the settings is trusted in addition to those in the firmware', async (t) => {
  assert.deepStrictEqual(await ask(t, firmware(certificate('root-rsa.crt')), { name: 'rsa', cacert: 'root.crt' }), trusted);
});

test('a firmware without roots trusts only those in the settings', async (t) => {
  const folder = firmware();

  assert.deepStrictEqual(await ask(t, folder, { cacert: 'root.crt' }), trusted);
  assert.deepStrictEqual(await ask(t, folder, { name: 'rsa', cacert: 'root.crt' }), refused('certificate-issuer'));
});

test('without any root, no server is trusted', async (t) => {
  assert.deepStrictEqual(await ask(t, firmware()), refused('tls-roots'));
});
