// The Pico SDK, used by the project of a stranger: it is compiled and linked, not run.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { built } = require('../e2e/wiremock');
const { call, cmake, projectWithSources } = require('./support');

const [jsmn, mbedtls, lwip] = process.argv.slice(2).map((folder) => path.resolve(folder));
const limits = { flash: 2 * 1024 * 1024, ram: 256 * 1024 }; // of a Pico, in bytes; the rest of its RAM is for the stacks
const options = [`-DPICO_SDK_PATH=${built('pico-sdk/usr/src/pico-sdk')}`, `-DPICO_LWIP_PATH=${lwip}`, '-DPICO_BOARD=pico', '-DPICO_NO_PICOTOOL=1',
  '-DCMAKE_BUILD_TYPE=MinSizeRel', `-DMBEDTLS_DIR=${mbedtls}`, `-DJSMN_DIR=${jsmn}`, '-DROOT=/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt'];
let program;

test('a project for a Pico compiles and links: TLS, and lwIP on a serial line', () => {
  program = path.join(cmake(projectWithSources('pico'), options), 'pico.elf');
  assert.ok(fs.existsSync(program));
});

test('the program fits a Pico', (t) => {
  const [text, data, bss] = call('/', ['arm-none-eabi-size', program]).split('\n')[1].trim().split(/\s+/).map(Number);

  t.diagnostic(`${text + data} bytes of flash, ${data + bss} bytes of RAM`);
  assert.ok(text + data > 100000 && text + data < limits.flash && data + bss < limits.ram);
});

test('TLS and the drive are in the program; names of mbedTLS cannot be seen from outside of wmrec', () => {
  const symbols = call('/', ['arm-none-eabi-nm', program]);

  assert.match(symbols, / T wmrec_drive_step\n/);
  assert.match(symbols, / T wmrec_lwip_transport\n/);
  assert.match(symbols, / t mbedtls_ssl_handshake\n/);
  assert.doesNotMatch(symbols, / [A-Z] (mbedtls|psa)_/);
});

test('wmrec needs no heap there', () => {
  const needed = call('/', ['arm-none-eabi-nm', '--undefined-only', ...['libwmrec.a', 'libwmrec-tls.a']
    .map((name) => path.join(path.dirname(program), 'third_party/wmrec', name))]);

  assert.match(needed, / U memcpy\n/);
  assert.doesNotMatch(needed, / U (malloc|calloc|free|_malloc_r|gmtime_r)\n/);
});
