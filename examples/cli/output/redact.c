/* Text that somebody else wrote, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/redact.h"

#include <string.h>

#include <mbedtls/platform_util.h>

#include "key.h"

/* The longest line, in bytes: it has room for a path of 4,096 bytes, the most on Linux. */
enum { LINE = 8192 };

static const char *const *known_keys;
static size_t known_count; /* of known_keys */

void redact_keys(const char *const *keys, size_t count)
{
  known_keys = keys;
  known_count = count;
}

/* The length of the longest key that begins here; 0: none does. */
static size_t key_at(const char *bytes, size_t length)
{
  size_t longest = 0;

  for (size_t i = 0; i < known_count; i++) {
    const size_t found = wmrec_key_at(known_keys[i], bytes, length);

    if (found != WMREC_KEY_BEGINNING && found > longest)
      longest = found;
  }
  return longest;
}

bool redact_finds(const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (key_at(bytes + i, length - i) > 0)
      return true;
  return false;
}

static bool is_after_scheme(const char *bytes, size_t place)
{
  return place >= 3 && memcmp(bytes + place - 3, "://", 3) == 0;
}

/* The length of the user info (RFC 3986, section 3.2.1) that begins at `from`: up to the last @ before a space, a quote
 * or another URL; 0: none begins there. */
static size_t user_info_at(const char *bytes, size_t length, size_t from)
{
  size_t found = 0;

  if (!is_after_scheme(bytes, from))
    return 0;
  for (size_t i = from; i < length && strchr(" \"'", bytes[i]) == NULL; i++) {
    if (i > from && is_after_scheme(bytes, i))
      break;
    if (bytes[i] == '@')
      found = i - from;
  }
  return found;
}

/* What is shown for the *count bytes that begin at `from`; NULL: one byte, as it is. Static, until the next call. */
static const char *replacement(const char *bytes, size_t length, size_t from, size_t *count)
{
  static char escaped[sizeof "\\x00"];
  const unsigned char c = (unsigned char)bytes[from];

  *count = user_info_at(bytes, length, from);
  if (*count > 0)
    return "[user info]";
  *count = key_at(bytes + from, length - from);
  if (*count > 0)
    return "[key]";
  *count = 1;
  if (c >= ' ' && c <= '~')
    return NULL;
  snprintf(escaped, sizeof escaped, "\\x%02x", c);
  return escaped;
}

void redact(FILE *file, const char *bytes, size_t length)
{
  size_t shown = 0;
  size_t count;

  for (size_t i = 0; i < length; i += count) {
    const char *text = replacement(bytes, length, i, &count);

    if (text == NULL)
      continue;
    fwrite(bytes + shown, 1, i - shown, file);
    fputs(text, file);
    shown = i + count;
  }
  fwrite(bytes + shown, 1, length - shown, file);
}

static bool is_white_space(char c)
{
  return c != '\0' && strchr(" \t\r\n", c) != NULL;
}

void redact_excerpt(FILE *file, const char *bytes, size_t length, size_t max)
{
  size_t i = 0;
  size_t count;

  while (length > 0 && is_white_space(bytes[length - 1]))
    length--;
  for (; i < length && i < max; i += count) {
    const char *text = replacement(bytes, length, i, &count);

    if (text == NULL || is_white_space(bytes[i])) {
      if (!is_white_space(bytes[i]) || (i > 0 && !is_white_space(bytes[i - 1])))
        fputc(is_white_space(bytes[i]) ? ' ' : bytes[i], file);
    } else {
      fputs(text, file);
    }
  }
  if (i < length)
    fputs("...", file);
}

void redact_vline(const char *format, va_list arguments)
{
  char text[LINE];
  const int length = vsnprintf(text, sizeof text, format, arguments);

  fputs("wmrec: ", stderr);
  if (length < 0 || (size_t)length >= sizeof text)
    fputs("an argument is too long to be shown.", stderr);
  else
    redact(stderr, text, (size_t)length);
  fputc('\n', stderr);
  mbedtls_platform_zeroize(text, sizeof text); /* the key may have been given for something else */
}

void redact_line(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  redact_vline(format, arguments);
  va_end(arguments);
}

const char *redact_url(const char *url)
{
  static char shown[LINE]; /* what is cut here is too long for a line, too */
  const size_t scheme = strcspn(url, ":/@?#");
  const size_t start = strncmp(url + scheme, "://", 3) == 0 ? scheme + 3 : 0;
  const char *at = strrchr(url + start, '@');
  const char *rest = at == NULL ? url + start : at;
  const size_t end = strcspn(rest, "?#");

  snprintf(shown, sizeof shown, "%.*s%s%.*s%s", (int)start, url, at == NULL ? "" : "[user info]",
           (int)end + (rest[end] != '\0'), rest, rest[end] == '\0' ? "" : "[...]");
  return shown;
}
