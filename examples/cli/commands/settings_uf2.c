/* The settings of a device as a UF2 file. The reader is strict: a boot loader would ignore a wrong block in silence.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/settings_uf2.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FLASH = 0x10000000 }; /* where the RP2040's firmware begins */

struct reader {
  uint32_t address;
  unsigned char *settings;
  bool is_read[SETTINGS_UF2_BLOCKS];
};

static const char *explain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static const char *explain(const char *format, ...)
{
  static char text[160];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

void settings_uf2_write(const unsigned char settings[SETTINGS_MAX], uint32_t address,
                        unsigned char file[SETTINGS_UF2_SIZE])
{
  struct uf2_block block = {.address = address, .count = SETTINGS_UF2_BLOCKS, .payload = settings};

  for (; block.number < block.count; block.number++) {
    uf2_write(&block, file);
    block.address += UF2_PAYLOAD;
    block.payload += UF2_PAYLOAD;
    file += UF2_BLOCK;
  }
}

bool settings_uf2_is(const unsigned char *file, size_t length)
{
  return length >= 4 && memcmp(file, "UF2\n", 4) == 0;
}

/* at: the offset of the block in the file. Returns NULL; or the text of an error. */
static const char *check_kind(enum uf2_result result, const struct uf2_block *block, size_t at)
{
  switch (result) {
  case UF2_OK:
    break;
  case UF2_NO_BLOCK:
    return explain("it is damaged: at byte %zu there is no UF2 block", at);
  case UF2_OTHER_FAMILY:
    return explain("the block at byte %zu is for the family 0x%08lx, and not for 0x%08lx, the RP2040", at,
                   (unsigned long)block->family, (unsigned long)UF2_FAMILY);
  case UF2_NOT_FLASH:
    return explain("the block at byte %zu is not for flash, or not of %d bytes: the RP2040 ignores it", at,
                   UF2_PAYLOAD);
  }
  return NULL;
}

/* Checks that a block belongs to a file of settings at this address. */
static const char *check_place(const struct reader *reader, const struct uf2_block *block, size_t at)
{
  const uint32_t start = block->address - block->number * UF2_PAYLOAD; /* of the block's file */

  if (start == FLASH)
    return explain("the block at byte %zu belongs to a firmware, which begins at 0x%08lx; the settings are at 0x%08lx",
                   at, (unsigned long)start, (unsigned long)reader->address);
  if (start != reader->address)
    return explain("the block at byte %zu belongs to a file for the address 0x%08lx; the settings are at 0x%08lx", at,
                   (unsigned long)start, (unsigned long)reader->address);
  if (block->count != SETTINGS_UF2_BLOCKS || block->number >= SETTINGS_UF2_BLOCKS)
    return explain("the block at byte %zu is block %lu of %lu; settings have blocks 0 to %d", at,
                   (unsigned long)block->number, (unsigned long)block->count, SETTINGS_UF2_BLOCKS - 1);
  if (reader->is_read[block->number])
    return explain("block %lu is there twice, the second time at byte %zu", (unsigned long)block->number, at);
  return NULL;
}

static const char *take_block(struct reader *reader, const unsigned char *bytes, size_t at)
{
  struct uf2_block block = {.number = 0};
  const enum uf2_result result = uf2_read(&block, bytes);
  const char *error = check_kind(result, &block, at);

  if (error == NULL)
    error = check_place(reader, &block, at);
  if (error == NULL) {
    memcpy(reader->settings + (size_t)block.number * UF2_PAYLOAD, block.payload, UF2_PAYLOAD);
    reader->is_read[block.number] = true;
  }
  return error;
}

static const char *check_complete(const struct reader *reader)
{
  for (int number = 0; number < SETTINGS_UF2_BLOCKS; number++)
    if (!reader->is_read[number])
      return explain("it is incomplete: block %d of blocks 0 to %d is missing", number, SETTINGS_UF2_BLOCKS - 1);
  return NULL;
}

const char *settings_uf2_read(const unsigned char *file, size_t length, uint32_t address,
                              unsigned char settings[SETTINGS_MAX])
{
  struct reader reader = {.address = address, .settings = settings};
  const char *error = NULL;

  for (size_t at = 0; at < length && error == NULL; at += UF2_BLOCK)
    error = length - at >= UF2_BLOCK ? take_block(&reader, file + at, at)
                                     : explain("it is cut short: it ends within the block at byte %zu", at);
  return error == NULL ? check_complete(&reader) : error;
}
