// The API key: where it is read from, and where it must never go. (launch() in support.js checks in every run that the key is on no
// command line, and not printed.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, ask, askSelfHosted, certificate, file, http, id, key, patiently, program, run, says, serve, wmrec,
} = require('./support');
const { temporaryFolder } = require('./wiremock');

const other = 'another-key-0123456789'; // the key in a file, where the environment has `key`

/** The value of Authorization that arrived; null: no such field, or no request. */
function authorization(server) {
  return /^Authorization: (.*)\r$/m.exec(server.received)?.[1] ?? null;
}

test('the key is read from WMC_API_TOKEN', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual((await ask(server)).code, 0);
  assert.strictEqual(authorization(server), `Token ${key}`);
});

const files = {
  'without a newline': other,
  'with a newline at its end': `${other}\n`,
  'with CR LF at its end': `${other}\r\n`,
};

for (const [what, content] of Object.entries(files)) {
  test(`--token-file overrides WMC_API_TOKEN; the file has the key ${what}`, async (t) => {
    const server = await answering(t, says('Stopped'));

    assert.strictEqual((await ask(server, ['--token-file', file(content), id])).code, 0);
    assert.strictEqual(authorization(server), `Token ${other}`);
  });

  test(`--token-file - reads standard input, which has the key ${what}`, async (t) => {
    const server = await answering(t, says('Stopped'));

    assert.strictEqual((await ask(server, ['--token-file', '-', id], { key: null, input: content })).code, 0);
    assert.strictEqual(authorization(server), `Token ${other}`);
  });
}

const refused = [
  // what is wrong, content, message
  ['is empty', '', /it is empty/],
  ['has a newline only', '\n', /it is empty/],
  ['has two lines', `${other}\nmore\n`, /more than one line/],
  ['has an empty line after the key', `${other}\n\n`, /more than one line/],
  ['has a CR inside', `${other}\rmore`, /more than one line/],
  ['has a newline first', `\n${other}`, /more than one line/],
  ['has a NUL inside', `${other}\0more`, /NUL byte/],
  ['has a NUL at its end', `${other}\0`, /NUL byte/],
  ['has a space inside', `${other} more`, /character other than visible ASCII/],
  ['has a space at its end', `${other} \n`, /character other than visible ASCII/],
  ['has a letter outside of ASCII', `${other}\u00fc`, /character other than visible ASCII/],
  ['has a control character', `${other}\u0001`, /character other than visible ASCII/],
  ['has a byte order mark', `\ufeff${other}`, /character other than visible ASCII/],
  ['is far too long', 'x'.repeat(100000), /too long for a key/],
];

for (const [what, content, message] of refused) {
  test(`a token file that ${what} is refused, and no connection is made`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const settings = content === '' ? {} : { secret: content.trim() || key };
    const { code, stdout, stderr } = await ask(server, ['--token-file', file(content), id], settings);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, message);
    assert.strictEqual(server.connections, 0);
  });
}

for (const [mode, isExposed] of [[0o644, true], [0o640, true], [0o604, true], [0o600, false], [0o400, false], [0o622, false]]) {
  test(`a token file of mode 0${mode.toString(8)} ${isExposed ? 'can be read by others: chmod is advised' : 'is used without a warning'}`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const name = file(other);

    fs.chmodSync(name, mode); // independent of the umask
    const { code, stdout, stderr } = await ask(server, ['--token-file', name, id]);
    assert.deepStrictEqual([code, stdout], [0, 'Stopped\n']);
    assert.strictEqual(stderr, isExposed ? `wmrec: the token file ${name} can be read by other users: chmod 600 ${name}\n` : '');
    assert.strictEqual((await ask(server, ['-q', '--token-file', name, id])).stderr, '');
  });
}

test('a token file of another user causes a warning if everybody can read it, but not if only a group can', {
  skip: process.getuid() !== 0 && 'only root can change the owner',
}, async (t) => {
  const server = await answering(t, says('Stopped'));
  const name = file(other);

  fs.chownSync(name, 1, 1);
  fs.chmodSync(name, 0o440);
  assert.strictEqual((await ask(server, ['--token-file', name, id])).stderr, '');
  fs.chmodSync(name, 0o444);
  assert.match((await ask(server, ['--token-file', name, id])).stderr, /can be read by other users: chmod 600/);
});

