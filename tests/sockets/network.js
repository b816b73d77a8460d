// The network of these tests, which belongs to this process alone: the interface tap0, between this machine (10.0.9.1, fd00:9::1) and
// lwIP (10.0.9.2, fd00:9::2); and a name server.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const { Resolver } = require('node:dns').promises;

const { launch, until } = require('../e2e/support');
const { built, start } = require('../e2e/wiremock');

const here = '10.0.9.1';
const here6 = 'fd00:9::1';
const nobody = '10.0.9.99'; // an address that no machine has

/** The addresses of each name. */
const names = { 'one.test': [here], 'six.test': [here6], 'two.test': [here, here6], 'dead.test': [nobody, here6], localhost: [here] };

function ip(...words) {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** To be called once, by a process that inside.sh runs. */
async function startNetwork() {
  ip('link', 'set', 'lo', 'up');
  ip('tuntap', 'add', 'dev', 'tap0', 'mode', 'tap');
  ip('address', 'add', `${here}/24`, 'dev', 'tap0');
  ip('address', 'add', `${here6}/64`, 'dev', 'tap0', 'nodad');
  ip('link', 'set', 'tap0', 'up');
  start('dnsmasq', ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root', '--pid-file=',
    `--listen-address=${here}`, '--bind-interfaces',
    '--local=/test/', ...Object.entries(names).map(([name, all]) => `--host-record=${name},${all}`)], { stdio: 'ignore' }).unref();
  const resolver = new Resolver();

  resolver.setServers([here]);
  await until(() => resolver.resolve4('one.test').then(() => true, () => false));
}

/** Starts tests/sockets/ask.c, with limits that a busy machine does not reach. roots: a file, for TLS. Returns what launch() does. */
function begin(how, { host = here, port, connections = 1, exchanges = 1, timeout = 3600000, nameServer = here, roots = null }) {
  const words = [how, connections, exchanges, timeout, nameServer, host, port, ...(roots === null ? [] : [roots, here])];

  return launch(built('sanitized/sockets/ask'), words.map(String), { environment: { PRECONFIGURED_TAPIF: 'tap0' } });
}

/** Runs ask.c to its end. Returns the results, sorted. */
async function ask(how, options) {
  const { code, stdout, stderr } = await begin(how, options).end();

  if (code !== 0)
    throw new Error(`${how}: exit status ${code}: ${stdout}${stderr}`);
  return stdout.trimEnd().split('\n').map((line) => line.replace(/^\d+ /, '')).sort();
}

module.exports = { ask, begin, here, here6, nobody, startNetwork };
