// The output and the exit status of wmrec for each answer that the Cloud can give.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const zlib = require('node:zlib');

const { answer, answering, ask, askJson, askSelfHosted, file, http, id, key, says, serve } = require('./support');
const { top } = require('./wiremock');

for (const status of ['NeverStarted', 'Recording', 'Stopped']) {
  test(`${status} is printed alone in a line, and the exit status is 0`, async (t) => {
    const server = await answering(t, says(status));

    assert.deepStrictEqual(await ask(server), { code: 0, stdout: `${status}\n`, stderr: '' });
  });

  test(`${status} in JSON is one object of six members, in one line`, async (t) => {
    const server = await answering(t, says(status));
    const { code, stdout, stderr } = await ask(server, ['-o', 'json', id]);
    const isRecording = status === 'Recording';

    assert.strictEqual(stdout.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, 'DATE'),
      `{"id":"jjl8y","status":"${status}","recording":${isRecording},"checked_at":"DATE","http_status":200,"error":null}\n`);
    assert.ok(Math.abs(Date.now() - Date.parse(JSON.parse(stdout).checked_at)) < 24 * 3600 * 1000);
    assert.deepStrictEqual([code, stderr], [0, '']);
  });
}

test('the request has the fields that the API and the proxies before it need, and nothing else', async (t) => {
  const server = await answering(t, says('Stopped'));
  const [, version] = /WMREC_VERSION "(.*)"/.exec(fs.readFileSync(path.join(top, 'core/wmrec.h'), 'utf8'));

  await ask(server);
  assert.strictEqual(server.received, `GET /v1/mock-apis/${id}/recordings/status HTTP/1.1\r\n` +
    `Host: localhost:${server.port}\r\nAuthorization: Token ${key}\r\nUser-Agent: wmrec/${version}\r\n` +
    'Accept: application/json\r\nAccept-Encoding: identity\r\nCache-Control: no-cache\r\n\r\n');
});

const outcomes = [
  // HTTP status, fields, exit status, name of the error, message
  [201, {}, 76, 'status', /HTTP status 201/],
  [204, {}, 76, 'status', /HTTP status 204/],
  [301, { Location: '/' }, 76, 'redirect', /redirects.*HTTP status 301, to \/\. Give the URL that the server redirects to/],
  [304, {}, 76, 'redirect', /HTTP status 304/],
  [400, {}, 76, 'client', /HTTP status 400/],
  [401, {}, 77, 'unauthorized', /not accepted.*Check WMC_API_TOKEN or the token file/],
  [403, {}, 77, 'forbidden', /may not see this mock API/],
  [404, {}, 66, 'not-found', /nothing of that name \(404\)\. Check the id/],
  [418, {}, 76, 'client', /HTTP status 418/],
  [408, { Connection: 'close' }, 75, 'ask-again', /wants to be asked again \(408, 421 or 425\): HTTP status 408\./],
  [421, {}, 75, 'ask-again', /HTTP status 421\. Try again\.\n$/],
  [425, {}, 75, 'ask-again', /HTTP status 425\./],
  [429, {}, 75, 'too-many-requests', /too many requests \(429\)\.$/m],
  [429, { 'Retry-After': 30 }, 75, 'too-many-requests', /; the server asks to wait 30 s\.$/m],
  [429, { 'Retry-After': 0 }, 75, 'too-many-requests', /; the server asks to wait 0 s\.$/m],
  [429, { 'Retry-After': '99999999999999999999' }, 75, 'too-many-requests', /; the server asks to wait 4294967 s\.$/m],
  [429, { 'Retry-After': 'soon' }, 75, 'too-many-requests', /too many requests \(429\)\.$/m],
  [503, { 'Retry-After': 120 }, 75, 'unavailable', /; the server asks to wait 120 s\.$/m],
  [503, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 75, 'unavailable', /; the server gives a date for the next request\.$/m],
  [500, {}, 75, 'server', /the server failed.*HTTP status 500/],
  [502, {}, 75, 'server', /HTTP status 502/],
  [511, {}, 75, 'server', /: the network asks its users to log in first \(511\), .*: HTTP status 511\. To do so, open a web page .*\.\n$/],
  [600, {}, 75, 'server', /HTTP status 600/],
];

