// What is in the memory of a process: all that it can read itself, but for its registers.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { formsOf, until } = require('./support');

/** What is looked for, in characters, at each half of that. A part of the key of one and a half is found. */
const part = 12;

/** Waits for a process to be in this state, of proc(5): S, it sleeps; T, it is stopped. */
function untilState(pid, state) {
  return until(() => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').includes(`) ${state} `));
}

/** All readable memory of a process, in pieces: { start, bytes, name }. The kernel's own pages cannot be read. */
function* memoryOf(pid) {
  const descriptor = fs.openSync(`/proc/${pid}/mem`, 'r');

  try {
    for (const line of fs.readFileSync(`/proc/${pid}/maps`, 'latin1').trimEnd().split('\n')) {
      const [, from, to, name] = /^(\w+)-(\w+) r\S+ \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];

      if (from === undefined || name.startsWith('[v'))
        continue;
      const start = parseInt(from, 16);
      const bytes = Buffer.alloc(parseInt(to, 16) - start);
      const length = fs.readSync(descriptor, bytes, 0, bytes.length, start);
      if (length !== bytes.length)
        throw new Error(`only ${length} bytes of ${line}`);
      yield { start, bytes, name };
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function* placesOf(bytes, text) {
  for (let at = bytes.indexOf(text, 0, 'latin1'); at >= 0; at = bytes.indexOf(text, at + 1, 'latin1'))
    yield at;
}

/** The copies of the key in these bytes: of each its form, and that only a part of it is there. */
function findKey(bytes, secret) {
  return Object.entries(formsOf(secret)).flatMap(([form, text]) => {
    const copies = new Map(); // where each would begin, and how many parts of it are there
    let parts = 0;

    for (let start = 0; start + part <= text.length; start += part / 2, parts++)
      for (const at of placesOf(bytes, text.slice(start, start + part)))
        copies.set(at - start, (copies.get(at - start) ?? 0) + 1);
    return [...copies.values()].map((count) => (count === parts ? form : `a part of it, ${form}`));
  });
}

/** The copies of the key in a process's memory, as findKey() has them. */
function keysIn(pid, secret) {
  return [...memoryOf(pid)].flatMap(({ bytes, name }) => findKey(bytes, secret).map((what) => `${what}, in ${name || 'data'}`));
}

module.exports = { findKey, keysIn, untilState };
