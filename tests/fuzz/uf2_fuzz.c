/* Any bytes as a UF2 of a device's settings; and a valid file with any changes. It is read if and only if the boot ROM
 * would write each byte of it once, and what is read is what the boot ROM would write.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "choices.h"
#include "commands/settings_uf2.h"
#include "observe.h"

#define ADDRESS 0x101fe000u

enum { BLOCK = 512, DATA = 32, BLOCKS = 32, FILE_MAX = (BLOCKS + 8) * BLOCK, FIELDS = 8 };

static const uint32_t magic[] = {0x0a324655, 0x9e5d5157, 0x0ab16f30};

/* The file ends where the array ends: ASan finds a read after it. */
static unsigned char room[FILE_MAX];
static size_t size;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static unsigned char *file(void)
{
  return room + sizeof room - size;
}

static void put_number(unsigned char *bytes, uint32_t value)
{
  for (int i = 0; i < 4; i++, value >>= 8)
    bytes[i] = (unsigned char)(value & 0xff);
}

static uint32_t number(const unsigned char *bytes)
{
  uint32_t value = 0;

  for (int i = 3; i >= 0; i--)
    value = value << 8 | bytes[i];
  return value;
}

/* This file's own writer, so that a mistake that reader and writer have in common does not pass. */
static void make_valid(void)
{
  size = BLOCKS * BLOCK;
  for (uint32_t i = 0; i < BLOCKS; i++) {
    unsigned char *block = file() + i * BLOCK;
    const uint32_t fields[FIELDS] = {magic[0], magic[1], 0x2000, ADDRESS + 256 * i, 256, i, BLOCKS, 0xe48bff56};

    for (size_t field = 0; field < FIELDS; field++)
      put_number(block + 4 * field, fields[field]);
    for (size_t at = DATA; at < BLOCK - 4; at++)
      block[at] = (unsigned char)(at + i);
    put_number(block + BLOCK - 4, magic[2]);
  }
}

/* Makes the file longer by up to 8 blocks of zeros, or shorter. */
static void resize(size_t new_size)
{
  const size_t kept = size < new_size ? size : new_size;
  const unsigned char *old = file();

  size = new_size;
  memmove(file(), old, kept);
  memset(file() + kept, 0, new_size - kept);
}

static void exchange(unsigned char *one, unsigned char *other)
{
  unsigned char block[BLOCK];

  memcpy(block, one, BLOCK);
  memmove(one, other, BLOCK);
  memcpy(other, block, BLOCK);
}

static void change(struct choices *choices)
{
  static const uint32_t values[] = {0, 1, 31, 32, 256, 0x2000, 0x2001, 0x10000000, ADDRESS, ADDRESS + 256, 0xffffffff};
  const unsigned what = size < BLOCK ? 0 : choose(choices, 6);
  unsigned char *const one = size < BLOCK ? NULL : file() + choose(choices, size / BLOCK) * (size_t)BLOCK;
  unsigned char *const other = size < BLOCK ? NULL : file() + choose(choices, size / BLOCK) * (size_t)BLOCK;
  const size_t field = choose(choices, FIELDS + 1);
  const size_t at = field < FIELDS ? 4 * field : BLOCK - 4;

  if (what == 0)
    resize(choose(choices, FILE_MAX / BLOCK) * (size_t)BLOCK + choose(choices, 2));
  else if (what == 1)
    exchange(one, other);
  else if (what == 2)
    memmove(one, other, BLOCK);
  else if (what == 3)
    put_number(one + at, values[choose(choices, COUNT(values))]);
  else if (what == 4)
    put_number(one + at, number(one + at) ^ 1u << choose(choices, 32));
  else
    put_number(one + at, number(one + at) + 256u - 2 * choose(choices, 256));
}

/* The boot ROM's rules (virtual_disk.c), and those of a file that is complete and has nothing else. Sets what is
 * written. */
static bool is_written(unsigned char settings[SETTINGS_MAX])
{
  uint32_t written = 0;

  for (size_t at = 0; at < size / BLOCK; at++) {
    const unsigned char *block = file() + at * BLOCK;
    const uint32_t flags = number(block + 8);
    const uint32_t page = (number(block + 12) - ADDRESS) / 256;

    if (number(block) != magic[0] || number(block + 4) != magic[1] || number(block + BLOCK - 4) != magic[2] ||
        (flags & 0x2000) == 0 || (flags & 1) != 0 || number(block + 28) != 0xe48bff56 || number(block + 16) != 256)
      return false;
    if (page >= BLOCKS || number(block + 12) != ADDRESS + 256 * page || number(block + 20) != page ||
        number(block + 24) != BLOCKS || (written >> page & 1) != 0)
      return false;
    written |= 1u << page;
    memcpy(settings + 256 * page, block + DATA, 256);
  }
  return size % BLOCK == 0 && written == 0xffffffff;
}

static void check(void)
{
  static unsigned char settings[SETTINGS_MAX];
  static unsigned char expected[SETTINGS_MAX];
  const char *error = settings_uf2_read(file(), size, ADDRESS, settings);

  require((error == NULL) == is_written(expected), "a file is read if and only if all of it would be written");
  require(error == NULL || strlen(error) > 20, "an error has a text");
  if (error == NULL)
    require(memcmp(settings, expected, sizeof settings) == 0, "what is read is what would be written");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  struct choices choices = {bytes, length};

  if (length > FILE_MAX)
    return -1;
  size = length;
  memcpy(file(), bytes, length);
  check();
  make_valid();
  while (choices.left > 0)
    change(&choices);
  check();
  return 0;
}
