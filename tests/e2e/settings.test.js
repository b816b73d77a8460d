// wmrec settings: writes and shows the settings block of a device. (launch() in support.js checks in every run that the key is not
// printed.)
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { randomBytes, X509Certificate } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const zlib = require('node:zlib');

const { answering, certificate, file, id, key, run, says, wmrec } = require('./support');
const { built, temporaryFolder, top } = require('./wiremock');

const maxSize = 8192; // of a block, in bytes: see boards/settings.h
const secretSize = 32;
const golden = (name) => path.join(top, 'tests/golden/settings', name);
const newName = () => path.join(temporaryFolder(), `block-${randomBytes(6).toString('hex')}`);

/** Writes a block, which must succeed and print nothing; returns the name of the file. */
async function write(options, settings) {
  const name = newName();
  const { code, stdout, stderr } = await wmrec(['settings', '--write', name, ...options], settings);

  assert.deepStrictEqual([code, stdout, stderr], [0, '', '']);
  return name;
}

/** Shows a block: { endpoint, id, key, interval, 'ntp-server', secret, roots }. */
async function show(name, settings) {
  const { code, stdout, stderr } = await wmrec(['settings', '--read', name], { key: null, ...settings });

  assert.deepStrictEqual([code, stderr], [0, '']);
  return Object.fromEntries(stdout.trimEnd().split('\n').map((line) => line.split(' ')));
}

/** Decodes a block of version 3 as boards/settings.h defines it. */
function decodeAll(block) {
  const length = block.readUInt16LE(6);
  const payload = block.subarray(12, 12 + length);
  const texts = [];
  const roots = [];
  let next = 8;

  assert.strictEqual(block.toString('latin1', 0, 4), 'WMRS');
  assert.strictEqual(block.length, 12 + length);
  assert.strictEqual(block.readUInt32LE(8), crc32(Buffer.concat([block.subarray(4, 8), payload])));
  while (texts.length < 6) {
    const end = payload.indexOf(0, next);

    texts.push(payload.toString('latin1', next, end));
    next = end + 1;
  }
  const secret = payload.subarray(next, next + secretSize);
  for (next += secretSize; next < payload.length; next += 2 + payload.readUInt16LE(next))
    roots.push(payload.subarray(next + 2, next + 2 + payload.readUInt16LE(next)));
  return { version: block.readUInt16LE(4), interval: payload.readUInt32LE(0), port: payload.readUInt16LE(4), flags: payload.readUInt16LE(6), texts, secret, roots };
}

/** The same without the secret, which differs from block to block. */
function decode(block) {
  const { secret, ...settings } = decodeAll(block);

  assert.strictEqual(secret.length, secretSize);
  return settings;
}

/** From the trailer of gzip: node has no crc32() before version 22. */
function crc32(bytes) {
  const zipped = zlib.gzipSync(bytes);

  return zipped.readUInt32LE(zipped.length - 8);
}

/** Decodes Intel HEX: { address, bytes }. Checks each line, and that there are no gaps. */
function decodeHex(text) {
  const pieces = [];
  let upper = 0;
  let address = null;
  let next = null;

  assert.match(text, /^(:([0-9A-F]{2}){5,}\n)+$/);
  assert.ok(text.endsWith(':00000001FF\n'));
  for (const line of text.trimEnd().split('\n').slice(0, -1)) {
    const record = Buffer.from(line.slice(1), 'hex');
    const data = record.subarray(4, -1);

    assert.strictEqual(record.reduce((sum, byte) => sum + byte, 0) % 256, 0, line);
    assert.strictEqual(record[0], data.length, line);
    if (record[3] === 4) {
      upper = data.readUInt16BE(0) * 0x10000;
      continue;
    }
    assert.ok(record[3] === 0 && data.length <= 16, line);
    assert.ok(record.readUInt16BE(1) + data.length <= 0x10000, 'a record does not cross a border of 64 KiB');
    address ??= upper + record.readUInt16BE(1);
    assert.strictEqual(upper + record.readUInt16BE(1), next ?? address);
    next = upper + record.readUInt16BE(1) + data.length;
    pieces.push(data);
  }
  return { address, bytes: Buffer.concat(pieces) };
}

