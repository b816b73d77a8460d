/* A program of the computer that builds: makes the UF2 file of a firmware for the RP2040.
 *
 *   make_uf2 IN.bin ADDRESS OUT.uf2     ADDRESS: where the first byte of IN.bin belongs, such as 0x10000000
 *
 * The boot ROM erases a sector when the first block of each 16 arrives, by the blocks' numbers and not by their
 * addresses (erratum RP2040-E14). So the firmware is filled up to whole sectors.
 *
 * The block of the first 256 bytes, with the boot code and its CRC, stands last in the file. The first block that the
 * boot ROM gets thus erases the old boot code, and the last one brings the new: after a copy that was cut short, the
 * CRC is wrong, and the chip stays in its boot mode instead of running a mixture of two firmwares. The format allows
 * any order, and each block keeps its number. Programs that expect ascending addresses are misled: uf2conv.py cannot
 * convert the file to a .bin, and picotool 2.3 numbers its blocks anew when it combines it with another UF2, which is
 * wrong then.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uf2.h"

enum { IMAGE_MAX = 2 * 1024 * 1024 };

static unsigned char image[IMAGE_MAX + 1]; /* one byte more shows that a file is too large */

static int fail(const char *name, const char *reason)
{
  fprintf(stderr, "make_uf2: %s: %s\n", name, reason);
  return EXIT_FAILURE;
}

/* Returns the size of the file, filled up to whole sectors with 0xff; 0: it is empty, too large or not readable. */
static size_t read_image(const char *path)
{
  FILE *const file = fopen(path, "rb");
  size_t size = 0;

  memset(image, 0xff, sizeof image);
  if (file == NULL)
    return 0;
  size = fread(image, 1, sizeof image, file);
  if (ferror(file) != 0 || size > IMAGE_MAX)
    size = 0;
  fclose(file);
  return (size + UF2_SECTOR - 1) / UF2_SECTOR * UF2_SECTOR;
}

static bool write_block(FILE *file, uint32_t address, uint32_t number, uint32_t count)
{
  const struct uf2_block block = {.address = address + number * UF2_PAYLOAD,
                                  .number = number,
                                  .count = count,
                                  .payload = image + (size_t)number * UF2_PAYLOAD};
  unsigned char bytes[UF2_BLOCK];

  uf2_write(&block, bytes);
  return fwrite(bytes, sizeof bytes, 1, file) == 1;
}

static bool write_file(const char *path, uint32_t address, uint32_t count)
{
  FILE *const file = fopen(path, "wb");
  bool is_written = file != NULL;

  for (uint32_t number = 1; is_written && number < count; number++)
    is_written = write_block(file, address, number, count);
  is_written = is_written && write_block(file, address, 0, count);
  return file != NULL && fclose(file) == 0 && is_written;
}

int main(int argc, char **argv)
{
  char *end;
  unsigned long address;
  size_t size;

  if (argc != 4)
    return fail("usage", "make_uf2 IN.bin ADDRESS OUT.uf2");
  address = strtoul(argv[2], &end, 0);
  if (*argv[2] == '\0' || *end != '\0' || address > UINT32_MAX - IMAGE_MAX || address % UF2_SECTOR != 0)
    return fail(argv[2], "the address must be a multiple of 4096");
  size = read_image(argv[1]);
  if (size == 0)
    return fail(argv[1], "cannot be read, is empty, or has more than 2 MiB");
  if (!write_file(argv[3], (uint32_t)address, (uint32_t)(size / UF2_PAYLOAD))) {
    remove(argv[3]);
    return fail(argv[3], "cannot be written");
  }
  return EXIT_SUCCESS;
}
