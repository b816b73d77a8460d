// wmrec watch, wait and is-recording: what is shown while answers change, fail and grow old.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, ask, askSelfHosted, certificate, file, freePort, http, id, key, launch, launchOnTerminal, patiently, program, run, says, serve,
  until, watch, withTimeEnough,
} = require('./support');
const { makeCertificates, temporaryFolder } = require('./wiremock');

const quickly = ['--interval', '0.05s'];

/** Ends wmrec by a signal; returns its output. */
async function interrupt(running, signal = 'SIGINT') {
  running.kill(signal);
  const { code, stdout, stderr } = await running.end();

  assert.strictEqual(code, { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal], stderr);
  return { stdout, stderr };
}

/** For answering(): the answers to the requests, in this order; the last one is repeated. reached(n) waits for request n. */
function script(answers) {
  let arrived = () => {};
  let count = 0;
  const next = (request, number) => {
    count = number;
    arrived();
    return answers[Math.min(number, answers.length) - 1];
  };

  next.reached = (number) => new Promise((resolve) => {
    arrived = () => count >= number && resolve();
    arrived();
  });
  next.count = () => count;
  return next;
}

// watch

test('watch prints the first status, and then only changes', async (t) => {
  const answers = script([...Array(3).fill(says('NeverStarted')), ...Array(3).fill(says('Recording')), says('Stopped')]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly]);

  await answers.reached(9);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'NeverStarted\nRecording\nStopped\n', stderr: '' });
});

test('watch asks about all ids over one connection, and prints a line of id and status for each', async (t) => {
  const statuses = { first: 'Recording', second: 'Stopped', third: 'NeverStarted' };
  const answers = script([]);
  const server = await answering(t, (request, number) => {
    answers(request, number);
    return says(statuses[/mock-apis\/(\w+)/.exec(request)[1]]);
  });
  const running = watch(server, ['watch', ...Object.keys(statuses), '--interval', '0.2s']);

  await answers.reached(9);
  const { stdout } = await interrupt(running);
  assert.strictEqual(stdout, 'first\tRecording\nsecond\tStopped\nthird\tNeverStarted\n');
  assert.deepStrictEqual([server.connections, server.handshakes], [1, 1]);
});

test('all ids are asked equally often, also if answers take longer than the interval', async (t) => {
  const ids = Array.from({ length: 40 }, (_, index) => `id-${100 + index}`);
  const asked = new Map(ids.map((name) => [name, 0]));
  const answers = script([]);
  const server = await answering(t, (request, number) => {
    const name = /mock-apis\/([\w-]+)/.exec(request)[1];

    asked.set(name, asked.get(name) + 1);
    answers(request, number);
    return says('Stopped');
  });
  const running = watch(server, ['watch', ...ids, '--interval', '0.001s']);

  await answers.reached(400);
  await interrupt(running);
  const counts = [...asked.values()];
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `${counts}`);
});