for (const [status, fields, code, error, message] of outcomes) {
  const given = Object.keys(fields).map((name) => ` with ${name}: ${fields[name]}`).join('');

  test(`HTTP status ${status}${given}: ${error}, exit status ${code}`, async (t) => {
    const server = await answering(t, answer(status, '', fields));
    const json = await askJson(server);

    assert.match(json.stderr, /^wmrec: jjl8y: localhost: .*\n$/);
    assert.match(json.stderr, message);
    assert.deepStrictEqual(
      [json.code, json.error, json.http_status, json.status, json.recording], [code, error, status, null, null]);
    assert.deepStrictEqual((await ask(server)).stdout, '', 'no status is printed');
  });
}

for (const [status, text] of [[421, 'is not for this host on this connection'], [425, 'is too early']]) {
  test(`a request that ${text} (${status}) is sent once more, on a new connection, and the second answer counts`, async (t) => {
    const server = await answering(t, (request, number) => (number === 1 ? answer(status) : says('Recording')));

    assert.deepStrictEqual(await ask(server), { code: 0, stdout: 'Recording\n', stderr: '' });
    assert.deepStrictEqual([server.connections, server.received.split('GET ').length - 1], [2, 2]);
  });
}

test('a 408 on a connection that was used before is asked again, on a new one', async (t) => {
  const server = await answering(t, (request, number) => (number === 2 ? answer(408) : says('Recording')));
  const { code, stdout, stderr } = await ask(server, [id, 'k2m9q']);

  assert.deepStrictEqual([code, stderr], [0, '']);
  assert.deepStrictEqual(stdout, 'jjl8y\tRecording\nk2m9q\tRecording\n');
  assert.deepStrictEqual([server.connections, server.received.split('GET ').length - 1], [2, 3]);
});

const long = 'x'.repeat(300);
const bodies = [
  // what it is, the body, what the message says at its end
  ['a text', 'Too bad.\n', ' The server says: Too bad.'],
  ['JSON of several lines', '\n{\n  "errors" : [ ]\n}\n', ' The server says: { "errors" : [ ] }'],
  ['a long text', long, ` The server says: ${long.slice(0, 200)}...`],
  ['control characters', 'a\x1b[2J\u009b\u202e\0z', ' The server says: a\\x1b[2J\\xc2\\x9b\\xe2\\x80\\xae\\x00z'],
  ['the key, escaped as in JSON', `say "\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}"`, ' The server says: say "[key]"'],
  ['the key where the text is cut', `${'x'.repeat(190)}${key}z`, ` The server says: ${'x'.repeat(190)}[key]...`],
  ['the user info of a URL', 'see http://user:pass@host/', ' The server says: see http://[user info]@host/'],
  ['HTML', ' <!DOCTYPE html><p>Too bad', ''],
  ['empty', '', ''],
  ['white space only', ' \r\n', ''],
];

for (const [what, body, said] of bodies) {
  test(`the message about a 401, 404 or 500 has the beginning of its body: ${what}`, async (t) => {
    for (const status of [401, 404, 500]) {
      const { stderr } = await ask(await answering(t, answer(status, body)));

      assert.ok(stderr.endsWith(`.${said}\n`) && (said !== '' || !stderr.includes('server says')), stderr);
    }
  });
}

test('the body of a redirect or of a success is not in the message', async (t) => {
  for (const status of [200, 201, 302])
    assert.doesNotMatch((await ask(await answering(t, answer(status, 'body')))).stderr, /body$|says/m);
});

