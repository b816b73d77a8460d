// wmrec watch, wait and is-recording: what is shown of answers that change, fail, and grow old.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const test = require('node:test');

const { answer, answering, ask, askSelfHosted, certificate, freePort, id, key, launch, patiently, program, run, says, watch } =
  require('./support');
const { makeCertificates } = require('./wiremock');

const quickly = ['--interval', '0.05s'];

/** Ends it by a signal; what it printed. */
async function interrupt(running, signal = 'SIGINT') {
  running.kill(signal);
  const { code, stdout, stderr } = await running.end();

  assert.strictEqual(code, { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal], stderr);
  return { stdout, stderr };
}

/** What a server says, request by request; the last one from then on. reached(n): the request n has come. */
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

test('watch prints the status when it is first known, and then when it changes, and nothing else', async (t) => {
  const answers = script([...Array(3).fill(says('NeverStarted')), ...Array(3).fill(says('Recording')), says('Stopped')]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly]);

  await answers.reached(9);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'NeverStarted\nRecording\nStopped\n', stderr: '' });
});

test('watch asks for all ids over one connection, and prints a line of id and status for each', async (t) => {
  const statuses = { first: 'Recording', second: 'Stopped', third: 'NeverStarted' };
  const answers = script([]);
  const server = await answering(t, (request, number) => {
    answers(request, number);
    return says(statuses[/mock-apis\/(\w+)/.exec(request)[1]]);
  });
  const running = watch(server, ['watch', ...Object.keys(statuses), '--interval', '1s']);

  await answers.reached(9);
  const { stdout } = await interrupt(running);
  assert.strictEqual(stdout, 'first\tRecording\nsecond\tStopped\nthird\tNeverStarted\n');
  assert.deepStrictEqual([server.connections, server.handshakes], [1, 1]);
});

