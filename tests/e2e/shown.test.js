// Text from servers, options, files and the environment: wmrec shows it as printable ASCII, without secrets.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, ask, askJson, file, http, id, key, program, run, serve, wmrec } = require('./support');
const { temporaryFolder } = require('./wiremock');

/** Characters that control a terminal or change the direction of text, and letters of 2 to 4 bytes in UTF-8. */
const nasty = {
  'a C1 control': '\u009b31m',
  DEL: '\x7f',
  'a right-to-left override': '\u202e',
  'an isolate': '\u2066',
  'a right-to-left mark': '\u200f',
  'a line separator': '\u2028',
  'letters outside of ASCII': 'gr\u00f6\u00dfe \u65e5 \u{1f600}',
};
const allNasty = Object.values(nasty).join('');
const withEscape = `${allNasty}\x1b[2J\x07\r`; // not allowed in a string of JSON, but possible elsewhere

/** Checks that all output is lines of printable ASCII, and tabs on standard output. */
function assertPrintable({ stdout, stderr }) {
  assert.match(stdout, /^[\x20-\x7e\t\n]*$/);
  assert.match(stderr, /^[\x20-\x7e\n]*$/);
  assert.notStrictEqual(stdout + stderr, '');
}

// From the network.

const formats = [['-o', 'text'], ['-o', 'json'], ['-o', 'prometheus'], ['-v'], ['-v', '-o', 'json']];
const servers = {
  'a status': answer(200, `{"status":"${allNasty}"}`),
  'another member': answer(200, `{"${allNasty}":"${allNasty}","status":"Stopped"}`),
  'the body of a 401': answer(401, withEscape),
  'a body that is not JSON': answer(200, withEscape),
  'a header field and the reason phrase': answer(404, '', { [`X-${allNasty}`]: withEscape }).replace('Reason', withEscape),
  'an answer that is not HTTP': `${withEscape}\r\n\r\n`,
};

for (const [what, bytes] of Object.entries(servers)) {
  test(`terminal commands of a server in ${what} are shown as printable ASCII`, async (t) => {
    const server = await answering(t, bytes);

    for (const format of formats)
      assertPrintable(await ask(server, [...format, '--max-time', '30s', id]));
  });
}

for (const [what, text] of Object.entries(nasty)) {
  test(`-o json escapes ${what} in a status without changing its meaning`, async (t) => {
    const server = await answering(t, answer(200, `{"status":"a${text}z"}`));
    const { stdout } = await ask(server, ['-o', 'json', id]);

    assert.match(stdout, /^[\x20-\x7e]*\n$/);
    assert.strictEqual(JSON.parse(stdout).status, `a${text}z`);
  });
}

test('-o json keeps the escape sequences of a status', async (t) => {
  const status = String.raw`\"\\\/\b\f\n\r\t\u0041\ud83d\ude00\ud800`;
  const server = await answering(t, answer(200, `{"status":"${status}"}`));

  assert.ok((await ask(server, ['-o', 'json', id])).stdout.includes(`"status":"${status}"`));
});

// From the command line, the environment and file names.

const missing = (name) => path.join(temporaryFolder(), `${withEscape}${name}`);
const existing = (name) => {
  fs.writeFileSync(missing(name), 'x');
  return missing(name);
};
const given = {
  'an id': [withEscape],
  'one of several ids': [id, withEscape],
  'a host': ['--endpoint', `https://h${withEscape}.test`, id],
  'a URL\'s path': ['--endpoint', `https://h.test/${withEscape}`, id],
  'a URL without a scheme': ['--endpoint', withEscape, id],
  'a URL with a query': ['--endpoint', `https://h.test/${withEscape}?${withEscape}`, id],
  'two URLs of the same server': ['--self-hosted', `http://h${withEscape}`, `http://h${withEscape}`],
  'a URL without an id': ['status', `https://h${withEscape}.test`],
  'an interval': ['watch', '--interval', withEscape, id],
  'a status to wait for': ['wait', '--for', withEscape, id],
  'a format': ['-o', withEscape, id],
  'an address': ['settings', '--write', 'x', '--hex', '--address', withEscape, id],
  'an option': [`--${withEscape}`, id],
  'an option of a letter': [`-${withEscape}`, id],
  'a host to be resolved': ['--resolve', `${withEscape}:1:127.0.0.1`, id],
  'a time server': ['settings', '--write', missing('block'), '--ntp-server', withEscape, id],
  'a CA file': ['--cacert', missing('roots.pem'), id],
  'a CA file that has no certificate': ['--cacert', existing('empty.pem'), id],
  'a token file': ['--token-file', missing('key'), id],
  'a block to be read': ['settings', '--read', missing('block')],
  'a block to be written': ['settings', '--write', path.join(missing('folder'), 'block'), id],
  'a file of metrics': ['-o', 'prometheus', '--out', path.join(missing('folder'), 'metrics'), '--endpoint', 'https://127.0.0.1:1', id],
};

