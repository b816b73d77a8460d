// Options, ids, URLs and files: what is accepted, and what is refused before a connection is made.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { constants: { SSL_OP_NO_TICKET } } = require('node:crypto');
const fs = require('node:fs');
const test = require('node:test');

const { answering, ask, askSelfHosted, certificate, file, id, patiently, program, run, says, serve, watch, wmrec } = require('./support');

test('-h and --help list every option and exit status on standard output', async () => {
  for (const option of ['-h', '--help']) {
    const { code, stdout, stderr } = await run(program, [option]);

    assert.deepStrictEqual([code, stderr], [0, '']);
    for (const word of ['--token-file', '--endpoint', '--mock', '--self-hosted', '--server', '--cacert', '--resolve', '--max-time',
      '--output', '--out', '--verbose', '--quiet', '--help', '--version', '--keep-session', '--interval', '--stale-after',
      '--for', '--timeout', '--write', '--read', '--hex', '--address', '--ntp-server', '--user', '--password-file', 'WMREC_PASSWORD', 'settings', 'watch', 'wait', 'is-recording', 'WMC_API_TOKEN', 'WMC_API_ENDPOINT',
      ' 0 ', ' 3 ', ' 64 ', ' 66 ', ' 69 ', ' 74 ', ' 75 ', ' 76 ', ' 77 ', ' 78 ', ' 124 ', ' 130 ', ' 143 '])
      assert.ok(stdout.includes(word), word);
    assert.ok(stdout.split('\n').every((line) => line.length <= 120));
  }
});

test('-V and --version print the name and the version', async () => {
  for (const option of ['-V', '--version'])
    assert.match((await run(program, [option])).stdout, /^wmrec \d+\.\d+\.\d+\n$/);
});