test('a key from a pipe or from standard input causes no warning', async (t) => {
  const server = await answering(t, says('Stopped'));
  const name = file(other, 0o644);

  for (const source of [`cat ${name} | "$0" "$@" --token-file /dev/stdin`, `"$0" "$@" --token-file - <${name}`]) {
    const options = patiently(['--endpoint', server.url, '--cacert', certificate('roots.pem'), id]);
    const { code, stderr } = await run('sh', ['-c', source, program, ...options]);
    assert.deepStrictEqual([code, stderr], [0, '']);
  }
});

test('the message names a token file that is missing', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stderr } = await ask(server, ['--token-file', '/nowhere/key', id]);

  assert.strictEqual(code, 78);
  assert.match(stderr, /token file \/nowhere\/key: No such file or directory/);
  assert.strictEqual(server.connections, 0);
});

test('a token file that is a folder is refused', async () => {
  const { code, stderr } = await wmrec(['--token-file', '/', id]);

  assert.strictEqual(code, 78);
  assert.match(stderr, /Is a directory/);
});

test('a token file without permission to read it is refused', { skip: process.getuid() === 0 && 'root can read every file' }, async () => {
  const { code, stderr } = await wmrec(['--token-file', file(other, 0), id]);

  assert.strictEqual(code, 78);
  assert.match(stderr, /Permission denied/);
});

for (const [what, value] of [['not set', null], ['empty', '']]) {
  test(`WMC_API_TOKEN ${what}: exit status 78, the message says what to do, and no connection is made`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { code, stderr } = await ask(server, [id], { key: value });

    assert.strictEqual(code, 78);
    assert.match(stderr, /Set WMC_API_TOKEN, or give --token-file PATH\. Keys: https:\/\//);
    assert.strictEqual(server.connections, 0);
  });
}

for (const [what, value] of [['a line feed', 'k\nX-Evil: 1'], ['CR LF', 'k\r\nX-Evil: 1'], ['a space', 'k k'],
  ['a letter outside of ASCII', 'k\u00fc'], ['DEL', 'k\u007f']]) {
  test(`WMC_API_TOKEN with ${what} is refused, and no connection is made`, async (t) => {
    const server = await answering(t, says('Stopped'));

    assert.strictEqual((await ask(server, [id], { key: value, secret: value })).code, 78);
    assert.strictEqual(server.connections, 0);
  });
}

test('a key of 4095 characters is sent whole; a longer one is refused, not truncated', async (t) => {
  const server = await answering(t, says('Recording'));
  const longest = 'k'.repeat(4095);

  assert.strictEqual((await ask(server, [id], { key: longest, secret: longest })).code, 0);
  assert.ok(server.received.includes(`Token ${longest}\r\n`));
  for (const length of [4096, 5000, 100000]) {
    const value = 'k'.repeat(length);
    const { code, stderr } = await ask(server, [id], { key: value, secret: value });

    assert.strictEqual(code, 78);
    assert.match(stderr, /WMC_API_TOKEN: it is too long for a key/);
  }
  assert.strictEqual(server.connections, 1);
});

for (const [scheme, name] of [['https', 'ec'], ['http', null]]) {
  test(`WMC_API_TOKEN is never sent to a self-hosted server (${scheme})`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: name });
    const { code, stdout } = await askSelfHosted(server);

    assert.deepStrictEqual([code, stdout], [0, 'Recording\n']);
    assert.strictEqual(authorization(server), null);
    assert.ok(!server.received.includes(key));
  });

  test(`the key of --token-file is sent to a self-hosted server (${scheme})`, async (t) => {
    const server = await answering(t, says('Recording'), { certificate: name });

    await askSelfHosted(server, ['--token-file', file(other)]);
    assert.strictEqual(authorization(server), `Token ${other}`);
  });
}

// -v

test('-v shows the exchange, with [key] in place of the key', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stdout, stderr } = await ask(server, ['-v', id]);

  assert.deepStrictEqual([code, stdout], [0, 'Stopped\n']);
  assert.match(stderr, /^\* connected to (127\.0\.0\.1|::1) port \d+, TLSv1\.3, [\w-]+, certificate verified$/m);
  assert.match(stderr, /^> GET \/v1\/mock-apis\/jjl8y\/recordings\/status HTTP\/1\.1$/m);
  assert.match(stderr, /^> Authorization: Token \[key\]$/m);
  assert.match(stderr, /^< HTTP\/1\.1 200 Reason$/m);
  assert.match(stderr, /^< {3}"status" : "Stopped"$/m);
});

