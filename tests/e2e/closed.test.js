// Standard input, output or error is closed when wmrec starts: no socket may get its descriptor number.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, certificate, id, key, patiently, program, run, says, serve } = require('./support');
const { temporaryFolder, top } = require('./wiremock');

/** Runs wmrec with these redirections of the shell; '>&-' closes standard output. */
function redirected(redirections, options, { environment = { WMC_API_TOKEN: key }, ...settings } = {}) {
  return run('sh', ['-c', `exec "$0" "$@" ${redirections}`, program, ...options], { environment, ...settings });
}

const cloud = (server) => patiently(['--endpoint', server.url, '--cacert', certificate('roots.pem')]);

/** Starts a server that answers, and a relay to it; `received` of the relay has all bytes of the client, still in TLS. */
async function relayed(t, bytes) {
  const server = await answering(t, bytes);
  const relay = await serve(t, (socket) => {
    const onward = net.connect(server.port, '127.0.0.1');

    onward.on('error', () => {});
    socket.pipe(onward).pipe(socket);
  }, { certificate: null });

  return Object.assign(relay, { url: server.url.replace(server.port, relay.port), server });
}

const asking = [
  ['status', id], ['status', '-o', 'json', id], ['status', '-o', 'prometheus', id], ['is-recording', id],
  ['wait', '--for', 'Stopped', id], ['watch', id], ['watch', '-o', 'home-assistant', id],
];

for (const [what, redirection] of [['closed', '>&-'], ['open for reading only', '1</dev/null']]) {
  for (const command of asking) {
    test(`${command.slice(0, -1).join(' ')} with standard output ${what}: exit status 74, and no connection is made`, async (t) => {
      const server = await relayed(t, says('Stopped'));
      const { code, stdout, stderr } = await redirected(redirection, [...cloud(server), ...command]);

      assert.deepStrictEqual([code, stdout, stderr], [74, '', 'wmrec: standard output is closed or not open for writing, so no request is sent.\n']);
      assert.deepStrictEqual([server.connections, server.received], [0, '']);
    });
  }

  test(`commands that print nothing work with standard output ${what}`, async (t) => {
    const server = await relayed(t, says('Recording'));
    const metrics = path.join(temporaryFolder(), `closed-${redirection.length}.prom`);
    const block = path.join(temporaryFolder(), `closed-${redirection.length}.bin`);

    for (const options of [['is-recording', '-q', id], ['-o', 'prometheus', '--out', metrics, id]]) {
      const { code, stderr } = await redirected(redirection, [...cloud(server), ...options]);
      assert.deepStrictEqual([code, stderr], [0, '']);
    }
    assert.match(fs.readFileSync(metrics, 'utf8'), /^wmrec_recording\{.*\} 1$/m);
    assert.strictEqual((await redirected(redirection, ['settings', '--write', block, id])).code, 0);
    assert.strictEqual(fs.readFileSync(block, 'latin1').slice(0, 4), 'WMRS');
  });

  for (const options of [['--help'], ['--version'], ['settings', '--read', path.join(top, 'tests/golden/settings/least.bin')]]) {
    test(`${options.slice(0, 2).join(' ')} with standard output ${what}: exit status 74`, async () => {
      const { code, stderr } = await redirected(redirection, options);

      assert.strictEqual(code, 74);
      assert.match(stderr, /^wmrec: standard output: Bad file descriptor$/m);
    });
  }
}

for (const option of ['--help', '--version']) {
  test(`${option} fails with exit status 74 if the disk is full`, { skip: !fs.existsSync('/dev/full') }, async () => {
    const { code, stderr } = await redirected('>/dev/full', [option]);

    assert.strictEqual(code, 74);
    assert.match(stderr, /standard output: No space left/);
  });
}

for (const redirections of ['<&-', '2>&-', '<&- 2>&-', '<&- >&- 2>&-', '>&- 2>&-', '<&- >&-']) {
  test(`with ${redirections} at the start, no output goes into a connection`, async (t) => {
    for (const [bytes, verbosity, expected] of [[says('Stopped'), '-v', 0], [answer(401), '-v', 77]]) {
      const server = await relayed(t, bytes);
      const isOpen = !redirections.split(' ').includes('>&-');
      const { code } = await redirected(redirections, [...cloud(server), verbosity, id]);

      assert.strictEqual(code, isOpen ? expected : 74);
      assert.strictEqual(server.connections, isOpen ? 1 : 0);
      assert.doesNotMatch(server.received, /Stopped|wmrec:|HTTP/);
      assert.strictEqual((server.server.received.match(/^GET /gm) ?? []).length, isOpen ? 1 : 0);
    }
  });
}

test('--token-file - with standard input closed: exit status 78, and no connection is made', async (t) => {
  const server = await relayed(t, says('Stopped'));
  const { code, stderr } = await redirected('<&-', [...cloud(server), '--token-file', '-', id], { environment: {} });

  assert.strictEqual(code, 78);
  assert.match(stderr, /^wmrec: the token file on standard input: Bad file descriptor\.$/m);
  assert.strictEqual(server.connections, 0);
});
