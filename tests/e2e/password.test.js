// Basic authentication (RFC 7617): where the user and the password are read from, and where the password must never go. (launch() in
// support.js checks in every run that the password, also in base64, is on no command line, and not printed.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, askSelfHosted, certificate, file, http, id, key, launch, patiently, program, says, serve, wmrec,
} = require('./support');
const { startWireMock, temporaryFolder } = require('./wiremock');

const password = key; // the secret that launch() looks for
const token = (user, secret = password) => Buffer.from(`${user}:${secret}`).toString('base64');

/** The value of Authorization that arrived; null: no such field, or no request. */
function authorization(server) {
  return /^Authorization: (.*)\r$/m.exec(server.received)?.[1] ?? null;
}

/** Asks a self-hosted server with the user alice. */
function askAs(server, options = [], settings = {}) {
  return askSelfHosted(server, ['--user', 'alice', ...options], { key: null, ...settings });
}

const plain = { certificate: null };

const sources = {
  'a file': [() => ['--password-file', file(password)], {}],
  'a file with a newline': [() => ['--password-file', file(`${password}\n`)], {}],
  'a file with CR LF': [() => ['--password-file', file(`${password}\r\n`)], {}],
  'standard input': [() => ['--password-file', '-'], { input: `${password}\n` }],
  WMREC_PASSWORD: [() => [], { environment: { WMREC_PASSWORD: password } }],
  'a file, which overrides WMREC_PASSWORD': [() => ['--password-file', file(password)], { environment: { WMREC_PASSWORD: 'another' } }],
};

for (const [what, [options, settings]] of Object.entries(sources)) {
  test(`the password is read from ${what}, and sent over TLS or plain HTTP`, async (t) => {
    for (const how of [{}, plain]) {
      const server = await answering(t, says('Stopped'), how);

      assert.deepStrictEqual(await askAs(server, options(), settings), { code: 0, stdout: 'Stopped\n', stderr: '' });
      assert.strictEqual(authorization(server), `Basic ${token('alice')}`);
    }
  });
}

for (const [user, secret] of [['\u00fc\u65e5 b', 'p\u00e4ss w\u00f6rd:'], ['a', 'b'], ['a', 'x'.repeat(4093)]]) {
  test(`user ${user} and a password of ${secret.length} characters are sent as they are, in base64`, async (t) => {
    const server = await answering(t, says('Stopped'), plain);

    assert.strictEqual((await askSelfHosted(server, ['--user', user, '--password-file', file(secret)],
      secret.length > 8 ? { secret } : {})).code, 0);
    assert.strictEqual(authorization(server), `Basic ${token(user, secret)}`);
  });
}

test('a password that is not UTF-8 is sent as it is', async (t) => {
  const server = await answering(t, says('Stopped'), plain);

  await askAs(server, ['--password-file', file(Buffer.from([0xfc, 0xff]))]);
  assert.strictEqual(authorization(server), `Basic ${Buffer.from('alice:\xfc\xff', 'latin1').toString('base64')}`);
});

const refused = [
  // what the file is, its content, the message
  ['is empty', '', /it is empty/],
  ['has a newline only', '\n', /it is empty/],
  ['has two lines', 'pass\nword', /it has more than one line: it must contain the password/],
  ['has a NUL', 'pass\0word', /it has a NUL byte/],
  ['has a control character', 'pass\tword', /it has a control character/],
  ['has a DEL', 'pass\x7fword', /it has a control character/],
  ['is too long', 'x'.repeat(4090), /it is too long: user and password have at most 4,094 characters/],
  ['is far too long', 'x'.repeat(1e6), /it is too long/],
];

for (const [what, content, message] of refused) {
  test(`a password file that ${what} is refused, and no connection is made`, async (t) => {
    const server = await answering(t, says('Stopped'), plain);
    const name = file(content);
    const { code, stdout, stderr } = await askAs(server, ['--password-file', name]);

    assert.deepStrictEqual([code, stdout, server.connections], [78, '', 0]);
    assert.match(stderr, message);
    assert.ok(stderr.startsWith(`wmrec: the password file ${name}: `), stderr);
  });
}