test('watch -o json prints one object a line, at each change of status or error', async (t) => {
  const answers = script([says('Recording'), answer(503), says('Recording'), answer(401)]);
  const running = watch(await answering(t, answers), ['watch', '-q', '-o', 'json', id, ...quickly, '--stale-after', '1h']);

  await running.until(/unauthorized/);
  const { stdout, stderr } = await interrupt(running);
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
  const seen = lines.map(({ id: name, status, recording, http_status: code, error }) => [name, status, recording, code, error]);

  assert.strictEqual(stderr, '');
  assert.deepStrictEqual(seen, [
    [id, 'Recording', true, 200, null],
    [id, 'Recording', true, 503, 'unavailable'], // still shown, with the time of its answer
    [id, 'Recording', true, 200, null],
    [id, 'Recording', true, 401, 'unauthorized'],
  ]);
  for (const line of lines) {
    assert.deepStrictEqual(Object.keys(line), ['id', 'status', 'recording', 'checked_at', 'http_status', 'error']);
    assert.match(line.checked_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
  assert.strictEqual(lines[1].checked_at, lines[0].checked_at, 'a failure does not change the time of the answer');
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} ends watch cleanly, between two polls and during one`, async (t) => {
    const idle = watch(await answering(t, says('Stopped')), ['watch', id, '--interval', '1h']);
    await idle.until(/Stopped/);
    assert.strictEqual((await interrupt(idle, signal)).stderr, '');

    const answers = script(['']);
    const busy = watch(await answering(t, answers), ['watch', id, '--max-time', '1h']);
    await answers.reached(1);
    assert.deepStrictEqual(await interrupt(busy, signal), { stdout: '', stderr: '' });
  });
}

// SIGHUP, and files that are read again.

/** Starts watch of a self-hosted server, without a controlling terminal. */
function daemon(server, options, environment = {}) {
  const trusted = server.url.startsWith('https') ? ['--cacert', certificate('roots.pem')] : [];

  return launch('setsid', [program, ...patiently(['watch', '--self-hosted', server.url, ...trusted, ...options])], { environment });
}

/** The values of Authorization that came, without repetitions. */
const authorizations = (server) => [...new Set(server.received.match(/(?<=^Authorization: ).*(?=\r$)/gm))];

test('on a terminal, SIGHUP ends watch: exit status 129', async (t) => {
  const server = await answering(t, says('Stopped'));
  const running = launchOnTerminal(80, ['watch', '--endpoint', server.url, '--cacert', certificate('roots.pem'), id], { WMC_API_TOKEN: key });

  await running.until(/Stopped/);
  assert.strictEqual((await running.stop('SIGHUP')).code, 129);
});

test('without a terminal, SIGHUP makes watch read the key and the roots again, and ask at once', async (t) => {
  const server = await answering(t, says('Stopped'));
  const keys = file('first-key');
  const roots = file(fs.readFileSync(certificate('roots.pem')));
  const running = daemon(server, ['--interval', '1h', '--token-file', keys, '--cacert', roots]);

  await running.until(/Stopped/);
  fs.writeFileSync(keys, 'second-key\n');
  fs.writeFileSync(roots, fs.readFileSync(`${makeCertificates('one', 'another')}/roots.pem`));
  running.kill('SIGHUP');
  await running.until(/issued by nobody trusted/);
  fs.writeFileSync(roots, fs.readFileSync(certificate('roots.pem')));
  running.kill('SIGHUP');
  await running.until(/it answers again/);
  const { stdout, stderr } = await interrupt(running, 'SIGTERM');
  assert.strictEqual(stdout, 'Stopped\n');
  assert.strictEqual(stderr.match(/wmrec: SIGHUP: the files were read again\./g).length, 2);
  assert.deepStrictEqual(authorizations(server), ['Token first-key', 'Token second-key']);
});

test('if a file is not valid when SIGHUP comes, its old content stays in use, and a message says so', async (t) => {
  const server = await answering(t, says('Stopped'));
  const keys = file('first-key');
  const roots = file(fs.readFileSync(certificate('roots.pem')));
  const running = daemon(server, ['--interval', '1h', '--token-file', keys, '--cacert', roots]);

  await running.until(/Stopped/);
  for (const [content, message] of [['', /token file .*: it is empty\. The old one stays in use\./],
    ['two\nlines', /it has more than one line/], ['nul\0', /NUL/], ['gr\u00fc\u00df', /visible ASCII/], ['x'.repeat(5000), /too long/]]) {
    fs.writeFileSync(keys, content);
    running.kill('SIGHUP');
    await running.until(message);
  }
  fs.rmSync(keys);
  fs.writeFileSync(roots, 'no PEM');
  const before = server.received.length;
  running.kill('SIGHUP');
  await running.until(/the CA file .*: it has no certificate in PEM.*\n.*the old root certificates stay in use/);
  await until(() => server.received.length > before);
  const { stderr } = await interrupt(running, 'SIGTERM');
  assert.match(stderr, /token file .*: No such file/);
  assert.doesNotMatch(stderr, /read again/);
  assert.deepStrictEqual(authorizations(server), ['Token first-key']);
});

test('SIGHUP during an exchange begins it again with the new key, on a new connection', async (t) => {
  let count = 0;
  const server = await serve(t, http((socket) => {
    socket.write(++count === 1 ? 'HTTP/1.1 401 first-key\r\nX: first-k' : says('Stopped'));
  }), { certificate: null });
  const keys = file('first-key');
  const running = daemon(server, ['--interval', '1h', '-v', '--token-file', keys]);

  await running.until(/401 \[key\]/);
  fs.writeFileSync(keys, 'second-key');
  running.kill('SIGHUP');
  await running.until(/Stopped\n/);
  const { stderr } = await interrupt(running, 'SIGTERM');
  assert.deepStrictEqual([server.connections, authorizations(server)], [2, ['Token first-key', 'Token second-key']]);
  assert.match(stderr, /^< X: \[key\]$/m);
  assert.doesNotMatch(stderr, /first-k|second-k|not accepted/);
});

test('a new key after a 401 does not wait for a server that is silent, which gets the new key, too', async (t) => {
  const keys = file('first-key');
  const silent = await serve(t, () => {}, { certificate: null });
  const server = await serve(t, http(async (socket, request) => {
    if (!request.includes('second-key')) {
      await until(() => silent.received.includes('first-key'));
      fs.writeFileSync(keys, 'second-key');
    }
    socket.write(request.includes('second-key') ? says('Stopped') : answer(401));
  }), { certificate: null });
  const running = daemon(server, ['--server', silent.url, '--interval', '1h', '--token-file', keys]);

  await running.until(/Stopped\n/);
  await until(() => silent.received.includes('second-key'));
  await interrupt(running, 'SIGTERM');
});

test('SIGHUP stays ignored if it was ignored at the start, as by nohup', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });
  const running = launch('sh', ['-c', 'trap "" HUP; exec setsid "$0" "$@"', program,
    ...patiently(['watch', '--self-hosted', server.url, '-v', '--interval', '0.1s'])]);

  await running.until(/Stopped/);
  running.kill('SIGHUP');
  const before = server.received.length;
  await until(() => server.received.length > before + 1000);
  const { stderr } = await interrupt(running, 'SIGTERM');
  assert.doesNotMatch(stderr, /SIGHUP/);
});

test('after a 401, the file of the key is read again; if the key is new, watch asks at once', async (t) => {
  const keys = file('first-key');
  const server = await answering(t, (request) => {
    if (request.includes('second-key'))
      return says('Stopped');
    fs.writeFileSync(keys, 'second-key\n');
    return answer(401);
  }, { certificate: null });
  const running = daemon(server, ['--interval', '1h', '--token-file', keys]);

  await running.until(/Stopped/);
  const { stderr } = await interrupt(running, 'SIGTERM');
  assert.match(stderr, /not accepted \(401\).*\n.*it answers again\.\n$/);
});

test('a pipe is not read again: neither a 401 nor SIGHUP stops watch', async (t) => {
  const pipes = ['key', 'roots'].map((name) => path.join(temporaryFolder(), `${name}.pipe`));
  const server = await answering(t, (request, number) => (number === 2 ? answer(401) : says('Stopped')));
  execFileSync('mkfifo', pipes);
  const running = launch('setsid', [program, ...patiently(['watch', '--self-hosted', server.url, '--interval', '0.1s',
    '--token-file', pipes[0], '--cacert', pipes[1]])]);

  await fs.promises.writeFile(pipes[0], 'first-key');
  await fs.promises.writeFile(pipes[1], fs.readFileSync(certificate('roots.pem')));
  await running.until(/it answers again/);
  running.kill('SIGHUP');
  await running.until(/SIGHUP: the files were read again/);
  await running.until(/Stopped/);
  await interrupt(running, 'SIGTERM');
  assert.deepStrictEqual(authorizations(server), ['Token first-key']);
});

test('after a 401, wait asks again with the new key of the file; with the same key, it ends', async (t) => {
  const keys = file('first-key');
  const server = await answering(t, (request) => {
    if (request.includes('third-key'))
      return says('Stopped');
    fs.writeFileSync(keys, request.includes('first-key') ? 'second-key' : 'third-key');
    return answer(401);
  }, { certificate: null });
  const wait = (...options) => askSelfHosted(server, ['wait', '--for', 'Stopped', '--token-file', ...options]);

  assert.deepStrictEqual([(await wait(keys)).code, authorizations(server)], [0, ['Token first-key', 'Token second-key', 'Token third-key']]);
  assert.strictEqual((await askSelfHosted(await answering(t, answer(401), { certificate: null }),
    ['wait', '--for', 'Stopped', '--token-file', keys])).code, 77);
});

test('a stale answer is replaced by Unknown, also while a poll hangs', async (t) => {
  const answers = script([says('Recording'), '']);
  const running = watch(await answering(t, answers),
    ['watch', id, ...quickly, '--stale-after', '0.3s', '--max-time', '1h']);

  await running.until(/Unknown/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Recording\nUnknown\n', stderr: '' });
});

test('an answer that is too old when it comes is Unknown, and reported once; a newer one is shown', async (t) => {
  const old = says('Recording', { Age: 3601 });
  const answers = script([old, old, says('Stopped', { Age: 1 }), says('Stopped', { Age: 1 })]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly]);

  await answers.reached(4);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'Unknown\nStopped\n');
  assert.match(stderr, /^wmrec: jjl8y: localhost: the answer is too old: a cache has kept it for 3601 s; the maximum is 3600 s\. .*\n.*it answers again\.\n$/);
});

test('the age that a cache says counts: the answer becomes stale earlier', async (t) => {
  const answers = script([says('Recording', { Age: 3599 }), '']);
  const running = watch(await answering(t, answers), ['watch', '-o', 'json', id, ...quickly]);

  await running.until(/"status":null/);
  const { stdout } = await interrupt(running);
  const [first, second] = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepStrictEqual([first.status, second.status], ['Recording', null]);
  assert.ok(Date.parse(second.checked_at) - Date.parse(first.checked_at) >= 3599000, stdout);
});

test('a temporary failure is reported once, and changes nothing on standard output before the answer is stale', async (t) => {
  const answers = script([says('Recording'), answer(500), answer(500), answer(500), says('Recording')]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly, '--stale-after', '1h']);

  await running.until(/it answers again/);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\n');
  assert.strictEqual(stderr, 'wmrec: jjl8y: localhost: the server failed (5xx): HTTP status 500.\n' +
    'wmrec: jjl8y: localhost: it answers again.\n');
});

test('watch -q does not report failures', async (t) => {
  const answers = script([answer(500), says('Stopped')]);
  const running = watch(await answering(t, answers), ['watch', '-q', id, ...quickly]);

  await running.until(/Stopped/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Unknown\nStopped\n', stderr: '' });
});

test('after a 401 at the first request, the status is Unknown at once, and the id is not polled again soon', async (t) => {
  const answers = script([answer(401)]);
  const others = script([says('Stopped')]);
  let count = 0;
  const server = await answering(t, (request) => (request.includes(id) ? answers(request, ++count) : others(request, others.count() + 1)));
  const running = watch(server, ['watch', id, 'other', ...quickly]);

  await running.until(/Unknown/);
  await others.reached(others.count() + 10); // ten more intervals
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'jjl8y\tUnknown\nother\tStopped\n');
  assert.match(stderr, /^wmrec: jjl8y: localhost: the API key is not accepted \(401\)\. .*\n$/);
  assert.strictEqual(answers.count(), 1);
});

for (const status of [401, 403, 404]) {
  test(`a ${status} after an answer may pass: it is reported once, the request is repeated, and the answer stays`, async (t) => {
    const answers = script([says('Recording'), answer(status), answer(status), says('Stopped')]);
    const running = watch(await answering(t, answers), ['watch', id, ...quickly]);

    await running.until(/Stopped/);
    const { stdout, stderr } = await interrupt(running);
    assert.strictEqual(stdout, 'Recording\nStopped\n');
    assert.match(stderr, new RegExp(`^wmrec: [^\\n]*\\(${status}\\)[^\\n]*\\nwmrec: jjl8y: localhost: it answers again\\.\\n$`));
  });
}

test('while the server refuses, the last answer is replaced by Unknown when it is stale', async (t) => {
  const answers = script([says('Recording'), answer(401)]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly, '--stale-after', '0.3s']);

  await running.until(/Unknown/);
  await answers.reached(3);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\nUnknown\n');
  assert.match(stderr, /^wmrec: jjl8y: localhost: the API key is not accepted \(401\)\. .*\n$/);
});

test('an error of one id changes nothing for another', async (t) => {
  const answers = script([]);
  const server = await answering(t, (request, number) => {
    answers(request, number);
    return request.includes('nobody') ? answer(404) : says('Recording');
  });
  const running = watch(server, ['watch', 'nobody', id, ...quickly]);

  await answers.reached(6);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'nobody\tUnknown\njjl8y\tRecording\n');
  assert.match(stderr, /^wmrec: nobody: .*\(404\).*\n$/);
  assert.strictEqual(server.connections, 1);
});

test('if the server cannot be reached for one id, the result applies to all', async (t) => {
  const port = await freePort();
  const running = watch({ url: `https://localhost:${port}` }, ['watch', 'first', 'second', 'third', '--interval', '1h']);

  await running.until(/third\tUnknown/);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'first\tUnknown\nsecond\tUnknown\nthird\tUnknown\n');
  assert.match(stderr, /^wmrec: first: .*no address of the host took the connection.*\n$/);
});