/** Encodes Intel HEX in records of `size` bytes, as other programs may write it. */
function encodeHex(bytes, size, end = '\r\n') {
  const record = (type, address, data) => {
    const body = Buffer.concat([Buffer.from([data.length, address >> 8, address & 0xff, type]), data]);
    const sum = body.reduce((total, byte) => total + byte, 0);

    return `:${Buffer.concat([body, Buffer.from([-sum & 0xff])]).toString('hex')}${end}`;
  };
  let text = record(4, 0, Buffer.from([0x10, 0x1f]));

  for (let at = 0; at < bytes.length; at += size)
    text += record(0, 0xe000 + at, bytes.subarray(at, at + size));
  return `${text}${record(5, 0, Buffer.from([0, 0, 0, 1]))}:00000001FF${end}`;
}

// Writing a block.

test('with an id only, the block has the Cloud, the id and the key', async () => {
  const name = await write([id]);

  assert.deepStrictEqual(decode(fs.readFileSync(name)), {
    version: 3, interval: 0, port: 0, flags: 0, texts: ['api.wiremock.cloud', '', id, key, '', ''], roots: [],
  });
  assert.deepStrictEqual(await show(name), {
    endpoint: 'https://api.wiremock.cloud', id, key: '[key]', interval: '60s', 'ntp-server': 'none', secret: '[secret]', roots: '0',
  });
});

test('the block has every setting that the options give', async () => {
  const name = await write(['--endpoint', 'https://wiremock.example:8443/a/b', '--token-file', file('other-key\n'), '--interval', '90',
    '--ntp-server', 'ntp.example', '--cacert', certificate('root.crt'), id]);
  const der = new X509Certificate(fs.readFileSync(certificate('root.crt'))).raw;

  assert.deepStrictEqual(decode(fs.readFileSync(name)), {
    version: 3, interval: 90000, port: 8443, flags: 0, texts: ['wiremock.example', '/a/b', id, 'other-key', 'ntp.example', ''], roots: [der],
  });
  assert.deepStrictEqual(await show(name, { secret: 'other-key' }), {
    endpoint: 'https://wiremock.example:8443/a/b', id, key: '[key]', interval: '90s', 'ntp-server': 'ntp.example', secret: '[secret]', roots: '1',
  });
});

test('for the settings of a golden block, this block is written, except for secret and CRC', async () => {
  const block = fs.readFileSync(await write(['--endpoint', 'https://wiremock.example', id], { key: 'a-key-of-the-tests' }));
  const expected = fs.readFileSync(golden('secret.bin'));

  decodeAll(expected).secret.copy(block, block.length - secretSize);
  expected.copy(block, 8, 8, 12); // the CRC
  assert.deepStrictEqual(block, expected);
});

test('the secret of each block is a new one, and a hex file has it, too', async () => {
  const secrets = new Set();

  for (let blocks = 0; blocks < 20; blocks++)
    secrets.add(decodeAll(fs.readFileSync(await write([id]))).secret.toString('hex'));
  secrets.add(decodeAll(decodeHex(fs.readFileSync(await write(['--hex', id]), 'latin1')).bytes).secret.toString('hex'));
  assert.strictEqual(secrets.size, 21);
});

