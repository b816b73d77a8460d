/* Text that somebody else wrote, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/redact.h"

#include <string.h>
#include <strings.h>

#include <mbedtls/platform_util.h>

/* The longest line, in bytes: it has room for a path of 4,096 bytes, the most on Linux. */
enum { LINE = 8192 };

/* The ways to write a character, beside itself: bits, all of which together are ALL_WAYS. */
enum { AS_JSON = 1, AS_URL = 2, ALL_WAYS = 3 };

static const char *known_key; /* NULL: none */

void redact_key(const char *key)
{
  known_key = key;
}

/* How many bytes write a character so; 0: they do not; REDACT_BEGINNING: there are too few to tell. Letters in any
 * case, as hexadecimal digits may be in either. */
static size_t written_at(const char *bytes, size_t length, const char *written)
{
  const size_t whole = strlen(written);

  if (strncasecmp(bytes, written, length < whole ? length : whole) != 0)
    return 0;
  return length < whole ? REDACT_BEGINNING : whole;
}

/* The same, for the character c as RFC 8259, section 7, and RFC 3986, section 2.1, can write it. */
static size_t escaped_at(const char *bytes, size_t length, char c, int ways)
{
  char written[sizeof "\\u0053"];
  size_t found = 0;

  if (ways & AS_URL) {
    snprintf(written, sizeof written, "%%%02x", (unsigned char)c);
    found = written_at(bytes, length, written);
  }
  if (found == 0 && ways & AS_JSON) {
    snprintf(written, sizeof written, "\\u%04x", (unsigned char)c);
    found = written_at(bytes, length, written);
  }
  if (found == 0 && ways & AS_JSON && strchr("\"\\/", c) != NULL) {
    snprintf(written, sizeof written, "\\%c", c);
    found = written_at(bytes, length, written);
  }
  return found;
}

static size_t character_at(const char *bytes, size_t length, char c, int ways)
{
  size_t found = 0;

  if (length == 0)
    return REDACT_BEGINNING;
  if (*bytes == '\\' || *bytes == '%')
    found = escaped_at(bytes, length, c, ways);
  return found == 0 ? *bytes == c : found;
}

static size_t match(const char *bytes, size_t length, const char *key, int ways)
{
  size_t matched = 0;

  for (; *key != '\0'; key++) {
    const size_t count = character_at(bytes + matched, length - matched, *key, ways);

    if (count == 0 || count == REDACT_BEGINNING)
      return count;
    matched += count;
  }
  return matched;
}

/* A key may have a text in it that looks like an escape, so each way is tried for itself, too. */
size_t redact_key_at(const char *bytes, size_t length)
{
  size_t found = 0;

  if (known_key == NULL || *known_key == '\0')
    return 0;
  for (int ways = 0; ways <= ALL_WAYS; ways++) {
    const size_t count = match(bytes, length, known_key, ways);

    if (count > 0 && count != REDACT_BEGINNING)
      return count;
    if (count == REDACT_BEGINNING)
      found = REDACT_BEGINNING;
  }
  return found;
}

static bool is_key(size_t length)
{
  return length > 0 && length != REDACT_BEGINNING;
}

bool redact_finds(const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (is_key(redact_key_at(bytes + i, length - i)))
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
    const size_t key_length = redact_key_at(bytes + i, length - i);
    const size_t user_info_length = user_info_at(bytes, length, i);

    if (!is_key(key_length) && user_info_length == 0 && c >= ' ' && c <= '~') {
      i++;
      continue;
    }
    fwrite(bytes + shown, 1, i - shown, file);
    if (user_info_length > 0)
      fputs("[user info]", file);
    else if (is_key(key_length))
      fputs("[key]", file);
    else
      fprintf(file, "\\x%02x", c);
    i += user_info_length > 0 ? user_info_length : is_key(key_length) ? key_length : 1;
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
