// The files that wmrec reads: pipes and other files that have no size, what is not valid, and files without an end.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, certificate, file, id, key, launch, patiently, program, run, says, until, wmrec } = require('./support');
const { start, temporaryFolder, top } = require('./wiremock');

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
const block = path.join(top, 'tests/golden/settings/least.bin');
const uf2 = path.join(top, 'tests/golden/uf2/least.uf2');
const hex = path.join(temporaryFolder(), 'block.hex');
const bigHex = ':00000003FD\n'.repeat(100000); // records that mean nothing, more than any settings have
const byCloud = (server, ...options) => patiently(['--endpoint', server.url, ...options, id]);

/** Each option that names a file: its content, and the command line; what it prints. */
const readers = {
  '--cacert': {
    content: () => fs.readFileSync(certificate('roots.pem')),
    options: (server, name) => byCloud(server, '--cacert', name),
    expected: /^Stopped\n$/,
  },
  '--token-file': {
    content: () => `${key}\n`,
    options: (server, name) => byCloud(server, '--cacert', certificate('roots.pem'), '--token-file', name),
    expected: /^Stopped\n$/,
  },
  'settings --read': {
    content: () => fs.readFileSync(block),
    options: (server, name) => ['settings', '--read', name],
    expected: /^endpoint .*\n[^]*\nroots 0\n$/,
  },
  'settings --read of a UF2': {
    content: () => fs.readFileSync(uf2),
    options: (server, name) => ['settings', '--read', name],
    expected: /^endpoint .*\n[^]*\nroots 0\n$/,
  },
  'settings --read of Intel HEX': {
    content: () => {
      if (!fs.existsSync(hex))
        execFileSync(program, ['settings', '--write', hex, '--hex', id], { env: { WMC_API_TOKEN: key } });
      return fs.readFileSync(hex);
    },
    options: (server, name) => ['settings', '--read', name],
    expected: /^endpoint .*\n[^]*\nroots 0\n$/,
  },
  'settings --write --cacert': {
    content: () => fs.readFileSync(certificate('roots.pem')),
    options: (server, name) => ['settings', '--write', file(''), '--cacert', name, id],
    expected: /^$/,
  },
};

const environment = { WMC_API_TOKEN: key };

function makePipe() {
  const name = path.join(temporaryFolder(), `pipe-${randomBytes(6).toString('hex')}`);

  execFileSync('mkfifo', [name]);
  return name;
}

for (const [what, { content, options, expected }] of Object.entries(readers)) {
  test(`${what}: a named pipe whose bytes come in pieces`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const pipe = makePipe();
    const bytes = Buffer.from(content());
    const running = launch(program, options(server, pipe), { environment });
    const writer = await fs.promises.open(pipe, O_WRONLY); // when wmrec has opened it, too

    for (let at = 0; at < bytes.length; at += 100)
      await writer.write(bytes.subarray(at, at + 100));
    await writer.close();
    const { code, stdout, stderr } = await running.end();
    assert.deepStrictEqual([code, stderr], [0, '']);
    assert.match(stdout, expected);
  });

  test(`${what}: a pipe as /dev/stdin, and as a descriptor, as <(...) of a shell gives it`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const name = file(content());

    for (const [line, given] of [['cat "$0" | "$@"', '/dev/stdin'], ['cat "$0" | { exec 7<&0 </dev/null; "$@"; }', '/dev/fd/7']]) {
      const { code, stdout, stderr } = await run('sh', ['-c', line, name, program, ...options(server, given)], { environment });

      assert.deepStrictEqual([code, stderr], [0, '']);
      assert.match(stdout, expected);
    }
  });

  // It would take all of the memory, if wmrec kept what it reads.
  test(`${what}: a device without an end is refused: exit status 78`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { code, stdout, stderr } = await run('sh', ['-c', 'exec "$0" "$@"', program, ...options(server, '/dev/zero')], { environment });

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, /\/dev\/zero: (it is too (large|long)|the settings block is missing)/);
    assert.strictEqual(server.connections, 0);
  });

  test(`${what}: a folder is refused: exit status 78`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const { code, stdout, stderr } = await wmrec(options(server, temporaryFolder()));

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.ok(stderr.endsWith(`${temporaryFolder()}: Is a directory.\n`), stderr);
  });

  for (const [state, damage, message] of [
    ['empty', () => '', /: (it is empty|the settings block is missing)\.\n$/],
    ['truncated', (bytes) => bytes.subarray(0, bytes.length - 30), /: (it ends within a certificate|the settings block is corrupt|it is cut short|it is not valid Intel HEX)/],
    ['too large', (bytes) => Buffer.concat([bytes, Buffer.from(bytes[0] === 0x3a ? bigHex : ' '.repeat(1 << 20))]), /: it is (too large|too long)/],
    ['an archive', () => Buffer.from('1f8b080000000000', 'hex'), /: (it has no certificate in PEM|it has a NUL byte|the settings block is missing)/],
  ]) {
    const isSettings = what.startsWith('settings --read'); // what follows a block is not read

    if ((state === 'truncated' && what === '--token-file') || (state === 'too large' && isSettings))
      continue;
    test(`${what}: a file that is ${state} is refused: exit status 78`, async (t) => {
      const server = await answering(t, says('Stopped'));
      const { code, stdout, stderr } = await wmrec(options(server, file(damage(Buffer.from(content())))));

      assert.deepStrictEqual([code, stdout], [78, '']);
      assert.match(stderr, message);
      assert.strictEqual(server.connections, 0);
    });
  }
}

test('--cacert and --token-file: a file in /proc, whose size is 0', { skip: process.platform !== 'linux' && 'no /proc' }, async (t) => {
  const server = await answering(t, says('Stopped'));
  const child = start('sleep', ['1000'], { env: { PATH: process.env.PATH, ROOTS: fs.readFileSync(certificate('roots.pem'), 'latin1') }, stdio: 'ignore' });
  const roots = `/proc/${child.pid}/environ`;
  const hostname = fs.readFileSync('/proc/sys/kernel/hostname', 'latin1').trim();

  t.after(() => child.kill());
  await until(() => fs.readFileSync(roots, 'latin1').includes('END CERTIFICATE'));
  assert.strictEqual(fs.statSync(roots).size, 0);
  const { code, stdout } = await run(program, byCloud(server, '--cacert', roots, '--token-file', '/proc/sys/kernel/hostname', '-q'));
  assert.deepStrictEqual([code, stdout], [0, 'Stopped\n']);
  assert.ok(server.received.includes(`Authorization: Token ${hostname}\r\n`));
});

test('--token-file - waits if another process has set standard input to O_NONBLOCK', async (t) => {
  const server = await answering(t, says('Stopped'));
  const pipe = makePipe();
  const reader = fs.openSync(pipe, O_RDONLY | O_NONBLOCK);
  const writer = fs.openSync(pipe, O_WRONLY);
  const running = launch('sh', ['-c', 'exec "$0" "$@" <&3 3<&-', program, ...byCloud(server, '--cacert', certificate('roots.pem'), '--token-file', '-')],
    { descriptors: [reader] });
  const isReading = () => /\) S /.test(fs.readFileSync(`/proc/${running.pid}/stat`, 'latin1')) &&
    fs.readFileSync(`/proc/${running.pid}/cmdline`, 'latin1').startsWith(program);

  fs.closeSync(reader);
  await until(() => running.hasEnded() || isReading());
  fs.writeSync(writer, `${key}\n`);
  fs.closeSync(writer);
  const { code, stdout, stderr } = await running.end();
  assert.deepStrictEqual([code, stdout, stderr], [0, 'Stopped\n', '']);
});
