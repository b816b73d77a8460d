// Files that are replaced as a whole, by --out, settings --write and settings --uf2: links, the temporary file, signals.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { constants: { signals } } = require('node:os');
const path = require('node:path');
const test = require('node:test');

const { answering, ask, certificate, file, id, key, patiently, program, run, says, until } = require('./support');
const { temporaryFolder } = require('./wiremock');

const folder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'replace-'));

const writers = {
  '-o prometheus --out': (server, out) => ask(server, ['-o', 'prometheus', '--out', out, id]),
  'settings --write': (server, out) => ask(server, ['settings', '--write', out, id]),
  'settings --uf2': (server, out) => ask(server, ['settings', '--uf2', out, id]),
};
const wordsOf = {
  '-o prometheus --out': (out) => ['-o', 'prometheus', '--out', out, id],
  'settings --write': (out) => ['settings', '--write', out, id],
  'settings --uf2': (out) => ['settings', '--uf2', out, id],
};
const isWhole = (file) => /^(# HELP wmrec_up|WMRS|UF2)/.test(fs.readFileSync(file, 'latin1'));

function canMount() {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const mounting = { skip: !canMount() && 'a mount namespace needs root and unshare' };

/** Runs wmrec in a mount namespace of its own, after this command of the shell. */
function afterMount(mount, server, words) {
  return run('unshare', ['--mount', 'sh', '-c', `${mount} && exec "$0" "$@"`, program, '--endpoint', server.url, '--cacert',
    certificate('roots.pem'), ...patiently(words)], { environment: { WMC_API_TOKEN: key } });
}

for (const [what, write] of Object.entries(writers)) {
  test(`${what}: a symbolic link is kept, and its target is replaced or made`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const [own, other] = [folder(), folder()];
    const target = path.join(other, 'target');
    const links = { absolute: target, relative: path.relative(own, target), chain: 'relative', beside: 'file' };

    for (const [name, text] of Object.entries(links)) {
      fs.symlinkSync(text, path.join(own, name));
      for (const before of ['nothing', 'a file']) {
        fs.rmSync(target, { force: true });
        if (before === 'a file')
          fs.writeFileSync(target, 'old');
        const { code, stderr } = await write(server, path.join(own, name));

        assert.deepStrictEqual([code, stderr, fs.readlinkSync(path.join(own, name))], [0, '', text]);
        assert.ok(isWhole(path.join(own, name)), `${name}, ${before}`);
      }
    }
    assert.deepStrictEqual(fs.readdirSync(own).sort(), [...Object.keys(links), 'file'].sort());
    assert.ok(fs.readdirSync(other).every((name) => name === 'target'));
  });

  test(`${what}: a circle of symbolic links: the message names it, exit status 74`, async (t) => {
    const own = folder();
    const [one, two] = [path.join(own, 'one'), path.join(own, 'two')];

    fs.symlinkSync('two', one);
    fs.symlinkSync('one', two);
    const { code, stderr } = await write(await answering(t, says('Stopped')), one);
    assert.deepStrictEqual([code, stderr], [74, `wmrec: ${one}: Too many levels of symbolic links.\n`]);
    assert.deepStrictEqual(fs.readdirSync(own), ['one', 'two']);
  });

  test(`${what}: a symbolic link of another user is not followed`, {
    skip: process.getuid() !== 0 && 'only root can change the owner',
  }, async (t) => {
    const own = folder();
    const [link, target] = [path.join(own, 'link'), path.join(own, 'target')];

    fs.writeFileSync(target, 'old');
    fs.symlinkSync('target', link);
    fs.lchownSync(link, 1, 1);
    const { code, stderr } = await write(await answering(t, says('Stopped')), link);
    assert.deepStrictEqual([code, stderr], [74, `wmrec: ${link}: it is a symbolic link of another user, which is not followed.\n`]);
    assert.strictEqual(fs.readFileSync(target, 'latin1'), 'old');
    assert.ok(fs.lstatSync(link).isSymbolicLink());
  });

  test(`${what}: the temporary file has a random name`, { skip: process.platform !== 'linux' && 'the names come from inotify' }, async (t) => {
    const server = await answering(t, says('Stopped'));
    const own = folder();
    const out = path.join(own, 'out.prom');
    const seen = new Set();
    const watcher = fs.watch(own, (event, name) => seen.add(name));

    t.after(() => watcher.close());
    for (let times = 1; times <= 2; times++) {
      await write(server, out);
      await until(() => seen.size >= times + 1);
    }
    const temporary = [...seen].filter((name) => name !== 'out.prom');
    assert.strictEqual(temporary.length, 2);
    for (const name of temporary)
      assert.match(name, /^\.wmrec-[0-9a-f]{16}$/);
  });

  // SIGXFSZ comes during the write.
  for (const [how, prepare, code] of [['an error', "trap '' XFSZ; ", 74], ['a signal', '', 128 + signals.SIGXFSZ]]) {
    test(`${what}: ${how} during the write leaves the old file unchanged, and no other file`, async (t) => {
      const server = await answering(t, says('Stopped'));
      const own = folder();
      const out = path.join(own, 'out.prom');

      fs.writeFileSync(out, 'old');
      const ended = await run('sh', ['-c', `${prepare}ulimit -f 0; "$0" "$@"`, program, '--endpoint', server.url, '--cacert',
        certificate('roots.pem'), ...patiently(wordsOf[what](out))], { environment: { WMC_API_TOKEN: key } });
      assert.strictEqual(ended.code, code, ended.stderr);
      assert.match(ended.stderr, code === 74 ? /out\.prom: File too large\.$/m : /^[^:]*$/);
      assert.deepStrictEqual(fs.readdirSync(own), ['out.prom']);
      assert.strictEqual(fs.readFileSync(out, 'latin1'), 'old');
    });
  }

  test(`${what}: a file that is a mount point, also through a link, is written in place, to its new length`, mounting, async (t) => {
    const server = await answering(t, says('Stopped'));
    const own = folder();
    const [point, link] = [path.join(own, 'point'), path.join(own, 'link')];

    fs.symlinkSync('point', link);
    for (const out of [point, link]) {
      for (const old of ['', 'old\n'.repeat(10000)]) {
        const source = file(old);
        const { ino } = fs.statSync(source);

        fs.writeFileSync(point, '');
        const { code, stderr } = await afterMount(`mount --bind '${source}' '${point}'`, server, wordsOf[what](out));
        assert.deepStrictEqual([code, stderr, fs.statSync(source).ino], [0, '', ino]);
        assert.ok(isWhole(source) && !fs.readFileSync(source, 'latin1').includes('old'));
        assert.deepStrictEqual(fs.readdirSync(own).sort(), ['link', 'point']);
      }
    }
  });

  test(`${what}: a mount point on a full disk: the message says so, exit status 74, and no other file is left`, mounting, async (t) => {
    const server = await answering(t, says('Stopped'));
    const own = folder();
    const [point, full] = [path.join(own, 'point'), path.join(own, 'full')];

    fs.writeFileSync(point, '');
    fs.mkdirSync(full);
    const mount = `mount -t tmpfs -o size=4k none '${full}' && touch '${full}/source' && mount --bind '${full}/source' '${point}' && ` +
      `head -c 4096 /dev/zero >'${full}/other'`;
    const { code, stderr } = await afterMount(mount, server, wordsOf[what](point));
    assert.deepStrictEqual([code, stderr], [74, `wmrec: ${point}: No space left on device.\n`]);
    assert.deepStrictEqual(fs.readdirSync(own).sort(), ['full', 'point']);
  });

  test(`${what}: the message names a folder that is read-only, also behind a link: exit status 74`, mounting, async (t) => {
    const server = await answering(t, says('Stopped'));
    const [own, other] = [folder(), folder()];
    const link = path.join(own, 'link');

    fs.symlinkSync(path.join(other, 'target'), link);
    for (const out of [path.join(other, 'target'), link]) {
      const { code, stderr } = await afterMount(`mount -t tmpfs -o ro none '${other}'`, server, wordsOf[what](out));

      assert.deepStrictEqual([code, stderr], [74, `wmrec: ${out}: no file can be created in the folder ${other}/: Read-only file system.\n`]);
    }
  });

  test(`${what}: a pipe, and a link to one, is refused and stays: exit status 74`, async (t) => {
    const server = await answering(t, says('Stopped'));
    const own = folder();
    const [pipe, link] = [path.join(own, 'pipe'), path.join(own, 'link')];

    execFileSync('mkfifo', [pipe]);
    fs.symlinkSync('pipe', link);
    for (const out of [pipe, link]) {
      const { code, stderr } = await write(server, out);

      assert.deepStrictEqual([code, stderr], [74, `wmrec: ${out}: it is not a regular file, so it cannot be replaced.\n`]);
    }
    assert.ok(fs.statSync(pipe).isFIFO());
    assert.deepStrictEqual(fs.readdirSync(own).sort(), ['link', 'pipe']);
  });
}

test('--out: the new file has the permissions of the old one, whatever the umask', async (t) => {
  const server = await answering(t, says('Stopped'));
  const before = process.umask(0o027);

  t.after(() => process.umask(before));
  for (const mode of [0o600, 0o640, 0o644, 0o664, 0o444]) {
    const out = file('old');

    fs.chmodSync(out, mode);
    const { code, stderr } = await writers['-o prometheus --out'](server, out);
    assert.deepStrictEqual([code, stderr, fs.statSync(out).mode & 0o7777], [0, '', mode]);
    assert.ok(isWhole(out));
  }
});

for (const [what, kept] of Object.entries({ '-o prometheus --out': [1, 2, 0o640], 'settings --write': [0, 0, 0o600], 'settings --uf2': [0, 0, 0o600] })) {
  test(`${what} to a file of another user: owner, group and permissions are ${kept[0] === 1 ? 'kept' : 'those of a secret'}`, {
    skip: process.getuid() !== 0 && 'only root can change the owner',
  }, async (t) => {
    const out = file('old');

    fs.chownSync(out, 1, 2);
    fs.chmodSync(out, 0o640);
    assert.strictEqual((await writers[what](await answering(t, says('Stopped')), out)).code, 0);
    const { uid, gid, mode } = fs.statSync(out);
    assert.deepStrictEqual([uid, gid, mode & 0o7777], kept);
  });
}

test('settings --write to a mount point: the file becomes readable by its owner only; one of another user is refused', mounting, async (t) => {
  const server = await answering(t, says('Stopped'));
  const point = file('');

  for (const [owner, code] of [[0, 0], [1, 74]]) {
    const source = file('old');

    fs.chmodSync(source, 0o644);
    fs.chownSync(source, owner, 0);
    const result = await afterMount(`mount --bind '${source}' '${point}'`, server, ['settings', '--write', point, id]);
    assert.strictEqual(result.code, code, result.stderr);
    if (code === 0) {
      assert.strictEqual(fs.statSync(source).mode & 0o777, 0o600);
    } else {
      assert.strictEqual(result.stderr, `wmrec: ${point}: it is a mount point that belongs to another user, who could read it.\n`);
      assert.strictEqual(fs.readFileSync(source, 'latin1'), 'old');
    }
  }
});
