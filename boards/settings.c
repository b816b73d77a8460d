/* The settings of one device: a block in flash, read and written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "settings.h"

#include <string.h>

#include "crc32.h"

enum { FLAG_PLAIN_HTTP = 1 };

/* The strings of a block, and the index of the last one. */
enum { SCHEME = 5, TEXTS };

/* The unread part of the block. */
struct rest {
  const unsigned char *bytes;
  size_t length;
};

/* A block that is being written. */
struct writer {
  unsigned char *bytes;
  size_t size;
  size_t length; /* of all that was put, including bytes that did not fit; so it may be greater than size */
};

static uint32_t number(const unsigned char *bytes, size_t size)
{
  uint32_t value = 0;

  while (size > 0)
    value = value << 8 | bytes[--size];
  return value;
}

/* Returns the next string; NULL: it has no NUL. */
static const char *take_string(struct rest *rest)
{
  const char *text = (const char *)rest->bytes;
  const unsigned char *end = memchr(rest->bytes, 0, rest->length);

  if (end == NULL)
    return NULL;
  rest->length -= (size_t)(end + 1 - rest->bytes);
  rest->bytes = end + 1;
  return text;
}

/* Returns the next bytes; NULL: there are fewer. */
static const unsigned char *take_bytes(struct rest *rest, size_t length)
{
  const unsigned char *bytes = rest->bytes;

  if (length > rest->length)
    return NULL;
  rest->length -= length;
  rest->bytes += length;
  return bytes;
}

static const char *or_null(const char *text)
{
  return *text == '\0' ? NULL : text;
}

static bool are_roots(struct rest rest)
{
  while (rest.length >= 2) {
    const size_t length = 2 + number(rest.bytes, 2);

    if (length > rest.length || length == 2)
      return false;
    rest.bytes += length;
    rest.length -= length;
  }
  return rest.length == 0;
}

/* Version 1 has no scheme, and version 2 no secret. */
static enum settings_result read_payload(struct settings *settings, struct rest rest, uint32_t version)
{
  const unsigned char *numbers = take_bytes(&rest, 8);
  const uint32_t flags = numbers == NULL ? UINT32_MAX : number(numbers + 6, 2);
  const char *texts[TEXTS];

  if (flags > FLAG_PLAIN_HTTP)
    return SETTINGS_CORRUPT;
  settings->interval = number(numbers, 4);
  settings->target.port = (uint16_t)number(numbers + 4, 2);
  settings->target.plain_http = flags == FLAG_PLAIN_HTTP;
  for (size_t i = 0; i < TEXTS; i++) {
    texts[i] = i == SCHEME && version == 1 ? "" : take_string(&rest);
    if (texts[i] == NULL)
      return SETTINGS_CORRUPT;
  }
  settings->target.host = texts[0];
  settings->target.base_path = texts[1];
  settings->target.mock_api_id = or_null(texts[2]);
  settings->target.token = or_null(texts[3]);
  settings->ntp_server = texts[4];
  settings->target.scheme = or_null(texts[SCHEME]);
  settings->secret = version < 3 ? NULL : take_bytes(&rest, SETTINGS_SECRET);
  if (version >= 3 && settings->secret == NULL)
    return SETTINGS_CORRUPT;
  settings->roots = rest.bytes;
  settings->roots_length = rest.length;
  return are_roots(rest) ? SETTINGS_OK : SETTINGS_CORRUPT;
}

enum settings_result settings_read(struct settings *settings, const unsigned char *block, size_t size)
{
  uint32_t version;
  size_t length;

  *settings = (struct settings){.ntp_server = ""};
  if (size < SETTINGS_HEADER || memcmp(block, "WMRS", 4) != 0)
    return SETTINGS_MISSING;
  version = number(block + 4, 2);
  if (version == 0 || version > SETTINGS_VERSION)
    return version == 0 ? SETTINGS_OLDER : SETTINGS_NEWER;
  length = number(block + 6, 2);
  if (length > size - SETTINGS_HEADER ||
      wmrec_crc32(wmrec_crc32(0, block + 4, 4), block + SETTINGS_HEADER, length) != number(block + 8, 4))
    return SETTINGS_CORRUPT;
  return read_payload(settings, (struct rest){block + SETTINGS_HEADER, length}, version);
}

