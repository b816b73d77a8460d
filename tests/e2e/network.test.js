// Names, addresses, and servers that misbehave: every run ends by itself, with a message and the right exit status. (No test measures
// time: a run that hangs fails.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');

const {
  answering, ask, askJson, askSelfHosted, certificate, freePort, http, id, patiently, program, run, says, serve, withTimeEnough, wmrec,
} = require('./support');

// No server.

test('a port that nobody listens on: connect, exit status 69, and the message has the address', async () => {
  const json = await askJson({ url: `https://localhost:${await freePort()}` });

  assert.deepStrictEqual([json.code, json.error, json.status], [69, 'connect', null]);
  assert.match(json.stderr, /no address of the host took the connection \((127\.0\.0\.1|::1)\): Connection refused/);
  assert.match(json.stderr, /Check the host and the port, and whether the server is running/);
});

test('a name that does not exist: name, exit status 69', async () => {
  const json = await askJson({ url: 'https://nowhere.invalid' });

  assert.ok(['name', 'timeout'].includes(json.error), json.error); // without a name server, the resolver may take longer
  if (json.error === 'name')
    assert.match(json.stderr, /the host name has no address: .*Check the host name and the network/);
});

test('a name with a label that is too long: exit status 69', async () => {
  assert.strictEqual((await askJson({ url: `https://${'a'.repeat(200)}.invalid` })).code, 69);
});

// Addresses.

test('a server on [::1] is asked, and Host has the brackets', async (t) => {
  const server = await answering(t, says('Stopped'), { host: '::1' });

  assert.strictEqual((await ask({ url: `https://[::1]:${server.port}` })).stdout, 'Stopped\n');
  assert.match(server.received, new RegExp(`^Host: \\[::1\\]:${server.port}\r$`, 'm'));
});

// As curl does it. RFC 9112, section 3.2: Host is the authority of the URL.
test('a final dot of the host is in Host', async (t) => {
  const server = await answering(t, says('Stopped'));
  const resolve = ['--resolve', `localhost.:${server.port}:127.0.0.1`];

  assert.strictEqual((await ask({ url: `https://localhost.:${server.port}` }, [...resolve, id])).stdout, 'Stopped\n');
  assert.match(server.received, new RegExp(`^Host: localhost\\.:${server.port}\r$`, 'm'));
});

for (const host of ['.', '..', 'a..example', '.example']) {
  test(`a name with an empty label is not found: ${host}`, async () => {
    assert.ok(['name', 'timeout'].includes((await askJson({ url: `https://${host}` })).error));
  });
}

// RFC 6874; "%25" and "%" before the zone, as curl takes them. The interface 1 is lo.
for (const zone of ['%251', '%1']) {
  test(`an IPv6 address with a zone is asked, and the zone is neither sent nor verified: [::1${zone}]`, async (t) => {
    const server = await answering(t, says('Stopped'), { host: '::1' });
    const { code, stderr } = await ask({ url: `https://[::1${zone}]:${server.port}` }, ['-v', id]);

    assert.strictEqual(code, 0, stderr);
    assert.match(server.received, new RegExp(`^Host: \\[::1\\]:${server.port}\r$`, 'm'));
  });
}

test('a zone that does not exist: name, exit status 69, and the message has the zone', async () => {
  const json = await askJson({ url: 'https://[fe80::1%25nowhere]:1' });

  assert.deepStrictEqual([json.code, json.error], [69, 'name'], json.stderr);
  assert.match(json.stderr, /^wmrec: jjl8y: fe80::1%nowhere: /);
});

test('a self-hosted server on [::1] is asked over http', async (t) => {
  const server = await answering(t, says('Stopped'), { host: '::1', certificate: null });

  assert.strictEqual((await askSelfHosted({ url: `http://[::1]:${server.port}/x` })).stdout, 'Stopped\n');
});

// In a private network namespace.

