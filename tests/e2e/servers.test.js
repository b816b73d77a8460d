// wmrec watch and status with several servers at once: each has its own connection, and none delays another.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, ask, askSelfHosted, certificate, freePort, http, id, key, launch, launchOnTerminal, patiently, program, says, serve,
  until, wmrec,
} = require('./support');
const { temporaryFolder } = require('./wiremock');

const quickly = ['--interval', '0.05s'];
const hidden = { WMC_API_TOKEN: key };
const trusted = () => patiently(['--cacert', certificate('roots.pem')]);
const name = (server) => server.url.replace(/^https?:\/\//, '');
const idOf = (request) => /mock-apis\/([\w-]+)/.exec(request)[1];

/** Starts wmrec. */
function start(options, environment = hidden) {
  return launch(program, patiently([...options, ...trusted()]), { environment });
}

/** Ends wmrec by a signal; returns its output. */
async function interrupt(running, signal = 'SIGINT') {
  running.kill(signal);
  const { code, stdout, stderr } = await running.end();

  assert.strictEqual(code, { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal], stderr);
  return { stdout, stderr };
}

/** Puts --server in front of each URL that does not follow an option. */
const given = (...words) => words.flatMap((word, index) =>
  (word.includes('://') && !words[index - 1]?.startsWith('--') ? ['--server', word] : [word]));

/** Starts `count` servers with `ids` ids each: servers; operands, for watch; asked, the number of requests for each id. */
async function several(t, count, ids, settings) {
  const servers = [];
  const asked = new Map();

  for (let number = 0; number < count; number++) {
    const server = await answering(t, (request) => {
      const name = idOf(request);
      asked.set(name, (asked.get(name) ?? 0) + 1);
      server.ids.add(name);
      return says(number % 2 ? 'Recording' : 'Stopped');
    }, settings);

    server.ids = new Set();
    server.given = Array.from({ length: ids }, (_, index) => `s${number}-id${index}`);
    server.status = number % 2 ? 'Recording' : 'Stopped';
    servers.push(server);
  }
  return { servers, asked, operands: given(...servers.flatMap((server) => [server.url, ...server.given])) };
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`each of 200 ids is asked at its own one of 20 servers, over one connection a server: ${version}`, async (t) => {
    const { servers, asked, operands } = await several(t, 20, 10, { minVersion: version, maxVersion: version });
    const running = start(['watch', '--interval', '0.2s', '--stale-after', '1h', ...operands]);

    await until(() => asked.size === 200 && [...asked.values()].every((times) => times >= 3));
    const { stdout, stderr } = await interrupt(running);
    const expected = servers.flatMap((server) => server.given.map((given) => `${name(server)}/${given}\t${server.status}`));

    assert.strictEqual(stderr, '');
    assert.deepStrictEqual(stdout.trimEnd().split('\n').sort(), expected.sort());
    for (const server of servers) {
      assert.deepStrictEqual([...server.ids].sort(), [...server.given].sort());
      assert.deepStrictEqual([server.connections, server.handshakes], [1, 1]);
    }
  });
}

test('watch has one socket a server, also while no server answers', async (t) => {
  const servers = [];

  for (let number = 0; number < 20; number++)
    servers.push(await serve(t, () => {}));
  const running = start(['watch', '--max-time', '1h', ...given(...servers.flatMap((server) => [server.url, 'first', 'second']))]);

  await until(() => servers.every((server) => server.received.includes('mock-apis/first')));
  if (process.getuid() === 0 && !program.endsWith('.sh')) { // only root can see the descriptors of wmrec
    const open = fs.readdirSync(`/proc/${running.pid}/fd`).map((file) => fs.readlinkSync(`/proc/${running.pid}/fd/${file}`));
    assert.strictEqual(open.filter((file) => file.startsWith('socket:')).length, 20 + 3, `${open}`); // 3: standard input, output and error
  }
  await interrupt(running);
  assert.deepStrictEqual(servers.map((server) => server.connections), Array(20).fill(1));
});