const misuses = [
  // the command line, the message
  [[], /give the id of a mock API/],
  [['status'], /give the id of a mock API/],
  [['--nonsense', id], /nonsense/],
  [['-x', id], /-x: the option is unknown/],
  [['--cacert'], /cacert/],
  [['--server'], /--server: .*its value is missing/],
  [['-o', 'xml', id], /the format must be text, json, prometheus or home-assistant/],
  ...['soon', '0', '-1', '', 'nan', 'inf', '1e3', '0x10', '0.0001', '1 s', '1w', '1h30m', '13d', '9'.repeat(400)].map(
    (time) => [['--max-time', time, id], /--max-time .*: the time must be 1 ms to 12 days, such as 30s, 5m or 1h/]),
  [['watch', '--interval', '0', id], /--interval 0: the time must be/],
  [['watch', '--stale-after', '1y', id], /--stale-after 1y: the time must be/],
  [['wait', '--for', 'Stopped', '--timeout', '1y', id], /--timeout 1y: the time must be/],
  [['watch'], /give the id of a mock API/],
  [['watch', ...Array(1025).fill(id)], /there are too many ids: the maximum is 1024/],
  [['wait', id], /wait needs --for/],
  [['wait', '--for', 'Paused', id], /--for Paused: the status must be NeverStarted, Recording or Stopped/],
  [['wait', '--for', 'Unknown', id], /--for Unknown: the status must be NeverStarted, Recording or Stopped/],
  [['wait', '--for', 'Stopped', id, id], /wait takes one id/],
  [['is-recording', id, id], /is-recording takes one id/],
  [['--for', 'Stopped', id], /--for is an option of wait only/],
  [['watch', '--for', 'Stopped', id], /--for is an option of wait only/],
  [['watch', '--timeout', '1s', id], /--timeout is an option of wait only/],
  [['--interval', '1s', id], /--interval is an option of watch, wait and settings only/],
  [['is-recording', '--interval', '1s', id], /--interval is an option of watch, wait and settings only/],
  [['-o', 'home-assistant', id], /status does not support --output home-assistant/],
  [['wait', '--for', 'Stopped', '-o', 'prometheus', id], /wait does not support --output prometheus/],
  [['is-recording', '-o', 'prometheus', id], /is-recording does not support --output prometheus/],
  [['--out', 'file', id], /--out needs --output prometheus/],
  [['watch', '-o', 'json', '--out', 'file', id], /--out needs --output prometheus/],
  [['watch', '-o', 'prometheus', id], /needs --out FILE/],
  [['--mock', '--endpoint', 'https://localhost', id], /only one of --endpoint, --mock and --self-hosted/],
  [['--self-hosted', 'http://localhost', '--mock'], /only one of/],
  [['--self-hosted', 'http://localhost', id], /--self-hosted takes no id/],
  [['--resolve', 'localhost', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', 'localhost:443', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', 'localhost:443:', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', 'localhost:0:127.0.0.1', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', 'localhost:x:127.0.0.1', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', '[::1:443:127.0.0.1', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', '[::1]', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', '', id], /the value must be HOST:PORT:ADDR/],
  [['--resolve', 'other:443:127.0.0.1', id], /--resolve names other port 443, but the server is api\.wiremock\.cloud port 443/],
];

for (const [options, message] of misuses) {
  test(`misuse: ${options.join(' ').slice(0, 60) || 'nothing at all'}: exit status 64`, async () => {
    const { code, stdout, stderr } = await wmrec(options);

    assert.deepStrictEqual([code, stdout], [64, '']);
    assert.match(stderr, message);
  });
}

test('the command "status" may be written before the ids', async (t) => {
  assert.strictEqual((await ask(await answering(t, says('Stopped')), ['status', id])).stdout, 'Stopped\n');
});

for (const name of ['status', 'watch', 'settings']) {
  test(`after a command, "${name}" is an id`, async (t) => {
    const server = await answering(t, says('Stopped'));

    assert.strictEqual((await ask(server, ['status', name])).stdout, 'Stopped\n');
    assert.match(server.received, new RegExp(`/mock-apis/${name}/`));
  });
}

// A bad time would be a misuse, 64; settings.test.js has the values of times, whose parser is the same.
for (const time of ['30', '0.5', '0.5s', '30s', '5m', '1h', '1d', '500ms']) {
  test(`--max-time ${time} is a valid time`, async () => {
    assert.strictEqual((await wmrec(['--max-time', time, 'four'])).code, 78);
  });
}

test('options may follow the ids, and -- ends the options', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.match((await ask(server, [id, '-o', 'json'])).stdout, /^\{/);
  await ask(server, ['--', '-a-b-']);
  assert.match(server.received, /^GET \/v1\/mock-apis\/-a-b-\/recordings\/status HTTP/m);
});

test('an answer that cannot be written to standard output: exit status 74', { skip: !fs.existsSync('/dev/full') }, async (t) => {
  const server = await answering(t, says('Stopped'));
  const line = `exec "$0" "$@" --endpoint ${server.url} --cacert '${certificate('roots.pem')}' ${id} >/dev/full`;
  const { code, stderr } = await run('sh', ['-c', line, program, ...patiently([])], { environment: { WMC_API_TOKEN: 'x' } });

  assert.strictEqual(code, 74);
  assert.match(stderr, /standard output: No space left/);
});

// Ids.

for (const given of ['abcd', '', 'abcdefghijk', 'a'.repeat(5000), 'ab\tde', 'ab\nde', 'abcd\u007f', 'caf\u00e9s']) {
  test(`the id ${JSON.stringify(given.slice(0, 12))} of ${given.length} characters is refused`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { code, stdout, stderr } = await ask(server, [given]);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, /a mock API's id is 5 to 10 printable ASCII characters/);
    assert.strictEqual(server.connections, 0);
  });
}

test('if one id is invalid, no id is asked about', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual((await ask(server, ['aaaaa', 'bbbbb', 'c'])).code, 78);
  assert.strictEqual(server.connections, 0);
});

const written = {
  'jjl8y': 'jjl8y',
  'abcdefghij': 'abcdefghij',
  'A-b._~9': 'A-b._~9',
  'a/b?c': 'a%2Fb%3Fc',
  '../..': '..%2F..',
  'a b%c': 'a%20b%25c',
  '#"\\<>': '%23%22%5C%3C%3E',
  '%2e%2e': '%252e%252e',
};

for (const [given, expected] of Object.entries(written)) {
  test(`the id ${given} is sent as ${expected}`, async (t) => {
    const server = await answering(t, says('Stopped'));

    assert.strictEqual((await ask(server, [given])).code, 0);
    assert.strictEqual(server.received.split('\r\n')[0], `GET /v1/mock-apis/${expected}/recordings/status HTTP/1.1`);
  });
}

test('an id with quote and backslash is escaped in JSON', async (t) => {
  const { stdout } = await ask(await answering(t, says('Stopped')), ['-o', 'json', 'a"b\\c']);

  assert.strictEqual(JSON.parse(stdout).id, 'a"b\\c');
});

// URLs.

const urls = [
  // the URL, in which PORT stands for that of a server; the message
  ['localhost:PORT', /does not begin with https:\/\/ or http:\/\//],
  ['', /does not begin with https:\/\/ or http:\/\//],
  ['//localhost:PORT', /does not begin with/],
  ['ftp://localhost:PORT', /does not begin with/],
  ['https:/localhost:PORT', /does not begin with/],
  ['https://', /it has no host/],
  ['https:///path', /it has no host/],
  ['https://:PORT', /it has no host/],
  ['https://user@localhost:PORT', /user info/],
  ['https://user:secret@localhost:PORT', /user info/],
  ['https://localhost:', /its port is not a number from 1 to 65535/],
  ['https://localhost:0', /its port is not/],
  ['https://localhost:65536', /its port is not/],
  ['https://localhost:4294967739', /its port is not/],
  ['https://localhost:abc', /its port is not/],
  ['https://localhost:-1', /its port is not/],
  ['https://localhost:PORT:PORT', /its port is not/],
  ['https://localhost:PORT ', /its port is not/],
  ['https://localhost:PORT?x', /query or a fragment/],
  ['https://localhost:PORT/#x', /query or a fragment/],
  ['https://[::1', /does not end in \]/],
  ['https://[::1]PORT', /its port is not/],
  ['https://[]:PORT', /it has no host/],
  ['https://[localhost]:PORT', /brackets do not contain an IPv6 address/],
  ['https://[::1%]:PORT', /the zone of its IPv6 address is not/],
  ['https://[::1%25a b]:PORT', /the zone of its IPv6 address is not/],
  ['https://[::1%25%6c%6f]:PORT', /the zone of its IPv6 address is not/],
  ['https://[::1%lo%lo]:PORT', /the zone of its IPv6 address is not/],
  ['https://[::1%lo:1]:PORT', /the zone of its IPv6 address is not/],
  [`https://[::1%25${'a'.repeat(60)}]:PORT`, /the zone of its IPv6 address is not/],
  ['https://[%lo]:PORT', /brackets do not contain an IPv6 address/],
  ['https://127.0.0.1%lo:PORT', /no host name or address has/],
  ['https://local host:PORT', /no host name or address has/],
  ['https://local\r\nhost:PORT', /no host name or address has/],
  ['https://caf\u00e9.example:PORT', /xn--/],
  [`https://${'a'.repeat(300)}:PORT`, /longer than 255 characters/],
  ['https://localhost:PORT/a b', /a base path/],
  ['https://localhost:PORT/a\r\nX: y', /a base path/],
];

for (const [url, message] of urls) {
  test(`the URL ${JSON.stringify(url.slice(0, 45))} is refused`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const given = url.replace(/PORT/g, server.port);

    for (const options of [['--endpoint', given, id], ['--self-hosted', given]]) {
      const { code, stdout, stderr } = await wmrec([...options, '--cacert', certificate('roots.pem')]);

      assert.deepStrictEqual([code, stdout], [78, '']);
      assert.match(stderr, message);
    }
    assert.strictEqual(server.connections, 0);
  });
}

test('--endpoint http:// is refused, as it would expose the key; no connection is made', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });
  const { code, stderr } = await ask(server);

  assert.strictEqual(code, 78);
  assert.match(stderr, /verified TLS is needed.*Give an https:\/\/ URL; for a WireMock server of yours, use --self-hosted/);
  assert.strictEqual(server.connections, 0);
});

