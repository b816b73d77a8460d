// UF2 files: settings --uf2 and settings --read; and boards/host/make_uf2.c, for firmware. What they contain is decoded here by the
// rules of https://github.com/microsoft/uf2 and of the RP2040's boot ROM.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { certificate, file, id, run, wmrec } = require('./support');
const { temporaryFolder, top } = require('./wiremock');

const makeUf2 = path.join(top, process.env.BUILD ?? 'build', 'sanitized/make_uf2');
const settingsAt = 0x101fe000;
const firmwareAt = 0x10000000;
const maxSize = 8192; // of settings, in bytes
const sector = 4096;
const marks = { first: 0x0a324655, second: 0x9e5d5157, last: 0x0ab16f30 };
const rp2040 = 0xe48bff56;
const golden = fs.readFileSync(path.join(top, 'tests/golden/uf2/least.uf2'));
const newName = () => path.join(temporaryFolder(), `file-${randomBytes(6).toString('hex')}`);

const blockOf = (bytes, index) => bytes.subarray(index * 512, index * 512 + 512);
const blocksOf = (bytes) => Array.from({ length: bytes.length / 512 }, (_, index) => blockOf(bytes, index));

/** The fields of each block of a file, after a check of those that never differ. */
function decode(bytes) {
  assert.strictEqual(bytes.length % 512, 0);
  return blocksOf(bytes).map((block) => {
    const [first, second, flags, address, size, number, count, family] = [0, 4, 8, 12, 16, 20, 24, 28].map((at) => block.readUInt32LE(at));

    assert.deepStrictEqual({ first, second, last: block.readUInt32LE(508) }, marks);
    assert.deepStrictEqual({ flags, size, count, family }, { flags: 0x2000, size: 256, count: bytes.length / 512, family: rp2040 });
    assert.ok(block.subarray(288, 508).every((byte) => byte === 0));
    return { address, number, payload: block.subarray(32, 288) };
  });
}

/** What the file has at its addresses from `start` on: without a gap, and nothing twice. */
function imageOf(bytes, start) {
  const blocks = decode(bytes).sort((a, b) => a.number - b.number);

  blocks.forEach(({ address, number }, index) => assert.deepStrictEqual({ address, number }, { address: start + index * 256, number: index }));
  return Buffer.concat(blocks.map(({ payload }) => payload));
}

async function write(options) {
  const name = newName();
  const { code, stdout, stderr } = await wmrec(['settings', '--uf2', name, ...options]);

  assert.deepStrictEqual([code, stdout, stderr], [0, '', '']);
  return name;
}

const read = (bytes, ...options) => wmrec(['settings', '--read', file(bytes), ...options], { key: null });

async function assertRefused(bytes, message, ...options) {
  const { code, stdout, stderr } = await read(bytes, ...options);

  assert.deepStrictEqual([code, stdout], [78, ''], stderr);
  assert.match(stderr, message);
}

// Writing settings.

for (const [options, address] of [[[], settingsAt], [['--address', '0x10001000'], 0x10001000], [['--address', '0x10ffe000'], 0x10ffe000]]) {
  test(`settings --uf2 ${options.join(' ')}: the file fills all 8 KiB at 0x${address.toString(16)}, with 0xff behind the block`, async () => {
    const name = await write([...options, '--cacert', certificate('root.crt'), id]);
    const image = imageOf(fs.readFileSync(name), address);
    const block = image.subarray(0, 12 + image.readUInt16LE(6));

    assert.deepStrictEqual([image.length, block.toString('latin1', 0, 4)], [maxSize, 'WMRS']);
    assert.ok(block.length > 256 && image.subarray(block.length).every((byte) => byte === 0xff));
    const shown = await wmrec(['settings', '--read', name, ...options], { key: null });
    const { stdout } = await wmrec(['settings', '--read', file(block)], { key: null });
    assert.deepStrictEqual([shown.code, shown.stderr, shown.stdout], [0, '', stdout]);
    assert.match(stdout, /\nroots 1\n/);
  });
}

