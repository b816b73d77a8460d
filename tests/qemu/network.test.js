// Network failures, from which a lamp must recover by itself: cables, name servers, DHCP, lost frames, dead hosts, floods.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const test = require('node:test');

const { answering, says, until } = require('../e2e/support');
const { addressOf, poke } = require('./debugger');
const { among, assertIndicates, boards, lamp, settings, startNetwork } = require('./support');
const { changeCard, delivered, flood, here, lose, loseConnection, lost, network, nobody, serveNames, startWire } = require('./wire');

/** For tests that do not depend on the board: the first one that is tested. */
const [board] = among('lm3s6965evb', 'w5500_evb_pico', 'mps2_an385');

test.before(async () => {
  await startNetwork();
  startWire();
});

/** A server on the wire, which answers with server.status. */
async function serving(t, status, { fields, ...options } = {}) {
  const server = await answering(t, () => says(server.status, fields), { host: here[0], ...options });

  server.status = status;
  return server;
}

/** A lamp on the wire, which asks `server`. pace: of lamp(); more: settings(). */
async function plug(t, server, { on = board, interval = '10s', pace = 'hasty', ...more } = {}) {
  t.after(() => lose(0));
  return lamp(t, on, await settings(server, { interval, ...more }), { network, pace });
}

/** Options of plug() for a test that allows no error: with pace 'hasty', a poll fails if this machine delays the server by a second; in real
 * time, only if it delays it by a minute. */
const realTime = { interval: '2s', pace: 'real' };

/** Does something, and waits until the lamp's output after it matches. */
async function after(running, happens, pattern) {
  const from = running.output.length;

  await happens();
  await running.until({ test: (output) => pattern.test(output.slice(from)), toString: () => `${pattern} after\n${running.output.slice(0, from)}` });
}

const nothing = () => {};

for (const on of Object.keys(boards)) {
  test(`${on}: without a cable, the status becomes unknown, never "not recording"; with it, the lamp confirms its address, and recovers`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Stopped');
    const running = await plug(t, server, { on });

    await running.until(/status=Stopped.*\r\n/);
    await assertIndicates(running, 'not recording');
    server.status = 'Recording';
    const gaveAddresses = () => names.log.match(/DHCPACK/g).length;
    await after(running, () => running.monitor('set_link net off'), /status=Unknown age=\d+s.*\r\n/);
    await assertIndicates(running, 'temporary');
    const before = gaveAddresses();
    await after(running, () => running.monitor('set_link net on'), /status=Recording.*\r\n/);
    await assertIndicates(running, 'recording');
    if (boards[on].link) {
      assert.match(running.output, /link=down\r\n[^]*link=up\r\n/);
      await until(() => gaveAddresses() > before); // meanwhile, the lamp uses the address that it had
    }
  });
}

const failures = {
  'goes silent': ['name', (names) => names.pause(), (names) => names.go()],
  'ends': ['name', (names) => names.stop(), (names, t) => serveNames(t)],
  'knows no such name': ['name', (names) => names.rename(null), (names) => names.rename(here[0])],
};

for (const [what, [error, fail, repair]] of Object.entries(failures)) {
  test(`a name server that ${what}: the lamp reports ${error} and blinks; then it recovers`, async (t) => {
    const names = await serveNames(t);
    const server = await serving(t, 'Recording', { fields: { Connection: 'close' } });
    const running = await plug(t, server);

    await running.until(/status=Recording.*\r\n/);
    await after(running, () => fail(names), new RegExp(`status=\\w+ age=\\d+s error=${error}`));
    await assertIndicates(running, 'temporary');
    server.status = 'Stopped';
    await after(running, () => repair(names, t), /status=Stopped.*\r\n/);
    await assertIndicates(running, 'not recording');
  });
}

/** A proxy in front of `server`. While proxy.isBreaking, it passes `length` bytes of the server to the lamp, and then calls `end` with the
 * lamp's socket; 0: after the first bytes of the lamp. */
