// The API key is in the flash that holds the settings. After an exchange, no part of it is in SRAM.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { answer, answering, key, says, useAllCertificates } = require('../e2e/support');
const { findKey } = require('../e2e/memory');
const { boards, lamp, settings, startNetwork } = require('./support');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

const ends = [
  // name, answer of the server, options of the server, report of the lamp
  ['an answer', says('Stopped'), {}, /status=Stopped.*\r\n/],
  ['a 401', answer(401), {}, /error=unauthorized.*\r\n/],
  ['a refused certificate', says('Stopped'), { certificate: 'unknown-issuer' }, /error=certificate-issuer.*\r\n/],
];

for (const [board, { isSmall }] of Object.entries(boards)) {
  for (const [what, bytes, options, report] of ends) {
    test(`${board}: after ${what}, the key is in the settings, and no part of it in SRAM`, async (t) => {
      const server = await answering(t, bytes, { maxVersion: isSmall ? 'TLSv1.2' : 'TLSv1.3', ...options });
      const running = await lamp(t, board, await settings(server, { interval: '1h' }));

      await running.until(report);
      assert.deepStrictEqual(findKey(await running.settingsInFlash(), key), ['plain']);
      assert.deepStrictEqual(findKey(await running.sram(), key), []);
    });
  }
}
