// Which root certificates are trusted: --cacert, SSL_CERT_FILE, SSL_CERT_DIR, and the system's.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { X509Certificate } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { answering, askSelfHosted, certificate, file, id, key, patiently, program, run, says, wmrec } = require('./support');
const { makeCertificates, temporaryFolder } = require('./wiremock');

const right = () => certificate('roots.pem');
const wrong = () => path.join(makeCertificates('one', 'another'), 'roots.pem'); // another root
const der = (name) => new X509Certificate(fs.readFileSync(name)).raw;

/** Makes a folder of these files: { name: content }. */
function folder(files = {}) {
  const made = fs.mkdtempSync(path.join(temporaryFolder(), 'roots-'));

  for (const [name, content] of Object.entries(files))
    fs.writeFileSync(path.join(made, name), content);
  return made;
}

/** Makes a folder as `openssl rehash` leaves it: names such as 5ad8a5d6.0 are links to the other files. */
function hashed(files) {
  const made = folder(files);

  execFileSync('openssl', ['rehash', made]);
  return made;
}

async function ask(t, environment, options = []) {
  const server = await answering(t, says('Stopped'));
  const { code, stderr } = await wmrec(patiently(['--endpoint', server.url, ...options, id]), { environment });

  return { code, stderr, connections: server.connections };
}

async function isTrusted(t, environment, options) {
  const { code, stderr } = await ask(t, environment, options);

  if (code !== 0)
    assert.match(stderr, /issued by nobody trusted/);
  return code === 0;
}

const pem = (...names) => names.map((name) => fs.readFileSync(name, 'latin1')).join('');

// What is read.

const trusted = {
  'SSL_CERT_FILE': () => ({ SSL_CERT_FILE: right() }),
  'SSL_CERT_DIR with names of openssl rehash': () => ({ SSL_CERT_DIR: hashed({ 'root.pem': pem(right()) }) }),
  'SSL_CERT_DIR with two certificates of one name': () => {
    const made = folder({ '5ad8a5d6.0': pem(wrong()), '5ad8a5d6.1': pem(right()) });

    return { SSL_CERT_DIR: made };
  },
  'SSL_CERT_DIR with a file .pem': () => ({ SSL_CERT_DIR: folder({ 'root.pem': pem(right()) }) }),
  'SSL_CERT_DIR with a file .crt': () => ({ SSL_CERT_DIR: `${folder({ 'root.crt': pem(right()) })}/` }),
  'SSL_CERT_DIR with several files, the last line of one without its end': () => ({
    SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()).trimEnd(), 'b.pem': pem(right()).trimEnd(), 'c.crt': pem(wrong()) }),
  }),
  'SSL_CERT_DIR with a truncated file before the right one': () => ({
    SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()).slice(0, 300), 'b.pem': pem(right()), 'c.pem': pem(wrong()).slice(0, 300) }),
  }),
  'the second folder of SSL_CERT_DIR': () => ({
    SSL_CERT_DIR: [folder({ 'a.pem': pem(wrong()) }), folder({ 'a.pem': pem(right()) })].join(':'),
  }),
  'SSL_CERT_DIR with folders that are missing or empty, and empty paths': () => ({
    SSL_CERT_DIR: ['', '/nowhere', folder(), hashed({ 'a.pem': pem(right()) }), '', ''].join(':'),
  }),
  'SSL_CERT_FILE, beside SSL_CERT_DIR': () => ({ SSL_CERT_FILE: right(), SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()) }) }),
  'SSL_CERT_DIR, beside SSL_CERT_FILE': () => ({ SSL_CERT_FILE: wrong(), SSL_CERT_DIR: folder({ 'a.pem': pem(right()) }) }),
};

for (const [what, environment] of Object.entries(trusted))
  test(`${what}: the root is trusted`, async (t) => assert.ok(await isTrusted(t, environment())));

const untrusted = {
  'SSL_CERT_FILE with another root': () => ({ SSL_CERT_FILE: wrong() }),
  'a file of another name beside names of openssl rehash, which OpenSSL does not read': () => {
    const made = hashed({ 'a.pem': pem(wrong()) });

    fs.writeFileSync(path.join(made, 'b.pem'), pem(right()));
    return { SSL_CERT_DIR: made };
  },
  'names that no certificate has': () => ({
    SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()), 'a.txt': pem(right()), 'pem': pem(right()), '5ad8a5d6.r0': pem(right()),
      '5ad8a5d.0': pem(right()), '5ad8a5d6.': pem(right()), '5ad8a5d6.0x': pem(right()), '5ad8a5d6': pem(right()) }),
  }),
  'a file in DER in SSL_CERT_DIR': () => ({ SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()), 'b.crt': der(right()) }) }),
};

for (const [what, environment] of Object.entries(untrusted))
  test(`${what}: the root is not trusted`, async (t) => assert.ok(!await isTrusted(t, environment())));

test('SSL_CERT_DIR: links to nothing, pipes, devices and folders are skipped', async (t) => {
  const made = folder({ 'z.pem': pem(right()) });

  fs.symlinkSync('/nowhere', path.join(made, 'a.pem'));
  fs.symlinkSync('/dev/zero', path.join(made, 'b.pem'));
  fs.mkdirSync(path.join(made, 'c.pem'));
  execFileSync('mkfifo', [path.join(made, 'd.pem')]);
  assert.ok(await isTrusted(t, { SSL_CERT_DIR: made }));
});

