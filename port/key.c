/* Finds the API key in text of others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "key.h"

#include <string.h>

/* The escapes that are understood, as bits. */
enum { AS_JSON = 1, AS_URL = 2, ALL_ESCAPES = AS_JSON | AS_URL };

static int to_lower(char c)
{
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static char lower_hex_digit(unsigned value)
{
  return "0123456789abcdef"[value & 15];
}

/* The length of `escape` if the bytes begin with it; else as wmrec_key_at(). Hexadecimal digits may be upper-case. */
static size_t match_escape(const char *bytes, size_t length, const char *escape)
{
  size_t i = 0;

  for (; escape[i] != '\0'; i++) {
    if (i == length)
      return WMREC_KEY_BEGINNING;
    if (to_lower(bytes[i]) != escape[i])
      return 0;
  }
  return i;
}

/* The same for any escape of c. */
static size_t escaped_at(const char *bytes, size_t length, char c, int escapes)
{
  const char high = lower_hex_digit((unsigned char)c >> 4);
  const char low = lower_hex_digit((unsigned char)c);
  const char url[] = {'%', high, low, '\0'};
  const char json[] = {'\\', 'u', '0', '0', high, low, '\0'};
  const char json_short[] = {'\\', c, '\0'};
  size_t found = 0;

  if ((escapes & AS_URL) != 0)
    found = match_escape(bytes, length, url);
  if (found == 0 && (escapes & AS_JSON) != 0)
    found = match_escape(bytes, length, json);
  if (found == 0 && (escapes & AS_JSON) != 0 && strchr("\"\\/", c) != NULL)
    found = match_escape(bytes, length, json_short);
  return found;
}

/* The length of c, escaped or as it is; else as wmrec_key_at(). */
static size_t character_at(const char *bytes, size_t length, char c, int escapes)
{
  size_t found = 0;

  if (length == 0)
    return WMREC_KEY_BEGINNING;
  if (*bytes == '\\' || *bytes == '%')
    found = escaped_at(bytes, length, c, escapes);
  return found == 0 ? *bytes == c : found;
}

static size_t match_key(const char *key, const char *bytes, size_t length, int escapes)
{
  size_t matched = 0;

  for (; *key != '\0'; key++) {
    const size_t count = character_at(bytes + matched, length - matched, *key, escapes);

    if (count == 0 || count == WMREC_KEY_BEGINNING)
      return count;
    matched += count;
  }
  return matched;
}

/* The key itself may contain text that looks like an escape, so each set of escapes is tried. */
size_t wmrec_key_at(const char *key, const char *bytes, size_t length)
{
  size_t found = 0;

  if (key == NULL)
    return 0;
  for (int escapes = 0; escapes <= ALL_ESCAPES; escapes++) {
    const size_t count = match_key(key, bytes, length, escapes);

    if (count > 0 && count != WMREC_KEY_BEGINNING)
      return count;
    if (count == WMREC_KEY_BEGINNING)
      found = WMREC_KEY_BEGINNING;
  }
  return found;
}
