// A display module with an SSD1306 at I2C address 0x3c, 128 by 64 pixels. Comments name the sections of its data sheet, revision 1.1.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const columns = 128;
const rows = 64;
const address = 0x3c;

/** The number of bytes after a command; commands that are not here have none (9, table 9-1). */
const operands = { 0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8d: 1, 0xa8: 1, 0xd3: 1, 0xd5: 1, 0xd9: 1, 0xda: 1, 0xdb: 1 };

/** Commands that do not change the picture here: brightness, timing, the wiring of rows, no operation. */
const ignored = [0x81, 0xd5, 0xd9, 0xda, 0xdb, 0xe3, 0x2e];

class Ssd1306 {
  /** random(size): the content of the display's memory at power-up, which the driver must not show. */
  constructor({ complain = () => {}, random = (size) => new Uint8Array(size) } = {}) {
    Object.assign(this, { complain: (text) => complain(`ssd1306: ${text}`), random });
    this.presence = 'present'; // or 'absent', or 'holds': it holds SDA low
    this.clocksToRelease = Infinity; // the clocks after which it no longer holds SDA low
    this.powerUp();
  }

  powerUp() {
    this.memory = Uint8Array.from(this.random(columns * rows / 8)); // pages of 8 rows; bit 0 is the top row of a page
    this.isOn = this.isPumping = this.isInverse = this.isAllOn = false;
    this.isColumnRemapped = this.isRowRemapped = false;
    this.mode = 2; // 0: horizontal, 1: vertical, 2: page
    this.columnRange = [0, columns - 1];
    this.pageRange = [0, rows / 8 - 1];
    this.column = this.page = 0;
    this.startLine = this.offset = 0;
    this.height = rows;
    this.begin();
  }

  /** The start of a transfer to `to`. Returns true if the display acknowledges. */
  connect(to, isRead) {
    if (this.presence !== 'present' || to !== address)
      return false;
    if (isRead)
      this.complain('it is read, which this model does not emulate');
    this.begin();
    return true;
  }

  /** SCL becomes low, while no transfer goes on. */
  clock() {
    if (this.presence === 'holds' && --this.clocksToRelease <= 0)
      this.presence = 'present';
  }

  begin() {
    this.isControlNext = true;
    this.command = []; // a command that waits for its operands
  }

  /** 8.1.5.2: a control byte says whether data or commands follow, and whether only one of them. */
  write(byte) {
    if (this.isControlNext) {
      this.isData = (byte & 0x40) !== 0;
      this.isSingle = (byte & 0x80) !== 0;
      if ((byte & 0x3f) !== 0)
        this.complain(`control byte 0x${byte.toString(16)} (8.1.5.2)`);
      this.isControlNext = false;
      return;
    }
    this.isControlNext = this.isSingle;
    if (this.isData)
      this.store(byte);
    else
      this.take(byte);
  }

  take(byte) {
    this.command.push(byte);
    if (this.command.length <= (operands[this.command[0]] ?? 0))
      return;
    this.execute(...this.command);
    this.command = [];
  }

  execute(command, first, second) {
    const single = {
      0x20: () => { this.mode = first & 3; },
      0x21: () => { [this.columnRange, this.column] = [[first & 127, second & 127], first & 127]; },
      0x22: () => { [this.pageRange, this.page] = [[first & 7, second & 7], first & 7]; },
      0x8d: () => { this.isPumping = (first & 4) !== 0; },
      0xa8: () => { this.height = (first & 63) + 1; },
      0xd3: () => { this.offset = first & 63; },
    };

    if (single[command] !== undefined)
      single[command]();
    else if (!ignored.includes(command))
      this.executeCoded(command);
  }

  /** Commands whose last bits are a value. */
  executeCoded(command) {
    if (command < 0x10)
      this.column = (this.column & 0x70) | command;
    else if (command < 0x18)
      this.column = (this.column & 0x0f) | (command & 7) << 4;
    else if (command >= 0x40 && command < 0x80)
      this.startLine = command & 63;
    else if (command === 0xa0 || command === 0xa1)
      this.isColumnRemapped = command === 0xa1;
    else if (command === 0xa4 || command === 0xa5)
      this.isAllOn = command === 0xa5;
    else if (command === 0xa6 || command === 0xa7)
      this.isInverse = command === 0xa7;
    else if (command === 0xae || command === 0xaf)
      this.isOn = command === 0xaf;
    else if (command >= 0xb0 && command < 0xb8)
      this.page = command & 7;
    else if ((command & 0xf0) === 0xc0)
      this.isRowRemapped = (command & 8) !== 0;
    else
      this.complain(`command 0x${command.toString(16)} is not known`);
  }

  /** 10.1.10: the remapping of columns only concerns data that are written after it. */
  store(byte) {
    this.memory[this.page * columns + (this.isColumnRemapped ? columns - 1 - this.column : this.column)] = byte;
    if (this.mode === 1) {
      if (this.advancePage())
        this.advanceColumn();
    } else if (this.advanceColumn() && this.mode === 0)
      this.advancePage();
  }

  /** Returns true at the end of the range, where it begins again. In page mode, the range is all columns (10.1.3). */
  advanceColumn() {
    const [start, end] = this.mode === 2 ? [0, columns - 1] : this.columnRange;
    const isEnd = this.column === end;

    this.column = isEnd ? start : (this.column + 1) % columns;
    return isEnd;
  }

  advancePage() {
    const isEnd = this.page === this.pageRange[1];

    this.page = isEnd ? this.pageRange[0] : (this.page + 1) % (rows / 8);
    return isEnd;
  }

  /** Whether the pixel is lit, with the module's connector at the top: such modules have SEG0 at the right, and COM0 at the bottom. */
  isLit(x, y) {
    const line = this.isRowRemapped ? y : rows - 1 - y;

    if (!this.isOn || !this.isPumping || this.presence !== 'present' || line >= this.height)
      return false;
    if (this.isAllOn)
      return true;
    const row = (line + this.startLine + this.offset) % rows;
    const bit = this.memory[(row >> 3) * columns + columns - 1 - x] >> (row & 7) & 1;

    return (bit === 1) !== this.isInverse;
  }
}

module.exports = { Ssd1306, address, columns, rows };
