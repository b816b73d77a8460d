// The clock and the size of the arena of TLS, which wmrec has no option for. It uses probe.c, with the same core and ports.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, run, says, useAllCertificates } = require('../e2e/support');
const { built, top } = require('../e2e/wiremock');

useAllCertificates();

const program = path.resolve(top, process.env.PROBE ?? built('sanitized/probe'));
const plenty = 131072;
const today = Math.floor(Date.now() / 1000);

/** One { size, result, peak, left } for each size. */
async function probe(server, clock, sizes) {
  const { code, stdout, stderr } = await run(program,
    ['localhost', `${server.port}`, certificate('roots.pem'), `${clock}`, '/dev/null', '0', ...sizes.map(String)],
    { environment: { PROBE_TIMEOUT: '3600000' } });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.trimEnd().split('\n').map((line) => {
    const [size, result, peak, left] = line.split(' ');
    return { size: Number(size), result, peak: Number(peak), left: Number(left) };
  });
}

const clocks = [
  ['not set', 0, 'tls-clock'],
  ['at 2024-12-31T23:59:59Z, before this program was written', 1735689599, 'tls-clock'],
  ['at 2025-01-01, before the certificate begins', 1735689600, 'certificate-not-yet-valid'],
  ['correct', today, 'ok'],
  ['at 2038-01-20, past 31 bits', 2147558400, 'ok'],
  ['at 2099-12-31T23:59:59Z, the last second', 4102444799, 'ok'],
  ['at 2100-01-01, after its end', 4102444800, 'certificate-expired'],
  ['negative', -1, 'tls-clock'],
  ['not given by the program', 'none', 'tls-setup'],
];

for (const [what, clock, expected] of clocks) {
  test(`with the clock ${what}: ${expected}`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const [{ result }] = await probe(server, clock, [plenty]);

    assert.strictEqual(result, expected);
    await server.quiet();
    if (expected !== 'ok')
      assert.strictEqual(server.received, '');
    if (['tls-clock', 'tls-setup'].includes(expected))
      assert.strictEqual(server.connections, 0);
  });
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const name of ['ec', 'rsa-3']) {
    test(`${version}, ${name}: an arena of any size is enough, or gives tls-memory; all memory is freed`, async (t) => {
      const server = await answering(t, says('Stopped'),
        { certificate: name, minVersion: version, maxVersion: version });
      const sizes = [0, 1, 7, 8, 16, 24, 100, 500];

      for (let size = 1000; size < 60000; size += 499)
        sizes.push(size);
      const results = await probe(server, today, sizes);

      for (const { size, result, peak, left } of results) {
        assert.ok(result === 'ok' || result === 'tls-memory', `${size} bytes: ${result}`);
        assert.ok(peak <= size, `${size} bytes: ${peak} were in use`);
        assert.strictEqual(left, 0, `${size} bytes`);
      }
      assert.strictEqual(results[0].result, 'tls-memory');
      assert.strictEqual(results.at(-1).result, 'ok');
      const smallest = results.find(({ result }) => result === 'ok');
      t.diagnostic(`${version}, ${name}: ${smallest.size} bytes are enough; at most ${results.at(-1).peak} are in use`);
    });
  }
}

test('an untrusted certificate gives certificate-issuer or tls-memory in an arena of any size', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: 'unknown-issuer' });
  const sizes = [];

  for (let size = 20000; size < 60000; size += 997)
    sizes.push(size);
  const results = await probe(server, today, sizes);

  for (const { size, result } of results)
    assert.ok(result === 'certificate-issuer' || result === 'tls-memory', `${size} bytes: ${result}`);
  assert.strictEqual(results.at(-1).result, 'certificate-issuer');
  assert.strictEqual(server.received, '');
});