test('no block is written if the system has no random numbers for its secret: exit status 74', async () => {
  const name = newName();
  const { code, stdout, stderr } = await run(built('release/wmrec'), ['settings', '--write', name, id],
    { environment: { WMC_API_TOKEN: key, LD_PRELOAD: built('no_secret.so') } });

  assert.deepStrictEqual([code, stdout], [74, '']);
  assert.match(stderr, /: the system has no random numbers for the device's secret\.$/m);
  assert.ok(!fs.existsSync(name));
});

const servers = [
  // options, host, base path, port, flags, endpoint as it is shown
  [['--self-hosted', 'http://192.0.2.7'], '192.0.2.7', '', 0, 1, 'http://192.0.2.7'],
  [['--self-hosted', 'HTTPS://wiremock.example/'], 'wiremock.example', '/', 0, 0, 'https://wiremock.example/'],
  [['--self-hosted', 'http://[2001:db8::1]:8080/w'], '2001:db8::1', '/w', 8080, 1, 'http://[2001:db8::1]:8080/w'],
];

for (const [options, host, base, port, flags, shown] of servers) {
  test(`the self-hosted server ${shown} gets a key only from --token-file`, async () => {
    const name = await write(options);

    assert.deepStrictEqual(decode(fs.readFileSync(name)), { version: 3, interval: 0, port, flags, texts: [host, base, '', '', '', ''], roots: [] });
    assert.deepStrictEqual(await show(name), { endpoint: shown, id: 'none', key: 'none', interval: '60s', 'ntp-server': 'none', secret: '[secret]', roots: '0' });
    assert.strictEqual((await show(await write([...options, '--token-file', '-'], { input: key }))).key, '[key]');
  });
}

test('--mock, --server and WMC_API_ENDPOINT set the endpoint, as in other commands', async () => {
  const environment = { WMC_API_ENDPOINT: 'https://wiremock.example' };

  assert.strictEqual((await show(await write(['--mock', id], { environment }))).endpoint, 'https://wmc.wiremockapi.cloud');
  assert.strictEqual((await show(await write(['--server', 'https://eu.example', id], { environment }))).endpoint, 'https://eu.example');
  assert.strictEqual((await show(await write([id], { environment }))).endpoint, 'https://wiremock.example');
});

for (const [given, shown] of [['1ms', '1ms'], ['500ms', '500ms'], ['0.5', '500ms'], ['0.5s', '500ms'], ['1.5s', '1500ms'], ['30s', '30s'],
  ['90', '90s'], ['5m', '300s'], ['1h', '3600s'], ['1d', '86400s'], ['12d', '1036800s']]) {
  test(`--interval ${given} is shown as ${shown}`, async () => {
    assert.strictEqual((await show(await write(['--interval', given, id]))).interval, shown);
  });
}

test('--cacert: each valid certificate of the file becomes a root, in the same order', async () => {
  const pem = fs.readFileSync(certificate('root.crt'), 'latin1');
  const other = fs.readFileSync(certificate('ec.pem'), 'latin1').match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n/)[0];
  const bad = ['AAAA\n', '', 'no base64!\n'].map((text) => `-----BEGIN CERTIFICATE-----\n${text}-----END CERTIFICATE-----\n`).join('');
  const name = await write(['--cacert', file(`# roots\n${bad}${pem.replace(/\n/g, '\r\n')}${bad}${other}${bad}`), id]);

  assert.deepStrictEqual(decode(fs.readFileSync(name)).roots, [pem, other].map((text) => new X509Certificate(text).raw));
  assert.strictEqual((await show(name)).roots, '2');
});

test('a URL with a zone is refused, as only this machine knows its interfaces', async () => {
  const { code, stderr } = await wmrec(['settings', '--write', '/dev/null', '--endpoint', 'https://[fe80::1%25eth0]', id]);

  assert.strictEqual(code, 78);
  assert.match(stderr, /\[fe80::1%25eth0\]: the zone of the IPv6 address is known on this machine only: a device cannot use it/);
});

test('settings makes no connection', async (t) => {
  const server = await answering(t, says('Stopped'));

  await write(['--endpoint', server.url, '--ntp-server', 'localhost', id]);
  assert.strictEqual(server.connections, 0);
});

test('only the owner can read the file, whatever the umask', async (t) => {
  const before = process.umask(0);

  t.after(() => process.umask(before));
  assert.strictEqual(fs.statSync(await write([id])).mode & 0o777, 0o600);
});

test('a file that others could read is replaced by one that only its owner can read', async () => {
  const name = file('old', 0o666);

  assert.strictEqual((await wmrec(['settings', '--write', name, id])).code, 0);
  assert.strictEqual(fs.statSync(name).mode & 0o777, 0o600);
  assert.strictEqual(decode(fs.readFileSync(name)).version, 3);
});

test('if the file cannot be written, the message says why: exit status 74', async () => {
  for (const [name, message] of [['/nowhere/block', /No such file or directory/], [temporaryFolder(), /Is a directory/], ['/dev/null', /it is not a regular file/]]) {
    const { code, stdout, stderr } = await wmrec(['settings', '--write', name, id]);

    assert.deepStrictEqual([code, stdout], [74, '']);
    assert.match(stderr, message);
  }
});

// The max length.