const locations = [
  // what it is, the fields, what the message says
  ['a URL', 'Location: https://login.test/a?b=c#d', ', to https://login.test/a?b=c#d.'],
  ['a path', 'location:/a', ', to /a.'],
  ['one with white space around it', 'LOCATION:\t /a \t', ', to /a.'],
  ['the first of two', 'Location: /a\r\nLocation: /b', ', to /a.'],
  ['control characters', 'Location: /\u009b\u202e', ', to /\\xc2\\x9b\\xe2\\x80\\xae.'],
  ['the key', `Location: https://login.test/?k=${key}`, ', to https://login.test/?k=[key].'],
  ['user info', 'Location: https://user:pass@login.test/', ', to https://[user info]@login.test/.'],
  ['a very long one', `Location: /${'x'.repeat(60000)}`, `${'x'.repeat(2000)}....`],
  ['empty', 'Location:', ': HTTP status 302.'],
  ['none', 'X-Location: /a', ': HTTP status 302.'],
];

for (const [what, fields, said] of locations) {
  test(`the message about a redirect says where to: ${what}`, async (t) => {
    const server = await answering(t, `HTTP/1.1 302 Found\r\nContent-Length: 12\r\n${fields}\r\n\r\nLocation: /c`);
    const { stderr } = await ask(server);

    assert.ok(stderr.includes(said), stderr);
    assert.doesNotMatch(stderr, /\/c/);
  });
}

test('the place of a redirect is that of the final answer, in pieces of any size, and not that of an earlier one', async (t) => {
  const bytes = `HTTP/1.1 103 Early Hints\r\nLocation: /no\r\n\r\n${answer(302, '', { Location: '/yes' })}`;
  const server = await serve(t, http(async (socket, request, number) => {
    for (const byte of number === 1 ? bytes : answer(307)) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
  }));
  const { stderr } = await ask(server, [id, id]);

  assert.match(stderr, /HTTP status 302, to \/yes\..*\n.*HTTP status 307\. /);
});

for (const [status, text] of [[401, 'the server asks for a key or a password'], [403, 'the server does not allow this']]) {
  test(`a ${status} to a request without a key does not blame the key`, async (t) => {
    const server = await answering(t, answer(status), { certificate: null });

    assert.match((await askSelfHosted(server)).stderr, new RegExp(`${text} \\(${status}\\)`));
    assert.match((await askSelfHosted(server, ['--token-file', file(key)])).stderr, /the API key/);
  });
}

const refusals = [
  // who says that it wants TLS, the answer over plain HTTP
  ['nginx', answer(400, '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>')],
  ['Go', answer(400, 'Client sent an HTTP request to an HTTPS server.\n')],
  ['Apache', answer(400, "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />")],
  ['a 426', answer(426, '', { Upgrade: 'TLS/1.2' })],
  ['a redirect', answer(301, '', { Location: 'HTTPS://localhost/__admin/recordings/status' })],
];

for (const [who, bytes] of refusals) {
  test(`if ${who} wants TLS, the message says that https:// is meant`, async (t) => {
    const { stderr } = await askSelfHosted(await answering(t, bytes, { certificate: null }));

    assert.match(stderr, /\. Give an https:\/\/ URL\./);
    assert.doesNotMatch((await ask(await answering(t, bytes))).stderr, /Give an https/, 'it is asked over TLS');
  });
}

test('a link in the body of an error is no reason to suggest https://', async (t) => {
  const server = await answering(t, answer(403, 'see https://host.test/'), { certificate: null });

  assert.doesNotMatch((await askSelfHosted(server)).stderr, /Give an https/);
});