for (const [what, options] of Object.entries(given)) {
  test(`terminal commands in ${what} are escaped in the message`, async () => {
    const result = await wmrec(options);

    assert.notStrictEqual(result.code, 0);
    assertPrintable(result);
  });
}

for (const name of ['WMC_API_ENDPOINT', 'XDG_CACHE_HOME']) {
  test(`terminal commands in ${name} are escaped in the message`, async (t) => {
    const server = await answering(t, answer(404));
    const environment = { [name]: name === 'XDG_CACHE_HOME' ? path.join(file(''), withEscape) : `https://${withEscape}` };
    const result = name === 'XDG_CACHE_HOME' ? await ask(server, ['--keep-session', id], { environment }) : await wmrec([id], { environment });

    assertPrintable(result);
    assert.match(result.stderr, /\\x1b/);
  });
}

for (const name of ['SSL_CERT_FILE', 'SSL_CERT_DIR']) {
  test(`terminal commands in ${name} are escaped in the message`, async () => {
    const result = await wmrec(['--endpoint', 'https://127.0.0.1:1', id], { environment: { [name]: missing('roots') } });

    assert.strictEqual(result.code, 78);
    assertPrintable(result);
    assert.match(result.stderr, /\\x1b/);
  });
}

// The key, echoed by a server.

const hex = (character) => character.charCodeAt(0).toString(16).padStart(4, '0');
const repeated = {
  'unchanged': (text) => text,
  'with its first character escaped': (text) => `\\u${hex(text[0])}${text.slice(1)}`,
  'with its last character escaped': (text) => `${text.slice(0, -1)}\\u${hex(text.at(-1)).toUpperCase()}`,
  'with every character escaped': (text) => [...text].map((character) => `\\u${hex(character)}`).join(''),
  'as JSON.stringify() writes it': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'encoded for a URL': (text) => encodeURIComponent(text).replaceAll('-', '%2d'),
};
const keys = {
  'of letters and digits': key,
  'of characters that JSON and URLs escape': `K/${key}"\\%+/`,
  'that looks like escape sequences': `%25\\u0041${key}%2f`,
};

/** The text, decoded as JSON, as a URL, and as both. */
function meanings(text) {
  const json = text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (all, code, itself) => itself ?? String.fromCharCode(parseInt(code, 16)));
  const url = json.replace(/%([0-9a-f]{2})/gi, (all, code) => String.fromCharCode(parseInt(code, 16)));

  return [text, json, url, text.replace(/%([0-9a-f]{2})/gi, (all, code) => String.fromCharCode(parseInt(code, 16)))];
}

function assertNoKey({ stdout, stderr }, secret) {
  for (const meaning of meanings(stdout + stderr))
    assert.ok(!meaning.includes(secret), `the key is shown: ${stdout}${stderr}`);
}

for (const [kind, secret] of Object.entries(keys)) {
  for (const [how, write] of Object.entries(repeated)) {
    test(`a key ${kind} that a server echoes ${how} is redacted in all output`, async (t) => {
      const text = write(secret);
      const bodies = [
        answer(200, `{"status":"before ${text} after"}`, { 'X-Echo': text }),
        answer(401, `{"error":"${text}"}`),
        answer(302, text, { Location: `https://other.test/?key=${text}` }),
      ];

      for (const bytes of bodies) {
        const server = await answering(t, bytes);

        for (const format of formats) {
          const result = await ask(server, [...format, id], { key: secret, secret });

          assertNoKey(result, secret);
          assert.ok(!format.includes('-v') || result.stderr.includes('[key]'), result.stderr);
        }
      }
      const json = await askJson(await answering(t, bodies[0]), [id], { key: secret, secret });
      if (how !== 'encoded for a URL' || text !== secret)
        assert.strictEqual(json.status, null);
    });
  }
}

test('-v redacts a key that comes a byte at a time, with each character as \\uXXXX', async (t) => {
  const text = repeated['with every character escaped'](key);
  const server = await serve(t, http((socket) => {
    for (const byte of answer(401, `{"a":"${text}","b":"${text}"}`))
      socket.write(byte);
  }));
  const result = await ask(server, ['-v', id]);

  assertNoKey(result, key);
  assert.ok(result.stderr.includes('< {"a":"[key]","b":"[key]"}\n'), result.stderr);
});

test('-v redacts a key of max length, with each character as \\uXXXX, in a line that is longer than its buffer', async (t) => {
  const longest = key.padEnd(4095, 'x');
  const text = repeated['with every character escaped'](longest);
  const server = await answering(t, answer(401, 'a'.repeat(30000) + text + 'z'.repeat(9000)));
  const result = await ask(server, ['-v', id], { key: longest, secret: longest });
  const parts = result.stderr.split('\n').filter((line) => /^< (a|z|\[key\])+$/.test(line)).map((line) => line.slice(2));

  assertNoKey(result, key);
  assert.strictEqual(parts.join(''), `${'a'.repeat(30000)}[key]${'z'.repeat(9000)}`);
});

