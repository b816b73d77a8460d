// Packages that make fetches from npm and Debian: one with a wrong hash, signature or version is refused. The registry, the mirrors
// and the signing keys are made by this test; the scripts are those of the project.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const test = require('node:test');

const { run } = require('./support');
const { temporaryFolder, top } = require('./wiremock');

/** Makes a folder that the user of apt can read. */
function folder() {
  const made = fs.mkdtempSync(path.join(temporaryFolder(), 'packages-'));

  fs.chmodSync(temporaryFolder(), 0o755);
  fs.chmodSync(made, 0o755);
  return made;
}

function write(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

/** Changes one bit in the middle of a file. */
function flipBit(file) {
  const bytes = fs.readFileSync(file);

  bytes[bytes.length >> 1] ^= 1;
  fs.writeFileSync(file, bytes);
}

// npm

const lockfiles = fs.readdirSync(path.join(top, 'tests/npm'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map(({ name }) => [name, path.join(top, 'tests/npm', name, 'package-lock.json')]);

for (const [name, file] of lockfiles) {
  test(`npm, ${name}: the lockfile has a SHA-512 of each package, and names no registry`, () => {
    const text = fs.readFileSync(file, 'utf8');
    const { '': own, ...packages } = JSON.parse(text).packages;

    assert.ok(Object.keys(packages).length > 0);
    for (const [where, { integrity }] of Object.entries(packages))
      assert.match(integrity ?? '', /^sha512-[A-Za-z0-9+/]{86}==$/, where);
    assert.doesNotMatch(text, /:\/\/|"resolved"/);
  });
}

/** Serves the package "example" 1.0.0, and has tests/npm/install.sh install it by a lockfile with this hash, or the right one.
 * isOptional: it is an optional dependency, like packages for one kind of machine only. */
async function installExample(t, { integrity, isOptional = false }) {
  const own = folder();
  const kind = isOptional ? 'optionalDependencies' : 'dependencies';
  const needs = { [kind]: { example: '1.0.0' } };
  const tarball = path.join(own, 'example.tgz');

  write(path.join(own, 'package/package.json'),
    JSON.stringify({ name: 'example', version: '1.0.0', scripts: { preinstall: 'touch script-ran', install: 'touch script-ran' } }));
  execFileSync('tar', ['-czf', tarball, '-C', own, 'package']);
  const bytes = fs.readFileSync(tarball);
  const right = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const registry = http.createServer((request, response) => {
    const { host } = request.headers;
    const dist = { tarball: `http://${host}/example.tgz` }; // without a hash: only the lockfile counts

    response.end(request.url.endsWith('.tgz') ? bytes
      : JSON.stringify({ 'name': 'example', 'dist-tags': { latest: '1.0.0' }, 'versions': { '1.0.0': { name: 'example', version: '1.0.0', dist } } }));
  });

  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  t.after(() => registry.close());
  fs.copyFileSync(path.join(top, 'tests/npm/install.sh'), path.join(own, 'install.sh'));
  write(path.join(own, 'example/package.json'), JSON.stringify({ name: 'x', ...needs }));
  write(path.join(own, 'example/package-lock.json'), JSON.stringify({ name: 'x', lockfileVersion: 3, requires: true, packages: {
    '': { name: 'x', ...needs },
    'node_modules/example': { version: '1.0.0', integrity: integrity ?? right, hasInstallScript: true, optional: isOptional },
  } }));
  const result = await run('sh', ['-c', 'umask 0; exec sh "$@"', 'sh', path.join(own, 'install.sh'), 'example', path.join(own, 'installed'), 'node_modules/example/package.json'],
    { environment: { HOME: own, npm_config_cache: path.join(own, 'cache'), npm_config_registry: `http://127.0.0.1:${registry.address().port}/`,
      npm_config_noproxy: '127.0.0.1', npm_config_fetch_retries: '0' } });

  return { ...result, place: path.join(own, 'installed/node_modules/example') };
}

test('npm: a package with the hash of the lockfile is installed; its scripts do not run, and only the owner can write to it', async (t) => {
  const { code, stderr, place } = await installExample(t, {});

  assert.strictEqual(code, 0, stderr);
  assert.deepStrictEqual(fs.readdirSync(place), ['package.json']);
  assert.deepStrictEqual(writableByOthers(path.join(place, '../..')), []);
});

for (const isOptional of [false, true]) {
  test(`npm: ${isOptional ? 'an optional package' : 'a package'} with another hash is refused`, async (t) => {
    const { code, stderr, place } = await installExample(t, { integrity: `sha512-${'A'.repeat(86)}==`, isOptional });

    assert.strictEqual(code, 1);
    assert.match(stderr, isOptional ? /its hash differs/ : /EINTEGRITY/);
    assert.ok(!fs.existsSync(place));
  });
}

// Debian

const tested = '2.2.1';

/** Makes two keys, "debian" and "another": keyring(who, file) exports one, sign(file, who, signed) signs by one. */
function makeKeys() {
  const home = folder();
  const gpg = (...options) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...options],
    { stdio: ['pipe', 'pipe', 'ignore'], input: '' });

  fs.chmodSync(home, 0o700);
  test.after(() => execFileSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']));
  for (const who of ['debian', 'another'])
    gpg('--quick-generate-key', who, 'ed25519', 'sign', 'never');
  return {
    keyring: (who, file) => fs.writeFileSync(file, gpg('--export', who)),
    sign: (file, who, signed) => gpg('--yes', '--local-user', who, '--output', signed, '--clear-sign', file),
  };
}

const keys = makeKeys();

/** Makes the folder of a mirror: one suite with the source package "example" in this version. Its index is signed by `signer`
 * (null: not signed); then after(place) may change it. */
function makeMirror(place, { suite, version, signer = 'debian', fields = '', after = () => {} }) {
  const source = path.join(place, 'pool');
  const tarball = `example_${version}.tar.gz`;
  const dsc = `example_${version}.dsc`;
  const release = path.join(place, 'dists', suite, 'Release');
  const list = (hash, names, where = source) => names.map((name) => {
    const bytes = fs.readFileSync(path.join(where, name));
    return `\n ${createHash(hash).update(bytes).digest('hex')} ${bytes.length} ${name}`;
  }).join('');
  const stanza = (name, names) => `${name}: example\nVersion: ${version}\nFormat: 1.0\nBinary: example\nArchitecture: any\n` +
    `Maintainer: nobody <nobody@example.org>\nFiles:${list('md5', names)}\nChecksums-Sha256:${list('sha256', names)}\n`;

  write(path.join(source, `example-${version}/version`), version);
  execFileSync('tar', ['-czf', path.join(source, tarball), '-C', source, `example-${version}`]);
  write(path.join(source, dsc), stanza('Source', [tarball]));
  write(path.join(place, 'dists', suite, 'main/source/Sources'), `${stanza('Package', [dsc, tarball])}Directory: pool\n`);
  write(release, `Origin: Debian\nSuite: ${suite}\nCodename: ${suite}\nDate: ${new Date(Date.now() - 10 * 86400000).toUTCString()}\n${fields}` +
    `Components: main\nArchitectures: amd64\nSHA256:${list('sha256', ['main/source/Sources'], path.dirname(release))}\n`);
  if (signer !== null)
    keys.sign(release, signer, path.join(path.dirname(release), 'InRelease'));
  after(place);
}

/** Runs port/debian.sh with such a mirror, and one of security updates if it is given, on a machine whose apt is configured to accept
 * anything: { code, stderr, place, version }. */
async function fetchExample(main, security) {
  const own = folder();
  const keyring = path.join(own, 'keyring.gpg');
  const script = path.join(own, 'debian.sh');
  const suites = [['debian', 'trixie', 'bookworm', main], ['debian-security', 'trixie-security', 'bookworm-security', security]]
    .filter(([, , , mirror]) => mirror !== undefined);

  keys.keyring('debian', keyring);
  for (const [name, suite, , mirror] of suites)
    makeMirror(path.join(own, name), { suite, ...mirror });
  write(path.join(own, 'sources.list'), suites.map(([name, , running]) => `deb file:${own}/${name} ${running} main\n`).join(''));
  write(path.join(own, 'apt.conf'), `Dir::Etc::sourcelist "${own}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n` +
    'Acquire::AllowInsecureRepositories "true";\nAcquire::AllowWeakRepositories "true";\nAPT::Get::AllowUnauthenticated "true";\n' +
    'Acquire::Check-Valid-Until "false";\nAcquire::Min-ValidTime "99999999";\nAPT::Default-Release "bookworm";\n');
  write(script, fs.readFileSync(path.join(top, 'port/debian.sh'), 'utf8')
    .replace('/usr/share/keyrings/debian-archive-keyring.gpg', keyring));
  const place = path.join(own, 'example');
  const result = await run('sh', ['-c', 'umask 0; exec sh "$@"', 'sh', script, 'source', 'example', tested, place],
    { environment: { APT_CONFIG: path.join(own, 'apt.conf') } });

  return { ...result, place, version: fs.existsSync(place) ? fs.readFileSync(path.join(place, 'version'), 'utf8') : null };
}

/** The files in a folder that the group or others can write to. */
function writableByOthers(place) {
  return fs.readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(place, entry.name);
    return [...((fs.lstatSync(name).mode & 0o022) !== 0 && !entry.isSymbolicLink() ? [name] : []), ...(entry.isDirectory() ? writableByOthers(name) : [])];
  });
}