async function breaking(t, server, length, end = (lampSide) => lampSide.resetAndDestroy()) {
  const proxy = { isBreaking: true };
  const front = net.createServer((lampSide) => {
    const serverSide = net.connect(server.port, here[0]);
    const limit = proxy.isBreaking ? length : Infinity;
    let passed = 0;

    lampSide.on('error', nothing).on('close', () => serverSide.destroy());
    serverSide.on('error', nothing).on('close', () => lampSide.destroy());
    lampSide.on('data', (bytes) => (limit === 0 ? end(lampSide) : serverSide.write(bytes)));
    serverSide.on('data', (bytes) => {
      const allowed = bytes.subarray(0, limit - passed);

      passed += allowed.length;
      lampSide.write(allowed, () => passed >= limit && end(lampSide));
    });
  });

  front.listen(0, here[0]);
  await once(front, 'listening');
  t.after(() => front.close());
  return Object.assign(proxy, { url: `https://localhost:${front.address().port}` });
}

for (const on of Object.keys(boards).filter((name) => boards[name].link))
  test(`${on}: a cable that is pulled out within a handshake: once it is plugged in again, the lamp gets the status`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    let reached = nothing;
    const isWithin = new Promise((resolve) => { reached = resolve; });
    const proxy = await breaking(t, server, 500, () => reached());
    const running = await plug(t, proxy, { on });

    await isWithin;
    await after(running, () => running.monitor('set_link net off'), /link=down\r\n/);
    proxy.isBreaking = false;
    await after(running, () => running.monitor('set_link net on'), /link=up\r\n[^]*status=Recording .*\r\n/);
  });

const resets = { 'after ClientHello': 0, 'within the certificate': 500, 'after the handshake': 1200 };

for (const [when, length] of Object.entries(resets)) {
  test(`a server that resets connections ${when}: the lamp reports reset; then it recovers`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    const proxy = await breaking(t, server, length);
    const running = await plug(t, proxy);

    await running.until(/status=Unknown error=reset/);
    proxy.isBreaking = false;
    await running.until(/status=Recording.*\r\n/);
    await assertIndicates(running, 'recording');
  });
}

for (const percent of [1, 10]) {
  test(`with ${percent} % of the frames lost in each direction, the lamp still follows the server's status`, async (t) => {
    await serveNames(t);
    let number = 0;
    const server = await answering(t, () => says(++number % 2 ? 'Recording' : 'Stopped', number % 3 ? {} : { Connection: 'close' }), { host: here[0] });
    lose(percent);
    const running = await plug(t, server);
    const answers = () => running.lines().filter(({ status, error }) => ['Recording', 'Stopped'].includes(status) && error === undefined);
    const someAre = (way) => answers().some(({ tls }) => tls === way);

    await until(() => answers().length >= 12 && Math.min(...lost()) > 0 && someAre('verified') && someAre('resumed'));
  });
}

const firstAddresses = { 'does not answer': nobody, 'refuses connections': here[1] };

for (const [what, first] of Object.entries(firstAddresses)) {
  test(`a name whose first address ${what}: the lamp tries the second one, each time`, async (t) => {
    await serveNames(t, { name: [first, here[0]] });
    const server = await serving(t, 'Recording', { fields: { Connection: 'close' } });
    const running = await plug(t, server);

    await running.until(/status=Recording.*\r\n/);
    server.status = 'Stopped';
    await running.until(/status=Stopped.*\r\n/);
    assert.ok(server.connections >= 2);
  });
}

test('a name of which each address refuses connections: the lamp reports connect; then it recovers', async (t) => {
  const names = await serveNames(t, { name: here[1] });
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Unknown error=connect/);
  await after(running, () => names.rename([nobody, here[1], here[0]]), /status=Recording.*\r\n/);
});

test('the name of a time server whose first address does not answer: the lamp gets the date from the second one', async (t) => {
  await serveNames(t, { name: [nobody, here[0]] });
  const server = await serving(t, 'Recording');
  const running = await plug(t, server, { ntp: 'localhost' });

  await running.until(/sntp=ok[^]*status=Recording.*\r\n/);
});

test('of the name servers and time servers that DHCP names, the second ones are asked if the first ones do not answer', async (t) => {
  await serveNames(t, { dhcp: { 'dns-server': [nobody, here[0]], 'ntp-server': [nobody, here[0]] } });
  const server = await serving(t, 'Recording');
  const running = await plug(t, server, { ntp: null });

  await running.until(/dns=10\.0\.2\.9\r\n[^]*sntp=ok[^]*status=Recording.*\r\n/);
});

test('when a name gets another address, the lamp uses it once the time to live is over', async (t) => {
  const names = await serveNames(t, { ttl: 5 });
  const first = await serving(t, 'Recording');
  const running = await plug(t, first);

  await running.until(/status=Recording.*\r\n/);
  await first.stop();
  await serving(t, 'Stopped', { host: here[1], port: first.port });
  names.rename(here[1]);
  await running.until(/status=Stopped.*\r\n/);
});

