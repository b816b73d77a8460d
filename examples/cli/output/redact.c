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

static const char *known_key; /* NULL: none */

void redact_key(const char *key)
{
  known_key = key;
}

/* The length of the key that begins here; 0: none does. */
static size_t key_at(const char *bytes, size_t length)
{
  const size_t found = wmrec_key_at(known_key, bytes, length);

  return found == WMREC_KEY_BEGINNING ? 0 : found;
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

void redact(FILE *file, const char *bytes, size_t length)
{
  size_t shown = 0;

  for (size_t i = 0; i < length;) {
    const unsigned char c = (unsigned char)bytes[i];
    const size_t key_length = key_at(bytes + i, length - i);
    const size_t user_info_length = user_info_at(bytes, length, i);

    if (key_length == 0 && user_info_length == 0 && c >= ' ' && c <= '~') {
      i++;
      continue;
    }
    fwrite(bytes + shown, 1, i - shown, file);
    if (user_info_length > 0)
      fputs("[user info]", file);
    else if (key_length > 0)
      fputs("[key]", file);
    else
      fprintf(file, "\\x%02x", c);
    i += user_info_length > 0 ? user_info_length : key_length > 0 ? key_length : 1;
    shown = i;
  }
  fwrite(bytes + shown, 1, length - shown, file);
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
