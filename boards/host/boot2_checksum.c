/* Pads the second stage of the RP2040's boot ROM to 256 bytes, of which the last four are its checksum. Reads it from
 * standard input, and writes it to standard output. RP2040 data sheet, 2.8.1.3.1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdio.h>

enum { CODE = 252 }; /* bytes */

/* CRC-32/MPEG-2: not that of crc32.c, which takes the lowest bit first. */
static uint32_t checksum(const unsigned char code[CODE])
{
  uint32_t crc = UINT32_MAX;

  for (unsigned i = 0; i < CODE; i++) {
    crc ^= (uint32_t)code[i] << 24;
    for (unsigned bit = 0; bit < 8; bit++)
      crc = (crc >> 31) != 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
  }
  return crc;
}

int main(void)
{
  unsigned char code[CODE] = {0};
  uint32_t crc;

  if (fread(code, 1, CODE, stdin) == 0 || getchar() != EOF || ferror(stdin)) {
    fprintf(stderr, "boot2_checksum: standard input must be 1 to %d bytes of code\n", CODE);
    return 1;
  }
  crc = checksum(code);
  fwrite(code, 1, CODE, stdout);
  for (unsigned shift = 0; shift < 32; shift += 8)
    putchar((int)(crc >> shift & 0xff));
  return fflush(stdout) != 0;
}