test('the lamp renews its lease, and keeps its address past the end of the first lease', async (t) => {
  const names = await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server, realTime);

  await until(async () => names.log.match(/DHCPACK/g)?.length >= 3 && await running.clock() > 140000); // a lease lasts 120 s
  server.status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  assert.strictEqual(running.output.match(/address=/g).length, 1);
  assert.doesNotMatch(running.output, /error=/);
});

test('when the DHCP server refuses to renew the lease, the lamp gets another address, and uses it', async (t) => {
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

test('without a DHCP server, the lease ends, and the lamp blinks; then it recovers', async (t) => {
  const names = await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  await after(running, () => names.stop(), /dhcp=none\r\n/);
  await until(() => running.lines().findLast(({ status }) => status !== undefined).status === 'Unknown');
  await assertIndicates(running, 'temporary');
  server.status = 'Stopped';
  await after(running, () => serveNames(t), /address=[^]*status=Stopped.*\r\n/);
});

test('a host that becomes unreachable: the lamp reports an error and blinks; then it recovers', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  server.status = 'Stopped';
  await after(running, () => lose(100), /status=\w+ age=\d+s error=(timeout|name)/);
  await assertIndicates(running, 'temporary');
  await after(running, () => lose(0), /status=Stopped.*\r\n/);
});

test('a server that has restarted while it was unreachable is asked on a new connection', async (t) => {
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

test('a host that changes its Ethernet address without an announcement is found again', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server);

  await running.until(/status=Recording.*\r\n/);
  server.status = 'Stopped';
  await after(running, () => changeCard(running), /status=Stopped.*\r\n/);
});

test('connections that die silently do not use up the memory for the next ones', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');

  server.tls.on('secureConnection', () => server.handshakes < 4 && loseConnection(server.tcp.remotePort));
  const running = await plug(t, server);
  await running.until(/status=Recording.*\r\n/);
  assert.doesNotMatch(running.output, /error=system/);
});

for (const on of among('mps2_an385', 'w5500_evb_pico')) {
  test(`${on}: after a change of the network, where the same address has another Ethernet address, the lamp goes on without an error`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    const running = await plug(t, server, { ...realTime, on });

    await running.until(/status=Recording.*\r\n/);
    await after(running, () => running.monitor('set_link net off'), /link=down\r\n/);
    changeCard(running);
    server.status = 'Stopped';
    await after(running, () => running.monitor('set_link net on'), /status=Stopped.*\r\n/);
    assert.doesNotMatch(running.output, /error=/);
  });
}

test('the lamp goes on without an error when the clock wraps, after 49 days', async (t) => {
  await serveNames(t);
  const server = await serving(t, 'Recording');
  const running = await plug(t, server, realTime);

  await running.until(/status=Recording.*\r\n/);
  await poke(running, addressOf(board, 'milliseconds'), Buffer.from(Uint32Array.of(-20000).buffer));
  await until(async () => await running.clock() < 2 ** 31);
  server.status = 'Stopped';
  await running.until(/status=Stopped.*\r\n/);
  server.status = 'Recording';
  await after(running, nothing, /status=Recording.*\r\n/);
  assert.doesNotMatch(running.output, /error=|Unknown(?! age=\d{1,3}s)/); // on a busy machine, a status may be stale for seconds
});

for (const on of Object.keys(boards)) {
  test(`${on}: the lamp withstands 10,000 frames of garbage, and some that are too long`, async (t) => {
    await serveNames(t);
    const server = await serving(t, 'Recording');
    const running = await plug(t, server, { ...realTime, on });

    await running.until(/status=Recording.*\r\n/);
    const before = delivered();
    for (const size of [60, 342, 1514])
      flood(running, size, 3500);
    server.status = 'Stopped';
    await running.until(/status=Stopped.*\r\n/);
    // Fewer than QEMU's Stellaris buffers: QEMU never receives again if the lamp resets a full buffer, as it does after a long frame.
    for (const size of [2000, 4000])
      flood(running, size, 10);
    server.status = 'Recording';
    await after(running, nothing, /status=Recording.*\r\n/);
    await until(() => delivered() - before > 10000);
    assert.strictEqual(running.output.match(/board=/g).length, 1, running.output);
    assert.strictEqual(running.output.match(/address=/g).length, 1, running.output);
  });
}
