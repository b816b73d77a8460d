/* JSON strings in printable ASCII.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/json.h"

#include <stdint.h>

void json_print_string(FILE *file, const char *text)
{
  fputc('"', file);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', file);
    fputc(*text, file);
  }
  fputc('"', file);
}

/* Returns the next code point of valid UTF-8, and moves *next after it. */
static uint32_t take_code_point(const char **next, const char *end)
{
  uint32_t c = (unsigned char)*(*next)++;

  if (c >= 0x80)
    c &= c < 0xe0 ? 0x1f : c < 0xf0 ? 0x0f : 0x07;
  while (*next < end && (**next & 0xc0) == 0x80)
    c = c << 6 | (unsigned char)(*(*next)++ & 0x3f);
  return c;
}

void json_print_raw(FILE *file, const char *text, size_t length)
{
  const char *const end = text + length;

  fputc('"', file);
  while (text < end) {
    const uint32_t c = take_code_point(&text, end);

    if (c >= ' ' && c <= '~')
      fputc((int)c, file);
    else if (c < 0x10000)
      fprintf(file, "\\u%04x", (unsigned)c);
    else /* a surrogate pair */
      fprintf(file, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)), (unsigned)(0xdc00 + (c & 0x3ff)));
  }
  fputc('"', file);
}