test('Debian: the tested version is unpacked, and only the owner can write to it, whatever the umask', async () => {
  const { code, stderr, place, version } = await fetchExample({ version: tested }, { version: '2.2.0' });

  assert.deepStrictEqual([code, version], [0, tested], stderr);
  assert.doesNotMatch(stderr, /later|older|security/);
  assert.deepStrictEqual([fs.statSync(place).mode & 0o022, writableByOthers(place)], [0, []]);
  assert.ok(!fs.existsSync(`${place}.apt`));
});

test('Debian: a security update is taken, and a message says that it is later than the tested version', async () => {
  const { code, stderr, version } = await fetchExample({ version: tested }, { version: '2.2.2' });

  assert.deepStrictEqual([code, version], [0, '2.2.2'], stderr);
  assert.match(stderr, /^wmrec: example 2\.2\.2 is later than 2\.2\.1, which was tested$/m);
});

test('Debian: a message says if no mirror of security updates is configured', async () => {
  const { code, stderr } = await fetchExample({ version: tested });

  assert.strictEqual(code, 0, stderr);
  assert.match(stderr, /^wmrec: no mirror of Debian's security updates is configured: /m);
});

const inIndex = (place) => path.join(place, 'dists/trixie/main/source/Sources');

const refused = {
  'an older version than the tested one': [{ version: '2.2.0' }, /is older than 2\.2\.1/],
  'another minor version': [{ version: '2.3.0' }, /expected 2\.2\.x/],
  'an index that is not signed': [{ signer: null }, /not signed/],
  'an index signed by another key': [{ signer: 'another' }, /not signed|couldn't be verified|NO_PUBKEY/],
  'an index that was changed after it was signed': [{ after: (place) => fs.appendFileSync(inIndex(place), 'X: y\n') }, /unexpected size|Hash Sum/i],
  'an index that has expired': [{ fields: `Valid-Until: ${new Date(Date.now() - 86400000).toUTCString()}\n` }, /expired/],
  'a tarball with a bit changed': [{ after: (place) => flipBit(path.join(place, `pool/example_${tested}.tar.gz`)) }, /Hash Sum/i],
  'a .dsc with a bit changed': [{ after: (place) => flipBit(path.join(place, `pool/example_${tested}.dsc`)) }, /Hash Sum/i],
};

for (const [what, [mirror, why]] of Object.entries(refused)) {
  test(`Debian: ${what} is refused, although apt is configured to accept it`, async () => {
    const { code, stderr, place } = await fetchExample({ version: tested, ...mirror });

    assert.notStrictEqual(code, 0);
    assert.match(stderr, why);
    assert.ok(!fs.existsSync(place));
    assert.deepStrictEqual([fs.statSync(`${place}.apt`).mode & 0o022, writableByOthers(`${place}.apt`)], [0, []]);
  });
}

test('Debian: if only root can install a missing package, the message has the command', async () => {
  const tools = folder(); // all commands but sudo

  for (const name of ['apt-get', 'dpkg-query', 'env', 'flock', 'grep', 'id', 'sh'])
    fs.symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), path.join(tools, name));
  const script = [path.join(top, 'port/debian.sh'), 'install', 'no-such-package'];
  const { code, stderr } = process.getuid() === 0
    ? await run('setpriv', ['--reuid=65534', '--clear-groups', 'env', `PATH=${tools}`, 'sh', ...script])
    : await run('sh', script, { environment: { PATH: tools } });

  assert.strictEqual(code, 1);
  assert.match(stderr, /root is needed: run this as root, then make again: .*apt-get install .*no-such-package/);
});
