// Servers that are hostile, or only unusual: the result of each, in each profile of mbedTLS. The table is in hostile/.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { useAllCertificates } = require('../e2e/support');
const { markdown, observe, rows } = require('./hostile/table');
const { Prober, profiles } = require('./prober');

useAllCertificates();

const probers = Object.fromEntries(Object.keys(profiles).map((profile) => [profile, new Prober(profile)]));

test.after(() => Promise.all(Object.values(probers).map((prober) => prober.end())));

/** True if a request is sent, under one of the versions, where none of these verdicts expects it. */
function isWeaker(verdict, ...expected) {
  const isAsked = (text, at) => (text.split(' / ')[at] ?? text).startsWith('asked');

  return verdict.split(' / ').some((_, at) => isAsked(verdict, at) && !expected.some((each) => isAsked(each, at)));
}

for (const row of rows) {
  test(`${row.section}: ${row.what}: ${[...new Set(Object.values(row.expected))].join(', or ')}`, async (t) => {
    const verdicts = await Promise.all(Object.entries(probers).map(async ([profile, prober]) =>
      [profile, await observe(t, row, profile, prober)]));

    for (const [profile, verdict] of verdicts) {
      if (process.env.PROBE === undefined)
        assert.strictEqual(verdict, row.expected[profile], profile);
      else // another configuration of mbedTLS than ours may refuse more, or give another reason, but not accept more
        assert.ok(!isWeaker(verdict, row.expected[profile], row.expected.desktop), verdict);
    }
  });
}

test('no request is sent after a certificate or handshake is refused; only the server may refuse later, under TLS 1.3', () => {
  const asked = rows.flatMap(({ expected }) => Object.values(expected)).filter((verdict) => verdict.startsWith('asked: '));

  assert.ok(asked.length > 0);
  for (const verdict of asked)
    assert.doesNotMatch(verdict, /asked: (tls$|tls-[^r]|certificate)/);
});

test('hostile.md has the rows of the table: else run `make hostile`', () => {
  assert.strictEqual(fs.readFileSync(path.join(__dirname, 'hostile.md'), 'utf8'), markdown(rows));
});