const bad = [
  // what is wrong, the bytes of the answer, name of the error, message
  ['it is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'status-line', /Check the host and the port/],
  ['it is HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n', 'status-line', /not HTTP\/1.x/],
  ['a header line has no colon', 'HTTP/1.1 200 OK\r\nbad\r\n\r\n', 'header', /malformed header/],
  ['it has both Content-Length and Transfer-Encoding', answer(200, '{}', { 'Transfer-Encoding': 'chunked' }), 'content-length', /Content-Length/],
  ['the transfer coding is unknown', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n', 'coding', /transfer coding/],
  ['a chunk has no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 'chunk', /malformed chunk/],
  ['the header section has no end', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20000)}`, 'section-limit', /64 KiB/],
  ['the body has 1 MB', answer(200, `{"status":"Stopped","x":"${'x'.repeat(1e6)}"}`), 'body-limit', /larger than/],
  ['the body has 1 MB, chunked', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nF4240\r\n${' '.repeat(1e6)}\r\n`,
    'body-limit', /larger than/],
  ['the body is not JSON', answer(200, '<html>'), 'json', /not JSON/],
  ['the body is compressed', answer(200, zlib.gzipSync('{"status":"Stopped"}').toString('latin1'), { 'Content-Encoding': 'gzip' }),
    'content-encoding', /compressed, although the request refuses this/],
  ['the body is empty', answer(200, ''), 'json', /not JSON/],
  ['the body has no status', answer(200, '{"errors":[]}'), 'no-status', /has not one "status"/],
  ['the body has two statuses', answer(200, '{"status":"Stopped","status":"Recording"}'), 'no-status', /has not one "status"/],
  ['the body has too many elements', answer(200, `[${'1,'.repeat(5000)}1]`), 'tokens', /more members than there is room/],
];

for (const [what, bytes, error, message] of bad) {
  test(`an answer is invalid if ${what}: ${error}, exit status 76`, async (t) => {
    const json = await askJson(await answering(t, bytes));

    assert.match(json.stderr, message);
    assert.deepStrictEqual([json.code, json.error, json.status, json.recording], [76, error, null, null]);
  });
}

test('an unknown status is an error; JSON shows it as the server wrote it', async (t) => {
  const server = await answering(t, answer(200, '{"status":"Paus\\u0065d \\"\u00fc"}'));
  const json = await askJson(server);

  assert.deepStrictEqual([json.code, json.error, json.status, json.recording],
    [76, 'unknown-status', 'Paused "\u00fc', null]);
  assert.strictEqual((await ask(server)).stdout, '');
  assert.match((await ask(server, [id, id])).stdout, /^jjl8y\tUnknown\n/);
});

test('the message about an unknown status is printable ASCII', async (t) => {
  const { stderr } = await ask(await answering(t, answer(200, '{"status":"\u009b31m\\u001b[31m\u007f"}')));

  assert.match(stderr, /^[ -~]*\n$/);
});

test('1xx responses before the final one are skipped', async (t) => {
  const early = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
  const server = await serve(t, http((socket) => {
    socket.write(early, () => socket.write('HTTP/1.1 100 Continue\r\n\r\n', () => socket.write(says('Recording'))));
  }));

  assert.strictEqual((await ask(server)).stdout, 'Recording\n');
});

test('an answer that comes in single bytes is read', async (t) => {
  const server = await serve(t, http(async (socket) => {
    for (const byte of says('Stopped')) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
  }));

  assert.strictEqual((await ask(server)).stdout, 'Stopped\n');
});

test('a redirect is not followed: its target gets no connection', async (t) => {
  const other = await answering(t, says('Recording'));
  const server = await answering(t, answer(302, '', { Location: `${other.url}/v1/mock-apis/${id}/recordings/status` }));
  const json = await askJson(server);

  assert.deepStrictEqual([json.code, json.error, json.http_status], [76, 'redirect', 302]);
  assert.strictEqual(other.connections, 0);
  assert.strictEqual(server.connections, 1);
});

// The age of an answer (RFC 9111, section 5.1).

test('checked_at is the time when the server itself answered: a cache says how long ago that was', async (t) => {
  const server = await answering(t, says('Recording', { Age: 100 }));
  const before = Date.now();
  const { code, status, checked_at: checked } = await askJson(server, ['--stale-after', '1h', id]);
  const after = Date.now();

  assert.deepStrictEqual([code, status], [0, 'Recording']);
  assert.ok(Date.parse(checked) >= before - 101000 && Date.parse(checked) <= after - 100000, checked);
});

const ages = [
  // the answer's Age, --stale-after, the message; null: the status is taken
  ['0', '1s', null],
  ['5', null, null],
  ['180', null, null],
  ['181', null, /the answer is too old: a cache has kept it for 181 s; the maximum is 180 s\. Ask the server itself, or allow .* --stale-after TIME\.\n$/],
  ['5', '4s', /too old: a cache has kept it for 5 s; the maximum is 4 s\./],
  ['5', '5s', null],
  ['99999999999999999999', '12d', /too old: a cache has kept it for 4294967 s; the maximum is 1036800 s\./],
  ['', '12d', /too old: a cache has kept it for an unknown time: its Age is not valid\./],
  ['soon', '12d', /too old: a cache has kept it for an unknown time/],
  ['-1', '12d', /too old: a cache has kept it for an unknown time/],
];

for (const [age, limit, message] of ages) {
  test(`with Age: ${age} and ${limit === null ? 'the default limit' : `--stale-after ${limit}`}, ${message === null ? 'the status is shown' : 'there is no status: exit status 75'}`, async (t) => {
    const server = await answering(t, says('Recording', { Age: age }));
    const limits = limit === null ? [] : ['--stale-after', limit];
    const isTaken = message === null;
    const text = await ask(server, [...limits, id]);
    const json = await askJson(server, [...limits, id]);

    assert.deepStrictEqual([text.code, text.stdout], isTaken ? [0, 'Recording\n'] : [75, '']);
    assert.match(text.stderr, message ?? /^$/);
    assert.deepStrictEqual([json.code, json.status, json.recording, json.http_status, json.error],
      isTaken ? [0, 'Recording', true, 200, null] : [75, null, null, 200, 'old']);
    assert.deepStrictEqual(await ask(server, ['is-recording', '-q', ...limits, id]), { code: isTaken ? 0 : 75, stdout: '', stderr: '' });
  });
}

// Several ids.

/** Answers by id. */
function byId(answers) {
  return (request) => answers[/mock-apis\/(\w+)\//.exec(request)[1]];
}

const three = byId({ aaaaa: says('NeverStarted'), bbbbb: says('Recording'), ccccc: says('Stopped') });

test('several ids are printed in the order given, one a line, and asked over one connection', async (t) => {
  const server = await answering(t, three);
  const { code, stdout, stderr } = await ask(server, ['ccccc', 'aaaaa', 'bbbbb', 'ccccc']);

  assert.strictEqual(stdout, 'ccccc\tStopped\naaaaa\tNeverStarted\nbbbbb\tRecording\nccccc\tStopped\n');
  assert.deepStrictEqual([code, stderr, server.connections], [0, '', 1]);
});

test('several ids in JSON are one object a line', async (t) => {
  const { stdout } = await ask(await answering(t, three), ['-o', 'json', 'aaaaa', 'bbbbb']);
  const objects = stdout.trimEnd().split('\n').map(JSON.parse);

  assert.deepStrictEqual(objects.map((object) => [object.id, object.recording]), [['aaaaa', false], ['bbbbb', true]]);
});

test('if the server closes after each answer, each id is asked over a new connection', async (t) => {
  const server = await serve(t, http((socket) => socket.end(says('Stopped', { Connection: 'close' }))));
  const { code, stdout } = await ask(server, ['aaaaa', 'bbbbb']);

  assert.deepStrictEqual([code, stdout, server.connections], [0, 'aaaaa\tStopped\nbbbbb\tStopped\n', 2]);
});

test('the connection is kept after an answer of 404 or 401', async (t) => {
  const server = await answering(t, byId({ aaaaa: answer(404, 'x'), bbbbb: answer(401, 'y'), ccccc: says('Stopped') }));
  const { stdout } = await ask(server, ['aaaaa', 'bbbbb', 'ccccc']);

  assert.deepStrictEqual([stdout, server.connections], ['aaaaa\tUnknown\nbbbbb\tUnknown\nccccc\tStopped\n', 1]);
});

const worst = { good1: says('Stopped'), later: answer(503), wrong: answer(200, '{}'), refus: answer(401) };

for (const [ids, code] of [[['good1', 'later', 'good1'], 75], [['wrong', 'later', 'good1'], 76],
  [['refus', 'wrong', 'later'], 77], [['later', 'refus', 'good1'], 77]]) {
  test(`the exit status of several ids (${ids.join(', ')}) is the highest: ${code}`, async (t) => {
    assert.strictEqual((await ask(await answering(t, byId(worst)), ids)).code, code);
  });
}

test('after an id that failed, the others are asked', async (t) => {
  const { stdout, stderr } = await ask(await answering(t, byId(worst)), ['later', 'good1']);

  assert.strictEqual(stdout, 'later\tUnknown\ngood1\tStopped\n');
  assert.match(stderr, /^wmrec: later: [^\n]*\n$/);
});

test('-q omits the messages about failures, but changes neither output nor exit status', async (t) => {
  const server = await answering(t, byId(worst));

  assert.deepStrictEqual(await ask(server, ['-q', 'later', 'good1']),
    { code: 75, stdout: 'later\tUnknown\ngood1\tStopped\n', stderr: '' });
});

// Reused connections.

const deaths = {
  'closed in order': (socket) => socket.end(),
  'cut without close_notify': (socket) => socket.destroy(),
  'reset': (socket, server) => server.tcp.resetAndDestroy(),
};

for (const [how, die] of Object.entries(deaths)) {
  test(`a connection that was ${how} between two ids is replaced by a new one`, async (t) => {
    const server = await serve(t, http((socket, request, number) => {
      socket.write(says(number === 1 ? 'Stopped' : 'Recording'), () => {
        if (number === 1)
          die(socket, server);
      });
    }));
    const { code, stdout, stderr } = await ask(server, ['aaaaa', 'bbbbb']);

    assert.deepStrictEqual([code, stdout], [0, 'aaaaa\tStopped\nbbbbb\tRecording\n'], stderr);
    assert.strictEqual(server.connections, 2);
  });
}

test('if a reused connection closes on a request, the request is repeated over a new one', async (t) => {
  const server = await serve(t, http((socket, request, number) => {
    if (number === 2)
      socket.destroy();
    else
      socket.write(says(number === 1 ? 'Stopped' : 'Recording'));
  }));
  const { code, stdout, stderr } = await ask(server, ['aaaaa', 'bbbbb']);

  assert.deepStrictEqual([code, stdout], [0, 'aaaaa\tStopped\nbbbbb\tRecording\n'], stderr);
  assert.strictEqual(server.connections, 2);
});

test('a request over a new connection is not repeated', async (t) => {
  const server = await serve(t, http((socket, request, number) => {
    if (number === 1)
      socket.write(says('Stopped'));
    else
      socket.destroy();
  }));
  const { code, stdout } = await ask(server, ['aaaaa', 'bbbbb']);

  assert.deepStrictEqual([code, stdout], [69, 'aaaaa\tStopped\nbbbbb\tUnknown\n']);
  assert.strictEqual(server.connections, 2);
});

test('a request is not repeated after a byte of its answer has come', async (t) => {
  const server = await serve(t, http((socket, request, number) => {
    if (number === 1)
      socket.write(says('Stopped'));
    else
      socket.write('H', () => socket.destroy());
  }));

  assert.strictEqual((await ask(server, ['aaaaa', 'bbbbb'])).code, 76);
  assert.strictEqual(server.connections, 1);
});

test('bytes after an answer are not taken for the next answer', async (t) => {
  const server = await answering(t, (request, number) =>
    number === 1 ? says('Stopped') + says('Recording') : says('NeverStarted'));
  const { stdout } = await ask(server, ['aaaaa', 'bbbbb']);

  assert.strictEqual(stdout, 'aaaaa\tStopped\nbbbbb\tNeverStarted\n');
});

test('bytes after an answer are not taken for the next one, also if the last read ended with the answer', async (t) => {
  // 1,024 bytes are a whole number of reads, so that no read goes past the end of the answer.
  const padding = 1024 - says('Stopped', { 'X-Padding': '' }).length;
  const server = await answering(t, (request, number) =>
    number === 1 ? says('Stopped', { 'X-Padding': 'x'.repeat(padding) }) + says('Recording') : says('NeverStarted'));
  const { stdout } = await ask(server, ['aaaaa', 'bbbbb']);

  assert.strictEqual(stdout, 'aaaaa\tStopped\nbbbbb\tNeverStarted\n');
  assert.strictEqual(server.connections, 2);
});