test('WMC_API_ENDPOINT sets the endpoint, and --endpoint overrides it', async (t) => {
  const server = await answering(t, says('Stopped'));
  const second = await answering(t, says('Recording'));
  const environment = { WMC_API_ENDPOINT: server.url };

  assert.strictEqual((await wmrec(patiently(['--cacert', certificate('roots.pem'), id]), { environment })).stdout, 'Stopped\n');
  assert.strictEqual((await ask(second, [id], { environment })).stdout, 'Recording\n');
  assert.strictEqual(server.connections, 1);
});

test('a base path precedes the path of the API, with or without a slash at its end; the scheme may be in upper case', async (t) => {
  const server = await answering(t, says('Stopped'));

  for (const end of ['/a/b', '/a/b/'])
    assert.strictEqual((await ask({ url: server.url.replace('https', 'HTTPS') + end })).code, 0);
  assert.deepStrictEqual(server.received.match(/^GET .*$/gm), Array(2).fill('GET /a/b/v1/mock-apis/jjl8y/recordings/status HTTP/1.1'));
});

const selfHosted = { '': '/__admin', '/': '/__admin', '/wiremock': '/wiremock/__admin', '/a/b/': '/a/b/__admin' };

for (const [path, expected] of Object.entries(selfHosted)) {
  test(`a self-hosted server with base path "${path}" is asked at ${expected}/recordings/status`, async (t) => {
    for (const name of ['ec', null]) {
      const server = await answering(t, says('Recording'), { certificate: name });
      const { code, stdout } = await askSelfHosted({ url: server.url + path });

      assert.deepStrictEqual([code, stdout], [0, 'Recording\n']);
      assert.strictEqual(server.received.split('\r\n')[0], `GET ${expected}/recordings/status HTTP/1.1`);
    }
  });
}

