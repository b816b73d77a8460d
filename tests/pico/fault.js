// A fault of the core: thrown by an access to memory or by an instruction, caught by Machine.run().
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

class Fault {
  constructor(what) {
    this.what = what;
  }
}

module.exports = { Fault };
