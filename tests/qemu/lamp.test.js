// The lamp, as it is flashed, on each board, in QEMU: against a real WireMock, and against servers good and bad.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answer, answering, id, key, says, until, useAllCertificates } = require('../e2e/support');
const { makeCertificates, startPair, temporaryFolder } = require('../e2e/wiremock');
const { readSymbols } = require('./memory');
const { assertBlinks, boards, elfOf, lamp, settings, stackMarks, startNetwork, time } = require('./support');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

for (const [board, { isSmall, isVariant }] of Object.entries(boards)) {
  test(`${board}: a real WireMock: DHCP, DNS, SNTP, TLS, and the LED is lit while it records`, async (t) => {
    const pair = await startPair({ id, key, certificates: makeCertificates() });
    t.after(() => pair.stop());
    const running = await lamp(t, board, await settings({ url: pair.front.tlsUrl }));

    await running.until(/status=NeverStarted.*\r\n/);
    assert.match(running.output, new RegExp(`board=${board.replace('-small', '')} version=\\S+ settings=ok\r\n[^]*link=up\r\n[^]*address=10\\.0\\.2\\.15 router=10\\.0\\.2\\.2 ` +
      `dns=10\\.0\\.2\\.3\r\n[^]*sntp=ok\r\n[^]*id=${id} status=NeverStarted age=0s tls=verified`));
    assert.strictEqual(await running.isLitNow(), false);
    await pair.startRecording();
    await running.until(/status=Recording.*\r\n/);
    assert.strictEqual(await running.isLitNow(), true);
    await pair.stopRecording();
    await running.until(/status=Stopped.*\r\n/);
    assert.strictEqual(await running.isLitNow(), false);
    assert.ok(!running.output.includes(key));
  });

  const servers = [
    ['TLS 1.3, P-256', { certificate: 'ec', minVersion: 'TLSv1.3' }],
    ['TLS 1.3, RSA, with an intermediate', { certificate: 'rsa-chain', minVersion: 'TLSv1.3' }],
    ['TLS 1.3, three certificates under a root of RSA-4096', { certificate: 'rsa-3', minVersion: 'TLSv1.3' }],
    ['TLS 1.2, P-256, with an intermediate', { certificate: 'ec-chain', maxVersion: 'TLSv1.2' }],
    ['TLS 1.2, RSA', { certificate: 'rsa', maxVersion: 'TLSv1.2' }],
    ['TLS 1.2, three certificates under a root of RSA-4096', { certificate: 'rsa-3', maxVersion: 'TLSv1.2' }],
  ];

  for (const [what, options] of servers.filter((server) => !isSmall || server[1].minVersion === undefined)) {
    test(`${board}: ${what}: answered; and the next connection resumes the session`, async (t) => {
      const resumed = [];
      const server = await answering(t, (request, number) => says(number === 1 ? 'Stopped' : 'Recording', { Connection: 'close' }), options);
      server.tls.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
      const running = await lamp(t, board, await settings(server));

      await running.until(/status=Recording.*\r\n/);
      const [first, second] = running.lines().filter(({ status }) => ['Stopped', 'Recording'].includes(status)); // or Unknown, between the two, on a busy machine
      assert.deepStrictEqual([first.status, first.tls, second.status, second.tls], ['Stopped', 'verified', 'Recording', 'resumed']);
      assert.deepStrictEqual(resumed.slice(0, 2), [false, true]);
    });
  }

  const refused = [
    ['expired', 'certificate-expired'],
    ['other-host', 'certificate-host'],
    ['unknown-issuer', 'certificate-issuer'],
  ];

  for (const [name, error] of refused) {
    test(`${board}: a server with the certificate "${name}" gets nothing, and the lamp waits: ${error}`, async (t) => {
      const server = await answering(t, says('Recording'), { certificate: name });
      const running = await lamp(t, board, await settings(server));

      await running.until(new RegExp(`status=Unknown error=${error}`));
      assert.strictEqual(server.received, '');
      await assertBlinks(running, 'waiting');
    });
  }

  test(`${board}: a key that is refused blinks fast, and is not tried again soon`, async (t) => {
    const server = await answering(t, answer(401));
    const running = await lamp(t, board, await settings(server));

    await running.until(/status=Unknown error=unauthorized/);
    await assertBlinks(running, 'attention');
    assert.strictEqual(server.received.match(/GET /g).length, 1);
  });

  if (isVariant)
    continue;

  test(`${board}: without a date, nothing is tried, and the lamp waits; with one, it asks`, async (t) => {
    const server = await answering(t, says('Recording'));
    time.isSilent = true;
    t.after(() => { time.isSilent = false; });
    const before = time.requests;
    const running = await lamp(t, board, await settings(server));

    await running.until(/address=/);
    await until(() => time.requests > before);
    await assertBlinks(running, 'waiting');
    assert.strictEqual(server.connections, 0);
    time.isSilent = false;
    await running.until(/status=Recording.*\r\n/);
  });

  test(`${board}: a date from before the firmware was made is none`, async (t) => {
    const server = await answering(t, says('Recording'));
    time.offset = -20 * 365 * 86400;
    t.after(() => { time.offset = 0; });
    const running = await lamp(t, board, await settings(server));

    await running.until(/sntp=refused: a date in the past/);
    assert.strictEqual(server.connections, 0);
  });

  const damages = {
    missing: () => null,
    corrupt: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte))),
    newer: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 4 ? 2 : byte))),
    older: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 4 ? 0 : byte))),
  };

  for (const [what, damage] of Object.entries(damages)) {
    test(`${board}: settings that are ${what} are said to be, nothing is asked, and the lamp blinks fast`, async (t) => {
      const server = await answering(t, says('Recording'));
      const bytes = damage(fs.readFileSync(await settings(server)));
      const file = bytes === null ? null : path.join(temporaryFolder(), `settings-${what}`);

      if (file !== null)
        fs.writeFileSync(file, bytes);
      const running = await lamp(t, board, file);
      await running.until(new RegExp(`settings=${what}`));
      await running.until(/address=/);
      await assertBlinks(running, 'attention');
      assert.strictEqual(server.connections, 0);
    });
  }

  test(`${board}: a server that goes away makes the lamp blink slowly; when it is back, all is well`, async (t) => {
    const first = await answering(t, says('Recording'));
    const running = await lamp(t, board, await settings(first));

    await running.until(/status=Recording.*\r\n/);
    await first.stop();
    await running.until(/error=connect/);
    await assertBlinks(running, 'temporary');
    await answering(t, says('Stopped'), { port: first.port });
    await running.until(/status=Stopped.*\r\n/);
  });
}

for (const board of Object.keys(boards)) {
  test(`${board}: the stack is a fifth larger than the most that any lamp has used of it in all of these tests`, (t) => {
    const size = readSymbols(elfOf(board)).get('stack_size');

    t.diagnostic(`${stackMarks[board]} of ${size} bytes`);
    assert.ok(stackMarks[board] > 0, 'no lamp ran');
    assert.ok(stackMarks[board] * 1.2 <= size, `${stackMarks[board]} of ${size} bytes`);
  });
}