test('settings --uf2: only the owner can read the file, whatever the umask, and whoever could read the old one', async (t) => {
  const before = process.umask(0);
  const old = file('old', 0o666);

  t.after(() => process.umask(before));
  assert.strictEqual((await wmrec(['settings', '--uf2', old, id])).code, 0);
  for (const name of [await write([id]), old])
    assert.strictEqual(fs.statSync(name).mode & 0o777, 0o600);
});

test('settings --uf2: if the file cannot be written, the message says why: exit status 74', async () => {
  const { code, stderr } = await wmrec(['settings', '--uf2', '/nowhere/lamp.uf2', id]);

  assert.deepStrictEqual([code, stderr], [74, 'wmrec: /nowhere/lamp.uf2: no file can be created in the folder /nowhere/: No such file or directory.\n']);
});

test('file(1) recognises the settings of a device as a UF2 for the RP2040', async () => {
  const name = await write([id]);

  assert.match(execFileSync('file', [name], { encoding: 'utf8' }),
    /: UF2 firmware image, family Raspberry Pi RP2040, address 0x101fe000, 32 total blocks\n$/);
});

// Reading settings.

/** A copy of the golden file with these values, { offset: value }, in a block. */
function changed(index, fields) {
  const bytes = Buffer.from(golden);

  for (const [at, value] of Object.entries(fields))
    bytes.writeUInt32LE(value, index * 512 + Number(at));
  return bytes;
}

/** A file of `count` blocks at this address. */
function uf2Of(address, count, fields = {}) {
  const bytes = Buffer.alloc(count * 512);

  blocksOf(bytes).forEach((block, index) => {
    const { flags, size, family } = { flags: 0x2000, size: 256, family: rp2040, ...fields };

    [marks.first, marks.second, flags, address + 256 * index, size, index, count, family].forEach((value, field) => block.writeUInt32LE(value, 4 * field));
    block.writeUInt32LE(marks.last, 508);
  });
  return bytes;
}

test('the golden UF2 is read, with its blocks in any order', async () => {
  const expected = 'endpoint https://wiremock.example\nid jjl8y\nkey [key]\ninterval 60s\nntp-server none\nsecret none\nroots 0\n';

  for (const blocks of [blocksOf(golden), blocksOf(golden).reverse(), [...blocksOf(golden).slice(9), ...blocksOf(golden).slice(0, 9)]]) {
    const { code, stdout, stderr } = await read(Buffer.concat(blocks));

    assert.deepStrictEqual([code, stdout, stderr], [0, expected, '']);
  }
});