function canUnshare() {
  try {
    execFileSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isolated = { skip: !canUnshare() && 'a network namespace needs root, unshare and ip' };

async function inNamespace(plan) {
  const { code, stdout, stderr } = await run('unshare',
    ['--net', '--mount', process.execPath, path.join(__dirname, 'namespace.js'), JSON.stringify(plan)],
    { environment: process.env });

  assert.strictEqual(code, 0, stderr);
  return JSON.parse(stdout);
}

test('a name server that never answers: timeout, exit status 75, and the message says so', isolated, async () => {
  const said = /no answer from the name server/;
  const attempt = (limit) => inNamespace({ nameServer: 'silent', ask: ['--endpoint', 'https://x.example:PORT', '--max-time', limit, id] });
  const result = await withTimeEnough(attempt, ({ stderr }) => said.test(stderr));

  assert.deepStrictEqual([result.code, result.stdout], [75, '']);
  assert.match(result.stderr, said);
});

test('with a name server that never answers, each of several ids times out', isolated, async () => {
  const result = await inNamespace(
    { nameServer: 'silent', ask: ['--endpoint', 'https://x.example:PORT', '--max-time', '0.3', id, id, id] });

  assert.deepStrictEqual([result.code, result.stdout], [75, 'jjl8y\tUnknown\n'.repeat(3)]);
});

// The URLs, and the max number of lookups at the same time.
const hung = {
  'names of 40 servers': [(number) => `http://n${number}.example:PORT`, 32],
  'one name of 40 servers': [(number) => `http://one.example:PORT/${number}`, 1],
};

for (const [what, [url, max]] of Object.entries(hung)) {
  test(`${what}, tried every 100 ms while the name server is silent: at most ${max} lookups at once, and later all servers answer`, isolated, async () => {
    const urls = Array.from({ length: 40 }, (_, number) => url(number));
    const result = await inNamespace({ nameServer: 'late', servers: 40, plain: true,
      ask: ['watch', '--interval', '0.1s', '--stale-after', '1h', '--max-time', '2s', '--self-hosted', urls[0],
        ...urls.slice(1).flatMap((each) => ['--server', each])] });

    assert.strictEqual(result.code, 143, result.stderr);
    assert.ok(result.threads > 1 && result.threads <= 1 + max, `${result.threads} threads`);
  });
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`a server on a link-local address is asked, by the interface that the zone names: ${version}`, isolated, async () => {
    const plan = { link: true, server: { host: 'fe80::1%near', certificate: 'link-local', maxVersion: version } };
    const asked = ['--endpoint', 'https://[fe80::1%25near]:PORT'];
    const result = await inNamespace({ ...plan, ask: [...asked, id] });
    const other = await inNamespace({ ...plan, ask: ['--endpoint', 'https://[fe80::1%25nowhere]:PORT', '--max-time', '1h', id] });

    assert.deepStrictEqual([result.code, result.stdout, result.stderr, result.connections], [0, 'Recording\n', '', 1]);
    assert.match(result.received, /^Host: \[fe80::1\]:\d+\r$/m);
    assert.deepStrictEqual([other.code, other.connections], [69, 0], other.stderr);
  });
}

test('no name server at all: exit status 69', isolated, async () => {
  const result = await inNamespace({ nameServer: 'none', ask: ['--endpoint', 'https://x.example:PORT', '--max-time', '1h', id] });

  assert.strictEqual(result.code, 69, result.stderr);
  assert.match(result.stderr, /the host name has no address/);
});

test('an address is asked although the name server never answers', isolated, async () => {
  const result = await inNamespace({ nameServer: 'silent', ask: patiently(['--endpoint', 'https://127.0.0.1:PORT', id]) });

  assert.deepStrictEqual([result.code, result.stdout], [0, 'Recording\n'], result.stderr);
});

test('if the first of several addresses refuses, the next one is tried', isolated, async () => {
  const result = await inNamespace({
    hosts: '::1 localhost\n127.0.0.1 localhost\n',
    ask: patiently(['-v', '--endpoint', 'https://localhost:PORT', id]),
  });

  assert.deepStrictEqual([result.code, result.stdout, result.connections], [0, 'Recording\n', 1], result.stderr);
});

test('if the first of several addresses is silent, the next one is tried', isolated, async () => {
  const result = await inNamespace({
    hosts: '2001:db8::1 localhost\n198.51.100.1 localhost\n',
    ask: patiently(['-v', '--endpoint', 'https://localhost:PORT', id]),
  });

  assert.deepStrictEqual([result.code, result.stdout, result.connections], [0, 'Recording\n', 1], result.stderr);
  assert.match(result.stderr, /connected to 198\.51\.100\.1/);
});

test('if every address is silent: timeout, exit status 75', isolated, async () => {
  const said = /the connection was not established/;
  const attempt = (limit) => inNamespace({
    hosts: '2001:db8::1 localhost\n192.0.2.1 localhost\n',
    ask: ['--endpoint', 'https://localhost:PORT', '--max-time', limit, id],
  });
  const result = await withTimeEnough(attempt, ({ stderr }) => said.test(stderr));

  assert.deepStrictEqual([result.code, result.stdout], [75, '']);
  assert.match(result.stderr, said);
});

// Servers that misbehave, each with TLS and without.

const soon = ['--max-time', '0.5']; // the verdict is the same if the handshake takes longer
const drip = (socket, bytes, gap) => {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes[at++ % bytes.length]), gap);
  socket.once('close', () => clearInterval(timer));
};

