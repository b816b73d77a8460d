/* Any bytes as a device's settings, and as the payload after a valid header: the settings that are read contain all of
 * the payload and nothing else, and settings_write() writes the same block again; unless that has version 2 and no
 * scheme, which version 1 can say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "choices.h"
#include "crc32.h"
#include "observe.h"
#include "settings.h"

enum { FIXED = 8, TEXTS = 5 }; /* bytes of the payload before its texts; the number of texts without the scheme */

/* The settings that were read, written again by this file, not by settings_write(): a mistake that reader and writer
 * have in common does not pass. */
struct block {
  unsigned char bytes[SETTINGS_MAX];
  size_t length;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void put_number(struct block *block, uint32_t value, unsigned size)
{
  for (; size > 0; size--, value >>= 8)
    block->bytes[block->length++] = (unsigned char)(value & 0xff);
}

static void put(struct block *block, const void *bytes, size_t length)
{
  require(length <= sizeof block->bytes - block->length, "the settings are not longer than the block");
  memcpy(block->bytes + block->length, bytes, length);
  block->length += length;
}

static void put_text(struct block *block, const char *text)
{
  if (text == NULL)
    text = "";
  put(block, text, strlen(text) + 1);
}

/* Writes the payload of these settings, as a block of this version has it. */
static void write_again(const struct settings *settings, struct block *block, unsigned version)
{
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  block->length = 0;
  put_number(block, settings->interval, 4);
  put_number(block, settings->target.port, 2);
  put_number(block, settings->target.plain_http, 2);
  put_text(block, settings->target.host);
  put_text(block, settings->target.base_path);
  put_text(block, settings->target.mock_api_id);
  put_text(block, settings->target.token);
  put_text(block, settings->ntp_server);
  if (version >= 2)
    put_text(block, settings->target.scheme);
  if (settings->secret != NULL)
    put(block, settings->secret, SETTINGS_SECRET);
  while (settings_next_root((void *)settings, &position, &der, &length)) {
    put_number(block, (uint32_t)length, 2);
    put(block, der, length);
  }
}

/* The rules of settings.h for a payload. */
static bool is_payload(const unsigned char *bytes, size_t length, unsigned version)
{
  const unsigned all = version == 1 ? TEXTS : TEXTS + 1;
  size_t at = FIXED;

  if (length < FIXED || bytes[6] > 1 || bytes[7] != 0)
    return false;
  for (unsigned texts = 0; texts < all; at++) {
    if (at >= length)
      return false;
    texts += bytes[at] == 0;
  }
  if (version == 3)
    at += SETTINGS_SECRET;
  if (at > length)
    return false;
  while (at < length) {
    size_t root;

    if (length - at < 2)
      return false;
    root = bytes[at] + 256u * bytes[at + 1];
    if (root == 0 || root > length - at - 2)
      return false;
    at += 2 + root;
  }
  return true;
}

/* length: of the payload. */
static void require_as_read(const struct settings *settings, const unsigned char *block, size_t length)
{
  static struct block again;
  const unsigned version = block[4];

  write_again(settings, &again, version);
  require(again.length == length && memcmp(again.bytes, block + SETTINGS_HEADER, length) == 0,
          "the settings are those of the payload");
  require(version >= 2 || settings->target.scheme == NULL, "version 1 has no scheme");
  require((version == 3) == (settings->secret != NULL), "version 3 has a secret, and no other version has one");
  if (version == 2 && settings->target.scheme == NULL)
    return;
  again.length = settings_write(settings, again.bytes, sizeof again.bytes);
  require(again.length == SETTINGS_HEADER + length && memcmp(again.bytes, block, again.length) == 0,
          "settings_write() writes the block that settings_read() has read");
}

/* Adds a valid header of this version, and puts the block at the end of an array: ASan finds a read after it. */
static void read_sealed(const uint8_t *payload, size_t length, unsigned char version)
{
  static unsigned char room[SETTINGS_MAX];
  unsigned char *const block = room + sizeof room - SETTINGS_HEADER - length;
  struct settings settings;
  uint32_t crc;

  memcpy(block, "WMRS\0\0", 6);
  block[4] = version;
  block[6] = (unsigned char)(length & 0xff);
  block[7] = (unsigned char)(length >> 8);
  memcpy(block + SETTINGS_HEADER, payload, length);
  crc = wmrec_crc32(wmrec_crc32(0, block + 4, 4), payload, length);
  for (int i = 8; i < SETTINGS_HEADER; i++, crc >>= 8)
    block[i] = (unsigned char)(crc & 0xff);
  require_result(settings_read(&settings, block, SETTINGS_HEADER + length),
                 is_payload(payload, length, version) ? SETTINGS_OK : SETTINGS_CORRUPT,
                 "a payload is corrupt if settings.h says so");
  if (is_payload(payload, length, version))
    require_as_read(&settings, block, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  struct settings settings;

  if (length > SETTINGS_MAX - SETTINGS_HEADER)
    return -1;
  if (settings_read(&settings, bytes, length) == SETTINGS_OK)
    require_as_read(&settings, bytes, bytes[6] + 256u * bytes[7]);
  read_sealed(bytes, length, 1);
  read_sealed(bytes, length, 2);
  read_sealed(bytes, length, 3);
  return 0;
}
