// The lamp's firmware and servers of tests/tls/hostile: the result must be the one of table.js for the device profile, which was
// compiled for this machine.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { useAllCertificates } = require('../e2e/support');
const { rows } = require('../tls/hostile/table');
const { among, lamp, settings, startNetwork } = require('./support');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

const picked = [
  'Anything/http', 'Certificates/deep-8', 'Certificates/unordered-root', 'Certificates/names-30', 'Certificates/forty',
  'Certificates/below-other-names', 'Certificates/key-p521',
  'TLS 1.2/fours', 'TLS 1.2/hello-request-1000', 'TLS 1.2/too-large', 'TLS 1.3/tickets-1000', 'TLS 1.3/ticket-large', 'TLS 1.3/key-update',
];

for (const [board, name] of among('lm3s6965evb', 'w5500_evb_pico').flatMap((one) => picked.map((name) => [one, name]))) {
  const row = rows.find((one) => `${one.section}/${one.name}` === name);
  const [, asked, verdict] = /^(asked: )?(.*)$/.exec(row.expected.device);

  test(`${board}, ${row.section}: ${row.what}: ${row.expected.device}`, async (t) => {
    const server = (await row.serve(t)).at(-1);
    const running = await lamp(t, board, await settings({ url: `https://localhost:${server.port}` }));

    await running.until(/ status=.*\r\n/);
    const { status, error } = running.lines().find((line) => line.status !== undefined);
    assert.deepStrictEqual([status, error], verdict === 'ok' ? ['Recording', undefined] : ['Unknown', verdict]);
    assert.strictEqual(server.asked() !== '', asked !== undefined);
  });
}