test('a server that accepts connections and then is silent does not delay another', async (t) => {
  const { servers, asked, operands } = await several(t, 3, 2);
  const silent = await serve(t, () => {}, { certificate: null }); // before the handshake
  const mute = await serve(t, () => {}); // after it
  const running = start(['watch', '--max-time', '1h', '--stale-after', '1h', ...quickly, ...given(silent.url.replace('http:', 'https:'), 'first', mute.url, 'second'), ...operands]);

  await until(() => asked.size === 6 && [...asked.values()].every((times) => times >= 20) && silent.connections === 1 && mute.connections === 1);
  const { stdout, stderr } = await interrupt(running);
  assert.deepStrictEqual([silent.connections, mute.connections, stderr], [1, 1, '']); // and no more
  assert.strictEqual(stdout.trimEnd().split('\n').length, 6);
  assert.ok(servers.every((server) => stdout.includes(`${name(server)}/`)));
});

test('a failure of one server is reported for its ids only', async (t) => {
  const port = await freePort();
  const good = await answering(t, says('Recording'));
  const bad = await answering(t, (request) => (idOf(request) === 'wrong' ? answer(404) : says('Stopped')));
  const running = start(['watch', '--interval', '1h', ...given(`https://localhost:${port}`, 'first', 'second', good.url, 'first',
    bad.url, 'wrong', 'second')]);

  await running.until(new RegExp(`${port}/second\tUnknown`));
  await running.until(new RegExp(`${good.port}/first\t`));
  await running.until(new RegExp(`${bad.port}/second\t`));
  const { stdout, stderr } = await interrupt(running);
  assert.deepStrictEqual(stdout.trimEnd().split('\n').sort(), [
    `localhost:${port}/first\tUnknown`, `localhost:${port}/second\tUnknown`, `${name(good)}/first\tRecording`,
    `${name(bad)}/wrong\tUnknown`, `${name(bad)}/second\tStopped`,
  ].sort());
  assert.match(stderr, new RegExp(`^wmrec: first: localhost:${port}: no address of the host took the connection`, 'm'));
  assert.match(stderr, new RegExp(`^wmrec: wrong: ${name(bad)}: .*404`, 'm'));
  assert.strictEqual(stderr.trimEnd().split('\n').length, 2, stderr);
});

test('a server whose certificate is for another host does not get the key; the others do', async (t) => {
  const good = await answering(t, says('Recording'));
  const other = await answering(t, says('Recording'), { certificate: 'ec', host: '127.0.0.2' }); // which is not in the certificate
  const { code, stdout, stderr } = await wmrec([...trusted(), ...given(good.url, id, `https://127.0.0.2:${other.port}`, id)]);

  assert.strictEqual(code, 69);
  assert.strictEqual(stdout, `${name(good)}/${id}\tRecording\n127.0.0.2:${other.port}/${id}\tUnknown\n`);
  assert.match(stderr, new RegExp(`^wmrec: ${id}: 127.0.0.2:${other.port}: `));
  assert.deepStrictEqual([good.received.includes(key), other.received], [true, '']);
});

test('a TLS session is never offered to another server, although all accept the same tickets', async (t) => {
  const ticketKeys = Buffer.alloc(48, 7);
  const closing = says('Stopped', { Connection: 'close' }); // each poll is a connection
  const resumed = [];
  const servers = [];

  for (let number = 0; number < 3; number++) {
    const server = await answering(t, closing, { ticketKeys });
    resumed.push([]);
    server.tls.on('secureConnection', (socket) => resumed[number].push(socket.isSessionReused()));
    servers.push(server);
  }
  const running = start(['watch', ...quickly, ...given(...servers.flatMap((server) => [server.url, id]))]);

  await until(() => resumed.every((each) => each.length >= 3));
  await interrupt(running);
  for (const [first, ...others] of resumed)
    assert.deepStrictEqual([first, others.every(Boolean)], [false, true]);
});

