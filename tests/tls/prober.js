// A running probe.c, in one of the profiles of mbedTLS, that connects again and again.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const path = require('node:path');
const readline = require('node:readline');

const { certificate, key } = require('../e2e/support');
const { built, patience, start, top } = require('../e2e/wiremock');

/** The program of each profile, and the size of its arena: that of wmrec, the lamp, and the small lamp. The last has 1,000 bytes more,
 * as a pointer takes 8 bytes here. */
const ours = {
  desktop: { program: built('sanitized/probe'), arena: 131072 },
  device: { program: built('device/probe'), arena: 45000 },
  small: { program: built('small/probe'), arena: 31000 + 1000 },
};

/** PROBE in the environment: only that program, which has another configuration of mbedTLS than ours, in place of the profile
 * LIKE, or of the desktop's. */
const { PROBE, LIKE = 'desktop' } = process.env;
const profiles = PROBE === undefined ? ours : { [LIKE]: { ...ours[LIKE], program: path.resolve(top, PROBE) } };

/** connect(port, timeout) connects once, with a timeout in ms, and returns the name of the result; then `recording` is the status.
 * end() ends the program. */
class Prober {
  constructor(profile) {
    this.profile = profiles[profile];
  }

  begin() {
    this.child = start(this.profile.program, ['localhost', '0', certificate('more-roots.pem'),
      `${Math.floor(Date.now() / 1000)}`, '/dev/null', '0', '-'], { env: { WMC_API_TOKEN: key }, stdio: 'pipe' });
    this.errors = '';
    this.child.stdin.on('error', () => {}); // it has died: connect() says so
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

module.exports = { Prober, ours, profiles };
