/* What a board's linker script sets aside: the settings at the end of flash, a seed at the end of SRAM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "seed.h"

extern const unsigned char settings[];
extern unsigned char settings_size[];
extern struct seed seed;

/* These chips have no source of random numbers. A debugger, or QEMU, may leave a seed in SRAM before the start: see
 * boards/README.md for what to do on a board that is alone. */
bool board_seed(uint8_t given[BOARD_SEED])
{
  if (!seed_is_valid(&seed)) /* a debugger may be just writing it: the CRC comes last */
    return false;
  memcpy(given, seed.bytes, BOARD_SEED);
  memset(&seed, 0, sizeof seed);
  return true;
}

const unsigned char *board_settings(size_t *size)
{
  *size = (size_t)settings_size;
  return settings;
}
