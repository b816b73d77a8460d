/* UF2 for the RP2040, a block at a time. Numbers are 32 bits, little-endian.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "uf2.h"

#include <string.h>

/* Offsets in a block. */
enum {
  MAGIC_0 = 0,
  MAGIC_1 = 4,
  FLAGS = 8,
  ADDRESS = 12,
  SIZE = 16,
  NUMBER = 20,
  COUNT = 24,
  FAMILY = 28,
  PAYLOAD = 32,
  MAGIC_2 = 508
};

/* The values of MAGIC_0 to MAGIC_2. */
static const uint32_t magic[] = {0x0a324655, 0x9e5d5157, 0x0ab16f30};

enum { NOT_MAIN_FLASH = 0x1, HAS_FAMILY = 0x2000 };

static void put(unsigned char *bytes, uint32_t value)
{
  for (int i = 0; i < 4; i++, value >>= 8)
    bytes[i] = value & 0xff;
}

static uint32_t number(const unsigned char *bytes)
{
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

void uf2_write(const struct uf2_block *block, unsigned char bytes[UF2_BLOCK])
{
  memset(bytes, 0, UF2_BLOCK);
  put(bytes + MAGIC_0, magic[0]);
  put(bytes + MAGIC_1, magic[1]);
  put(bytes + FLAGS, HAS_FAMILY);
  put(bytes + ADDRESS, block->address);
  put(bytes + SIZE, UF2_PAYLOAD);
  put(bytes + NUMBER, block->number);
  put(bytes + COUNT, block->count);
  put(bytes + FAMILY, UF2_FAMILY);
  memcpy(bytes + PAYLOAD, block->payload, UF2_PAYLOAD);
  put(bytes + MAGIC_2, magic[2]);
}

enum uf2_result uf2_read(struct uf2_block *block, const unsigned char bytes[UF2_BLOCK])
{
  const uint32_t flags = number(bytes + FLAGS);

  if (number(bytes + MAGIC_0) != magic[0] || number(bytes + MAGIC_1) != magic[1] || number(bytes + MAGIC_2) != magic[2])
    return UF2_NO_BLOCK;
  block->address = number(bytes + ADDRESS);
  block->number = number(bytes + NUMBER);
  block->count = number(bytes + COUNT);
  block->family = flags & HAS_FAMILY ? number(bytes + FAMILY) : 0;
  block->payload = bytes + PAYLOAD;
  if (block->family != UF2_FAMILY)
    return UF2_OTHER_FAMILY;
  return flags & NOT_MAIN_FLASH || number(bytes + SIZE) != UF2_PAYLOAD ? UF2_NOT_FLASH : UF2_OK;
}
