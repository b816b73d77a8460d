// Several servers at once share the memory of TLS: one that takes too much of it fails alone.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { certificate, id, key, launch, program, useAllCertificates } = require('../e2e/support');
const { but, message, play, readClientHello, showing, tls12, upTo } = require('./hostile/scripted');

useAllCertificates();

/** Starts a server that sends these certificates after its own, and then stalls. done: a promise that the client has read them, or
 * has closed the connection. */
async function stalling(t, files) {
  let end;
  const done = new Promise((resolve) => { end = resolve; });
  const server = await play(t, upTo(showing(tls12, 'ec', ['ec.crt', ...files]), 'clientKeyExchange', async (peer) => {
    try {
      await peer.message(message.clientKeyExchange);
    } finally {
      end();
    }
  }));

  return Object.assign(server, { done });
}

/** Runs watch with five servers that stall after these certificates, and a sixth with the certificate `name` that waits until they
 * do. Returns { stdout, stderr } up to the result of the sixth; others and sixth, the names of the servers. */
async function watchSix(t, files, name) {
  const others = await Promise.all(Array.from({ length: 5 }, () => stalling(t, files)));
  const sixth = await play(t, but(showing(tls12, name), { clientHello: async (peer) => {
    await readClientHello(peer);
    await Promise.all(others.map(({ done }) => done));
  } }));
  const of = ({ port }) => `localhost:${port}`;
  const running = launch(program, ['watch', '--max-time', '1h', '--stale-after', '1h', '--cacert', certificate('roots.pem'),
    ...[...others, sixth].flatMap((server) => ['--server', `https://${of(server)}`, id])], { environment: { WMC_API_TOKEN: key } });

  await running.until(new RegExp(`${of(sixth)}/.*\\n`));
  running.kill('SIGINT');
  return { ...await running.end(), others: others.map(of), sixth: of(sixth) };
}

const lists = {
  '59 certificates': Array(59).fill('tiny.crt'),
  'a certificate of 5,000 names': ['names-5000.crt'],
};

for (const [what, files] of Object.entries(lists)) {
  test(`five servers that stall after ${what} leave a sixth server enough memory for its certificates`, async (t) => {
    const { stdout, stderr, sixth } = await watchSix(t, files, 'rsa-3');

    assert.match(stdout, new RegExp(`${sixth}/${id}\tRecording\n`), stderr);
  });

  test(`five servers that stall after ${what} do not change the error of the certificate of a sixth server`, async (t) => {
    const { stderr, sixth } = await watchSix(t, files, 'expired');

    assert.match(stderr, new RegExp(`${sixth}: .* has expired`));
  });
}

test('the error about memory names each server that makes TLS take too much, and no other', async (t) => {
  const { stderr, others, sixth } = await watchSix(t, lists['a certificate of 5,000 names'], 'ec');

  for (const other of others)
    assert.match(stderr, new RegExp(`${other}: .*more memory`));
  assert.doesNotMatch(stderr, new RegExp(sixth));
});