for (const [value, message] of [['pass\tword', /WMREC_PASSWORD: it has a control character/], ['x'.repeat(4090), /WMREC_PASSWORD: it is too long/],
  ['x'.repeat(100000), /WMREC_PASSWORD: it is too long/], ['', /WMREC_PASSWORD: it is not set/]]) {
  test(`WMREC_PASSWORD of ${value.length} characters is refused: ${message}`, async (t) => {
    const server = await answering(t, says('Stopped'), plain);
    const { code, stderr } = await askAs(server, [], { environment: { WMREC_PASSWORD: value } });

    assert.deepStrictEqual([code, server.connections], [78, 0]);
    assert.match(stderr, message);
  });
}

test('a password file that others can read causes a warning', async (t) => {
  const server = await answering(t, says('Stopped'), plain);
  const name = file(password);

  fs.chmodSync(name, 0o644);
  assert.strictEqual((await askAs(server, ['--password-file', name])).stderr,
    `wmrec: the password file ${name} can be read by other users: chmod 600 ${name}\n`);
});

const secret = 'hunter2-is-a-secret';
const misuses = [
  // the command line, the message
  [['--user', `alice:${secret}`, '--self-hosted', 'http://localhost'], /--user: the name of a user has no colon/],
  [[`--user=alice:${secret}`, '--self-hosted', 'http://localhost'], /--user: the name of a user has no colon/],
  [['--user', 'alice', '--password', secret, '--self-hosted', 'http://localhost'], /no option takes a password/],
  [['--user', 'alice', `--password=${secret}`, '--self-hosted', 'http://localhost'], /no option takes a password/],
  [['--user', 'alice', `--pass=${secret}`, '--self-hosted', 'http://localhost'], /--pass: the option is unknown/],
  [['--self-hosted', `http://alice:${secret}@localhost`], /user info.*use --user and --password-file/],
  [['--user', '', '--self-hosted', 'http://localhost'], /--user: the name of the user is empty/],
  [['--user', 'a\nb', '--self-hosted', 'http://localhost'], /--user: .* no control character/],
  [['--password-file', 'file', '--self-hosted', 'http://localhost'], /--password-file needs --user/],
  [['--user', 'alice', '--token-file', 'file', '--self-hosted', 'http://localhost'], /give either --user, or --token-file/],
  [['--user', 'alice', id], /--user needs --self-hosted: WireMock Cloud takes API keys only/],
  [['--user', 'alice', '--server', 'https://localhost', id], /--user needs --self-hosted/],
  [['settings', '--read', 'file', '--user', 'alice'], /takes a file and no other options/],
];

for (const [options, message] of misuses) {
  test(`refused: ${options.join(' ').replace('\n', ' ')}`, async () => {
    const { code, stdout, stderr } = await wmrec(options, { key: null });

    assert.ok([64, 78].includes(code) && stdout === '', stderr);
    assert.match(stderr, message);
    assert.ok(!stderr.includes(secret), stderr);
  });
}

test('the key of the Cloud is not sent with a user, and not kept', async (t) => {
  const server = await answering(t, says('Stopped'), plain);

  await askSelfHosted(server, ['--user', 'alice', '--password-file', file('another')]); // WMC_API_TOKEN is set
  assert.strictEqual(authorization(server), `Basic ${token('alice', 'another')}`);
});

test('WMREC_PASSWORD is not sent without --user', async (t) => {
  const server = await answering(t, says('Stopped'), plain);

  await askSelfHosted(server, [], { key: null, environment: { WMREC_PASSWORD: password } });
  assert.strictEqual(authorization(server), null);
});

test('a password and its base64 that a server echoes are redacted in all output', async (t) => {
  const echoes = [password, token('alice'), `Basic ${token('alice')}`, `alice:${password}`, encodeURIComponent(`"${password}`),
    `\\u00${password.charCodeAt(0).toString(16)}${password.slice(1)}`];

  for (const echo of echoes) {
    for (const bytes of [answer(200, `{"status":"${echo}"}`, { 'X-Echo': echo }), answer(401, echo), answer(302, echo, { Location: `/?${echo}` })]) {
      for (const format of [[], ['-v'], ['-o', 'json'], ['-v', '-o', 'json']]) {
        const { stdout, stderr } = await askAs(await answering(t, bytes, plain), ['--password-file', file(password), ...format]);
        const all = (stdout + stderr).replace(/\\u00(..)/g, (_, code) => String.fromCharCode(parseInt(code, 16)));

        assert.ok(!all.includes(password) && !all.includes(token('alice')), all);
        assert.ok(format.includes('json') || stderr.includes('[key]'), stderr);
      }
    }
  }
});