test('a key that is truncated by the end of the connection is redacted', async (t) => {
  const server = await serve(t, http((socket) => socket.end(answer(401, `{"error":"${key}"}`).slice(0, -5))));
  const result = await ask(server, ['-v', id]);

  assert.match(result.stderr, /^< \{"error":"\[key\]$/m);
});

test('text that only begins like the key is shown', async (t) => {
  const body = `${key.slice(0, -1)}!${key.slice(0, 9)}\\u00zz${key.slice(0, 5)}`;
  const server = await answering(t, answer(401, `${body}\n`));

  assert.ok((await ask(server, ['-v', id])).stderr.includes(`< ${body}\n`));
});

// Secrets in the wrong place. launch() forbids `key` among the options, so these tests use another key.

const misplaced = `wmc-misplaced-${'0123456789'.repeat(3)}`;
const mistakes = {
  'an id': [misplaced],
  'an interval': ['--interval', misplaced, id],
  'a format': ['-o', misplaced, id],
  'an option': [`--${misplaced}`, id],
  'a token file': ['--token-file', `/nowhere/${misplaced}`, id],
  'a CA file': ['--cacert', `/nowhere/${misplaced}`, id],
  'a file to be written': ['settings', '--write', `/nowhere/${misplaced}`, id],
  'a host': ['--endpoint', `https://${misplaced}:x`, id],
};

for (const [what, options] of Object.entries(mistakes)) {
  test(`a key that is given as ${what} is not shown`, async () => {
    const result = await run(program, options, { environment: { WMC_API_TOKEN: misplaced }, secret: 'no secret' });

    assert.notStrictEqual(result.code, 0);
    assertNoKey(result, misplaced);
    assert.match(result.stderr, /\[key\]/);
  });
}

test('a key that is a part of the path of a URL is not shown', async () => {
  const urls = ['http://127.0.0.1:1/a', `http://127.0.0.1:1/${misplaced}`];
  const result = await run(program, ['-v', '-o', 'text', '--token-file', file(misplaced), '--self-hosted', urls[0], '--server', urls[1]],
    { environment: {}, secret: 'no secret' });

  assert.ok(!result.stderr.includes(misplaced), result.stderr);
  assert.match(result.stderr, /^wmrec: 127\.0\.0\.1:1\/\[key\]: /m);
});

const password = 'hunter2-is-a-secret';
const urls = [
  [`https://user:${password}@host.test`, 'https://[user info]@host.test'],
  [`https://${password}@host.test:8443/path`, 'https://[user info]@host.test:8443/path'],
  [`https://user:pa/${password}@host.test`, 'https://[user info]@host.test'],
  [`https://user:p@${password}@host.test`, 'https://[user info]@host.test'],
  [`https://user:?${password}@host.test`, 'https://[user info]@host.test'],
  [`https:/user:${password}@host.test`, '[user info]@host.test'],
  [`user:${password}@host.test`, '[user info]@host.test'],
  [`user:${password}@host.test//x`, '[user info]@host.test//x'],
  [`ftp://user:${password}@host.test`, 'ftp://[user info]@host.test'],
  [`https://host.test/?token=${password}`, 'https://host.test/?[...]'],
  [`https://host.test/#${password}`, 'https://host.test/#[...]'],
  [`https://user:${password}@host.test/?token=${password}`, 'https://[user info]@host.test/?[...]'],
];
const places = {
  '--endpoint': (url) => [['--endpoint', url, id]],
  '--self-hosted': (url) => [['--self-hosted', url]],
  WMC_API_ENDPOINT: (url) => [[id], { WMC_API_ENDPOINT: url }],
  'settings, in WMC_API_ENDPOINT': (url) => [['settings', '--write', 'x', id], { WMC_API_ENDPOINT: url }],
  '--server': (url) => [['--server', url, id]],
  'the place of an id': (url) => [[url]],
};

for (const [url, shown] of urls) {
  for (const [where, give] of Object.entries(places)) {
    test(`the secret of ${url}, given by ${where}, is not shown`, async () => {
      const [options, environment] = give(url);
      const result = await wmrec(options, { environment });

      assert.ok([64, 78].includes(result.code), result.stderr);
      assert.ok(!(result.stdout + result.stderr).includes(password), result.stderr);
      assert.ok(result.stderr.includes(`${shown}: `) || result.stderr.includes('an id cannot contain ://'), result.stderr);
    });
  }
}

for (const option of ['--cacert', '--token-file', '--interval', '--output', '--for', '--resolve']) {
  test(`the user info of a URL that is given by ${option} by mistake is not shown`, async () => {
    const result = await wmrec([option, `https://user:${password}@host.test/x`, id]);

    assert.ok([64, 78].includes(result.code), result.stderr);
    assert.ok(!(result.stdout + result.stderr).includes(password), result.stderr);
  });
}

test('an argument that is longer than a line is not shown', async () => {
  const result = await wmrec(['--interval', 'x'.repeat(100000), id]);

  assert.strictEqual(result.code, 64);
  assert.match(result.stderr, /^wmrec: an argument is too long/);
});
