// Servers and networks that misbehave: each ends within the deadline, with its own message and exit status.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, ask, askJson, askSelfHosted, certificate, file, freePort, http, id, key, program, run, says,
  serve,
} = require('./support');

const soon = [id, '--max-time', '0.5'];

test('a server that never speaks: timeout, exit status 75', async (t) => {
  const server = await serve(t, () => {});
  const { code, error, stderr } = await askJson(server, soon);

  assert.strictEqual(error, 'timeout');
  assert.strictEqual(code, 75);
  assert.match(stderr, /no answer came.*--max-time/);
});

test('a server that drips a byte now and then: timeout, exit status 75', async (t) => {
  const server = await serve(t, http((socket) => {
    const bytes = [...says('Recording')];
    const drip = setInterval(() => socket.write(bytes.shift()), 50);
    socket.once('close', () => clearInterval(drip));
  }));
  const { code, error, stderr } = await askJson(server, [id, '--max-time', '1']);

  assert.strictEqual(error, 'timeout');
  assert.strictEqual(code, 75);
  assert.match(stderr, /the answer was not complete|no answer came/);
});

test('a server that drips fast enough is waited for', async (t) => {
  const server = await serve(t, http((socket) => {
    const bytes = [...says('Recording')];
    const drip = setInterval(() => (bytes.length > 0 ? socket.write(bytes.shift()) : clearInterval(drip)), 5);
    socket.once('close', () => clearInterval(drip));
  }));

  assert.strictEqual((await ask(server, [id, '--max-time', '30'])).stdout, 'Recording\n');
});

test('a server that sends headers without end: section-limit, exit status 76', async (t) => {
  const server = await serve(t, http((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(`X-Filler: ${'x'.repeat(1000)}\r\n`))
        ;
    };
    socket.on('drain', more);
    more();
  }));
  const { code, error } = await askJson(server);

  assert.strictEqual(error, 'section-limit');
  assert.strictEqual(code, 76);
});

test('a server that sends 1xx answers without end: timeout, exit status 75', async (t) => {
  const server = await serve(t, http((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write('HTTP/1.1 102 Processing\r\n\r\n'))
        ;
    };
    socket.on('drain', more);
    more();
  }));
  const { code, error } = await askJson(server, [id, '--max-time', '1']);

  assert.strictEqual(error, 'timeout');
  assert.strictEqual(code, 75);
});

for (const [what, body] of [['a length', answer(200, ' '.repeat(1 << 20))],
  ['chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${`1000\r\n${' '.repeat(4096)}\r\n`.repeat(256)}0\r\n\r\n`],
  ['its end only', `HTTP/1.1 200 OK\r\n\r\n${' '.repeat(1 << 20)}`]]) {
  test(`a body of 1 MB, by ${what}: body-limit, exit status 76`, async (t) => {
    const server = await serve(t, http((socket) => socket.end(body)));
    const { code, error, stderr } = await askJson(server);

    assert.strictEqual(error, 'body-limit');
    assert.strictEqual(code, 76);
    assert.match(stderr, /larger than a status can be/);
  });
}

test('a server that speaks first, and something else than HTTP: status-line, exit status 76', async (t) => {
  const server = await serve(t, (socket) => socket.write('220 mail.test ESMTP\r\n'));
  const { code, error, stderr } = await askJson(server);

  assert.strictEqual(error, 'status-line');
  assert.strictEqual(code, 76);
  assert.match(stderr, /not HTTP.*Check the host and the port/);
});

test('a server that resets the connection: reset, exit status 69', { skip: !require('node:net').Socket.prototype.resetAndDestroy }, async (t) => {
  const server = await serve(t, http((socket) => socket.resetAndDestroy()), { certificate: null });
  const { code, stdout, stderr } = await askSelfHosted(server);

  assert.strictEqual(code, 69);
  assert.strictEqual(stdout, '');
  assert.match(stderr, /the connection broke: Connection reset by peer/);
});

test('a server that closes without a word: closed, exit status 69', async (t) => {
  const server = await serve(t, http((socket) => socket.end()));
  const { code, error } = await askJson(server);

  assert.strictEqual(error, 'closed');
  assert.strictEqual(code, 69);
});

test('TLS spoken where plain HTTP was to be: exit status 69 or 76, as the server takes it; https:// is suggested', async (t) => {
  const closing = await answering(t, says('Recording'));
  const alerting = await serve(t, (socket) => socket.once('data', () => socket.write(Buffer.from('15030300020246', 'hex'))),
    { certificate: null });

  for (const [server, expected] of [[closing, 69], [alerting, 76]]) {
    const { code, stderr } = await askSelfHosted({ url: `http://localhost:${server.port}` });

    assert.strictEqual(code, expected, stderr);
    assert.match(stderr, /give an https:\/\/ URL if the server has TLS/);
  }
});

test('plain HTTP spoken where TLS was to be: tls-not-spoken, exit status 69', async (t) => {
  const server = await serve(t, (socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    { certificate: null });
  const { code, error, stderr } = await askJson({ url: `https://localhost:${server.port}` });

  assert.strictEqual(error, 'tls-not-spoken');
  assert.strictEqual(code, 69);
  assert.match(stderr, /does not speak TLS/);
  assert.ok(!server.received.includes(key));
});

test('nobody listens: connect, exit status 69, address and reason are named', async () => {
  const port = await freePort();
  const { code, error, stderr } = await askJson({ url: `https://127.0.0.1:${port}` });

  assert.strictEqual(error, 'connect');
  assert.strictEqual(code, 69);
  assert.match(stderr, /127\.0\.0\.1\): Connection refused/);
});

test('a server on IPv6 only is found by its name', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null, host: '::1' });

  // "localhost" may have both addresses: the one that refuses costs nothing.
  const { stdout, stderr } = await askSelfHosted({ url: `http://[::1]:${server.port}` });
  assert.strictEqual(stdout, 'Recording\n', stderr);
});

