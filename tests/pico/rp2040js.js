// The emulator of the RP2040, from npm: ../npm/rp2040js.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const path = require('node:path');

module.exports = require(path.resolve(__dirname, '../..', process.env.BUILD ?? 'build', 'rp2040js/node_modules/rp2040js'));
