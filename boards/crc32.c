/* CRC-32, computed bit by bit: a table would take 1 KiB of flash, and the inputs are short.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "crc32.h"

uint32_t wmrec_crc32(uint32_t crc, const void *bytes, size_t length)
{
  const unsigned char *next = bytes;

  crc = ~crc;
  for (; length > 0; length--) {
    crc ^= *next++;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}
