/* Text that somebody else wrote, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "redact.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mbedtls/platform_util.h>

/* The longest line, in bytes: it has room for a path of 4,096 bytes, the most on Linux. */
enum { LINE = 8192 };

/* How many of the bytes are the character c in one way to write it; 0: they are not; REDACT_BEGINNING: there are too
 * few to tell. */
typedef size_t character_at(const char *bytes, size_t length, char c);

static const char *known_key; /* NULL: none */

void redact_key(const char *key)
{
  known_key = key;
}

static size_t plain_at(const char *bytes, size_t length, char c)
{
  if (length == 0)
    return REDACT_BEGINNING;
  return *bytes == c;
}

/* Letters in any case, as hexadecimal digits may be in either. */
static size_t written_at(const char *bytes, size_t length, const char *written)
{
  const size_t whole = strlen(written);

  if (strncasecmp(bytes, written, length < whole ? length : whole) != 0)
    return 0;
  return length < whole ? REDACT_BEGINNING : whole;
}

/* As JSON (RFC 8259, section 7) or a URL (RFC 3986, section 2.1) can write it, or plain. */
static size_t escaped_at(const char *bytes, size_t length, char c)
{
  char written[3][sizeof "\\u0053"] = {"", "", ""};
  bool is_beginning = false;

  if (length == 0 || (*bytes != '\\' && *bytes != '%'))
    return plain_at(bytes, length, c);
  snprintf(written[0], sizeof written[0], "\\u%04x", (unsigned char)c);
  snprintf(written[1], sizeof written[1], "%%%02x", (unsigned char)c);
  if (strchr("\"\\/", c) != NULL)
    snprintf(written[2], sizeof written[2], "\\%c", c);
  for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
    const size_t count = written_at(bytes, length, written[i]);

    if (count == REDACT_BEGINNING)
      is_beginning = true;
    else if (count > 0)
      return count;
  }
  if (*bytes == c)
    return 1;
  return is_beginning ? REDACT_BEGINNING : 0;
}

static size_t match(const char *bytes, size_t length, const char *key, character_at *character)
{
  size_t matched = 0;

  for (; *key != '\0'; key++) {
    const size_t count = character(bytes + matched, length - matched, *key);

    if (count == 0 || count == REDACT_BEGINNING)
      return count;
    matched += count;
  }
  return matched;
}

size_t redact_key_at(const char *bytes, size_t length)
{
  const char *key = known_key != NULL ? known_key : getenv("WMC_API_TOKEN");
  size_t plain;
  size_t escaped;

  if (key == NULL || *key == '\0')
    return 0;
  plain = match(bytes, length, key, plain_at);
  if (plain > 0 && plain != REDACT_BEGINNING)
    return plain;
  escaped = match(bytes, length, key, escaped_at);
  return escaped > 0 ? escaped : plain;
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

void redact(FILE *file, const char *bytes, size_t length)
{
  size_t shown = 0;

  for (size_t i = 0; i < length;) {
    const unsigned char c = (unsigned char)bytes[i];
    const size_t key_length = redact_key_at(bytes + i, length - i);

    if (!is_key(key_length) && c >= ' ' && c <= '~') {
      i++;
      continue;
    }
    fwrite(bytes + shown, 1, i - shown, file);
    if (is_key(key_length))
      fputs("[key]", file);
    else
      fprintf(file, "\\x%02x", c);
    i += is_key(key_length) ? key_length : 1;
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
    fputs("an argument is too long, so long that what is wrong cannot be shown.", stderr);
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
