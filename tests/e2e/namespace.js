// Runs wmrec in a private network namespace, with its own names and addresses:
//
//   unshare --net --mount node namespace.js '{"hosts": ..., "nameServer": ..., "ask": [...]}'
//
// hosts: the text of /etc/hosts.
// nameServer: "silent" never answers; "none" does not exist; "late" answers 127.0.0.1 to every query, but only after wmrec has
// complained about `servers` servers; then wmrec is ended by SIGTERM when all of these have answered.
// ask: the options of wmrec. PORT stands for the port of a server on 127.0.0.1 and 198.51.100.1 that says Recording; plain: true
// for HTTP without TLS. Packets to 192.0.2.1 and 2001:db8::1 are lost.
// server: other settings of the server. link: true for an interface "near" with the address fe80::1.
// Prints { code, stdout, stderr, connections, received, threads } as JSON; threads: the max number of threads of wmrec that was seen.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const dgram = require('node:dgram');
const { once } = require('node:events');
const fs = require('node:fs');

const { answering, certificate, file, key, launch, program, says, useAllCertificates } = require('./support');

const plan = JSON.parse(process.argv[2]);

function ip(...words) {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function replace(path, text) {
  execFileSync('mount', ['--bind', file(text, 0o644), path], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The response to a DNS query (RFC 1035, section 4.1): 127.0.0.1 for type A, and no record for any other type. */
function dnsAnswer(query) {
  const end = query.indexOf(0, 12) + 5; // of the question: the empty label, type and class
  const answer = Buffer.from(query.subarray(0, end));
  const isA = query.readUInt16BE(end - 4) === 1;

  answer.writeUInt16BE(0x8180, 2); // QR, RD, RA
  answer.writeUInt16BE(isA ? 1 : 0, 6); // ANCOUNT
  answer.writeUInt32BE(0, 8); // NSCOUNT, ARCOUNT
  return isA ? Buffer.concat([answer, Buffer.from('c00c00010001000000000004' + '7f000001', 'hex')]) : answer;
}

/** A name server that keeps all queries until open() is called; then it answers these and all later ones. */
async function lateNameServer(cleaners) {
  const socket = dgram.createSocket('udp4');
  let queries = [];
  const answer = (query, from) => socket.send(dnsAnswer(query), from.port, from.address);

  socket.on('message', (query, from) => (queries === null ? answer(query, from) : queries.push([query, from])));
  socket.bind(53, '127.0.0.1');
  await once(socket, 'listening');
  cleaners.push(() => socket.close());
  return { open: () => {
    for (const [query, from] of queries)
      answer(query, from);
    queries = null;
  } };
}

/** For launch().until(): matches output that has this text at least `count` times. */
function times(text, count) {
  return { test: (all) => all.split(text).length > count };
}

async function main() {
  const cleaners = [];
  const scope = { after: (clean) => cleaners.push(clean) };

  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '198.51.100.1/32', 'dev', 'lo');
  // A link whose other end answers nothing; static neighbours, so that no ARP or NDP is needed.
  ip('link', 'add', 'nowhere', 'type', 'veth', 'peer', 'name', 'void');
  ip('link', 'set', 'void', 'up');
  ip('link', 'set', 'nowhere', 'up');
  for (const [own, lost] of [['192.0.2.2/24', '192.0.2.1'], ['2001:db8::2/64', '2001:db8::1']]) {
    ip('address', 'add', own, 'dev', 'nowhere', ...(own.includes(':') ? ['nodad'] : []));
    ip('neighbour', 'add', lost, 'lladdr', '02:00:00:00:00:01', 'dev', 'nowhere');
  }
  if (plan.link) {
    useAllCertificates();
    ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
    ip('link', 'set', 'far', 'up');
    ip('link', 'set', 'near', 'up');
    ip('address', 'add', 'fe80::1/64', 'dev', 'near', 'nodad');
  }
  replace('/etc/hosts', plan.hosts ?? '127.0.0.1 localhost\n');
  replace('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n');
  const nameServer = ['silent', 'late'].includes(plan.nameServer) ? await lateNameServer(cleaners) : null;
  const server = await answering(scope, says('Recording'), { host: '0.0.0.0', ...(plan.plain ? { certificate: null } : {}), ...plan.server });
  const options = plan.ask.map((option) => option.replace('PORT', server.port));
  const running = launch(program, ['--cacert', certificate('roots.pem'), ...options], { environment: { WMC_API_TOKEN: key } });
  let threads = 0;
  const counting = setInterval(() => {
    if (fs.existsSync(`/proc/${running.pid}/task`))
      threads = Math.max(threads, fs.readdirSync(`/proc/${running.pid}/task`).length);
  }, 5);

  cleaners.push(() => clearInterval(counting));
  if (plan.nameServer === 'late') {
    await running.until(times('no answer from the name server', plan.servers));
    nameServer.open();
    await running.until(times('\tRecording\n', plan.servers));
    running.kill('SIGTERM');
  }
  const result = await running.end();

  console.log(JSON.stringify({ ...result, connections: server.connections, received: server.received, threads }));
  for (const clean of cleaners)
    clean();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
