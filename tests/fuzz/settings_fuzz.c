/* Any bytes as a device's settings, and as the payload after a valid header: the settings must have all of the block,
 * and nothing that is not in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "choices.h"
#include "crc32.h"
#include "observe.h"
#include "settings.h"

enum { FIXED = 8, TEXTS = 5 }; /* the payload's bytes before its texts, and the number of texts */

/* Writes the settings that were read. */
struct block {
  unsigned char bytes[SETTINGS_MOST];
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
  require(length <= sizeof block->bytes - block->length, "the settings are no longer than the block");
  memcpy(block->bytes + block->length, bytes, length);
  block->length += length;
}

static void put_text(struct block *block, const char *text)
{
  if (text == NULL)
    text = "";
  put(block, text, strlen(text) + 1);
}

/* Writes the payload of these settings. */
static void write_again(const struct settings *settings, struct block *block)
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
  while (settings_next_root((void *)settings, &position, &der, &length)) {
    put_number(block, (uint32_t)length, 2);
    put(block, der, length);
  }
}

/* The rules of settings.h for a payload. */
static bool is_payload(const unsigned char *bytes, size_t length)
{
  size_t at = FIXED;

  if (length < FIXED || bytes[6] > 1 || bytes[7] != 0)
    return false;
  for (unsigned texts = 0; texts < TEXTS; at++) {
    if (at >= length)
      return false;
    texts += bytes[at] == 0;
  }
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

static void require_as_read(const struct settings *settings, const unsigned char *payload, size_t length)
{
  static struct block again;

  write_again(settings, &again);
  require(again.length == length && memcmp(again.bytes, payload, length) == 0,
          "the settings, written again, are the payload");
}

/* With a valid header, at the end of an array. */
static void read_sealed(const uint8_t *payload, size_t length)
{
  static unsigned char room[SETTINGS_MOST];
  unsigned char *const block = room + sizeof room - SETTINGS_HEADER - length;
  struct settings settings;
  uint32_t crc;

  memcpy(block, "WMRS\1\0", 6);
  block[6] = (unsigned char)(length & 0xff);
  block[7] = (unsigned char)(length >> 8);
  memcpy(block + SETTINGS_HEADER, payload, length);
  crc = wmrec_crc32(wmrec_crc32(0, block + 4, 4), payload, length);
  for (int i = 8; i < SETTINGS_HEADER; i++, crc >>= 8)
    block[i] = (unsigned char)(crc & 0xff);
  require_result(settings_read(&settings, block, SETTINGS_HEADER + length),
                 is_payload(payload, length) ? SETTINGS_OK : SETTINGS_CORRUPT,
                 "a block is corrupt if and only if settings.h says so");
  if (is_payload(payload, length))
    require_as_read(&settings, payload, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  struct settings settings;

  if (length > SETTINGS_MOST - SETTINGS_HEADER)
    return -1;
  if (settings_read(&settings, bytes, length) == SETTINGS_OK)
    require_as_read(&settings, bytes + SETTINGS_HEADER, bytes[6] + 256u * bytes[7]);
  read_sealed(bytes, length);
  return 0;
}
