// Searches the memory of a process for a key: all pages that the process can read, without its registers.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const { formsOf, until } = require('./support');

/** The search is for parts of the key of this many characters, which begin at every sixth one: any 18 characters in a row are found. */
const part = 12;

/** Waits until the process is in this state of proc(5): S, sleeping; T, stopped. */
function untilState(pid, state) {
  return until(() => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').includes(`) ${state} `));
}

/** Yields each readable mapping of a process: { start, bytes, name }. The pages of the kernel, [vvar] and [vdso], are left out. */
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

/** Returns the encoding of each copy of the key in these bytes, and says where only a part of it is there. */
function findKey(bytes, secret) {
  return Object.entries(formsOf(secret)).flatMap(([form, text]) => {
    const copies = new Map(); // offset at which a whole copy would begin -> number of its parts that are there
    let parts = 0;

    for (let start = 0; start + part <= text.length; start += part / 2, parts++)
      for (const at of placesOf(bytes, text.slice(start, start + part)))
        copies.set(at - start, (copies.get(at - start) ?? 0) + 1);
    return [...copies.values()].map((count) => (count === parts ? form : `a part of it, ${form}`));
  });
}

/** Like findKey(), for the memory of a process; each with the name of its mapping. */
function keysIn(pid, secret) {
  return [...memoryOf(pid)].flatMap(({ bytes, name }) => findKey(bytes, secret).map((what) => `${what}, in ${name || 'data'}`));
}

module.exports = { findKey, keysIn, untilState };
