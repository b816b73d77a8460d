// A process that polls many times must not grow. With WMREC in the environment, that program is run instead of the release build,
// with fewer polls.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, http, key, launch, patiently, says, serve } = require('./support');
const { built, top } = require('./wiremock');

const isRelease = process.env.WMREC === undefined;
const program = path.resolve(top, process.env.WMREC ?? built('release/wmrec'));
const workspace = 32; // KiB: more than an exchange writes to; between two exchanges it may be given back to the system
const ids = Array.from({ length: 100 }, (_, index) => `id-${100 + index}`);

/** The resident anonymous memory of a process, in KiB: pages of the program's file become resident when their code first runs. */
function resident(pid) {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

/** The answers vary in status, and some close the connection. */
function answerOf(number) {
  return says(['NeverStarted', 'Recording', 'Stopped'][Math.floor(number / 700) % 3], number % 250 === 0 ? { Connection: 'close' } : {});
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  const count = isRelease ? 100000 : 1000;

  test(`${count} polls over ${version} by one process: its memory does not grow after the first thousand`, async (t) => {
    let running = null;
    let first = 0;
    let last = 0;
    let done = () => {};
    const isDone = new Promise((resolve) => { done = resolve; });
    const server = await serve(t, http((socket, request, number) => {
      if (number === Math.min(1000, count / 2))
        first = resident(running.pid);
      if (number === count) {
        last = resident(running.pid);
        done();
      }
      if (number % 250 === 0)
        socket.end(answerOf(number));
      else
        socket.write(answerOf(number));
    }), { minVersion: version, maxVersion: version });

    running = launch(program, patiently(['watch', '-o', 'json', '--endpoint', server.url, '--cacert', certificate('roots.pem'),
      '--interval', '0.001s', ...ids]), { environment: { WMC_API_TOKEN: key } });
    await Promise.race([isDone, running.end()]);
    running.kill('SIGTERM');
    const { code, stdout, stderr } = await running.end();
    assert.deepStrictEqual([code, stderr], [143, '']);
    assert.ok(stdout.split('\n').length > count / 100);
    assert.ok(server.connections >= count / 250, `${server.connections} connections`);
    t.diagnostic(`${first} KiB resident at first, ${last} KiB at last; ${server.connections} connections`);
    if (isRelease)
      assert.ok(last <= first + workspace, `${first} KiB, and then ${last} KiB`);
  });
}