/** Runs a script of the shell in a network and a file system view of its own, where it is root's to do as it likes. */
const isRoot = process.getuid() === 0;
let canUnshare = isRoot;
try {
  if (isRoot)
    execFileSync('unshare', ['-n', '-m', 'true'], { stdio: 'ignore' });
} catch {
  canUnshare = false;
}
const alone = { skip: !canUnshare && 'needs root, for a network of its own' };

function inNetworkOfItsOwn(script) {
  const prelude = 'ip link set lo up && mount --bind "$RESOLV" /etc/resolv.conf && mount --bind "$HOSTS" /etc/hosts && ' +
    'mount --bind "$NSSWITCH" /etc/nsswitch.conf && ';

  return run('unshare', ['-n', '-m', 'sh', '-c', `${prelude}${script}`], {
    environment: {
      WMC_API_TOKEN: key,
      WMREC: program,
      ROOTS: certificate('roots.pem'),
      RESOLV: file('nameserver 127.0.0.53\noptions timeout:30 attempts:5\n', 0o644),
      HOSTS: file('127.0.0.1 localhost\n192.0.2.1 many.test\n127.0.0.1 many.test\n::1 six.test\n', 0o644),
      NSSWITCH: file('hosts: files dns\n', 0o644),
      NODE: process.execPath,
    },
  });
}

test('a name server that never answers: timeout, exit status 75, the lookup is named', alone, async () => {
  const silent = path.join(path.dirname(certificate('roots.pem')), 'silent');
  const { code, stdout, stderr } = await inNetworkOfItsOwn(
    `"$NODE" -e 'require("node:dgram").createSocket("udp4").bind(53, "127.0.0.53", () => console.log("up"))' >${silent} & ` +
    `server=$!; n=0; until [ -s ${silent} ] || [ $n = 100 ]; do sleep 0.1; n=$((n + 1)); done; ` +
    '"$WMREC" --max-time 1 --endpoint https://nowhere.test --cacert "$ROOTS" -o json jjl8y; code=$?; ' +
    'kill $server; exit $code');

  assert.strictEqual(code, 75, stderr);
  assert.strictEqual(JSON.parse(stdout).error, 'timeout');
  assert.match(stderr, /the name server has not answered/);
});

test('a name that no name server knows: name, exit status 69', alone, async () => {
  const { code, stdout, stderr } = await inNetworkOfItsOwn(
    '"$WMREC" --endpoint https://nowhere.test --cacert "$ROOTS" -o json jjl8y');

  assert.strictEqual(code, 69, stderr);
  assert.strictEqual(JSON.parse(stdout).error, 'name');
});

test('a name whose first address never answers is reached by its second one', alone, async () => {
  const up = path.join(path.dirname(certificate('roots.pem')), 'second');
  const { code, stdout, stderr } = await inNetworkOfItsOwn(
    // 192.0.2.1 is behind a link that nobody listens at.
    'ip link add nowhere type veth peer name void && ip link set void up && ip link set nowhere up && ' +
    'ip addr add 192.0.2.2/24 dev nowhere && ' +
    'ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev nowhere && ' +
    `"$NODE" -e 'require("node:http").createServer((q, a) => a.end("{\\"status\\":\\"Stopped\\"}")).listen(8080, "127.0.0.1", () => console.log("up"))' >${up} & ` +
    `server=$!; n=0; until [ -s ${up} ] || [ $n = 100 ]; do sleep 0.1; n=$((n + 1)); done; ` +
    '"$WMREC" --self-hosted http://many.test:8080; code=$?; kill $server; exit $code');

  assert.strictEqual(code, 0, stderr);
  assert.strictEqual(stdout, 'Stopped\n');
});