test('the id of a self-hosted server is null in JSON', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });

  assert.match((await askSelfHosted(server, ['-o', 'json'])).stdout, /^\{"id":null,"status":"Stopped",/);
});

// --cacert

const caFiles = [
  // what is wrong, the file, the message
  ['is not PEM', () => file('nothing of the kind\n'), /no certificate in PEM/],
  ['has an invalid certificate', () => file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'), /no certificate in PEM/],
  ['ends in the middle', () => file(fs.readFileSync(certificate('root.crt'), 'latin1').slice(0, 300)), /it ends within a certificate, so a part of it is missing/],
  ['has a whole certificate and ends in another one', () => file(fs.readFileSync(certificate('root.crt'), 'latin1').repeat(2).slice(0, -40)), /it ends within a certificate/],
  ['has a key and no certificate', () => certificate('ec.key'), /no certificate in PEM/],
  ['is a certificate in DER', () => file(Buffer.from([0x30, 0x82, 0x01, 0x00, 0x30])), /no certificate in PEM/],
  ['has a NUL', () => file('\0'), /no certificate in PEM/],
  ['is empty', () => file(''), /it is empty/],
  ['is missing', () => '/nowhere/roots.pem', /No such file or directory/],
  ['is a folder', () => '/', /CA file \/: .*(directory|device)/i],
  ['is a device', () => '/dev/null', /CA file \/dev\/null: it is empty/],
  ['has no end', () => '/dev/zero', /CA file \/dev\/zero: it is too large: the maximum is 1 MiB/],
];

for (const [what, path, message] of caFiles) {
  test(`a CA file that ${what} is refused: exit status 78, and no connection is made`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { code, stdout, stderr } = await wmrec(['--endpoint', server.url, '--cacert', path(), id]);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, message);
    assert.strictEqual(server.connections, 0);
  });
}

