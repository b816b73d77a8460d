// Several servers at once: what one of them takes of TLS's memory is missing for no other one, and is told of itself.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { certificate, id, key, launch, program, useAllCertificates } = require('../e2e/support');
const { but, message, play, readClientHello, showing, tls12, until } = require('./hostile/scripted');

useAllCertificates();

/** A server that sends these certificates behind its own, and nothing more once the client has read them. done: a promise of that,
 * or of the client's having left. */
async function stalling(t, files) {
  let end;
  const done = new Promise((resolve) => { end = resolve; });
  const server = await play(t, until(showing(tls12, 'ec', ['ec.crt', ...files]), 'clientKeyExchange', async (peer) => {
    try {
      await peer.message(message.clientKeyExchange);
    } finally {
      end();
    }
  }));

  return Object.assign(server, { done });
}

/** wmrec watch of five servers that stall behind these certificates, and of a sixth one with the certificate `name`, which says
 * nothing before they stall: { stdout, stderr } up to what wmrec says of the sixth one; others and sixth, the servers' names. */
async function watchSix(t, files, name) {
  const others = await Promise.all(Array.from({ length: 5 }, () => stalling(t, files)));
  const sixth = await play(t, but(showing(tls12, name), { clientHello: async (peer) => {
    await readClientHello(peer);
    await Promise.all(others.map(({ done }) => done));
  } }));
  const of = ({ port }) => `localhost:${port}`;
  const running = launch(program, ['watch', '--max-time', '1h', '--cacert', certificate('roots.pem'),
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
  test(`five servers that stall behind ${what} leave a sixth one the memory for its certificates`, async (t) => {
    const { stdout, stderr, sixth } = await watchSix(t, files, 'rsa-3');

    assert.match(stdout, new RegExp(`${sixth}/${id}\tRecording\n`), stderr);
  });

  test(`five servers that stall behind ${what} do not change what is said of a sixth one's certificate`, async (t) => {
    const { stderr, sixth } = await watchSix(t, files, 'expired');

    assert.match(stderr, new RegExp(`${sixth}: .* has expired`));
  });
}

test('a server that makes TLS take more than one connection may is told as that, each by itself', async (t) => {
  const { stderr, others, sixth } = await watchSix(t, lists['a certificate of 5,000 names'], 'ec');

  for (const other of others)
    assert.match(stderr, new RegExp(`${other}: .*more memory`));
  assert.doesNotMatch(stderr, new RegExp(sixth));
});