const refused = [
  // what, the file, the message
  ['another family', () => uf2Of(settingsAt, 32, { family: 0xe48bff59 }), /the block at byte 0 is for the family 0xe48bff59, and not for 0xe48bff56, the RP2040\.\n$/],
  ['no family', () => uf2Of(settingsAt, 32, { flags: 0 }), /the block at byte 0 is for the family 0x00000000, and not for 0xe48bff56/],
  ['not for the main flash', () => uf2Of(settingsAt, 32, { flags: 0x2001 }), /the block at byte 0 is not for flash, or not of 256 bytes: the RP2040 ignores it/],
  ['payloads of 128 bytes', () => uf2Of(settingsAt, 32, { size: 128 }), /the block at byte 0 is not for flash, or not of 256 bytes/],
  ['another address', () => uf2Of(0x103fe000, 32), /the block at byte 0 belongs to a file for the address 0x103fe000; the settings are at 0x101fe000\.\n$/],
  ['the address of another board', () => uf2Of(0x3f000, 32), /a file for the address 0x0003f000; the settings are at 0x101fe000/],
  ['a firmware', () => uf2Of(firmwareAt, 800), /the block at byte 0 belongs to a firmware, which begins at 0x10000000; the settings are at 0x101fe000\.\n$/],
  ['a firmware of 32 blocks', () => uf2Of(firmwareAt, 32), /the block at byte 0 belongs to a firmware/],
  ['a file of 16 blocks', () => uf2Of(settingsAt, 16), /the block at byte 0 is block 0 of 16; settings have blocks 0 to 31\.\n$/],
  ['half a file', () => golden.subarray(0, 16 * 512), /it is incomplete: block 16 of blocks 0 to 31 is missing\.\n$/],
  ['a file without its first block', () => golden.subarray(512), /it is incomplete: block 0 of/],
  ['a file without its last block', () => golden.subarray(0, -512), /it is incomplete: block 31 of/],
  ['a file that ends within a block', () => golden.subarray(0, -1), /it is cut short: it ends within the block at byte 15872\.\n$/],
  ['a file that ends in its first block', () => golden.subarray(0, 100), /it is cut short: it ends within the block at byte 0\./],
  ['four bytes', () => golden.subarray(0, 4), /it is cut short/],
  ['a byte too many', () => Buffer.concat([golden, Buffer.alloc(1)]), /it is cut short: it ends within the block at byte 16384\./],
  ['zeros behind the file', () => Buffer.concat([golden, Buffer.alloc(512)]), /it is damaged: at byte 16384 there is no UF2 block\.\n$/],
  ['a block that is there twice', () => Buffer.concat([golden, blockOf(golden, 7)]), /block 7 is there twice, the second time at byte 16384\.\n$/],
  ['a block in the place of another', () => Buffer.concat([golden.subarray(0, -512), blockOf(golden, 7)]), /block 7 is there twice, the second time at byte 15872/],
  ['a firmware behind the settings', () => Buffer.concat([golden, uf2Of(firmwareAt, 4)]), /the block at byte 16384 belongs to a firmware/],
  ['a block of a firmware', () => Buffer.concat([golden.subarray(0, 1024), blockOf(uf2Of(firmwareAt, 800), 2), golden.subarray(1536)]), /the block at byte 1024 belongs to a firmware/],
  ['a block of other settings', () => Buffer.concat([golden.subarray(0, 1024), blockOf(uf2Of(0x103fe000, 32), 2), golden.subarray(1536)]), /the block at byte 1024 belongs to a file for the address 0x103fe000/],
  ['a file for another chip behind it', () => Buffer.concat([golden, uf2Of(firmwareAt, 4, { family: 0xe48bff59 })]), /the block at byte 16384 is for the family 0xe48bff59/],
  ['a number beyond the last block', () => changed(3, { 12: settingsAt + 256 * 32, 20: 32 }), /the block at byte 1536 is block 32 of 32; settings have blocks 0 to 31/],
  ['a wrong second mark', () => changed(0, { 4: 0 }), /it is damaged: at byte 0 there is no UF2 block/],
  ['a wrong mark at the end of a block', () => changed(31, { 508: 0 }), /it is damaged: at byte 15872 there is no UF2 block/],
  ['a wrong first mark', () => changed(0, { 0: 0 }), /: the settings block is missing\.\n$/],
  ['no settings', () => Buffer.from(golden).fill(0xff, 32, 288), /: the settings block is missing\.\n$/],
  ['settings with a wrong byte', () => changed(0, { 50: 0 }), /: the settings block is corrupt\.\n$/],
];

for (const [what, bytes, message] of refused) {
  test(`settings --read refuses a UF2: ${what}: exit status 78`, () => assertRefused(bytes(), message));
}

test('settings --read: a UF2 of two settings, with a part of each, is corrupt', async () => {
  const [one, two] = await Promise.all([['--cacert', certificate('root.crt')], []].map(async (options) => fs.readFileSync(await write([...options, id]))));

  await assertRefused(Buffer.concat([one.subarray(0, 512), two.subarray(512)]), /: the settings block is corrupt\.\n$/);
});

test('settings --read: a UF2 whose header has any wrong bit is refused, except for flags that mean nothing here', async () => {
  for (let bit = 0; bit < 36 * 8; bit++) {
    const at = 5 * 512 + (bit < 256 ? bit >> 3 : 508 + ((bit - 256) >> 3));
    const bytes = Buffer.from(golden);
    const isIgnored = bit >= 64 && bit < 96 && bit !== 64 && bit !== 64 + 13;

    bytes[at] ^= 1 << bit % 8;
    const { code, stdout } = await read(bytes);
    assert.deepStrictEqual([code, stdout !== ''], isIgnored ? [0, true] : [78, false], `bit ${bit}`);
  }
});

