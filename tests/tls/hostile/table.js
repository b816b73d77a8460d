// The table of servers that are hostile, or only odd, and what becomes of each: which error wmrec names, in each profile,
// and whether it has asked: whether anything of the request, and so of the key, was sent.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { key } = require('../../e2e/support');
const { profiles } = require('../prober');
const { play } = require('./scripted');

const sections = {
  'Anything': require('./anything'),
  'Certificates': require('./certificates'),
  'TLS 1.2': require('./tls-1.2'),
  'TLS 1.3': require('./tls-1.3'),
};

/** One row: section, name, what, serve(t), which starts its servers, one, or one of TLS 1.2 and one of 1.3, and expected:
 * { profile: verdict }. */
const rows = Object.entries(sections).flatMap(([section, list]) => list.map(([name, what, servers, verdicts]) => ({
  section, name, what,
  serve: async (t) => (typeof servers === 'function' ? [await servers(t)] :
    Promise.all([servers].flat().map((flight) => play(t, flight)))),
  expected: Object.fromEntries(Object.keys(profiles).map((profile, at) => [profile, Array.isArray(verdicts) ? verdicts[at] : verdicts])),
})));

const patience = 60000; // of the client, in ms, where it is not to run out of it; where it is, server.timeout

/** What becomes of one connection, and what the server saw of it. isBrief: the client is to run out of patience. */
async function ask(server, prober, isBrief) {
  const result = await prober.connect(server.port, isBrief ? server.timeout : patience);

  await server.quiet();
  if (server.received.includes(key))
    throw new Error('the key was sent in plain text');
  if (server.fault !== undefined)
    throw server.fault;
  return `${server.asked() === '' ? '' : 'asked: '}${result}`;
}

/** The verdict of a row in a profile, by its prober: one, if its servers agree. */
async function observe(t, row, profile, prober) {
  const verdicts = [];

  for (const server of (await row.serve(t)).slice(0, profile === 'small' ? 1 : 2))
    verdicts.push(await ask(server, prober, row.expected[profile].endsWith('timeout')));
  return [...new Set(verdicts)].join(' / ');
}

/** The table, for people. */
function markdown(all) {
  const lines = Object.keys(sections).flatMap((section) => ['', `## ${section}`, '', '| the server | desktop | device | small |', '|---|---|---|---|',
    ...all.filter((row) => row.section === section).map(({ name, what, expected }) =>
      `| ${what.replaceAll('|', '\\|').replaceAll('*', '\\*')} (\`${name}\`) | ${Object.values(expected).join(' | ')} |`)]);

  return `# What becomes of hostile servers

Written by \`make hostile\`, which has wmrec ask each of them, ${all.length}, and reports what it saw: the error that wmrec names, in each of
mbedTLS's profiles, with the arena of who uses it. "asked" says that the request was sent, and with it the key: so the server
was verified, and the handshake over, whatever came behind it. Where a server of TLS 1.2 fares otherwise than the same
one of TLS 1.3, there are both. An "and" goes on from the row above.

The small profile knows TLS 1.2 only: a server of TLS 1.3 refuses it, before it can do its worst.
${lines.join('\n')}
`;
}

module.exports = { markdown, observe, rows };
