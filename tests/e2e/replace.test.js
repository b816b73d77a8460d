// Files that are replaced as a whole, by --out and settings --write: links, the temporary file, signals.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { constants: { signals } } = require('node:os');
const path = require('node:path');
const test = require('node:test');

const { answering, ask, certificate, id, key, patiently, program, run, says, until } = require('./support');
const { temporaryFolder } = require('./wiremock');

const folder = () => fs.mkdtempSync(path.join(temporaryFolder(), 'replace-'));

const writers = {
  '-o prometheus --out': (server, out) => ask(server, ['-o', 'prometheus', '--out', out, id]),
  'settings --write': (server, out) => ask(server, ['settings', '--write', out, id]),
};
const isWhole = (file) => /^(# HELP wmrec_up|WMRS)/.test(fs.readFileSync(file, 'latin1'));

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
      const words = what === 'settings --write' ? ['settings', '--write', out, id] : ['-o', 'prometheus', '--out', out, id];

      fs.writeFileSync(out, 'old');
      const ended = await run('sh', ['-c', `${prepare}ulimit -f 0; "$0" "$@"`, program, '--endpoint', server.url, '--cacert',
        certificate('roots.pem'), ...patiently(words)], { environment: { WMC_API_TOKEN: key } });
      assert.strictEqual(ended.code, code, ended.stderr);
      assert.match(ended.stderr, code === 74 ? /out\.prom: File too large\.$/m : /^[^:]*$/);
      assert.deepStrictEqual(fs.readdirSync(own), ['out.prom']);
      assert.strictEqual(fs.readFileSync(out, 'latin1'), 'old');
    });
  }
}
