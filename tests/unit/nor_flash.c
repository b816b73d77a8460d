/* A model of NOR flash whose power may fail at any moment.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "nor_flash.h"

#include <assert.h>
#include <string.h>

struct nor_flash nor;
jmp_buf nor_power_failure;
unsigned nor_operations;
bool nor_has_changed;

static struct {
  bool is_planned;
  unsigned operation;
  size_t byte;
  enum nor_cut cut;
} failure;

uint32_t nor_random(void)
{
  static uint32_t state = 2463534242;

  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

void nor_power_on(void)
{
  failure.is_planned = false;
  nor_operations = 0;
  nor_has_changed = false;
  nor_shake();
}

void nor_fail(unsigned operation, size_t byte, enum nor_cut cut)
{
  failure.is_planned = true;
  failure.operation = operation;
  failure.byte = byte;
  failure.cut = cut;
}

bool nor_is_marginal(size_t page)
{
  static const unsigned char none[BOARD_FLASH_PAGE];

  return memcmp(nor.marginal + page, none, sizeof none) != 0;
}

void nor_shake(void)
{
  for (size_t page = 0; page < NOR_SIZE; page += BOARD_FLASH_PAGE) {
    if (!nor_is_marginal(page))
      continue;
    for (size_t at = page; at < page + BOARD_FLASH_PAGE; at++)
      nor.bytes[at] ^= (unsigned char)(nor_random() & nor.marginal[at]);
  }
}

/* Gives the bits in `mask` of a byte this value. */
static void set(size_t at, unsigned mask, unsigned value)
{
  nor.bytes[at] = (unsigned char)((nor.bytes[at] & ~mask) | (value & mask));
  nor.marginal[at] &= (unsigned char)~mask;
}

/* Of the bits that change, about a third gets its value, a third stays, and a third becomes marginal. */
static void set_in_part(size_t at, unsigned mask, unsigned value)
{
  const unsigned changing = mask & ((nor.bytes[at] ^ value) | nor.marginal[at]);
  const unsigned done = changing & nor_random();
  const unsigned marginal = (changing & ~done) & (nor_random() | nor_random());

  nor_has_changed |= changing != 0;
  set(at, done, value);
  nor.marginal[at] |= (unsigned char)marginal;
}

/* Gives the bits in the masks this value; all bits if masks is NULL. */
static void operate(size_t offset, size_t length, const unsigned char *masks, unsigned value)
{
  const bool fails = failure.is_planned && nor_operations == failure.operation;

  nor_shake();
  for (size_t i = 0; i < length; i++) {
    const size_t at = offset + i;
    const unsigned mask = masks == NULL ? 0xff : masks[i] & ~(unsigned)nor.stuck[at];

    if (!fails || (failure.cut == NOR_AT_BYTE && i < failure.byte))
      set(at, mask, value);
    else if (failure.cut == NOR_AT_ONCE || i == failure.byte)
      set_in_part(at, mask, value);
  }
  nor_operations++;
  nor_shake();
  if (fails)
    longjmp(nor_power_failure, 1);
}

const unsigned char *board_seed_flash(size_t *size)
{
  *size = NOR_SIZE;
  return nor.bytes;
}

void board_erase_seed_flash(size_t offset)
{
  assert(offset % BOARD_FLASH_SECTOR == 0 && offset < NOR_SIZE);
  if (!nor.is_worn[offset / BOARD_FLASH_SECTOR])
    operate(offset, BOARD_FLASH_SECTOR, NULL, 0xff);
}

void board_program_seed_flash(size_t offset, const unsigned char page[BOARD_FLASH_PAGE])
{
  unsigned char zeros[BOARD_FLASH_PAGE];

  assert(offset % BOARD_FLASH_PAGE == 0 && offset < NOR_SIZE);
  for (size_t i = 0; i < sizeof zeros; i++)
    zeros[i] = (unsigned char)~page[i];
  operate(offset, sizeof zeros, zeros, 0);
}