test('after one server restarts, wmrec connects to it again, and keeps the connections to the others', async (t) => {
  const port = await freePort();
  const first = await answering(t, says('Recording'), { port });
  const stays = await answering(t, says('NeverStarted'));
  const running = start(['watch', '--interval', '0.3s', '--stale-after', '1h', ...given(first.url, id, stays.url, id)]);

  await running.until(/Recording/);
  await first.stop();
  await answering(t, says('Stopped'), { port });
  await running.until(/Stopped/);
  await interrupt(running);
  assert.strictEqual(stays.connections, 1);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} ends watch cleanly while it polls some of its servers`, async (t) => {
    const idle = await answering(t, says('Stopped'));
    const busy = await serve(t, () => {});
    const running = start(['watch', '--interval', '1h', '--max-time', '1h', ...given(idle.url, id, busy.url, id)]);

    await running.until(/Stopped/);
    await until(() => busy.received.includes(id));
    assert.deepStrictEqual(await interrupt(running, signal), { stdout: `${name(idle)}/${id}\tStopped\n`, stderr: '' });
    await Promise.all([idle.quiet(), busy.quiet()]);
  });
}

test('ids before the first --server belong to the default server; those after a --server belong to that one', async (t) => {
  const first = await answering(t, says('Recording'));
  const second = await answering(t, says('Stopped'));
  const { code, stdout } = await ask(first, ['mine1', 'mine2', '--server', second.url, 'yours1', '--max-time', '2h', 'yours2']);

  assert.strictEqual(code, 0);
  assert.strictEqual(stdout, `${name(first)}/mine1\tRecording\n${name(first)}/mine2\tRecording\n${name(second)}/yours1\tStopped\n${name(second)}/yours2\tStopped\n`);
});

test('servers that differ only in the zone of their address have different names', async (t) => {
  const server = await answering(t, says('Stopped'), { host: '::1' });
  const { port } = server;
  const { stdout } = await ask({ url: `https://[::1]:${port}` }, [id, '--server', `https://[::1%251]:${port}`, id]);

  assert.strictEqual(stdout, `::1:${port}/${id}\tStopped\n::1%1:${port}/${id}\tStopped\n`);
});

test('a single --server before the ids is the same as --endpoint', async (t) => {
  const server = await answering(t, says('Recording'));

  assert.deepStrictEqual(await wmrec([...trusted(), '--server', server.url, id]), await ask(server));
  assert.strictEqual((await wmrec([...trusted(), '--server', server.url, 'status', id])).stdout, 'Recording\n');
});

test('a URL among the operands is refused, also after --: only a server that an option names gets the key', async (t) => {
  const attacker = await answering(t, says('Recording'));
  const server = await answering(t, says('Recording'));

  for (const operands of [['--', attacker.url, id], ['--', id, attacker.url, id], ['--', 'watch', attacker.url, id], [attacker.url, id],
    ['status', attacker.url, id], ['watch', '--', attacker.url, id], ['--server', server.url, '--', attacker.url, id],
    ['--self-hosted', server.url, '--', attacker.url], ['settings', '--write', '/dev/null', '--', attacker.url]]) {
    const { code, stdout, stderr } = await wmrec([...trusted(), ...operands]);

    assert.deepStrictEqual([code, stdout], [64, ''], `${operands}: ${stderr}`);
    assert.match(stderr, /an id cannot contain :\/\/\. A URL needs an option before it, and its ids after it: --server URL ID/);
  }
  assert.deepStrictEqual([attacker.connections, server.connections], [0, 0]);
});

test('after --, all words are ids of the last server: no option, command or server', async (t) => {
  const first = await answering(t, says('Recording'));
  const second = await answering(t, says('Stopped'));
  const asked = (server) => [...server.received.matchAll(/mock-apis\/(\S+)\/rec/g)].map(([, name]) => name);

  assert.strictEqual((await ask(first, ['--', 'watch', '--server', '-q', '--mock'])).code, 78); // -q is too short for an id
  assert.strictEqual((await ask(first, ['--', 'watch', '--server', 'wait2'])).code, 0);
  assert.strictEqual((await ask(first, ['mine1', '--server', second.url, '--', 'status', '--'])).code, 78);
  assert.strictEqual((await ask(first, ['mine1', '--server', second.url, '--', 'status', '--mock'])).code, 0);
  assert.deepStrictEqual([asked(first), asked(second)], [['watch', '--server', 'wait2', 'mine1'], ['status', '--mock']]);
});