test('-v redacts a password with letters outside of ASCII, as it is and as in a URL, and in pieces of any size', async (t) => {
  const special = 'p\u00e4ssw\u00f6rd-\u65e5';
  const server = await serve(t, http(async (socket) => {
    for (const byte of Buffer.from(answer(401, `a ${special} b ${encodeURIComponent(special)}\n`))) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
  }), plain);
  const { stderr } = await askAs(server, ['-v', '--password-file', file(special)]);

  assert.match(stderr, /^< a \[key\] b \[key\]$/m);
  assert.match(stderr, /says: a \[key\] b \[key\]$/m);
  assert.doesNotMatch(stderr, /ssw\\x|rd-/);
});

test('-v shows that Basic authentication is used, but not the credentials', async (t) => {
  const { stderr } = await askAs(await answering(t, says('Stopped'), plain), ['-v', '--password-file', file(password)]);

  assert.match(stderr, /^> Authorization: Basic \[key\]$/m);
});

test('a 401 or 403 blames the user or the password, not a key', async (t) => {
  for (const [status, message] of [[401, /the user or the password is not accepted \(401\)\. Check --user, and WMREC_PASSWORD/],
    [403, /the user may not see this \(403\)/]]) {
    const { code, stderr } = await askAs(await answering(t, answer(status), plain), ['--password-file', file(password)]);

    assert.strictEqual(code, 77);
    assert.match(stderr, message);
  }
});

test('after a 401, the password file is read again', async (t) => {
  const name = file('old-password');
  const server = await answering(t, (request) => {
    if (request.includes(token('alice')))
      return says('Stopped');
    fs.writeFileSync(name, `${password}\n`);
    return answer(401);
  }, plain);
  const running = launch(program, patiently(['watch', '--self-hosted', server.url, '--interval', '1h', '--user', 'alice', '--password-file', name]));

  await running.until(/Stopped/);
  running.kill('SIGTERM');
  assert.match((await running.end()).stderr, /not accepted \(401\).*\n.*it answers again\.\n$/);
});

test('settings has user and password: --write puts them into the block, --read shows the user, never the password', async () => {
  for (const hex of [[], ['--hex']]) {
    const name = path.join(temporaryFolder(), `basic-${hex.length}`);
    const written = await wmrec(['settings', '--write', name, ...hex, '--self-hosted', 'https://wiremock.example', '--user', '\u00fcser',
      '--password-file', file(password)], { key: null });
    const { code, stdout, stderr } = await wmrec(['settings', '--read', name], { key: null });

    assert.deepStrictEqual(written, { code: 0, stdout: '', stderr: '' });
    assert.deepStrictEqual([code, stdout, stderr], [0, 'endpoint https://wiremock.example\nid none\nuser \\xc3\\xbcser\npassword [key]\n' +
      'interval 60s\nntp-server none\nsecret [secret]\nroots 0\n', '']);
    if (hex.length === 0)
      assert.ok(fs.readFileSync(name).includes(`${token('\u00fcser')}\0\0Basic\0`));
    fs.rmSync(name);
  }
});

test('a real WireMock with --admin-api-basic-auth and --admin-api-require-https', async (t) => {
  const wiremock = await startWireMock(path.dirname(certificate('roots.pem')), 'ec',
    ['--admin-api-basic-auth', `alice:${password}`, '--admin-api-require-https']);
  t.after(() => wiremock.stop());
  const tls = { url: wiremock.tlsUrl };

  assert.strictEqual((await askAs(tls, ['--password-file', file(password)])).stdout, 'NeverStarted\n');
  for (const [options, message] of [[['--user', 'alice', '--password-file', file('wrong')], /user or the password is not accepted/],
    [['--user', 'bob', '--password-file', file(password)], /user or the password is not accepted/],
    [[], /asks for a key or a password \(401\)\. Give .* --user NAME and --password-file PATH/]]) {
    const { code, stderr } = await askSelfHosted(tls, options, { key: null });

    assert.strictEqual(code, 77);
    assert.match(stderr, message);
  }
  const { code, stderr } = await askAs({ url: wiremock.url }, ['--password-file', file(password)]);
  assert.strictEqual(code, 77);
  assert.match(stderr, /\. Give an https:\/\/ URL\. The server says: .*HTTPS is required/);
});
