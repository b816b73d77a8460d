// Runs wmrec in a network of its own, where names and addresses are as a test wants them:
//
//   unshare --net --mount node namespace.js '{"hosts": ..., "silent": ..., "ask": [...]}'
//
// hosts: the text of /etc/hosts. nameServer: "silent", one that never answers; "none", one that nobody plays.
// ask: wmrec's options, in which PORT is the port of a server on 127.0.0.1 and 198.51.100.1 that says Recording. What is
// sent to 192.0.2.1 or 2001:db8::1 gets lost. Prints { code, stdout, stderr, connections } as JSON.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const dgram = require('node:dgram');
const { once } = require('node:events');

const { answering, certificate, file, says, wmrec } = require('./support');

const plan = JSON.parse(process.argv[2]);

function ip(...words) {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function replace(path, text) {
  execFileSync('mount', ['--bind', file(text, 0o644), path], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function main() {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };

  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '198.51.100.1/32', 'dev', 'lo');
  // A link with nobody at its other end, and no need to ask who has an address there.
  ip('link', 'add', 'nowhere', 'type', 'veth', 'peer', 'name', 'void');
  ip('link', 'set', 'void', 'up');
  ip('link', 'set', 'nowhere', 'up');
  for (const [own, lost] of [['192.0.2.2/24', '192.0.2.1'], ['2001:db8::2/64', '2001:db8::1']]) {
    ip('address', 'add', own, 'dev', 'nowhere', ...(own.includes(':') ? ['nodad'] : []));
    ip('neighbour', 'add', lost, 'lladdr', '02:00:00:00:00:01', 'dev', 'nowhere');
  }
  replace('/etc/hosts', plan.hosts ?? '127.0.0.1 localhost\n');
  replace('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n');
  if (plan.nameServer === 'silent') {
    const silence = dgram.createSocket('udp4');
    silence.bind(53, '127.0.0.1');
    await once(silence, 'listening');
    cleaners.push(() => silence.close());
  }

  const server = await answering(scope, says('Recording'), { host: '0.0.0.0' });
  const options = plan.ask.map((option) => option.replace('PORT', server.port));
  const result = await wmrec(['--cacert', certificate('roots.pem'), ...options]);

  console.log(JSON.stringify({ ...result, connections: server.connections }));
  for (const clean of cleaners)
    clean();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
