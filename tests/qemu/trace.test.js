// A lamp that is built with TRACE=1: it shows HTTP on its serial line, and the key nowhere.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const test = require('node:test');

const { answer, answering, key, says, useAllCertificates } = require('../e2e/support');
const { findKey } = require('../e2e/memory');
const { built, inBuild, top } = require('../e2e/wiremock');
const { among, lamp, settings, startNetwork } = require('./support');

const [board] = among('mps2_an385', 'w5500_evb_pico');
const elf = built(`${board}-trace/lamp.elf`);

test.before(async () => {
  const { MAKEFLAGS, MAKELEVEL, ...env } = process.env; // of the make that runs this test

  execFileSync('make', ['firmware', `BOARD=${board}`, 'TRACE=1', inBuild], { cwd: top, env });
  useAllCertificates();
  await startNetwork();
});

/** The key, its first character as \u0077. */
const escaped = `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`;

/** The lines of a trace in this direction. */
const linesOf = ({ output }, direction) => output.split('\r\n').filter((line) => line.startsWith(`${direction} `)).map((line) => line.slice(2));

test(`${board}: the lamp shows what it sends and receives, and [key] in place of the key, also where a server repeats it`, async (t) => {
  const server = await answering(t, answer(200, `{"status":"Recording","echo":"${key}"}`, { 'X-Echo': escaped, Connection: 'close' }));
  const running = await lamp(t, board, await settings(server, { interval: '1h' }), { elf });

  await running.until(/status=Recording.*\r\n/);
  assert.deepStrictEqual(linesOf(running, '*'), ['connected']);
  assert.match(linesOf(running, '>')[0], /^GET \/v1\/mock-apis\/\w+\/recordings\/status HTTP\/1\.1$/);
  assert.ok(linesOf(running, '>').includes('Authorization: Token [key]'), running.output);
  assert.match(linesOf(running, '<')[0], /^HTTP\/1\.1 200 /);
  assert.ok(linesOf(running, '<').includes('X-Echo: [key]'), running.output);
  assert.strictEqual(linesOf(running, '<').at(-1), '{"status":"Recording","echo":"[key]"}');
  assert.deepStrictEqual(findKey(Buffer.from(running.output, 'latin1'), key), []);
});

test(`${board}: once an exchange is over, the trace has left nothing of the key in the SRAM`, async (t) => {
  const server = await answering(t, says('Recording'));
  const running = await lamp(t, board, await settings(server, { interval: '1h' }), { elf });

  await running.until(/status=Recording.*\r\n/);
  assert.ok(linesOf(running, '>').includes('Authorization: Token [key]'), running.output);
  assert.deepStrictEqual(findKey(await running.sram(), key), []);
});

test(`${board}: over plain HTTP, the lamp shows what it sends and receives`, async (t) => {
  const server = await answering(t, says('Recording', { Connection: 'close' }), { certificate: null });
  const running = await lamp(t, board, await settings(server, { interval: '1h', isSelfHosted: true }), { elf });

  await running.until(/status=Recording.*\r\n/);
  assert.strictEqual(linesOf(running, '>')[0], 'GET /__admin/recordings/status HTTP/1.1');
  assert.match(linesOf(running, '<')[0], /^HTTP\/1\.1 200 /);
});
