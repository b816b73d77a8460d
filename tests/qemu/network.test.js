// What networks do to a lamp, and that it recovers unaided: cables, name servers, DHCP, lost frames, dead hosts, floods.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const test = require('node:test');

const { answering, says, until } = require('../e2e/support');
const { addressOf, poke } = require('./debugger');
const { assertBlinks, boards, hasty, lamp, settings, startNetwork } = require('./support');
const { changeCard, delivered, flood, here, lose, loseConnection, lost, network, serveNames, startWire } = require('./wire');

const board = 'lm3s6965evb';

test.before(async () => {
  await startNetwork();
  startWire();
});

/** A server on the wire, that answers `server.status`. */
async function serving(t, status, { fields, ...options } = {}) {
  const server = await answering(t, () => says(server.status, fields), { host: here[0], ...options });

  server.status = status;
  return server;
}

/** A lamp on the wire, that asks `server`. */
async function plug(t, server, { on = board, interval = '10s', more = hasty } = {}) {
  t.after(() => lose(0));
  return lamp(t, on, await settings(server, { interval }), { network, options: more });
}

/** Does something, and waits until the lamp says `pattern` after it. */
async function after(running, happens, pattern) {
  const from = running.output.length;

  await happens();
  await running.until({ test: (output) => pattern.test(output.slice(from)), toString: () => `${pattern} after\n${running.output.slice(0, from)}` });
}

const nothing = () => {};

for (const on of Object.keys(boards)) {
  test(`${on}: a pulled cable makes what is known stale, never "not recording"; plugged in again, the lamp asks for its address, and answers`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Stopped');
    const running = await plug(t, server, { on });

    await running.until(/status=Stopped.*\r\n/);
    assert.strictEqual(await running.isLitNow(), false);
    server.status = 'Recording';
    const gaveAddresses = () => names.log.match(/DHCPACK/g).length;
    await after(running, () => running.monitor('set_link net off'), /status=Unknown age=\d+s.*\r\n/);
    await assertBlinks(running, 'temporary');
    const before = gaveAddresses();
    await after(running, () => running.monitor('set_link net on'), /status=Recording.*\r\n/);
    assert.strictEqual(await running.isLitNow(), true);
    if (on === 'mps2_an385') { // the other one's PHY is not emulated
      assert.match(running.output, /link=down\r\n[^]*link=up\r\n/);
      await until(() => gaveAddresses() > before); // it asks with the address it had, meanwhile
    }
  });
}

const silences = {
  'goes silent': ['name', (names) => names.pause(), (names) => names.go()],
  'is gone': ['name', (names) => names.stop(), (names, t) => serveNames(t)],
  'knows no such name': ['name', (names) => names.rename(null), (names) => names.rename(here[0])],
};

for (const [what, [error, breaks, mends]] of Object.entries(silences)) {
  test(`a name server that ${what}: ${error}, and the lamp blinks; when it is back, all is well`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Recording', { fields: { Connection: 'close' } });
    const running = await plug(t, server);

    await running.until(/status=Recording.*\r\n/);
    await after(running, () => breaks(names), new RegExp(`status=\\w+ age=\\d+s error=${error}`));
    await assertBlinks(running, 'temporary');
    server.status = 'Stopped';
    await after(running, () => mends(names, t), /status=Stopped.*\r\n/);
    assert.strictEqual(await running.isLitNow(), false);
  });
}

/** In front of `server`, for a lamp: the first `count` connections are reset, once `most` of its bytes have passed; 0: at the lamp's first. */
async function breaking(t, server, count, most) {
  let connections = 0;
  const front = net.createServer((lampSide) => {
    const serverSide = net.connect(server.port, here[0]);
    const limit = ++connections > count ? Infinity : most;
    let passed = 0;

    lampSide.on('error', nothing).on('close', () => serverSide.destroy());
    serverSide.on('error', nothing).on('close', () => lampSide.destroy());
    lampSide.on('data', (bytes) => (limit === 0 ? lampSide.resetAndDestroy() : serverSide.write(bytes)));
    serverSide.on('data', (bytes) => {
      const some = bytes.subarray(0, limit - passed);

      passed += some.length;
      lampSide.write(some, () => passed >= limit && lampSide.resetAndDestroy());
    });
  });

  front.listen(0, here[0]);
  await once(front, 'listening');
  t.after(() => front.close());
  return { url: `https://localhost:${front.address().port}` };
}

const resets = { 'upon ClientHello': 0, 'in the middle of the certificate': 500, 'behind the handshake': 1200 };

for (const [when, most] of Object.entries(resets)) {
  test(`a server that resets connections ${when}: reset, and the lamp waits; when it no longer does, all is well`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    const front = await breaking(t, server, 2, most);
    const running = await plug(t, front);

    await running.until(/status=Unknown error=reset/);
    await running.until(/status=Recording.*\r\n/);
    assert.strictEqual(await running.isLitNow(), true);
  });
}