// Which one wins.

test('--cacert overrides both variables: neither is read', async (t) => {
  const broken = { SSL_CERT_FILE: '/nowhere', SSL_CERT_DIR: '/nowhere' };

  assert.ok(await isTrusted(t, broken, ['--cacert', right()]));
  for (const environment of [{ SSL_CERT_FILE: right() }, { SSL_CERT_DIR: folder({ 'a.pem': pem(right()) }) }])
    assert.ok(!await isTrusted(t, environment, ['--cacert', wrong()]));
});

function canMount() {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('each variable replaces the roots of the system; an empty one does not', {
  skip: (!canMount() && 'a mount namespace needs root and unshare') ||
    (!fs.existsSync('/etc/ssl/certs/ca-certificates.crt') && 'the system has no such file'),
}, async (t) => {
  const server = await answering(t, says('Stopped'));
  const line = `mount --bind '${right()}' /etc/ssl/certs/ca-certificates.crt && exec "$0" "$@"`;
  const cases = [[{}, 0], [{ SSL_CERT_FILE: '', SSL_CERT_DIR: '' }, 0], [{ SSL_CERT_FILE: wrong() }, 69],
    [{ SSL_CERT_DIR: folder({ 'a.pem': pem(wrong()) }) }, 69], [{ SSL_CERT_FILE: '/nowhere' }, 78], [{ SSL_CERT_DIR: '/nowhere' }, 78]];

  for (const [environment, expected] of cases) {
    const { code, stderr } = await run('unshare', ['--mount', 'sh', '-c', line, program, ...patiently(['--endpoint', server.url, id])],
      { environment: { WMC_API_TOKEN: key, ...environment } });

    assert.strictEqual(code, expected, JSON.stringify(environment) + stderr);
  }
});

// Errors.

const noName = /: it does not exist, or has no readable file with a name such as 5ad8a5d6\.0, root\.pem or root\.crt\.\n$/;
const errors = [
  ['SSL_CERT_FILE', 'is missing', () => '/nowhere/roots.pem', /: No such file or directory\.\n$/],
  ['SSL_CERT_FILE', 'is empty', () => file(''), /: it is empty\.\n$/],
  ['SSL_CERT_FILE', 'has no certificate', () => file('none'), /: it has no certificate in PEM/],
  ['SSL_CERT_FILE', 'is truncated', () => file(pem(right()).slice(0, 300)), /: it ends within a certificate/],
  ['SSL_CERT_FILE', 'is in DER', () => file(der(right())), /: it has no certificate in PEM/],
  ['SSL_CERT_FILE', 'is a folder', () => folder(), /: Is a directory\.\n$/],
  ['SSL_CERT_FILE', 'has no end', () => '/dev/zero', /: it is too large: the maximum is 1 MiB\.\n$/],
  ['SSL_CERT_DIR', 'is missing', () => '/nowhere', noName],
  ['SSL_CERT_DIR', 'is empty', () => folder(), noName],
  ['SSL_CERT_DIR', 'has only files in DER', () => folder({ 'a.crt': der(right()) }), /: it has no certificate in PEM/],
  ['SSL_CERT_DIR', 'is a file', () => right(), /: Not a directory\.\n$/],
  ['SSL_CERT_DIR', 'has too much text', () => folder({ 'a.pem': pem(right()), 'b.pem': ' '.repeat(1 << 19), 'c.pem': ' '.repeat(1 << 19) }),
    /: it is too large: the maximum is 1 MiB\.\n$/],
  ['SSL_CERT_DIR', 'is longer than a path', () => `/${'a'.repeat(5000)}`, /: File name too long\.\n$/],
];

for (const [name, what, value, message] of errors) {
  test(`${name} that ${what}: the message names the variable, exit status 78, and no connection is made`, async (t) => {
    const given = value();
    const { code, stderr, connections } = await ask(t, { [name]: given });

    assert.deepStrictEqual([code, connections], [78, 0]);
    assert.ok(stderr.startsWith(`wmrec: ${name}: the ${name === 'SSL_CERT_FILE' ? 'CA file' : 'folder'} ${given}: `), stderr);
    assert.match(stderr, message);
  });
}

test('an error of one variable is not passed over for the roots of the other', async (t) => {
  for (const environment of [{ SSL_CERT_FILE: '/nowhere', SSL_CERT_DIR: folder({ 'a.pem': pem(right()) }) },
    { SSL_CERT_FILE: right(), SSL_CERT_DIR: folder() }])
    assert.strictEqual((await ask(t, environment)).code, 78);
});

test('commands that need no roots do not read the variables', async (t) => {
  const server = await answering(t, says('Stopped'), { certificate: null });
  const environment = { SSL_CERT_FILE: '/nowhere', SSL_CERT_DIR: '/nowhere' };

  assert.strictEqual((await askSelfHosted(server, [], { environment })).stdout, 'Stopped\n');
  assert.strictEqual((await wmrec(['settings', '--write', file(''), id], { environment })).code, 0);
});
