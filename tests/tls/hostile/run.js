// `make hostile`: connects to each server of the table, in each profile, and writes the verdicts to tests/tls/hostile.md. It prints each
// verdict that the table does not expect; then the exit status is 1.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { useAllCertificates } = require('../../e2e/support');
const { Prober, profiles } = require('../prober');
const { markdown, observe, rows } = require('./table');

async function main() {
  const probers = Object.keys(profiles).map((profile) => [profile, new Prober(profile)]);
  let surprises = 0;
  const seen = [];

  useAllCertificates();
  for (const row of rows) {
    const ends = [];
    const t = { after: (end) => ends.push(end) };
    const verdicts = await Promise.all(probers.map(async ([profile, prober]) => [profile, await observe(t, row, profile, prober)]));

    for (const [profile, verdict] of verdicts.filter(([each, found]) => found !== row.expected[each])) {
      surprises++;
      console.log(`${row.section}: ${row.what}, ${profile}: ${verdict}, not ${row.expected[profile]}`);
    }
    seen.push({ ...row, expected: Object.fromEntries(verdicts) });
    await Promise.all(ends.map((end) => end()));
  }
  await Promise.all(probers.map(([, prober]) => prober.end()));
  fs.writeFileSync(path.join(__dirname, '../hostile.md'), markdown(seen));
  console.log(markdown(seen));
  console.log(`${rows.length} servers, ${surprises} surprises`);
  process.exit(surprises > 0 ? 1 : 0);
}

main();