test('settings --read --address: the message has both addresses, and a file that is no UF2 is refused', async () => {
  await assertRefused(golden, /belongs to a file for the address 0x101fe000; the settings are at 0x10100000\.\n$/, '--address', '0x10100000');
  assert.strictEqual((await read(golden, '--address', '0x101fe000')).code, 0);
  for (const name of ['settings/least.bin', 'settings/empty.bin'])
    await assertRefused(fs.readFileSync(path.join(top, 'tests/golden', name)), /it is not a UF2, so it cannot be checked for --address\.\n$/, '--address', '0x101fe000');
});

// Firmware.

/** Runs make_uf2, which must succeed; returns the bytes that it has written. */
async function convert(image, address = '0x10000000') {
  const name = newName();
  const { code, stdout, stderr } = await run(makeUf2, [file(image), address, name]);

  assert.deepStrictEqual([code, stdout, stderr], [0, '', '']);
  return fs.readFileSync(name);
}

test('make_uf2 fills a firmware up to whole sectors of 4 KiB with 0xff (RP2040-E14)', async () => {
  for (const size of [1, 255, 4096, 4097, 100000, 2 * 1024 * 1024]) {
    const firmware = randomBytes(size);
    const image = imageOf(await convert(firmware), firmwareAt);

    assert.strictEqual(image.length, Math.ceil(size / sector) * sector);
    assert.ok(image.subarray(0, size).equals(firmware) && image.subarray(size).every((byte) => byte === 0xff));
  }
});

/** The boot ROM takes a block: it erases a sector once for each 16 numbers, and then clears bits (virtual_disk.c). */
function program(flash, { address, number, payload }, erased) {
  const at = address - firmwareAt;
  const group = number >> 4;

  if (!erased.has(group))
    flash.fill(0xff, at - at % sector, at - at % sector + sector);
  erased.add(group);
  payload.forEach((byte, index) => { flash[at + index] &= byte; });
}

test('a firmware over an older one: until its last block has come, the flash has no boot code', async () => {
  const firmware = randomBytes(5 * sector + 1);
  const flash = randomBytes(16 * sector);
  const rest = Buffer.from(flash.subarray(6 * sector));
  const erased = new Set();
  const blocks = decode(await convert(firmware));

  blocks.forEach((block, index) => {
    program(flash, block, erased);
    assert.strictEqual(flash.subarray(0, 256).every((byte) => byte === 0xff), index < blocks.length - 1, `after block ${index}`);
  });
  assert.ok(flash.subarray(0, firmware.length).equals(firmware));
  assert.ok(flash.subarray(6 * sector).equals(rest), 'what is behind the firmware stays');
});

test('a UF2 of make_uf2 is refused as settings, and file(1) recognises it', async () => {
  const bytes = await convert(randomBytes(100000));

  await assertRefused(bytes, /the block at byte 0 belongs to a firmware, which begins at 0x10000000; the settings are at 0x101fe000\.\n$/);
  assert.match(execFileSync('file', [file(bytes)], { encoding: 'utf8' }), /: UF2 firmware image, family Raspberry Pi RP2040, /);
});

test('make_uf2: what cannot be converted gets a message, and leaves no file', async () => {
  const some = file('x');
  const wrong = [
    [[], /usage: make_uf2 IN\.bin ADDRESS OUT\.uf2/],
    [[some, '0x10000000', newName(), 'more'], /usage: /],
    ...['', 'x', '0x', '0x10000001', '0x10000000x', '0xfffff000', '99999999999999999999'].map((address) => [[some, address, newName()], /: the address must be a multiple of 4096/]),
    [['/nowhere/lamp.bin', '0x10000000', newName()], /\/nowhere\/lamp\.bin: cannot be read/],
    [[file(''), '0x10000000', newName()], /is empty/],
    [[file(Buffer.alloc(2 * 1024 * 1024 + 1)), '0x10000000', newName()], /has more than 2 MiB/],
    [[some, '0x10000000', '/nowhere/lamp.uf2'], /\/nowhere\/lamp\.uf2: cannot be written/],
  ];

  for (const [words, message] of wrong) {
    const { code, stdout, stderr } = await run(makeUf2, words);

    assert.deepStrictEqual([code, stdout], [1, ''], words.join(' '));
    assert.match(stderr, message);
    assert.ok(words.length < 3 || !fs.existsSync(words[2]));
  }
});