const behaviours = {
  // what it does: handler, exit status, names of the error that are right
  'never speaks': [() => {}, 75, ['timeout']],
  'drips a byte a second': [http((socket) => drip(socket, says('Recording'), 1000)), 75, ['timeout']],
  'drips header lines without end': [http((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    drip(socket, ['X: y\r\n'], 20);
  }), 75, ['timeout']],
  'drips 1xx responses without end': [http((socket) => drip(socket, ['HTTP/1.1 100 Go\r\n\r\n'], 20)), 75, ['timeout']],
  'drips a body without end': [http((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    drip(socket, [' '], 20);
  }), 75, ['timeout']],
  'stops in the middle of the header': [http((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-')), 75, ['timeout']],
  'stops in the middle of the body': [http((socket) => socket.write(says('Recording').slice(0, -3))), 75, ['timeout']],
  'closes in the middle of the body': [http((socket) => socket.end(says('Recording').slice(0, -3))), 76, ['truncated']],
  'closes in the middle of the header': [http((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')), 76, ['truncated']],
  'closes after the request': [http((socket) => socket.end()), 69, ['closed']],
  'closes at once': [(socket) => socket.end(), 69, ['closed', 'reset', 'tls-refused']],
  'resets after the request': [http((socket) => socket.reset()), 69, ['reset', 'closed']],
  'sends 10 MB of header at once': [http((socket) => socket.write(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(1700000)}`)),
    76, ['section-limit']],
};

for (const [what, [handler, code, errors]] of Object.entries(behaviours)) {
  for (const [scheme, name] of [['https', 'ec'], ['http', null]]) {
    test(`a server that ${what} (${scheme}): ${errors.join(' or ')}, exit status ${code}`, async (t) => {
      const server = await serve(t, (socket, own) => {
        socket.reset = () => own.tcp.resetAndDestroy();
        handler(socket);
      }, { certificate: name });
      const options = [...(errors.includes('timeout') ? soon : []), '-o', 'json'];
      const result = name === null ? await askSelfHosted(server, options) : await ask(server, [...options, id]);
      const json = JSON.parse(result.stdout);

      assert.ok(errors.includes(json.error), `${json.error}: ${result.stderr}`);
      assert.deepStrictEqual([result.code, json.status, json.recording], [code, null, null]);
      assert.match(result.stderr, /^wmrec: .*\.\n$/);
    });
  }
}

test('a server that never answers the ClientHello: timeout, exit status 75, and the message says so', async (t) => {
  const server = await serve(t, () => {}, { certificate: null });
  const said = /the TLS handshake was not complete/;
  const attempt = (limit) => ask({ url: server.url.replace('http:', 'https:') }, ['--max-time', limit, id]);
  const { code, stderr } = await withTimeEnough(attempt, (result) => said.test(result.stderr));

  assert.strictEqual(code, 75);
  assert.match(stderr, said);
});

test('--max-time applies to each id', async (t) => {
  const server = await serve(t, http((socket, request) => request.includes('bbbbb') && socket.write(says('Stopped'))));
  const attempt = (limit) => ask(server, ['--max-time', limit, 'aaaaa', 'bbbbb']);
  const { code, stdout } = await withTimeEnough(attempt, (result) => result.stdout.includes('Stopped'));

  assert.deepStrictEqual([code, stdout], [75, 'aaaaa\tUnknown\nbbbbb\tStopped\n']);
});

for (const greeting of ['HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"status":"Recording"}', '220 mail\r\n', '\0'.repeat(50)]) {
  test(`a server that sends ${JSON.stringify(greeting.slice(0, 15))} first: tls-not-spoken, and no status`, async (t) => {
    const server = await serve(t, (socket) => socket.write(greeting), { certificate: null });
    const json = await askJson({ url: server.url.replace('http:', 'https:') });

    assert.deepStrictEqual([json.code, json.error, json.recording], [69, 'tls-not-spoken', null]);
  });
}

test('a plain server that speaks first, in another protocol than HTTP: exit status 76, and no status', async (t) => {
  const server = await serve(t, (socket) => socket.write('220 mail.example\r\n'), { certificate: null });
  const { code, stdout, stderr } = await askSelfHosted(server);

  assert.deepStrictEqual([code, stdout], [76, '']);
  assert.match(stderr, /the answer is not HTTP\/1\.x.*Check the port, or give an https:\/\/ URL/);
});

test('a plain HTTP server behind an https:// URL: exit status 69 or 75, and the message says why', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });
  const { code, stderr } = await wmrec(['--self-hosted', server.url.replace('http:', 'https:'), '--cacert', certificate('roots.pem'), ...soon]);

  assert.ok([69, 75].includes(code), stderr); // a server may wait for the end of a request line
  assert.match(stderr, /does not speak TLS.*give an http:\/\/ URL|(the TLS handshake|the connection) was not/);
});

test('an answer from a server that has half-closed the connection is read', async (t) => {
  const server = await serve(t, http((socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${says('Stopped').split('\r\n\r\n')[1]}`)),
    { certificate: null, allowHalfOpen: true });

  assert.strictEqual((await askSelfHosted(server)).stdout, 'Stopped\n');
});

test('a server that reads a byte at a time gets the whole request', async (t) => {
  const server = await answering(t, says('Stopped'), { highWaterMark: 1 });

  assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
});

test('each connection releases its descriptor: 60 connections, one after another, work with a limit of 24 descriptors', async (t) => {
  const server = await serve(t, http((socket) => socket.end(says('Stopped', { Connection: 'close' }))));
  const ids = Array(60).fill(id);
  const { code, stdout } = await run('sh', ['-c', 'ulimit -n 24 && exec "$@"', 'sh', program,
    ...patiently(['--endpoint', server.url, '--cacert', certificate('roots.pem'), ...ids])], { environment: { WMC_API_TOKEN: 'x1' }, secret: 'Token x1' });

  assert.deepStrictEqual([code, stdout], [0, 'jjl8y\tStopped\n'.repeat(60)]);
  assert.strictEqual(server.connections, 60);
});
