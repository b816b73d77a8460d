// A wire of the lamp's own to this machine, which can lose frames: a tap, with dnsmasq for DHCP and DNS.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { start, stop, temporaryFolder } = require('../e2e/wiremock');

const device = 'lamp0';

/** This machine's two addresses on the wire. */
const here = ['10.0.2.2', '10.0.2.3'];

/** For lamp(): plugged into the wire. */
const network = `tap,ifname=${device},script=no,downscript=no`;

const ip = (...words) => execFileSync('ip', words);
const nft = (...words) => execFileSync('nft', words, { encoding: 'utf8' });

function startWire() {
  ip('tuntap', 'add', 'mode', 'tap', device);
  for (const address of here)
    ip('address', 'add', `${address}/24`, 'dev', device);
  ip('link', 'set', device, 'up');
  nft(`add table netdev loss
    add chain netdev loss ingress { type filter hook ingress device ${device} priority 0; }
    add chain netdev loss egress { type filter hook egress device ${device} priority 0; }`);
}

/** From now on, loses this share of the frames, at random, in each direction. */
function lose(percent) {
  const share = percent < 100 ? `numgen random mod 100 < ${percent}` : '';
  const rule = (chain) => `add rule netdev loss ${chain} ${share} counter drop\n`;

  nft(`flush table netdev loss\n${percent === 0 ? '' : rule('ingress') + rule('egress')}`);
}

/** How many frames were lost since, from the lamp and to it. */
function lost() {
  return [...nft('list', 'table', 'netdev', 'loss').matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}

/** This machine is another one, or looks like it: the same address, of another card. */
function changeCard() {
  ip('link', 'set', device, 'address', '02:00:00:00:00:99');
}

/**
 * DHCP and DNS, until the test `t` ends. name: what "localhost" is, an address; null: there is no such name. ttl: for how
 * long that holds, in s. range: of the addresses that it gives, the last bytes. Returns: log, what it has said;
 * pause(), go(); rename(address); stop().
 */
async function serveNames(t, { name = here[0], ttl = 0, range = [50, 60] } = {}) {
  const own = fs.mkdtempSync(path.join(temporaryFolder(), 'names-'));
  const hosts = path.join(own, 'hosts');
  const names = { log: '' };

  const write = (address) => fs.writeFileSync(hosts, address === null ? '' : `${address} localhost\n`);

  write(name);
  fs.chmodSync(own, 0o755);
  const child = start('dnsmasq', ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root',
    '--pid-file=', `--interface=${device}`, '--except-interface=lo', '--bind-interfaces', `--addn-hosts=${hosts}`,
    `--local-ttl=${ttl}`, '--local=/localhost/', `--dhcp-range=${range.map((last) => `10.0.2.${last}`)},120`,
    '--dhcp-authoritative', '--no-ping', `--dhcp-leasefile=${own}/leases`, '--log-facility=-'],
  { stdio: ['ignore', 'ignore', 'pipe'] });
  const hears = once(child.stderr, 'data');

  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text) => { names.log += text; });
  names.pause = () => child.kill('SIGSTOP');
  names.go = () => child.kill('SIGCONT');
  names.rename = (address) => {
    write(address);
    child.kill('SIGHUP'); // reads hosts again, and forgets what it knew
  };
  names.stop = () => {
    names.go();
    return stop(child);
  };
  t.after(names.stop);
  await hears;
  return names;
}

module.exports = { changeCard, here, lose, lost, network, serveNames, startWire };