for (const command of [['is-recording'], ['wait', '--for', 'Recording']]) {
  test(`${command[0]} accepts --server as well as --endpoint`, async (t) => {
    const server = await answering(t, says('Recording'));
    const { code, stdout, stderr } = await wmrec([...trusted(), ...command, '--server', server.url, id]);

    assert.deepStrictEqual([code, stdout, stderr], [0, 'Recording\n', '']);
  });
}

test('each --server after --self-hosted is another self-hosted server', async (t) => {
  const first = await answering(t, says('Recording'), { certificate: null });
  const second = await answering(t, says('Stopped'));
  const options = ['--server', second.url, ...trusted()];
  const lines = [[name(first), 'Recording'], [name(second), 'Stopped']];
  const json = (await askSelfHosted(first, [...options, '-o', 'json'])).stdout.trimEnd().split('\n').map((line) => JSON.parse(line));

  assert.strictEqual((await askSelfHosted(first, options)).stdout, lines.map((line) => `${line.join('\t')}\n`).join(''));
  assert.deepStrictEqual(json.map(({ server, id: none, status }) => [server, none, status]), lines.map(([server, status]) => [server, null, status]));
  assert.ok(!first.received.includes(key) && !second.received.includes(key));
});

test('the same id on two servers is distinguished in JSON, for Prometheus and for Home Assistant', async (t) => {
  const first = await answering(t, says('Recording'));
  const second = await answering(t, says('Stopped'));
  const operands = given(first.url, id, second.url, id);
  const objects = (await wmrec([...trusted(), '-o', 'json', ...operands])).stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  const metrics = (await wmrec([...trusted(), '-o', 'prometheus', ...operands])).stdout;
  const running = start(['watch', '-o', 'home-assistant', '--interval', '1h', ...operands]);
  const topic = (server) => `wmrec/localhost-3a${server.port}-2f${id}/state`;

  assert.deepStrictEqual(objects.map(({ server, id: asked, status }) => [server, asked, status]),
    [[name(first), id, 'Recording'], [name(second), id, 'Stopped']]);
  assert.ok(metrics.includes(`wmrec_recording{server="${name(first)}",id="${id}"} 1\nwmrec_recording{server="${name(second)}",id="${id}"} 0\n`));
  await running.until(new RegExp(`^${topic(first)} ON$`, 'm'));
  await running.until(new RegExp(`^${topic(second)} OFF$`, 'm'));
  const { stdout } = await interrupt(running);
  const configurations = stdout.split('\n').filter((line) => line.includes('/config ')).map((line) => JSON.parse(line.replace(/^\S+ /, '')));
  assert.deepStrictEqual(configurations.map((each) => each.state_topic), [topic(first), topic(second)]);
  assert.strictEqual(new Set(configurations.map((each) => each.unique_id)).size, 2);
});

test('-v names the server in each line, and does not show the key', async (t) => {
  const first = await answering(t, says('Recording'));
  const second = await answering(t, says('Stopped'));
  const { stderr } = await wmrec([...trusted(), '-v', ...given(first.url, id, second.url, id)]);

  for (const server of [first, second])
    for (const part of ['\\* connected to ', '> GET /', '> Authorization: Token \\[key\\]', '< HTTP/1.1 200'])
      assert.match(stderr, new RegExp(`^${name(server)} ${part}`, 'm'));
  assert.ok(stderr.trimEnd().split('\n').every((line) => line.startsWith('localhost:')), stderr);
});

