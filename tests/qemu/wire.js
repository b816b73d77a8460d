// A tap between the lamp and this machine, which can drop frames, with dnsmasq for DHCP and DNS.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { start, stop, temporaryFolder } = require('../e2e/wiremock');

const device = 'lamp0';

let cards = 0; // Ethernet addresses that this machine has had

/** The two addresses of this machine on the wire. */
const here = ['10.0.2.2', '10.0.2.3'];

/** An address on the wire that nobody has. */
const nobody = '10.0.2.9';

/** An option of lamp(): connects it to the wire. */
const network = `tap,ifname=${device},script=no,downscript=no`;

const ip = (...words) => execFileSync('ip', words);
const nft = (...words) => execFileSync('nft', words, { encoding: 'utf8' });

function startWire() {
  ip('tuntap', 'add', 'mode', 'tap', device);
  for (const address of here)
    ip('address', 'add', `${address}/24`, 'dev', device);
  ip('link', 'set', device, 'up', 'mtu', 9000, 'txqueuelen', 20000);
  nft(`add table netdev loss
    add chain netdev loss ingress { type filter hook ingress device ${device} priority 0; }
    add chain netdev loss egress { type filter hook egress device ${device} priority 0; }`);
}

/** From now on, drops this percentage of the frames, at random, in each direction. */
function lose(percent) {
  const share = percent < 100 ? `numgen random mod 100 < ${percent}` : '';
  const rule = (chain) => `add rule netdev loss ${chain} ${share} counter drop\n`;

  nft(`flush table netdev loss\n${percent === 0 ? '' : rule('ingress') + rule('egress')}`);
}

/** From now on, drops the frames of the TCP connection on this port of the lamp. */
function loseConnection(port) {
  nft(`add rule netdev loss ingress tcp sport ${port} counter drop
    add rule netdev loss egress tcp dport ${port} counter drop`);
}

/** The frames dropped since the last call of lose(): from the lamp, to the lamp. */
function lost() {
  return [...nft('list', 'table', 'netdev', 'loss').matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}

/** The IP address and the Ethernet address of a lamp that has sent something to this machine. */
function addressesOf(running) {
  const [, address] = /address=(\S+)/.exec(running.output);
  const [{ lladdr }] = JSON.parse(ip('-json', 'neighbour', 'show', 'to', address));

  return { address, card: lladdr };
}

/** A frame of garbage for the lamp with this Ethernet address: broadcast, unicast or multicast; IPv4 and UDP with valid headers, ARP with a valid beginning, or any bytes. */
function garbage(card, size, random) {
  const frame = Buffer.concat([Buffer.from(['ffffffffffff', card.replaceAll(':', ''), '01005e0000fb'][random() % 3], 'hex'),
    Buffer.from(Array.from({ length: size - 6 }, () => random() & 0xff))]);
  const kind = random() % 3;

  if (kind === 0)
    Buffer.from('08060001080006040001', 'hex').copy(frame, 12);
  if (kind !== 1)
    return frame;
  const port = [68, 123, random() & 0xffff][random() % 3];
  Buffer.from(`08004500000000000000401100000a000202ffffffff0043${port.toString(16).padStart(4, '0')}00000000`, 'hex').copy(frame, 12);
  frame.writeUInt16BE(size - 14, 16);
  frame.writeUInt16BE(size - 34, 38);
  let sum = 0;
  for (let at = 14; at < 34; at += 2)
    sum += frame.readUInt16BE(at);
  frame.writeUInt16BE(0xffff - (sum % 0xffff), 24);
  return frame;
}

/** Sends `count` frames of garbage of this size to the lamp, the same frames in each run. */
function flood(running, size, count) {
  const { card } = addressesOf(running);
  const file = path.join(temporaryFolder(), 'garbage');
  let seed = size;
  const random = () => { // the upper bits of a linear congruential generator
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed >>> 16;
  };

  fs.writeFileSync(file, Buffer.concat(Array.from({ length: count }, () => garbage(card, size, random))));
  execFileSync('socat', ['-u', '-b', size, `OPEN:${file}`, `INTERFACE:${device}`]); // each read is one frame
}

/** The number of frames that QEMU has read from the wire. */
function delivered() {
  return JSON.parse(ip('-statistics', '-json', 'link', 'show', device))[0].stats64.tx.packets;
}

/** Gives this machine another Ethernet address, as if another one had taken over its IP address. It neither announces the change nor
 * sends ARP requests, which would tell the lamp. */
function changeCard(running) {
  const { address, card } = addressesOf(running);

  ip('link', 'set', device, 'address', `02:00:00:00:00:${(++cards).toString(16).padStart(2, '0')}`);
  ip('neighbour', 'replace', address, 'lladdr', card, 'nud', 'permanent', 'dev', device);
  nft('add rule netdev loss egress arp operation request drop');
}

/**
 * Serves DHCP and DNS until the test `t` ends. name: the address of "localhost", or a list of them, in their order; null: there is no
 * such name. ttl: the time to live of the addresses, in s. range: the last bytes of the first and the last address that it leases, for
 * 120 s. dhcp: options for the lamp, by their names. Returns: log, its messages so far; pause(), go(); rename(name); stop().
 */
async function serveNames(t, { name = here[0], ttl = 0, range = [50, 60], dhcp = {} } = {}) {
  const own = fs.mkdtempSync(path.join(temporaryFolder(), 'names-'));
  const hosts = path.join(own, 'hosts');
  const names = { log: '' };

  const write = (addresses) => fs.writeFileSync(hosts, [addresses ?? []].flat().map((address) => `${address} localhost\n`).join(''));

  write(name);
  fs.chmodSync(own, 0o755);
  const child = start('dnsmasq', ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root',
    '--pid-file=', `--interface=${device}`, '--except-interface=lo', '--bind-interfaces', `--addn-hosts=${hosts}`,
    `--local-ttl=${ttl}`, '--local=/localhost/', '--no-round-robin', `--dhcp-range=${range.map((last) => `10.0.2.${last}`)},120`,
    '--dhcp-authoritative', '--no-ping', `--dhcp-leasefile=${own}/leases`, '--log-facility=-',
    ...Object.entries(dhcp).map(([option, values]) => `--dhcp-option=option:${option},${values}`)],
  { stdio: ['ignore', 'ignore', 'pipe'] });
  const hears = once(child.stderr, 'data');

  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text) => { names.log += text; });
  names.pause = () => child.kill('SIGSTOP');
  names.go = () => child.kill('SIGCONT');
  names.rename = (addresses) => {
    write(addresses);
    child.kill('SIGHUP'); // makes dnsmasq read the file again, and clear its cache
  };
  names.stop = () => {
    names.go();
    return stop(child);
  };
  t.after(names.stop);
  await hears;
  return names;
}

module.exports = { changeCard, delivered, flood, here, lose, loseConnection, lost, network, nobody, serveNames, startWire };