test('a block of the max size is written, and one that is a byte longer is refused', async () => {
  const der = (length) => { // SEQUENCE { SEQUENCE { serial, 4 SEQUENCEs }, rest }: as small as roots.c takes it
    const inner = Buffer.from([0x30, 0x0d, 2, 1, 1, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 2, 5, 0]);
    const rest = length - 4 - inner.length - 4;
    const head = (tag, size) => Buffer.from([tag, 0x82, size >> 8, size & 0xff]);

    return Buffer.concat([head(0x30, length - 4), inner, head(4, rest), Buffer.alloc(rest)]);
  };
  const pem = (length) => `-----BEGIN CERTIFICATE-----\n${der(length).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const least = fs.readFileSync(await write([id])).length;
  const left = maxSize - least - 2 * 3 - 4000;
  const options = (length) => ['--cacert', file(pem(4000) + pem(2000) + pem(length)), id];
  const name = await write(options(left - 2000));

  assert.strictEqual(fs.statSync(name).size, maxSize);
  assert.strictEqual((await show(name)).roots, '3');
  const hex = await write(['--hex', '--address', '0xfff8', ...options(left - 2000)]);
  const { address, bytes } = decodeHex(fs.readFileSync(hex, 'latin1'));
  assert.deepStrictEqual([address, decode(bytes)], [0xfff8, decode(fs.readFileSync(name))]);
  for (const text of [hex, file(encodeHex(fs.readFileSync(name), 1))])
    assert.strictEqual((await show(text)).roots, '3');
  for (const length of [left - 1999, 4000]) {
    const refused = newName();
    const { code, stdout, stderr } = await wmrec(['settings', '--write', refused, ...options(length)]);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, /the settings are too long: the maximum is 8192 bytes\. Give fewer roots with --cacert/);
    assert.ok(!fs.existsSync(refused));
  }
});

// Intel HEX.

for (const [given, address] of [[null, 0], ['0', 0], ['16', 16], ['010', 10], ['0x101fe000', 0x101fe000], ['0X101FE003', 0x101fe003],
  ['0x1fff8', 0x1fff8], ['0xffff', 0xffff], ['0xffffe000', 0xffffe000]]) {
  test(`--hex ${given === null ? 'without --address' : `--address ${given}`} writes the same settings at ${address}`, async () => {
    const at = given === null ? [] : ['--address', given];
    const options = ['--cacert', certificate('root.crt'), id];
    const binary = fs.readFileSync(await write(options));
    const name = await write(['--hex', ...at, ...options]);
    const written = decodeHex(fs.readFileSync(name, 'latin1'));

    assert.strictEqual(fs.statSync(name).mode & 0o777, 0o600);
    assert.strictEqual(written.address, address);
    assert.deepStrictEqual(decode(written.bytes), decode(binary));
    assert.strictEqual((await show(name)).roots, '1');
  });
}

const objcopy = 'arm-none-eabi-objcopy';

test('objcopy reads the Intel HEX of wmrec, and wmrec reads that of objcopy', {
  skip: spawnSync(objcopy, ['--version']).status !== 0 && `there is no ${objcopy}`,
}, async () => {
  const options = ['--cacert', certificate('root.crt'), id];
  const binary = await write(options);
  const copy = (...copied) => assert.strictEqual(spawnSync(objcopy, copied).status, 0);

  for (const address of ['0', '0x1fff8', '0x101fe000']) {
    const hex = await write(['--hex', '--address', address, ...options]);
    const back = newName();

    copy('-I', 'ihex', '-O', 'binary', hex, back);
    assert.deepStrictEqual(fs.readFileSync(back), decodeHex(fs.readFileSync(hex, 'latin1')).bytes);
    copy('-I', 'binary', '-O', 'ihex', '--change-addresses', address, binary, back);
    assert.strictEqual((await show(back)).roots, '1');
  }
});

test('Intel HEX is read with records of any size, LF or CR LF, and lower-case digits', async () => {
  const block = fs.readFileSync(await write([id]));

  for (const size of [1, 7, 16, 32, 255])
    for (const end of ['\n', '\r\n'])
      assert.strictEqual((await show(file(encodeHex(block, size, end)))).id, id);
});

test('Intel HEX with any damaged character is refused', async () => {
  const text = fs.readFileSync(await write(['--hex', id]), 'latin1');

  for (let at = 1; at < text.length - 1; at += 7) {
    const bad = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
    const { code, stdout, stderr } = await wmrec(['settings', '--read', file(bad)]);

    assert.deepStrictEqual([code, stdout], [78, ''], bad);
    assert.match(stderr, /: (it is not valid Intel HEX, or has more bytes than a settings block|the settings block is corrupt)\.\n$/);
  }
});

test('Intel HEX that has no end record or is too long is refused', async () => {
  const text = fs.readFileSync(await write(['--hex', id]), 'latin1');
  const texts = [':', text.replace(':00000001FF\n', ''), text.slice(0, -2), encodeHex(Buffer.alloc(maxSize + 1), 16), text.replace(':', '::'),
    ':020000040000FA\n:00000001FF\n', `:0400000A00000000F2\n${text}`];

  for (const bad of texts)
    assert.strictEqual((await wmrec(['settings', '--read', file(bad)])).code, 78, bad);
});

// Showing a block.

for (const line of fs.readFileSync(path.join(top, 'tests/golden/settings.tsv'), 'latin1').trimEnd().split('\n').slice(1)) {
  const [name, result, endpoint, , , , , , roots, secret, rule] = line.split('\t');

  test(`golden block ${name}: ${rule}`, async () => {
    const { code, stdout, stderr } = await wmrec(['settings', '--read', golden(name)], { key: null, secret: 'a-key-of-the-tests' });

    if (result === 'ok') {
      assert.deepStrictEqual([code, stderr], [0, '']);
      assert.ok(stdout.startsWith(`endpoint ${endpoint.replace(/:0$/, '')}\n`), stdout);
      assert.ok(stdout.endsWith(`\nsecret ${secret === 'none' ? secret : '[secret]'}\nroots ${roots}\n`), stdout);
    } else {
      assert.deepStrictEqual([code, stdout], [78, '']);
      assert.ok(stderr.endsWith(`: the settings block is ${result}.\n`), stderr);
    }
  });
}

test('seven lines are shown whatever a block contains, and none shows the key', async () => {
  const payload = Buffer.concat([Buffer.alloc(8), Buffer.from(`h\u001b[2J\n\0/${key}\0${key}\0${key}\0\u00ff${key}\0`, 'latin1')]);
  const block = Buffer.concat([Buffer.from('WMRS\u0001\0'), Buffer.alloc(6), payload]);

  block.writeUInt16LE(payload.length, 6);
  block.writeUInt32LE(crc32(Buffer.concat([block.subarray(4, 8), payload])), 8);
  const { code, stdout } = await wmrec(['settings', '--read', file(block)], { key: null });

  assert.deepStrictEqual([code, stdout], [0,
    'endpoint https://h\\x1b[2J\\x0a/[key]\nid [key]\nkey [key]\ninterval 60s\nntp-server \\xff[key]\nsecret none\nroots 0\n']);
});

for (const [what, name, message] of [['missing', '/nowhere/block', /\/nowhere\/block: No such file or directory/], ['a folder', '/', /\/: Is a directory/]]) {
  test(`the message names a file that is ${what}: exit status 78`, async () => {
    const { code, stdout, stderr } = await wmrec(['settings', '--read', name]);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, message);
  });
}

test('a file of 1 MB is refused', async () => {
  for (const content of [Buffer.alloc(1 << 20, 0xff), ':'.repeat(1 << 20)])
    assert.strictEqual((await wmrec(['settings', '--read', file(content)])).code, 78);
});

// Refused before the file is written.

const longKey = 'k'.repeat(600);
const refused = [
  // options, message, settings of wmrec()
  [['abcd'], /a mock API's id is 5 to 10 printable ASCII characters/],
  [[id], /Set WMC_API_TOKEN, or give --token-file PATH/, { key: null }],
  [[id], /character other than visible ASCII/, { key: 'k k', secret: 'k k' }],
  [[id], /the request does not fit the buffer/, { key: longKey, secret: longKey }],
  [['--token-file', '/nowhere/key', id], /token file \/nowhere\/key: No such file/],
  [['--endpoint', 'http://wiremock.example', id], /verified TLS is needed.*Give an https:\/\/ URL/],
  [['--endpoint', 'https://wire mock.example', id], /no host name or address has/],
  [['--endpoint', 'https://wiremock.example/a b', id], /a base path/],
  [['--endpoint', 'wiremock.example', id], /does not begin with https/],
  [['--ntp-server', '', id], /--ntp-server: the host is empty or has a character that no host name or address has/],
  [['--ntp-server', 'ntp example', id], /--ntp-server: the host is empty or has/],
  [['--ntp-server', 'ntp.example/x', id], /--ntp-server: the host is empty or has/],
  [['--ntp-server', 'a'.repeat(256), id], /--ntp-server: the host is empty or has/],
  [['--cacert', '/nowhere/roots.pem', id], /CA file \/nowhere\/roots\.pem: No such file/],
  [['--cacert', '/dev/null', id], /CA file \/dev\/null: /],
];

for (const [options, message, settings] of refused) {
  test(`refused: ${options.join(' ').slice(0, 60)}${settings ? ', with another key' : ''}: exit status 78`, async () => {
    const name = newName();
    const { code, stdout, stderr } = await wmrec(['settings', '--write', name, ...options], settings);

    assert.deepStrictEqual([code, stdout], [78, '']);
    assert.match(stderr, message);
    assert.ok(!fs.existsSync(name));
  });
}

const misuses = [
  // the command line, the message
  [['settings'], /settings needs one of --write FILE, --uf2 FILE and --read FILE/],
  [['settings', id], /settings needs one of/],
  [['settings', '--write', 'file', '--read', 'file', id], /settings needs one of/],
  [['settings', '--uf2', 'file', '--read', 'file', id], /settings needs one of/],
  [['settings', '--uf2', 'file', '--write', 'file', id], /settings needs one of/],
  [['settings', '--uf2', 'file', '--write', 'file', '--read', 'file', id], /settings needs one of/],
  [['settings', '--uf2', 'file'], /give the id of a mock API/],
  [['settings', '--uf2', 'file', id, id], /settings takes one id/],
  [['settings', '--uf2', 'file', '--hex', id], /--hex needs --write/],
  [['settings', '--write', 'file'], /give the id of a mock API/],
  [['settings', '--write', 'file', id, id], /settings takes one id/],
  [['settings', '--write', 'file', '--self-hosted', 'http://h', id], /--self-hosted takes no id/],
  [['settings', '--write', 'file', '--mock', '--endpoint', 'https://h', id], /only one of/],
  [['settings', '--write', 'file', '--address', '0', id], /--address needs --hex, --uf2 or --read/],
  ...['', 'x', '-1', '+1', ' 1', '0x', '1f', '0xg', '0x0x1', '1.5', '0xffffe001', '4294967296', '9'.repeat(99)].map(
    (address) => [['settings', '--write', 'file', '--hex', '--address', address, id], /--address .*: the address must be a number from 0 to 0xffffe000, such as 0x101fe000/]),
  ...['0', '0x1fe000', '0x101fe001', '0x101fe800', '0x10000000', '0x10fff000', '0x20000000'].flatMap((address) => [['--uf2', 'file', id], ['--read', 'file']].map(
    (words) => [['settings', '--address', address, ...words], /--address 0x[0-9a-f]+: in a UF2, settings have an address from 0x10001000 to 0x10ffe000 that is a multiple of 4096/])),
  [['settings', '--write', 'file', '--interval', '13d', id], /--interval 13d: the time must be/],
  ...[['--endpoint', 'https://h'], ['--server', 'https://h'], ['--self-hosted', 'http://h'], ['--mock'], ['--token-file', 'f'], ['--cacert', 'f'], ['--interval', '1s'],
    ['--ntp-server', 'h'], ['--hex'], ['--hex', '--address', '0'], [id]].map(
    (more) => [['settings', '--read', 'file', ...more], /settings --read takes a file and no other options except --address/]),
  ...[['--resolve', 'h:1:h'], ['--max-time', '1s'], ['--keep-session'], ['-v'], ['-q']].flatMap(
    (more) => [[['settings', '--write', 'file', ...more, id], /settings sends no request/], [['settings', '--read', 'file', ...more], /settings sends no request/]]),
  ...['json', 'prometheus', 'home-assistant'].map((format) => [['settings', '--read', 'file', '-o', format], /settings does not support --output/]),
  [['settings', '--write', 'file', '--out', 'f', id], /--out needs --output prometheus/],
  [['settings', '--write', 'file', '--for', 'Stopped', id], /--for is an option of wait only/],
  [['settings', '--write', 'file', '--timeout', '1s', id], /--timeout is an option of wait only/],
  [['settings', '--write', 'file', '--stale-after', '1s', id], /does not take .*--stale-after/],
  ...[['status'], ['is-recording'], ['watch'], ['wait', '--for', 'Stopped']].flatMap((command) => [['--write', 'f'], ['--uf2', 'f'], ['--read', 'f'], ['--hex'],
    ['--address', '0'], ['--ntp-server', 'h']].map((more) => [[...command, ...more, id], /--write, --uf2, --read, --hex, --address and --ntp-server are options of settings only/])),
];

for (const [options, message] of misuses) {
  test(`misuse: ${options.join(' ').slice(0, 60)}: exit status 64`, async () => {
    const { code, stdout, stderr } = await wmrec(options);

    assert.deepStrictEqual([code, stdout], [64, '']);
    assert.match(stderr, message);
  });
}
