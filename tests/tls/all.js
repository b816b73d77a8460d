// Runs all tests of this folder in one process: node --test-reporter=tap tests/tls/all.js
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');

for (const name of fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js')).sort())
  require(`./${name}`);