for (const percent of [1, 10]) {
  test(`of all frames, ${percent} % are lost, in each direction: the lamp's status is the server's, time and again`, async (t) => {
    await serveNames(t);
    let number = 0;
    const server = await answering(t, () => says(++number % 2 ? 'Recording' : 'Stopped', number % 3 ? {} : { Connection: 'close' }), { host: here[0] });
    lose(percent);
    const running = await plug(t, server);
    const told = () => running.lines().filter(({ status, error }) => ['Recording', 'Stopped'].includes(status) && error === undefined);

    await until(() => told().length >= 12 && Math.min(...lost()) > 0);
    assert.ok(told().some(({ tls }) => tls === 'verified') && told().some(({ tls }) => tls === 'resumed'));
  });
}

test('a name that changes its address is followed, once the old one has died and its time to live is over', async (t) => {
  const names = await serveNames(t, { ttl: 5 });
  const first = await serving(t, 'Recording');
  const running = await plug(t, first);

  await running.until(/status=Recording.*\r\n/);
  await first.stop();
  await serving(t, 'Stopped', { host: here[1], port: first.port });
  names.rename(here[1]);
  await running.until(/status=Stopped.*\r\n/);
});

test('an address is kept by renewing its lease, and polls go on', async (t) => {
  const names = await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await until(() => names.log.match(/DHCPACK/g)?.length >= 4);
  server.status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  assert.strictEqual(running.output.match(/address=/g).length, 1);
  assert.doesNotMatch(running.output, /error=/);
});

test('a lease that the DHCP server no longer gives is changed for another, and polls go on from there', async (t) => {
  const names = await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  await names.stop();
  const others = await serveNames(t, { range: [100, 110] });
  await running.until(/address=10\.0\.2\.1\d\d router/);
  assert.match(others.log, /DHCPNAK/);
  server.status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  assert.match(server.tcp.remoteAddress, /10\.0\.2\.1\d\d$/);
});

test('a lease that nobody renews ends: no address, and the lamp blinks; with a DHCP server again, all is well', async (t) => {
  const names = await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  await after(running, () => names.stop(), /dhcp=none\r\n[^]*status=Unknown age=.*\r\n/);
  await assertBlinks(running, 'temporary');
  server.status = 'Stopped';
  await after(running, () => serveNames(t), /address=[^]*status=Stopped.*\r\n/);
});

test('a host that vanishes without a word: an error, and the lamp blinks; when it is back, all is well', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  server.status = 'Stopped';
  await after(running, () => lose(100), /status=\w+ age=\d+s error=(timeout|name)/);
  await assertBlinks(running, 'temporary');
  await after(running, () => lose(0), /status=Stopped.*\r\n/);
});

test('a host that was restarted while it was not to be seen, and knows nothing of the connection, is asked on a new one', async (t) => {
  await serveNames(t);
  const first = await serving(t, 'Recording');
  const running = await plug(t, first);

  await running.until(/status=Recording.*\r\n/);
  lose(100);
  await first.stop();
  await running.until(/status=Unknown age=.*\r\n/);
  await serving(t, 'Stopped', { port: first.port });
  await after(running, () => lose(0), /status=Stopped.*\r\n/);
});

test('a host that gets another Ethernet card, and does not say so, is found again', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  server.status = 'Stopped';
  await after(running, () => changeCard(running), /status=Stopped.*\r\n/);
});

test('connections that die silently, one after the other, leave room for the next', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');

  server.tls.on('secureConnection', () => server.handshakes < 4 && loseConnection(server.tcp.remotePort));
  const running = await plug(t, server);
  await running.until(/status=Recording.*\r\n/);
  assert.doesNotMatch(running.output, /error=system/);
});

test('mps2_an385: plugged in elsewhere, where the same address is of another Ethernet card, the lamp goes on without an error', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server, { on: 'mps2_an385' });

  await running.until(/status=Recording.*\r\n/);
  await after(running, () => running.monitor('set_link net off'), /link=down\r\n/);
  changeCard(running);
  server.status = 'Stopped';
  await after(running, () => running.monitor('set_link net on'), /status=Stopped.*\r\n/);
  assert.doesNotMatch(running.output, /error=/);
});

test('the clock that wraps, after 49 days, is not noticed', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  await poke(running, addressOf(board, 'milliseconds'), Buffer.from(Uint32Array.of(-20000).buffer));
  await until(async () => await running.clock() < 2 ** 31);
  server.status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  server.status = 'Recording';
  await after(running, nothing, /status=Recording.*\r\n/);
  assert.doesNotMatch(running.output, /error=|Unknown/);
});

for (const on of Object.keys(boards)) {
  test(`${on}: 10,000 frames of garbage, and some that are too long, do no harm`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    const running = await plug(t, server, { on });

    await running.until(/status=Recording.*\r\n/);
    const before = delivered();
    for (const size of [60, 342, 1514])
      flood(size, 3500);
    server.status = 'Stopped';
    await running.until(/status=Stopped.*\r\n/);
    // Fewer than QEMU's Stellaris buffers: it takes no frame any more if its buffer is reset, for a long one, while it is full.
    for (const size of [2000, 4000])
      flood(size, 10);
    server.status = 'Recording';
    await after(running, nothing, /status=Recording.*\r\n/);
    assert.ok(delivered() - before > 10000);
    assert.strictEqual(running.output.match(/board=/g).length, 1, running.output);
    assert.strictEqual(running.output.match(/address=/g).length, 1, running.output);
  });
}