test('watch connects again after the server has restarted, and its output does not show it', async (t) => {
  const port = await freePort();
  const before = script([says('Recording')]);
  const first = await answering(t, before, { port });
  const running = watch(first, ['watch', id, '--interval', '0.2s', '--stale-after', '1h']);

  await running.until(/Recording/);
  await first.stop();
  const after = script([says('Stopped')]);
  const second = await answering(t, after, { port });
  await running.until(/Stopped/);
  const { stdout } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\nStopped\n');
  assert.deepStrictEqual([first.connections, second.connections], [1, 1]);
});

test('after a restart with an untrusted certificate nothing is sent; after one with a good certificate it is accepted', async (t) => {
  const bad = makeCertificates('one', 'another'); // another root
  const port = await freePort();
  const first = await answering(t, script([says('Recording'), '']), { port }); // once, so that it goes stale
  const running = watch(first, ['watch', id, '--interval', '0.2s', '--stale-after', '0.5s']);

  await running.until(/Recording/);
  await first.stop();
  const second = await answering(t, says('Stopped'), {
    port,
    key: fs.readFileSync(`${bad}/ec.key`),
    cert: fs.readFileSync(`${bad}/ec.pem`),
  });
  await running.until(/issued by nobody trusted/);
  await running.until(/Unknown/);
  await second.stop();
  const third = await answering(t, says('Stopped'), { port });
  await running.until(/Stopped/);
  const { stdout } = await interrupt(running);
  assert.match(stdout, /^Recording\nUnknown\nStopped\n(Unknown\nStopped\n)*(Unknown\n)?$/); // a late answer makes it stale again
  assert.strictEqual(second.received, '');
  assert.ok(third.received.includes(key));
});

