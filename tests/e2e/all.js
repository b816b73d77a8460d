// Runs the tests of this folder in one process, without those that are named: node --test-reporter=tap tests/e2e/all.js [NAME]...
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

const omitted = process.argv.slice(2).map((name) => `${name}.test.js`);

for (const name of fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js') && !omitted.includes(file)).sort())
  require(`./${name}`);
