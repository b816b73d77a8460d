/* The memory that a board's memory.ld reserves: the settings at the end of flash, and a seed at the end of SRAM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "seed.h"

/* Defined by memory.ld. The address of settings_size is the size, in bytes. */
extern const unsigned char settings[];
extern unsigned char settings_size[];
extern struct seed seed;

/* These chips have no source of random numbers. A debugger or QEMU writes the seed to SRAM; boards/README.md says how.
 * A seed that is only partly written is not valid, as its CRC comes last. A board with a better source defines its own.
 */
__attribute__((weak)) bool board_take_seed(uint8_t taken[BOARD_SEED_SIZE])
{
  if (!seed_is_valid(&seed))
    return false;
  memcpy(taken, seed.bytes, BOARD_SEED_SIZE);
  memset(&seed, 0, sizeof seed);
  return true;
}

const unsigned char *board_settings(size_t *size)
{
  *size = (size_t)settings_size;
  return settings;
}