test('a root in a CA file is used, whatever text and invalid certificates are around it, also with CR LF', async (t) => {
  const server = await answering(t, says('Stopped'));
  const root = fs.readFileSync(certificate('root.crt'), 'latin1').replace(/\n/g, '\r\n');
  const bad = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const { code, stderr } = await wmrec(patiently(['--endpoint', server.url, '--cacert', file(`# roots\n${bad}${root}${bad}# end`), id]));

  assert.strictEqual(code, 0, stderr);
});

test('without --cacert only the roots of the system are trusted', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stderr } = await wmrec(patiently(['--endpoint', server.url, id]));

  assert.ok(code === 69 || code === 78, stderr);
  assert.strictEqual(server.received, '');
});

test('watch keeps the roots that it has read if the CA file is truncated later', async (t) => {
  const roots = file(fs.readFileSync(certificate('roots.pem')));
  const server = await answering(t, () => says(fs.statSync(roots).size > 0 ? 'Stopped' : 'Recording', { Connection: 'close' }),
    { maxVersion: 'TLSv1.2', secureOptions: SSL_OP_NO_TICKET }); // without resumption, each connection verifies the certificate
  const running = watch(server, ['watch', '--cacert', roots, '--interval', '0.1s', id]);

  await running.until(/Stopped/);
  fs.truncateSync(roots);
  await running.until(/Recording/);
  running.kill('SIGTERM');
  const { code, stderr } = await running.end();
  assert.deepStrictEqual([code, stderr], [143, '']);
});

test('a CA file may be a pipe', async (t) => {
  const server = await answering(t, says('Stopped'));
  const line = `cat '${certificate('roots.pem')}' | "$0" "$@" --endpoint ${server.url} --cacert /dev/stdin ${id}`;
  const { code, stdout, stderr } = await run('sh', ['-c', line, program, ...patiently([])], { environment: { WMC_API_TOKEN: 'x' } });

  assert.deepStrictEqual([code, stdout, stderr], [0, 'Stopped\n', '']);
});

// --resolve

test('--resolve connects to its address, and verifies the certificate for the name in the URL', async (t) => {
  const server = await answering(t, says('Stopped'));
  const url = server.url.replace('localhost', 'nowhere.invalid');
  const { code, stderr } = await ask({ url }, ['--resolve', `nowhere.invalid:${server.port}:127.0.0.1`, id]);

  assert.strictEqual(code, 69);
  assert.match(stderr, /certificate is for another host\. Check the host name\. If this network asks its users to log in first/);
  assert.strictEqual(server.connections, 1);
});

test('--resolve for a host or port that is not asked is a misuse', async (t) => {
  const server = await answering(t, says('Stopped'));

  for (const given of [`localhost:${server.port - 1}:127.0.0.1`, `other:${server.port}:127.0.0.1`])
    assert.strictEqual((await ask(server, ['--resolve', given, id])).code, 64);
  assert.strictEqual(server.connections, 0);
});

test('--resolve accepts an IPv6 address with or without brackets', async (t) => {
  const server = await answering(t, says('Stopped'), { host: '::1' });

  for (const address of ['::1', '[::1]'])
    assert.strictEqual((await ask(server, ['--resolve', `localhost:${server.port}:${address}`, id])).code, 0);
  assert.strictEqual(server.connections, 2);
});

test('--resolve accepts a host that is an IPv6 address in brackets', async (t) => {
  const server = await answering(t, says('Stopped'));
  const url = `https://[::1]:${server.port}`;

  assert.strictEqual((await ask({ url }, ['--resolve', `[::1]:${server.port}:127.0.0.1`, id])).code, 0);
});

test('--resolve to text that is neither an address nor a name: exit status 69', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual((await ask(server, ['--resolve', `localhost:${server.port}:not an address`, id])).code, 69);
});
