// The table of servers that are hostile, or only unusual, with the verdict of each: the error that wmrec names, in each profile; with
// "asked" if any of the request, and so of the key, was sent.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { key, withTimeEnough } = require('../../e2e/support');
const { ours } = require('../prober');
const { play } = require('./scripted');

const sections = {
  'Anything': require('./anything'),
  'Certificates': require('./certificates'),
  'TLS 1.2': require('./tls-1.2'),
  'TLS 1.3': require('./tls-1.3'),
};

/** Rows: section; name; what, a text; serve(t), which starts one server, or one of TLS 1.2 and one of TLS 1.3; expected,
 * { profile: verdict }. */
const rows = Object.entries(sections).flatMap(([section, list]) => list.map(([name, what, servers, verdicts]) => ({
  section, name, what,
  serve: async (t) => (typeof servers === 'function' ? [await servers(t)] :
    Promise.all([servers].flat().map((flight) => play(t, flight)))),
  expected: Object.fromEntries(Object.keys(ours).map((profile, at) => [profile, Array.isArray(verdicts) ? verdicts[at] : verdicts])),
})));

/** The verdict of one connection. limit: the timeout of the client, in s. */
async function ask(server, prober, limit) {
  const result = await prober.connect(server.port, 1000 * parseFloat(limit));

  await server.quiet();
  if (server.received.includes(key))
    throw new Error('the key was sent in plain text');
  if (server.fault !== undefined)
    throw server.fault;
  return `${server.asked() === '' ? '' : 'asked: '}${result}`;
}

/** The verdict of a row in a profile, by the prober of the profile; with several servers: one verdict if they agree. */
async function observe(t, row, profile, prober) {
  const expected = row.expected[profile];
  const verdicts = [];

  for (const server of (await row.serve(t)).slice(0, profile === 'small' ? 1 : 2)) {
    const attempt = (limit) => ask(server, prober, limit);

    verdicts.push(expected.endsWith('timeout') ? await withTimeEnough(attempt, (verdict) => verdict === expected) : await attempt('3600s'));
  }
  return [...new Set(verdicts)].join(' / ');
}

/** The table in Markdown. */
function markdown(all) {
  const lines = Object.keys(sections).flatMap((section) => ['', `## ${section}`, '', '| the server | desktop | device | small |', '|---|---|---|---|',
    ...all.filter((row) => row.section === section).map(({ name, what, expected }) =>
      `| ${what.replaceAll('|', '\\|').replaceAll('*', '\\*')} (\`${name}\`) | ${Object.values(expected).join(' | ')} |`)]);

  return `# Hostile servers

Written by \`make hostile\`: wmrec connects to each of ${all.length} servers. The table has the error that wmrec names, in each profile of
mbedTLS, with the arena of its user. "asked" means that the request was sent, and with it the key: the server was verified and the
handshake complete. Where the verdicts of TLS 1.2 and TLS 1.3 differ, there are two.

The small profile supports TLS 1.2 only: a server of TLS 1.3 refuses it before the row makes a difference.
${lines.join('\n')}
`;
}

module.exports = { markdown, observe, rows };
