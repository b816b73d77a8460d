/* The settings' block of a device, written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "settings/block.h"

#include <string.h>

#include "crc32.h"

struct block {
  unsigned char *bytes;
  size_t size;
  size_t length; /* goes on behind `size`, so that it can be told how much too long it is */
};

static void put(struct block *block, const void *bytes, size_t length)
{
  if (length > 0 && block->length <= block->size && length <= block->size - block->length)
    memcpy(block->bytes + block->length, bytes, length);
  block->length += length;
}

static void put_number(struct block *block, uint32_t value, size_t size)
{
  for (; size > 0; size--, value >>= 8) {
    const unsigned char byte = value & 0xff;

    put(block, &byte, 1);
  }
}

static const char *or_empty(const char *text)
{
  return text == NULL ? "" : text;
}

static void put_text(struct block *block, const char *text)
{
  text = or_empty(text);
  put(block, text, strlen(text) + 1);
}

static void put_payload(struct block *block, const struct settings *settings)
{
  const struct wmrec_target *target = &settings->target;

  put_number(block, settings->interval, 4);
  put_number(block, target->port, 2);
  put_number(block, target->plain_http, 2);
  put_text(block, target->host);
  put_text(block, target->base_path);
  put_text(block, target->mock_api_id);
  put_text(block, target->token);
  put_text(block, settings->ntp_server);
  put(block, settings->roots, settings->roots_length);
}

size_t block_write(const struct settings *settings, unsigned char *block, size_t size)
{
  struct block payload = {.bytes = block, .size = size, .length = SETTINGS_HEADER};
  struct block header = {.bytes = block, .size = size};
  uint32_t crc;

  put_payload(&payload, settings);
  if (payload.length > size)
    return payload.length;
  put(&header, "WMRS", 4);
  put_number(&header, SETTINGS_VERSION, 2);
  put_number(&header, (uint32_t)(payload.length - SETTINGS_HEADER), 2);
  crc = wmrec_crc32(0, block + 4, 4);
  put_number(&header, wmrec_crc32(crc, block + SETTINGS_HEADER, payload.length - SETTINGS_HEADER), 4);
  return payload.length;
}

static bool is_same_text(const char *one, const char *other)
{
  return strcmp(or_empty(one), or_empty(other)) == 0;
}

bool block_is_same(const struct settings *one, const struct settings *other)
{
  const struct wmrec_target *target = &one->target;
  const struct wmrec_target *wanted = &other->target;

  return is_same_text(target->host, wanted->host) && is_same_text(target->base_path, wanted->base_path) &&
         is_same_text(target->mock_api_id, wanted->mock_api_id) && is_same_text(target->token, wanted->token) &&
         target->port == wanted->port && target->plain_http == wanted->plain_http && one->interval == other->interval &&
         is_same_text(one->ntp_server, other->ntp_server) && one->roots_length == other->roots_length &&
         (one->roots_length == 0 || memcmp(one->roots, other->roots, one->roots_length) == 0);
}