test('watch ends if an answer cannot be written: exit status 74', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stderr } = await run('sh', ['-c', 'exec "$0" "$@" >/dev/full', program, '--endpoint', server.url, '--cacert',
    certificate('roots.pem'), ...patiently(['watch', id])], { environment: { WMC_API_TOKEN: key } });

  assert.strictEqual(code, 74);
  assert.match(stderr, /^wmrec: standard output: No space left on device\n/);
});

test('watch --self-hosted asks a self-hosted WireMock', async (t) => {
  const answers = script([says('Stopped'), says('Recording')]);
  const server = await answering(t, answers, { certificate: null });
  const running = launch(program, patiently(['watch', '--self-hosted', server.url, ...quickly]));

  await running.until(/Recording/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Stopped\nRecording\n', stderr: '' });
});

// On a terminal.

/** Runs watch on a terminal of 80 columns until its output matches `pattern`; returns the output. */
async function onTerminal(server, options, pattern, environment = {}) {
  const words = patiently(['watch', '--endpoint', server.url, '--cacert', certificate('roots.pem'), ...options]);
  const running = launchOnTerminal(80, words, { WMC_API_TOKEN: key, ...environment });

  await running.until(pattern);
  const { code, stdout } = await running.stop();
  assert.strictEqual(code, 143);
  return stdout;
}

test('on a terminal, a live line shows id, status and age in colour; changes are printed above it', async (t) => {
  const answers = script([says('Stopped'), says('Recording')]);
  const shown = await onTerminal(await answering(t, answers), [id, '--interval', '0.2s'], /\d\d:\d\d:\d\d jjl8y Recording\r\n.*Recording \d+s/s);

  assert.match(shown, /\d\d:\d\d:\d\d jjl8y Stopped\r\n/);
  assert.match(shown, /\r\x1b\[K\x1b\[32mjjl8y Stopped \d+s\x1b\[0m/);
  assert.match(shown, /\r\x1b\[K\x1b\[1;31mjjl8y Recording \d+s\x1b\[0m/);
});

test('on a terminal, the age grows, and a stale answer is marked', async (t) => {
  const server = await answering(t, says('Recording'));

  await onTerminal(server, [id, '--interval', '1h'], /Recording [1-9]\d*s/);
  const shown = await onTerminal(server, [id, '--interval', '1h', '--stale-after', '1.5s'], /Unknown, Recording [2-9]\d*s ago/);
  assert.ok(shown.includes('\x1b[33mjjl8y Unknown, Recording'), JSON.stringify(shown));
});

test('NO_COLOR removes the colours; a dumb terminal gets plain lines', async (t) => {
  const server = await answering(t, says('Recording'));
  const noColour = await onTerminal(server, [id], /Recording \d+s/, { NO_COLOR: '1' });
  const dumb = await onTerminal(server, [id], /Recording/, { TERM: 'dumb' });

  assert.match(noColour, /\r\x1b\[Kjjl8y Recording \d+s/);
  assert.ok(!/\x1b\[\d/.test(noColour), JSON.stringify(noColour));
  assert.strictEqual(dumb, 'Recording\r\n');
});

test('an empty NO_COLOR has no effect', async (t) => {
  const shown = await onTerminal(await answering(t, says('Recording')), [id], /Recording \d+s/, { NO_COLOR: '' });

  assert.ok(shown.includes('\x1b[1;31m'), JSON.stringify(shown));
});

test('the live line is truncated to the width of the terminal', async (t) => {
  const ids = Array.from({ length: 9 }, (_, index) => `id-${100 + index}`);
  const shown = await onTerminal(await answering(t, says('Stopped')), [...ids, '--interval', '1h'],
    /id-108 Stopped\r\n.*id-100 Stopped \d+s/s, { NO_COLOR: '1' });
  const last = shown.split('\x1b[K').at(-1).replace(/\r?\n?$/, ''); // whole: wmrec ended by itself

  assert.ok(last.startsWith('id-100 Stopped '), last);
  assert.strictEqual(last.length, 79);
});

test('on a terminal, the last answer and its age are shown while the server refuses, with the error, in another colour', async (t) => {
  const answers = script([says('Recording'), answer(401)]);
  const shown = await onTerminal(await answering(t, answers), [id, '--interval', '0.2s'], /Recording \d+s, unauthorized/);

  assert.match(shown, /\x1b\[33mjjl8y Recording \d+s, unauthorized\x1b\[0m/);
});

// wait

test('wait ends when the status is reached, prints it, and exits with 0', async (t) => {
  for (const wanted of ['NeverStarted', 'Recording', 'Stopped']) {
    const others = ['NeverStarted', 'Recording', 'Stopped'].filter((status) => status !== wanted);
    const answers = script([...others.map((status) => says(status)), says(wanted)]);
    const result = await ask(await answering(t, answers), ['wait', id, '--for', wanted, ...quickly]);

    assert.deepStrictEqual(result, { code: 0, stdout: `${wanted}\n`, stderr: '' });
    assert.strictEqual(answers.count(), 3);
  }
});

test('wait accepts the status in any case, and prints JSON with -o json', async (t) => {
  const { code, stdout } = await ask(await answering(t, says('Recording')), ['wait', id, '--for', 'RECORDING', '-o', 'json']);

  assert.strictEqual(code, 0);
  assert.strictEqual(JSON.parse(stdout).status, 'Recording');
});

test('if wait reaches its timeout, the message has the last status: exit status 124', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });
  const attempt = (limit) => askSelfHosted(server, ['wait', '--for', 'Stopped', '--timeout', limit, '--interval', '1h']);
  const result = await withTimeEnough(attempt, ({ stderr }) => stderr.includes('Recording'));

  assert.deepStrictEqual([result.code, result.stdout], [124, '']);
  assert.match(result.stderr, /^wmrec: [^ ]+: timeout: the status is Recording, not Stopped\.\n$/);
});

test('the timeout of wait ends a poll that hangs, and the message has the last status, if any', async (t) => {
  const attempt = async (limit, answers) => askSelfHosted(await answering(t, script(answers), { certificate: null }),
    ['wait', '--for', 'Stopped', '--timeout', limit, '--max-time', '1h', ...quickly]);
  const never = await attempt('0.5s', ['']);
  const once = await withTimeEnough((limit) => attempt(limit, [says('Recording'), '']), ({ stderr }) => stderr.includes('Recording'));

  assert.deepStrictEqual([never.code, never.stdout, once.code, once.stdout], [124, '', 124, '']);
  assert.match(never.stderr, /^wmrec: [^ ]+: timeout: the status is unknown: no complete answer .*\n$/);
  assert.match(once.stderr, /^wmrec: [^ ]+: timeout: the status is Recording, not Stopped\.\n$/);
});

for (const [status, code] of [[401, 77], [403, 77], [404, 66]]) {
  test(`wait continues if the server has answered before it says ${status}, and reports it once`, async (t) => {
    const answers = script([says('Recording'), answer(status), answer(status), says('Stopped')]);
    const { code: ended, stdout, stderr } = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

    assert.deepStrictEqual([ended, stdout], [0, 'Stopped\n']);
    assert.strictEqual(stderr.match(new RegExp(`\\(${status}\\)`, 'g')).length, 1);
  });

  test(`wait ends at once on ${status} at the first request: exit status ${code}`, async (t) => {
    const answers = script([answer(status)]);
    const result = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

    assert.deepStrictEqual([result.code, result.stdout, answers.count()], [code, '', 1]);
    assert.match(result.stderr, new RegExp(`\\(${status}\\)`));
  });
}

test('wait ends at once without a key or with an invalid id: exit status 78', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual((await ask(server, ['wait', id, '--for', 'Stopped'], { key: null })).code, 78);
  assert.strictEqual((await ask(server, ['wait', 'four', '--for', 'Stopped'])).code, 78);
  assert.strictEqual(server.connections, 0);
});

test('wait does not end on an answer that is older than --stale-after, 3 minutes by default', async (t) => {
  const answers = script([says('Stopped', { Age: 181 }), says('Stopped', { Age: 'x' }), says('Stopped', { Age: 180 })]);
  const { code, stdout, stderr } = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

  assert.deepStrictEqual([code, stdout, answers.count()], [0, 'Stopped\n', 3]);
  assert.strictEqual(stderr.match(/too old/g).length, 1);
});

test('wait continues after temporary failures, and reports each once', async (t) => {
  const answers = script([answer(500), answer(500), answer(503, '', { 'Retry-After': 0 }), says('Stopped')]);
  const { code, stdout, stderr } = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

  assert.deepStrictEqual([code, stdout], [0, 'Stopped\n']);
  assert.strictEqual(stderr.match(/the server failed/g).length, 1);
  assert.strictEqual(stderr.match(/the service is unavailable/g).length, 1);
});

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  test(`${signal} ends wait: exit status ${code}`, async (t) => {
    const answers = script([says('Recording')]);
    const running = watch(await answering(t, answers), ['wait', id, '--for', 'Stopped', '--interval', '1h']);

    await answers.reached(1);
    assert.deepStrictEqual(await interrupt(running, signal), { stdout: '', stderr: '' });
  });
}

// is-recording

for (const [status, code] of [['Recording', 0], ['NeverStarted', 3], ['Stopped', 3]]) {
  test(`is-recording of ${status}: exit status ${code}; with -q it prints nothing`, async (t) => {
    const server = await answering(t, says(status));

    assert.deepStrictEqual(await ask(server, ['is-recording', id]), { code, stdout: `${status}\n`, stderr: '' });
    assert.deepStrictEqual(await ask(server, ['is-recording', '-q', id]), { code, stdout: '', stderr: '' });
  });
}

for (const [status, code] of [[401, 77], [404, 66], [500, 75], [302, 76]]) {
  test(`is-recording of HTTP status ${status}: exit status ${code}, the same as that of status`, async (t) => {
    const server = await answering(t, answer(status));

    assert.deepStrictEqual(await ask(server, ['is-recording', '-q', id]), { code, stdout: '', stderr: '' });
    assert.match((await ask(server, ['is-recording', id])).stderr, /^wmrec: jjl8y: localhost: /);
  });
}

test('is-recording --self-hosted asks a self-hosted WireMock', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  assert.strictEqual((await askSelfHosted(server, ['is-recording', '-q'])).code, 0);
});
