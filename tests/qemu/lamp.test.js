// The lamp's firmware on each board, in QEMU, with a real WireMock and with other servers.
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
const { assertIndicates, boards, elfOf, lamp, settings, stackPeaks, startNetwork, time } = require('./support');

test.before(async () => {
  useAllCertificates();
  await startNetwork();
});

for (const [board, { isSmall, isVariant }] of Object.entries(boards)) {
  test(`${board}: a real WireMock: the LED is lit while it records`, async (t) => {
    const pair = await startPair({ id, key, certificates: makeCertificates() });
    t.after(() => pair.stop());
    const running = await lamp(t, board, await settings({ url: pair.front.tlsUrl }));

    await running.until(/status=NeverStarted.*\r\n/);
    assert.match(running.output, new RegExp(`board=${board.replace('-small', '')} version=\\S+ settings=ok\r\n[^]*link=up\r\n[^]*address=10\\.0\\.2\\.15 router=10\\.0\\.2\\.2 ` +
      `dns=10\\.0\\.2\\.3\r\n[^]*sntp=ok\r\n[^]*id=${id} status=NeverStarted age=\\d+s tls=verified`));
    await assertIndicates(running, 'not recording');
    await pair.startRecording();
    await running.until(/status=Recording.*\r\n/);
    await assertIndicates(running, 'recording');
    await pair.stopRecording();
    await running.until(/status=Stopped.*\r\n/);
    await assertIndicates(running, 'not recording');
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
    test(`${board}: ${what}: answered, and the next connection resumes the session`, async (t) => {
      const resumed = [];
      let status = 'Stopped';
      const server = await answering(t, () => says(status, { Connection: 'close' }), options);
      server.tls.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
      const running = await lamp(t, board, await settings(server));

      await running.until(/status=Stopped.*\r\n/);
      status = 'Recording';
      await running.until(/status=Recording.*\r\n/);
      const tlsOf = (said) => running.lines().find((line) => line.status === said).tls;
      assert.deepStrictEqual([tlsOf('Stopped'), tlsOf('Recording')], ['verified', 'resumed']);
      assert.deepStrictEqual(resumed.slice(0, 2), [false, true]);
    });
  }

  const refused = [
    ['expired', 'certificate-expired'],
    ['other-host', 'certificate-host'],
    ['unknown-issuer', 'certificate-issuer'],
  ];

  for (const [name, error] of refused) {
    test(`${board}: a server with the certificate "${name}" receives no request, and the lamp reports ${error}`, async (t) => {
      const server = await answering(t, says('Recording'), { certificate: name });
      const running = await lamp(t, board, await settings(server));

      await running.until(new RegExp(`status=Unknown error=${error}`));
      assert.strictEqual(server.received, '');
      await assertIndicates(running, 'waiting');
    });
  }

  test(`${board}: after a 401, the LED blinks fast, and the lamp does not ask again soon`, async (t) => {
    const server = await answering(t, answer(401));
    const running = await lamp(t, board, await settings(server));

    await running.until(/status=Unknown error=unauthorized/);
    const requests = () => server.received.match(/GET /g).length;
    const before = requests();
    await assertIndicates(running, 'attention');
    assert.strictEqual(requests(), before);
  });

  if (isVariant)
    continue;

  test(`${board}: the lamp asks only once it has the date`, async (t) => {
    const server = await answering(t, says('Recording'));
    time.isSilent = true;
    t.after(() => { time.isSilent = false; });
    const before = time.requests;
    const running = await lamp(t, board, await settings(server));

    await running.until(/address=/);
    await until(() => time.requests > before);
    await assertIndicates(running, 'waiting');
    assert.strictEqual(server.connections, 0);
    time.isSilent = false;
    await running.until(/status=Recording.*\r\n/);
  });

  test(`${board}: a date before the firmware's build date is refused`, async (t) => {
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
    newer: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 4 ? 255 : byte))),
    older: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 4 ? 0 : byte))),
  };

  for (const [what, damage] of Object.entries(damages)) {
    test(`${board}: ${what} settings: the lamp reports them, asks nothing, and the LED blinks fast`, async (t) => {
      const server = await answering(t, says('Recording'));
      const bytes = damage(fs.readFileSync(await settings(server)));
      const file = bytes === null ? null : path.join(temporaryFolder(), `settings-${what}`);

      if (file !== null)
        fs.writeFileSync(file, bytes);
      const running = await lamp(t, board, file);
      await running.until(new RegExp(`settings=${what}`));
      await running.until(/address=/);
      await assertIndicates(running, 'attention');
      assert.strictEqual(server.connections, 0);
    });
  }

  test(`${board}: a 404 after an answer may pass: the LED blinks slowly, and the lamp asks again soon`, async (t) => {
    let isRefusing = false;
    const server = await answering(t, () => (isRefusing ? answer(404) : says('Recording')));
    const running = await lamp(t, board, await settings(server));

    await running.until(/status=Recording.*\r\n/);
    isRefusing = true;
    await running.until(/status=Recording.* error=not-found/);
    await assertIndicates(running, 'temporary');
    isRefusing = false;
    await running.until(/error=not-found[^]*status=Recording age=\S+ tls=/);
  });

  test(`${board}: with a user and a password in its settings, the lamp asks by Basic authentication`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const running = await lamp(t, board, await settings(server, { isSelfHosted: true, user: 'alice' }));

    await running.until(/status=Stopped.*\r\n/);
    assert.match(server.received, new RegExp(`\r\nAuthorization: Basic ${Buffer.from(`alice:${key}`).toString('base64')}\r\n`));
    assert.ok(!running.output.includes(Buffer.from(`alice:${key}`).toString('base64')));
  });

  test(`${board}: while the server is down, the LED blinks slowly; then the lamp recovers`, async (t) => {
    const first = await answering(t, says('Recording'));
    const running = await lamp(t, board, await settings(first));

    await running.until(/status=Recording.*\r\n/);
    await first.stop();
    await running.until(/error=connect/);
    await assertIndicates(running, 'temporary');
    await answering(t, says('Stopped'), { port: first.port });
    await running.until(/status=Stopped.*\r\n/);
  });
}

for (const board of Object.keys(boards)) {
  test(`${board}: the stack has 20 % more than any lamp in these tests has used`, (t) => {
    const size = readSymbols(elfOf(board)).get('stack_size');

    t.diagnostic(`${stackPeaks[board]} of ${size} bytes`);
    assert.ok(stackPeaks[board] > 0, 'no lamp ran');
    assert.ok(stackPeaks[board] * 1.2 <= size, `${stackPeaks[board]} of ${size} bytes`);
  });
}
