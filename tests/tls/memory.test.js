// One allocation fails and all others succeed: once for each call stack that allocates. (mbedTLS allocates 12,000 times in a handshake
// with P-256, but with 730 call stacks only; EVERY=1 in the environment fails each of the 12,000.) It uses probe.c.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, file, run, says, useAllCertificates } = require('../e2e/support');
const { built, top } = require('../e2e/wiremock');

useAllCertificates();

const program = path.resolve(top, process.env.PROBE ?? built('sanitized/probe'));
const plenty = 131072;

// Another configuration of mbedTLS than ours: mbedTLS itself leaks when an allocation fails, and may give another cause.
const isOurs = process.env.PROBE === undefined;
const causes = isOurs ? ['tls-memory'] : ['tls-memory', 'system', 'tls', 'certificate', 'certificate-issuer'];
const environment = { PROBE_TIMEOUT: '3600000', ...(isOurs ? {} : { ASAN_OPTIONS: 'detect_leaks=0' }) };
const today = Math.floor(Date.now() / 1000);
const only = (version) => ({ minVersion: version, maxVersion: version });

/** One { result, left, isResumed, stacks } for each arena. */
async function probe(server, session, arenas) {
  const { code, stdout, stderr } = await run(program, ['localhost', `${server.port}`, certificate('roots.pem'), `${today}`,
    session, '8192', ...arenas], { environment });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return stdout.trimEnd().split('\n').map((line) => {
    const [, result, , left, how, , , stacks] = line.split(' ');
    return { result, left: Number(left), isResumed: how === 'resumed', stacks: stacks?.split(',').map(Number) };
  });
}

/** Fails the first allocation of each call stack, in one connection each; returns their results, after that of an undisturbed one. */
async function starve(t, server, session) {
  const saved = fs.readFileSync(session);
  const all = await probe(server, session, [`${plenty}/0`]);
  const { stacks } = all[0];
  const numbers = process.env.EVERY ? Array.from({ length: stacks.at(-1) }, (_, index) => index + 1) : stacks;

  for (let start = 0; start < numbers.length; start += 500) {
    fs.writeFileSync(session, saved);
    all.push(...await probe(server, session, numbers.slice(start, start + 500).map((number) => `${plenty}/${number}`)));
  }
  for (const { left } of all)
    assert.strictEqual(left, 0, 'all memory is freed');
  t.diagnostic(`${all.length} runs, ${all.filter(({ result }) => result === 'tls-memory').length} of them ended as tls-memory`);
  return all;
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const name of ['ec', 'rsa-3']) {
    for (const how of ['cold', 'resumed']) {
      test(`${version}, ${name}, ${how}: an allocation that fails gives tls-memory, or was not needed; all memory is freed`, async (t) => {
        const server = await answering(t, says('Stopped'), { certificate: name, ...only(version) });
        const session = file('');

        if (how === 'resumed')
          await probe(server, session, [`${plenty}`]);
        const [before, ...starved] = await starve(t, server, session);
        assert.deepStrictEqual([before.result, before.isResumed], ['ok', how === 'resumed']);
        for (const { result } of starved)
          assert.ok(causes.includes(result) || result === 'ok', result);
        assert.strictEqual(starved[0].result, 'tls-memory');
        const [after] = await probe(server, file(''), [`${plenty}`]);
        assert.strictEqual(after.result, 'ok');
      });
    }
  }
}

const refused = [
  ['TLSv1.2', 'unknown-issuer', 'certificate-issuer'],
  ['TLSv1.3', 'unknown-issuer', 'certificate-issuer'],
  ['TLSv1.3', 'other-host', 'certificate-host'],
  ['TLSv1.2', 'expired', 'certificate-expired'],
];

for (const [version, name, error] of refused) {
  test(`${version}, ${name}: no allocation that fails makes wmrec accept the certificate: nothing is sent`, async (t) => {
    const server = await answering(t, says('Stopped'), { certificate: name, ...only(version) });
    const [before, ...starved] = await starve(t, server, file(''));

    assert.strictEqual(before.result, error);
    for (const { result } of starved)
      assert.ok(causes.includes(result) || result === error, result);
    await server.quiet();
    assert.strictEqual(server.received, '');
  });
}
