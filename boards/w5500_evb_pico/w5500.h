/* The registers and buffers of a W5500, over SPI. W5500 data sheet, 2.2: each SPI frame has an address, a control byte,
 * and data.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_W5500_H
#define WMREC_W5500_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The blocks of registers and buffers (2.2.2: BSB). The last three are socket 0's; those of socket n are 4 * n further.
 */
enum {
  W5500_COMMON = 0,
  W5500_SOCKET = 1,
  W5500_SEND_BUFFER = 2,
  W5500_RECEIVE_BUFFER = 3,
  W5500_BLOCKS_OF_SOCKET = 4
};

/* Connects the pins, and starts SPI. Keeps the chip in its reset until w5500_reset(). */
void w5500_start(void);

/* Resets the chip, and waits until it is ready, for 4 ms. */
void w5500_reset(void);

/* True while the chip's interrupt line is low. */
bool w5500_is_interrupting(void);

/* Reads or writes a register of 1 or 2 bytes. */
unsigned w5500_read(unsigned block, unsigned address, unsigned bytes);
void w5500_write(unsigned block, unsigned address, unsigned value, unsigned bytes);

/* One SPI frame: begins at this address; gets or puts successive bytes; ends. */
void w5500_begin_read(unsigned block, unsigned address);
void w5500_begin_write(unsigned block, unsigned address);
void w5500_get(void *bytes, size_t length);
void w5500_put(const void *bytes, size_t length);
void w5500_end(void);

#endif