const char *settings_result_name(enum settings_result result)
{
  static const char *const names[] = {"ok", "missing", "older", "newer", "corrupt"};

  return names[-(int)result];
}

bool settings_next_root(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const struct settings *settings = context;

  if (settings->roots_length - *position < 2)
    return false;
  *length = number(settings->roots + *position, 2);
  *der = settings->roots + *position + 2;
  *position += 2 + *length;
  return true;
}

static void put(struct writer *writer, const void *bytes, size_t length)
{
  if (length > 0 && writer->length <= writer->size && length <= writer->size - writer->length)
    memcpy(writer->bytes + writer->length, bytes, length);
  writer->length += length;
}

static void put_number(struct writer *writer, uint32_t value, size_t size)
{
  for (; size > 0; size--, value >>= 8) {
    const unsigned char byte = value & 0xff;

    put(writer, &byte, 1);
  }
}

static const char *or_empty(const char *text)
{
  return text == NULL ? "" : text;
}

static void put_string(struct writer *writer, const char *text)
{
  text = or_empty(text);
  put(writer, text, strlen(text) + 1);
}

/* The lowest version that has room for the settings. */
static uint32_t version_of(const struct settings *settings)
{
  if (settings->secret != NULL)
    return 3;
  return settings->target.scheme != NULL ? 2 : 1;
}

static void put_payload(struct writer *writer, const struct settings *settings)
{
  const struct wmrec_target *target = &settings->target;

  put_number(writer, settings->interval, 4);
  put_number(writer, target->port, 2);
  put_number(writer, target->plain_http ? FLAG_PLAIN_HTTP : 0, 2);
  put_string(writer, target->host);
  put_string(writer, target->base_path);
  put_string(writer, target->mock_api_id);
  put_string(writer, target->token);
  put_string(writer, settings->ntp_server);
  if (version_of(settings) >= 2)
    put_string(writer, target->scheme);
  if (settings->secret != NULL)
    put(writer, settings->secret, SETTINGS_SECRET);
  put(writer, settings->roots, settings->roots_length);
}

size_t settings_write(const struct settings *settings, unsigned char *block, size_t size)
{
  struct writer payload = {.bytes = block, .size = size, .length = SETTINGS_HEADER};
  struct writer header = {.bytes = block, .size = size};
  uint32_t crc;

  put_payload(&payload, settings);
  if (payload.length > size)
    return payload.length;
  put(&header, "WMRS", 4);
  put_number(&header, version_of(settings), 2);
  put_number(&header, (uint32_t)(payload.length - SETTINGS_HEADER), 2);
  crc = wmrec_crc32(0, block + 4, 4);
  put_number(&header, wmrec_crc32(crc, block + SETTINGS_HEADER, payload.length - SETTINGS_HEADER), 4);
  return payload.length;
}

static bool is_same(const char *a, const char *b)
{
  return strcmp(or_empty(a), or_empty(b)) == 0;
}

static bool are_targets_equal(const struct wmrec_target *a, const struct wmrec_target *b)
{
  return is_same(a->host, b->host) && is_same(a->base_path, b->base_path) && is_same(a->mock_api_id, b->mock_api_id) &&
         is_same(a->token, b->token) && is_same(a->scheme, b->scheme) && a->port == b->port &&
         a->plain_http == b->plain_http;
}

static bool are_secrets_equal(const unsigned char *a, const unsigned char *b)
{
  return a == NULL || b == NULL ? a == b : memcmp(a, b, SETTINGS_SECRET) == 0;
}

bool settings_equal(const struct settings *a, const struct settings *b)
{
  return are_targets_equal(&a->target, &b->target) && a->interval == b->interval &&
         are_secrets_equal(a->secret, b->secret) && is_same(a->ntp_server, b->ntp_server) &&
         a->roots_length == b->roots_length &&
         (a->roots_length == 0 || memcmp(a->roots, b->roots, a->roots_length) == 0);
}