const echoes = {
  'in a header': () => [says('Stopped', { 'X-Echo': key })],
  'in the body': () => [answer(200, `{"status":"Stopped","echo":"${key}"}`)],
  'twice in a row': () => [answer(200, `{"status":"Stopped","echo":"${key}${key}"}`)],
  'after a part of itself': () => [answer(200, `{"status":"Stopped","echo":"${key.slice(0, 7)}${key}"}`)],
  'in two pieces': () => [says('Stopped', { 'X-Echo': key }).slice(0, 60), says('Stopped', { 'X-Echo': key }).slice(60)],
  'in single bytes': () => [...says('Stopped', { 'X-Echo': key })],
  'as a status': () => [answer(200, `{"status":"${key}"}`)],
};

for (const [where, pieces] of Object.entries(echoes)) {
  for (const verbose of [['-v'], []]) {
    test(`a key that the server echoes ${where} is not shown ${verbose.length ? 'with' : 'without'} -v`, async (t) => {
      const server = await serve(t, http(async (socket) => {
        for (const piece of pieces()) {
          socket.write(piece);
          await new Promise(setImmediate);
        }
      }));
      const { stderr } = await ask(server, [...verbose, id]);

      if (verbose.length)
        assert.match(stderr, /^< .*\[key\]/m);
    });
  }
}

test('-v shows no part of a key at any place of a line that is longer than its buffer', async (t) => {
  const around = (before) => says('Stopped', { 'X-Echo': 'x'.repeat(before) + key + 'x'.repeat(20000) });

  for (let before = 8192 - 80; before < 8192 + 20; before += 3) {
    const server = await answering(t, around(before));
    const { stderr } = await ask(server, ['-v', id]);

    assert.match(stderr, /\[key\]/);
    assert.doesNotMatch(stderr, new RegExp(key.slice(0, 20)), 'nor its first half');
    assert.doesNotMatch(stderr, new RegExp(key.slice(-20)), 'nor its second half');
  }
});

test('a key that the server sends as the status is not shown in JSON', async (t) => {
  const server = await answering(t, answer(200, `{"status":"${key}"}`));
  const { code } = await ask(server, ['-o', 'json', id]);

  assert.strictEqual(code, 76);
});

// What other users of this machine can see.

for (const [what, options] of [['the key of WMC_API_TOKEN', () => []], ['the key of a file', () => ['--token-file', file(other)]]]) {
  test(`while wmrec runs with ${what}, the key is neither on its command line nor in its environment, and it cannot dump core`, {
    skip: process.platform !== 'linux' && 'it is read from Linux\'s /proc',
  }, async (t) => {
    const seen = {};
    const server = await serve(t, http((socket) => {
      for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          if (fs.readlinkSync(`/proc/${pid}/exe`) === fs.realpathSync(program) && isChild(pid))
            for (const what of ['cmdline', 'environ', 'limits'])
              seen[what] = fs.readFileSync(`/proc/${pid}/${what}`, 'latin1');
        } catch {
          // a process of another user, or one that has ended
        }
      }
      socket.write(says('Stopped'));
    }));

    assert.strictEqual((await ask(server, [...options(), id])).code, 0);
    assert.match(seen.cmdline, /--endpoint/);
    assert.match(seen.environ, /WMC_API_TOKEN=/);
    assert.ok(!seen.cmdline.includes(key));
    assert.ok(!seen.environ.includes(key), 'it is wiped');
    assert.match(seen.limits, /^Max core file size +0 +0 /m);
  });
}

function isChild(pid) {
  return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
}

test('no option takes the key as its value', async () => {
  const { stdout } = await run(program, ['--help']);

  assert.doesNotMatch(stdout, /--(token|key|api-key|password)[ =]/);
});

for (const option of ['--token', '--key', '--api-key', '--tok']) {
  test(`a key after ${option}, which is no option, is not shown in the message`, async () => {
    const { code, stderr } = await run(program, [option, other, id]);

    assert.ok(!stderr.includes(other), stderr);
    assert.strictEqual(code, 64);
  });
}

test('a token file that is too long is not taken for a key: the message is not redacted', async () => {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'long-'));
  const name = `${folder}/${'./'.repeat(2048)}`.slice(0, 4088) + '/key'; // the message begins as the file does
  const message = `the token file ${name}: it is too long for a key: the maximum is 4,095 characters.`;

  fs.writeFileSync(path.join(folder, 'key'), message.slice(5, 5 + 4096), { mode: 0o600 });
  const { code, stderr } = await wmrec(['--token-file', name, id], { environment: {} });

  assert.deepStrictEqual([code, stderr], [78, `wmrec: ${message}\n`]);
});
