// What TLS takes from the platform: a clock and memory; by probe.c, which lets both be chosen.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, run, says, useAllCertificates } = require('../e2e/support');
const { top } = require('../e2e/wiremock');

useAllCertificates();

const program = path.join(top, 'build/sanitized/probe');
const seconds = (date) => String(Date.parse(date) / 1000);
const today = seconds('2026-06-01');
const plenty = 131072;

/** What one exchange with `server` gives: { result, peak, left }, the arena's figures in bytes. */
async function probe(server, clock = today, arena = plenty) {
  const { code, stdout, stderr } = await run(program,
    [String(server.port), certificate('roots.pem'), clock, String(arena)]);

  assert.strictEqual(code, 0, stderr);
  const [result, peak, left] = stdout.trim().split(' ');
  return { result, peak: Number(peak), left: Number(left) };
}

const clocks = [
  ['0', 'tls-clock', 'that is not set'],
  ['1', 'tls-clock', 'of a device that has just started'],
  [seconds('2024-12-31T23:59:59Z'), 'tls-clock', 'before wmrec was written'],
  [seconds('2025-01-01T12:00:00Z'), 'certificate-not-yet-valid', 'before the certificate begins'],
  [seconds('2025-01-02T00:00:00Z'), 'ok', 'at the certificate\'s first second'],
  [seconds('2099-12-31T23:59:59Z'), 'ok', 'at the certificate\'s last second'],
  [seconds('2100-01-01T00:00:00Z'), 'certificate-expired', 'behind the certificate\'s end'],
];

for (const [clock, expected, what] of clocks) {
  test(`a clock ${what}: ${expected}`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: 'ec' });
    const { result } = await probe(server, clock);

    assert.strictEqual(result, expected);
    if (expected !== 'ok')
      assert.strictEqual(server.received, '');
    if (expected === 'tls-clock')
      assert.strictEqual(server.connections, 0);
  });
}

for (const [version, name] of [['TLSv1.2', 'ec'], ['TLSv1.3', 'ec'], ['TLSv1.2', 'rsa-3'], ['TLSv1.3', 'rsa-3'],
  ['TLSv1.3', 'expired'], ['TLSv1.3', 'unknown-issuer']]) {
  test(`${version}, ${name}: an arena that is too small is told as such, never as a bad certificate`, async (t) => {
    const server = await answering(t, says('Stopped'),
      { certificate: name, minVersion: version, maxVersion: version });
    const whole = await probe(server);
    let failed = 0;

    for (let arena = 0; arena < whole.peak + 1024; arena += arena < 20480 ? 5003 : 769) {
      const { result, left } = await probe(server, today, arena);
      assert.ok(result === whole.result || result === 'tls-memory', `${arena} bytes: ${result}`);
      assert.strictEqual(left, 0);
      failed += result === 'tls-memory';
    }
    assert.ok(failed > 3);
    assert.strictEqual((await probe(server, today, whole.peak + 8192)).result, whole.result);
  });
}

test('all memory is given back at the end', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'rsa-3' });
  const { result, peak, left } = await probe(server);

  assert.strictEqual(result, 'ok');
  assert.ok(peak > 16384);
  assert.strictEqual(left, 0);
});
