// What ends the execution of an instruction before its end. Thrown by an access to memory, an instruction or a device; caught by
// Machine.run().
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

/** The core faults. */
class Fault {
  constructor(what) {
    this.what = what;
  }
}

/** The machine restarts. reason: of the watchdog's register; null: the power was cut. */
class Restart {
  constructor(reason) {
    this.reason = reason;
  }
}

module.exports = { Fault, Restart };