test('every id has its turn, also when answers take longer than the interval', async (t) => {
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

test('watch -o json prints an object a line, at each change of the status or of what is wrong', async (t) => {
  const answers = script([says('Recording'), answer(503), says('Recording'), answer(401)]);
  const running = watch(await answering(t, answers), ['watch', '-q', '-o', 'json', id, ...quickly, '--stale-after', '1h']);

  await running.until(/unauthorized/);
  const { stdout, stderr } = await interrupt(running);
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
  const seen = lines.map(({ id: name, status, recording, http_status: code, error }) => [name, status, recording, code, error]);

  assert.strictEqual(stderr, '');
  assert.deepStrictEqual(seen, [
    [id, 'Recording', true, 200, null],
    [id, 'Recording', true, 503, 'unavailable'], // still believed, with its own time
    [id, 'Recording', true, 200, null],
    [id, null, null, 401, 'unauthorized'],
  ]);
  for (const line of lines) {
    assert.deepStrictEqual(Object.keys(line), ['id', 'status', 'recording', 'checked_at', 'http_status', 'error']);
    assert.match(line.checked_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
  assert.strictEqual(lines[1].checked_at, lines[0].checked_at, 'a failure makes an answer no younger');
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${signal} ends watch cleanly, between two questions and in the midst of one`, async (t) => {
    const idle = watch(await answering(t, says('Stopped')), ['watch', id, '--interval', '1h']);
    await idle.until(/Stopped/);
    assert.strictEqual((await interrupt(idle, signal)).stderr, '');

    const answers = script(['']);
    const busy = watch(await answering(t, answers), ['watch', id, '--max-time', '1h']);
    await answers.reached(1);
    assert.deepStrictEqual(await interrupt(busy, signal), { stdout: '', stderr: '' });
  });
}

test('an answer is shown until it is stale, and then it is Unknown, also while a question hangs', async (t) => {
  const answers = script([says('Recording'), '']);
  const running = watch(await answering(t, answers),
    ['watch', id, ...quickly, '--stale-after', '0.3s', '--max-time', '1h']);

  await running.until(/Unknown/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Recording\nUnknown\n', stderr: '' });
});

test('a failure that passes before the answer is stale changes nothing on standard output; it is said once', async (t) => {
  const answers = script([says('Recording'), answer(500), answer(500), answer(500), says('Recording')]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly, '--stale-after', '1h']);

  await running.until(/it answers again/);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\n');
  assert.strictEqual(stderr, 'wmrec: jjl8y: localhost: the server failed (5xx): HTTP status 500.\n' +
    'wmrec: jjl8y: localhost: it answers again.\n');
});

test('-q says nothing of failures', async (t) => {
  const answers = script([answer(500), says('Stopped')]);
  const running = watch(await answering(t, answers), ['watch', '-q', id, ...quickly]);

  await running.until(/Stopped/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Unknown\nStopped\n', stderr: '' });
});

test('a key that is revoked makes the status Unknown at once, is said, and is not tried again soon', async (t) => {
  const answers = script([says('Recording'), answer(401)]);
  const running = watch(await answering(t, answers), ['watch', id, ...quickly, '--stale-after', '1h']);

  await running.until(/Unknown/);
  await new Promise((resolve) => { setTimeout(resolve, 500); }); // ten intervals, in which nothing may come
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\nUnknown\n');
  assert.match(stderr, /^wmrec: jjl8y: localhost: the API key is not accepted \(401\)\. .*\n$/);
  assert.strictEqual(answers.count(), 2);
});

test('what is wrong with one id changes nothing for another', async (t) => {
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

test('a server that cannot be reached is tried for one id, and that goes for all', async (t) => {
  const port = await freePort();
  const running = watch({ url: `https://localhost:${port}` }, ['watch', 'first', 'second', 'third', '--interval', '1h']);

  await running.until(/third\tUnknown/);
  const { stdout, stderr } = await interrupt(running);
  assert.strictEqual(stdout, 'first\tUnknown\nsecond\tUnknown\nthird\tUnknown\n');
  assert.match(stderr, /^wmrec: first: .*no address of the host took the connection.*\n$/);
});

test('a server that is restarted is connected to anew, and nobody notices', async (t) => {
  const port = await freePort();
  const before = script([says('Recording')]);
  const first = await answering(t, before, { port });
  const running = watch(first, ['watch', id, '--interval', '0.5s', '--stale-after', '1h']);

  await running.until(/Recording/);
  await first.stop();
  const after = script([says('Stopped')]);
  const second = await answering(t, after, { port });
  await running.until(/Stopped/);
  const { stdout } = await interrupt(running);
  assert.strictEqual(stdout, 'Recording\nStopped\n');
  assert.deepStrictEqual([first.connections, second.connections], [1, 1]);
});

test('a certificate that is replaced by a good one is taken, and one by a bad one is refused: nothing is sent', async (t) => {
  const bad = makeCertificates('one', 'another'); // another root
  const port = await freePort();
  const first = await answering(t, says('Recording'), { port });
  const running = watch(first, ['watch', id, '--interval', '0.5s', '--stale-after', '1.5s']);

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
  assert.strictEqual(stdout, 'Recording\nUnknown\nStopped\n');
  assert.strictEqual(second.received, '');
  assert.ok(third.received.includes(key));
});

test('an answer that cannot be written ends watch: exit status 74', async (t) => {
  const server = await answering(t, says('Stopped'));
  const { code, stderr } = await run('sh', ['-c',
    'exec "$0" --endpoint "$1" --cacert "$2" watch jjl8y >/dev/full', program, server.url,
    certificate('roots.pem')], { environment: { WMC_API_TOKEN: key } });

  assert.strictEqual(code, 74);
  assert.match(stderr, /^wmrec: standard output: No space left on device\n/);
});

test('watch --self-hosted asks a WireMock of one\'s own', async (t) => {
  const answers = script([says('Stopped'), says('Recording')]);
  const server = await answering(t, answers, { certificate: null });
  const running = launch(program, patiently(['watch', '--self-hosted', server.url, ...quickly]));

  await running.until(/Recording/);
  assert.deepStrictEqual(await interrupt(running), { stdout: 'Stopped\nRecording\n', stderr: '' });
});

// On a terminal: script(1) makes one.

/** watch on a terminal of 80 columns; what it wrote, once `pattern` is in it. */
async function onTerminal(server, options, pattern, environment = {}) {
  const words = [program, ...patiently(['watch', '--endpoint', server.url, '--cacert', certificate('roots.pem'), ...options])];
  const running = launch('script', ['-qec', `stty cols 80; exec ${words.join(' ')}`, '/dev/null'],
    { environment: { TERM: 'xterm', WMC_API_TOKEN: key, ...environment } });

  await running.until(pattern);
  running.kill('SIGTERM');
  await running.end().catch(() => {}); // script(1) itself dies by it
  return running.output.stdout;
}

test('on a terminal, the line shows id, status and age, in colour, and changes stand above it', async (t) => {
  const answers = script([says('Stopped'), says('Recording')]);
  const shown = await onTerminal(await answering(t, answers), [id, '--interval', '0.2s'], /\d\d:\d\d:\d\d jjl8y Recording\r\n.*Recording \d+s/s);

  assert.match(shown, /\d\d:\d\d:\d\d jjl8y Stopped\r\n/);
  assert.match(shown, /\r\x1b\[K\x1b\[32mjjl8y Stopped \d+s\x1b\[0m/);
  assert.match(shown, /\r\x1b\[K\x1b\[1;31mjjl8y Recording \d+s\x1b\[0m/);
});

test('the age on the terminal grows, and what is stale is told from what is known', async (t) => {
  const server = await answering(t, says('Recording'));

  await onTerminal(server, [id, '--interval', '1h'], /Recording [1-9]\d*s/);
  const shown = await onTerminal(server, [id, '--interval', '1h', '--stale-after', '1.5s'], /Unknown, Recording [2-9]\d*s ago/);
  assert.ok(shown.includes('\x1b[33mjjl8y Unknown, Recording'), JSON.stringify(shown));
});

test('NO_COLOR leaves the colours out, and a dumb terminal gets plain lines', async (t) => {
  const server = await answering(t, says('Recording'));
  const noColour = await onTerminal(server, [id], /Recording \d+s/, { NO_COLOR: '1' });
  const dumb = await onTerminal(server, [id], /Recording/, { TERM: 'dumb' });

  assert.match(noColour, /\r\x1b\[Kjjl8y Recording \d+s/);
  assert.ok(!/\x1b\[\d/.test(noColour), JSON.stringify(noColour));
  assert.strictEqual(dumb, 'Recording\r\n');
});

test('an empty NO_COLOR is none', async (t) => {
  const shown = await onTerminal(await answering(t, says('Recording')), [id], /Recording \d+s/, { NO_COLOR: '' });

  assert.ok(shown.includes('\x1b[1;31m'), JSON.stringify(shown));
});

test('the line is cut where the terminal ends', async (t) => {
  const ids = Array.from({ length: 9 }, (_, index) => `id-${100 + index}`);
  const shown = await onTerminal(await answering(t, says('Stopped')), [...ids, '--interval', '1h'],
    /id-108 Stopped\r\n.*id-100 Stopped \d+s.*\n?/s, { NO_COLOR: '1' });
  const last = shown.split('\x1b[K').at(-1).replace(/\r?\n?$/, '');

  assert.ok(last.startsWith('id-100 Stopped '), last);
  assert.strictEqual(last.length, 79);
});

// wait

test('wait ends once the status is reached, prints it, and exits with 0', async (t) => {
  for (const wanted of ['NeverStarted', 'Recording', 'Stopped']) {
    const others = ['NeverStarted', 'Recording', 'Stopped'].filter((status) => status !== wanted);
    const answers = script([...others.map((status) => says(status)), says(wanted)]);
    const result = await ask(await answering(t, answers), ['wait', id, '--for', wanted, ...quickly]);

    assert.deepStrictEqual(result, { code: 0, stdout: `${wanted}\n`, stderr: '' });
    assert.strictEqual(answers.count(), 3);
  }
});

test('wait takes the name of the status in any case, and prints JSON if asked', async (t) => {
  const { code, stdout } = await ask(await answering(t, says('Recording')), ['wait', id, '--for', 'RECORDING', '-o', 'json']);

  assert.strictEqual(code, 0);
  assert.strictEqual(JSON.parse(stdout).status, 'Recording');
});

test('wait that is not over in time says what it is: exit status 124', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });
  const result = await askSelfHosted(server, ['wait', '--for', 'Stopped', '--timeout', '10s', '--interval', '1h']);

  assert.deepStrictEqual([result.code, result.stdout], [124, '']);
  assert.match(result.stderr, /^wmrec: [^ ]+: timeout: the status is Recording, not Stopped\.\n$/);
});

test('the time of wait bounds a question that hangs, which makes nothing of what was known', async (t) => {
  const options = ['wait', '--for', 'Stopped', '--timeout', '10s', '--max-time', '1h', ...quickly];
  const plain = { certificate: null }; // so that the first answer takes far less than that
  const never = await askSelfHosted(await answering(t, '', plain), options);
  const once = await askSelfHosted(await answering(t, script([says('Recording'), '']), plain), options);

  assert.deepStrictEqual([never.code, never.stdout, once.code, once.stdout], [124, '', 124, '']);
  assert.match(never.stderr, /^wmrec: [^ ]+: timeout: the status is unknown: no complete answer .*\n$/);
  assert.match(once.stderr, /^wmrec: [^ ]+: timeout: the status is Recording, not Stopped\.\n$/);
});

for (const [status, code] of [[401, 77], [403, 77], [404, 76]]) {
  test(`wait ends at once on ${status}: exit status ${code}`, async (t) => {
    const answers = script([answer(status)]);
    const result = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

    assert.deepStrictEqual([result.code, result.stdout, answers.count()], [code, '', 1]);
    assert.match(result.stderr, new RegExp(`\\(${status}\\)`));
  });
}

test('wait ends at once without a key or with a bad id: exit status 78', async (t) => {
  const server = await answering(t, says('Stopped'));

  assert.strictEqual((await ask(server, ['wait', id, '--for', 'Stopped'], { key: null })).code, 78);
  assert.strictEqual((await ask(server, ['wait', 'four', '--for', 'Stopped'])).code, 78);
  assert.strictEqual(server.connections, 0);
});

test('wait goes on through failures that may pass, and says each but once', async (t) => {
  const answers = script([answer(500), answer(500), answer(503, '', { 'Retry-After': 0 }), says('Stopped')]);
  const { code, stdout, stderr } = await ask(await answering(t, answers), ['wait', id, '--for', 'Stopped', ...quickly]);

  assert.deepStrictEqual([code, stdout], [0, 'Stopped\n']);
  assert.strictEqual(stderr.match(/the server failed/g).length, 1);
  assert.strictEqual(stderr.match(/the service is unavailable/g).length, 1);
});

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  test(`${signal} ends wait: exit status ${code}`, async (t) => {
    const answers = script([says('Recording')]);
    const running = watch(await answering(t, answers), ['wait', id, '--for', 'Stopped', '--interval', '1h']);

    await answers.reached(1);
    assert.deepStrictEqual(await interrupt(running, signal), { stdout: '', stderr: '' });
  });
}

// is-recording

for (const [status, code] of [['Recording', 0], ['NeverStarted', 3], ['Stopped', 3]]) {
  test(`is-recording of ${status}: exit status ${code}; with -q it prints nothing at all`, async (t) => {
    const server = await answering(t, says(status));

    assert.deepStrictEqual(await ask(server, ['is-recording', id]), { code, stdout: `${status}\n`, stderr: '' });
    assert.deepStrictEqual(await ask(server, ['is-recording', '-q', id]), { code, stdout: '', stderr: '' });
  });
}

for (const [status, code] of [[401, 77], [404, 76], [500, 75], [302, 76]]) {
  test(`is-recording of HTTP status ${status}: exit status ${code}, as of status; never 3`, async (t) => {
    const server = await answering(t, answer(status));

    assert.deepStrictEqual(await ask(server, ['is-recording', '-q', id]), { code, stdout: '', stderr: '' });
    assert.match((await ask(server, ['is-recording', id])).stderr, /^wmrec: jjl8y: localhost: /);
  });
}

test('is-recording --self-hosted asks a WireMock of one\'s own', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });

  assert.strictEqual((await askSelfHosted(server, ['is-recording', '-q'])).code, 0);
});
