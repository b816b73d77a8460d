// Runs a machine in pieces, so that this process can read the network and the monitor in between: in real time, or as fast as it can.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const piece = 20000; // instructions, some 0.6 ms
const turn = 20; // ms of running, before this process looks at its sockets
const naps = 10; // in hasty mode: times that the core sleeps, some 10 ms of its time, before this process looks at its sockets
const mostLag = 20e6; // ns that the machine may be behind real time; what is more is forgotten

class Pace {
  /** isHasty: sleep takes no time; otherwise a ms of the machine takes at least a ms. */
  constructor(machine, isHasty) {
    Object.assign(this, { machine, isHasty, isStopped: false, timer: null, idle: 0 });
    this.realTime = () => Number(process.hrtime.bigint());
    this.ahead = 0; // real time + ahead = the machine's time
  }

  start() {
    this.ahead = this.machine.now() - this.realTime();
    this.step();
  }

  step() {
    const began = performance.now();

    this.timer = null;
    if (this.isStopped)
      return;
    if (this.idle > 0)
      this.machine.sleep(this.isHasty ? this.idle : Math.min(this.idle, Math.max(0, this.lag())));
    let left = this.isHasty ? naps : 0;
    do {
      this.idle = this.machine.run(piece);
      if (this.idle > 0 && left > 0) {
        this.machine.sleep(this.idle);
        this.idle = 0;
        left--;
      }
    } while (this.idle === 0 && performance.now() - began < turn);
    if (this.isHasty || this.idle === 0)
      setImmediate(() => this.step());
    else
      this.wait();
  }

  /** ns that the machine is behind. */
  lag() {
    const lag = this.realTime() + this.ahead - this.machine.now();

    if (lag > mostLag)
      this.ahead -= lag - mostLag;
    return Math.min(lag, mostLag);
  }

  wait() {
    const nanos = this.idle - this.lag();

    if (nanos > 1e5)
      this.timer = setTimeout(() => this.step(), nanos / 1e6);
    else
      setImmediate(() => this.step());
  }

  /** Something has happened that may wake the core up. */
  wake() {
    if (this.timer === null)
      return;
    clearTimeout(this.timer);
    this.timer = null;
    setImmediate(() => this.step());
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.timer = null;
  }

  go() {
    if (!this.isStopped)
      return;
    this.isStopped = false;
    this.ahead = this.machine.now() - this.realTime();
    setImmediate(() => this.step());
  }
}

module.exports = { Pace };
