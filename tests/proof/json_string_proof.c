/* A string of jsmn, of up to 10 bytes: read within its quotes, and taken if and only if it is valid UTF-8
 *
 * sources: core/characters.c
 * options: --unwind 12 --unwindset utf8_character.0:5,escaped_character.0:5,jsmn_parse_string.0:6
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"
#include "json_scalar.c"

#include "memchr.h"
#include "proof.h"

#define MAX_LENGTH 10

/* RFC 3629, section 3: the number of bytes of the character that begins here; 0: none begins. */
static int utf8_length(const unsigned char *next)
{
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const int length = *next < 0x80 ? 1 : *next < 0xc0 ? 0 : *next < 0xe0 ? 2 : *next < 0xf0 ? 3 : *next < 0xf8 ? 4 : 0;
  uint32_t character = length == 1 ? *next : *next & (0x7fu >> length);

  for (int i = 1; i < length; i++) {
    if (next[i] < 0x80 || next[i] > 0xbf)
      return 0;
    character = character * 64 + (next[i] & 0x3fu);
  }
  if (character < smallest[length] || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
    return 0;
  return length;
}

/* Also without control characters: RFC 8259, section 7. */
static bool is_valid(const unsigned char *next, const unsigned char *end)
{
  while (next < end) {
    const int length = utf8_length(next);

    if (length == 0 || *next < ' ')
      return false;
    next += length;
  }
  return true;
}

int main(void)
{
  const char *text = any_string(MAX_LENGTH);
  const char *name = "status";
  jsmn_parser parser;
  jsmntok_t token;

  __CPROVER_assume(*text == '"');
  jsmn_init(&parser);
  if (jsmn_parse_string(&parser, text, SIZE_MAX, &token, 1) == 0) {
    const char *start = text + token.start;
    const char *end = text + token.end;
    const int result = wmrec_json_compare(start, end, name);
    const bool is_escaped = memchr(start, '\\', (size_t)(end - start)) != NULL;

    assert(*end == '"');
    assert(result >= -1 && result <= 1);
    assert((result >= 0) == is_valid((const unsigned char *)start, (const unsigned char *)end));
    assert(is_escaped || (result == 1) == (end - start == 6 && memcmp(start, name, 6) == 0));
    assert(!is_escaped || result < 1 || end - start > 6);
    reached(result == 1);
    reached(is_escaped && result == 0);
    reached(result == -1);
  }
}
