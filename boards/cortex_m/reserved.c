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

__attribute__((weak)) const unsigned char *board_seed_flash(size_t *size)
{
  *size = 0;
  return NULL;
}

__attribute__((weak)) void board_erase_seed_flash(size_t offset)
{
  (void)offset;
}

__attribute__((weak)) void board_program_seed_flash(size_t offset, const unsigned char page[BOARD_FLASH_PAGE])
{
  (void)offset;
  (void)page;
}

__attribute__((weak)) unsigned board_noise_bit(void)
{
  return 0;
}

__attribute__((weak)) void board_unique_id(uint8_t id[BOARD_UNIQUE_SIZE])
{
  memset(id, 0, BOARD_UNIQUE_SIZE);
}

__attribute__((weak)) const char *board_defect(void)
{
  return NULL;
}

const unsigned char *board_settings(size_t *size)
{
  *size = (size_t)settings_size;
  return settings;
}