test('--resolve applies to the server that it names, and is refused if there is no such server', async (t) => {
  const port = await freePort();
  await answering(t, says('Recording'), { host: '127.0.0.3', port });
  await answering(t, says('Stopped'), { port });
  const operands = given(`https://localhost:${port}`, id, `https://127.0.0.1:${port}`, id);
  const { stdout } = await wmrec([...trusted(), '--resolve', `localhost:${port}:127.0.0.3`, ...operands]);
  const { code, stderr } = await wmrec([...trusted(), '--resolve', 'nobody:443:127.0.0.3', ...operands]);

  assert.strictEqual(stdout, `localhost:${port}/${id}\tRecording\n127.0.0.1:${port}/${id}\tStopped\n`);
  assert.deepStrictEqual([code, stderr], [64, 'wmrec: --resolve names nobody port 443, but no server has that host and port.\n']);
});

test('status: a server that fails is Unknown, the others answer, and the exit status is the highest', async (t) => {
  const port = await freePort();
  const good = await answering(t, says('Recording'));
  const refusing = await answering(t, answer(401));
  const { code, stdout } = await wmrec([...trusted(), '-q', ...given(`https://localhost:${port}`, id, refusing.url, id, good.url, id)]);

  assert.strictEqual(code, 77);
  assert.strictEqual(stdout, `localhost:${port}/${id}\tUnknown\n${name(refusing)}/${id}\tUnknown\n${name(good)}/${id}\tRecording\n`);
});

test('if one server or id is invalid, no connection is made', async (t) => {
  const server = await answering(t, says('Recording'));
  const many = Array.from({ length: 257 }, (_, index) => [`https://host-${index}.example`, id]).flat();
  const cache = fs.mkdtempSync(path.join(temporaryFolder(), 'cache-'));

  for (const [status, message, ...words] of [
    [64, 'is-recording takes one server', 'is-recording', id, server.url, id],
    [64, 'wait takes one server', 'wait', '--for', 'Stopped', id, server.url, id],
    [64, 'settings takes one server', 'settings', '--write', path.join(cache, 'block'), '--endpoint', 'https://localhost', server.url, id],
    [64, '--keep-session takes one server only', id, '--keep-session', '--server', server.url, id],
    [64, `--server ${server.url}: give the id of a mock API after it`, 'watch', server.url],
    [64, 'give the id of a mock API', 'watch', '--endpoint', server.url, 'https://localhost', id],
    [64, '--self-hosted takes no id', 'watch', '--self-hosted', 'http://localhost', server.url, id],
    [64, `${name(server)} is given twice`, server.url, id, server.url, 'other'],
    [64, `${name(server)} is given twice`, server.url, id, `${server.url}/`, 'other'],
    [64, 'there are too many servers: the maximum is 256', ...many],
    [78, 'wmrec: https://: it has no host', server.url, id, 'https://', id],
    [78, 'wmrec: ftp://localhost: it does not begin with', server.url, id, 'ftp://localhost', id],
    [78, `no: ${name(server)}: `, server.url, 'no', 'https://localhost', id],
    [78, `${id}: localhost:1: `, server.url, id, 'http://localhost:1', id], // the key is sent over TLS only
  ]) {
    const options = given(...words);
    const { code, stdout, stderr } = await wmrec([...trusted(), ...options]);

    assert.deepStrictEqual([code, stdout], [status, ''], `${options.slice(0, 9)}: ${stderr}`);
    assert.ok(stderr.includes(message), `${options.slice(0, 9)}: ${stderr}`);
  }
  assert.strictEqual(server.connections, 0);
});

test('the live line on a terminal has the name of each server', async (t) => {
  const first = await answering(t, says('Recording'));
  const second = await answering(t, says('Stopped'));
  const running = launchOnTerminal(120, ['watch', ...trusted(), ...given(first.url, id, second.url, id)], { NO_COLOR: '1', ...hidden });

  await running.until(new RegExp(`${name(first)}/${id} Recording \\d+s  ${name(second)}/${id} Stopped \\d+s`));
  assert.strictEqual((await running.stop()).code, 143);
});
