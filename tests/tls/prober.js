// A probe that runs, for connection after connection: probe.c, in the profile of a desktop's mbedTLS, or of a device's.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const path = require('node:path');
const readline = require('node:readline');

const { certificate, key } = require('../e2e/support');
const { patience, start, top } = require('../e2e/wiremock');

/** The probe of a profile, and the arena of who uses it: of wmrec, of the lamp, and of the small lamp, with 1 KB more, as a
 * pointer takes 8 bytes here. */
const profiles = {
  desktop: { program: 'build/sanitized/probe', arena: 131072 },
  device: { program: 'build/device/probe', arena: 45000 },
  small: { program: 'build/small/probe', arena: 31000 + 1000 },
};

/** One for a profile: connect(port, timeout), which gives the result's name, behind which
 * recording is the status; end(). */
class Prober {
  constructor(profile) {
    this.profile = profiles[profile];
  }

  begin() {
    this.child = start(path.join(top, this.profile.program), ['localhost', '0', certificate('more-roots.pem'),
      `${Math.floor(Date.now() / 1000)}`, '/dev/null', '0', '-'], { env: { WMC_API_TOKEN: key }, stdio: 'pipe' });
    this.errors = '';
    this.child.stdin.on('error', () => {}); // of one that has died
    this.child.stderr.on('data', (text) => { this.errors += text; });
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async connect(port, timeout) {
    if (this.child === undefined)
      this.begin();
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), patience);
    this.child.stdin.write(`${port} ${this.profile.arena} ${timeout}\n`);
    const { value: line } = await this.lines.next();
    clearTimeout(impatience);
    if (line === undefined) {
      const { child } = this;

      this.child = undefined;
      if (child.exitCode === null && child.signalCode === null)
        await once(child, 'close');
      throw new Error(child.signalCode === 'SIGKILL' ? 'it hung' : `it died: ${this.errors}`);
    }
    const [, result, , left, , , recording] = line.split(' ');

    this.recording = recording;
    assert.strictEqual(left, '0', 'something of the arena is still in use');
    assert.ok(!line.includes(key) && !this.errors.includes(key), 'the key is shown');
    return result;
  }

  async end() {
    if (this.child === undefined)
      return;
    this.child.stdin.end();
    const [code] = await once(this.child, 'close');
    assert.deepStrictEqual([code, this.errors], [0, '']);
  }
}

module.exports = { Prober, profiles };
