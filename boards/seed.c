/* A seed in memory, with a mark and a CRC.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "seed.h"

#include <stddef.h>
#include <string.h>

#include "crc32.h"

static uint32_t crc_of(const struct seed *seed)
{
  return wmrec_crc32(0, seed, offsetof(struct seed, crc));
}

bool seed_is_valid(const struct seed *seed)
{
  return memcmp(seed->mark, SEED_MARK, sizeof seed->mark) == 0 && seed->crc == crc_of(seed);
}

void seed_validate(struct seed *seed)
{
  memcpy(seed->mark, SEED_MARK, sizeof seed->mark);
  seed->crc = crc_of(seed);
}
