/* Decodes certificates in PEM (RFC 7468).
 *
 * Certificates are public, so a table may be used, and the time may depend on the text. mbedTLS's decoder is made for
 * private keys, too: it takes constant time, and 40 times as many instructions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roots_pem.h"

#include <stdbool.h>
#include <string.h>

enum { NO_DIGIT = 1 }; /* below the 24 bits of a group, which are the upper ones */

/* Finds `line` at `from` or later, and returns the position after it; NULL: it is not there. */
static const char *find_after(const char *from, const char *end, const char *line)
{
  const size_t length = strlen(line);

  for (; from < end && (from = memchr(from, line[0], (size_t)(end - from))) != NULL; from++)
    if ((size_t)(end - from) >= length && memcmp(from, line, length) == 0)
      return from + length;
  return NULL;
}

void wmrec_pem_set_digits(struct wmrec_pem_digits *digits)
{
  static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  for (int place = 0; place < 4; place++) {
    for (int character = 0; character <= UCHAR_MAX; character++)
      digits->bits[place][character] = NO_DIGIT;
    for (uint32_t value = 0; value < 64; value++)
      digits->bits[place][(unsigned char)characters[value]] = value << (26 - 6 * place);
  }
}

/* Writes the three bytes of a group, and a fourth one: compilers make one store of four. */
static void put_group(unsigned char *der, uint32_t group)
{
  der[0] = (unsigned char)(group >> 24);
  der[1] = (unsigned char)(group >> 16);
  der[2] = (unsigned char)(group >> 8);
  der[3] = (unsigned char)group;
}

/* Decodes groups up to one with something else in it, and moves *text there. Returns the number of bytes. */
static size_t decode_groups(const struct wmrec_pem_digits *digits, const char **text, const char *end,
                            unsigned char *der, size_t size)
{
  const unsigned char *next = (const unsigned char *)*text;
  const size_t in_text = (size_t)(end - *text) / 4;
  const size_t in_der = size > 0 ? (size - 1) / 3 : 0; /* put_group() writes one more byte */
  size_t length = 0;

  for (size_t count = in_text < in_der ? in_text : in_der; count > 0; count--) {
    const uint32_t group =
        digits->bits[0][next[0]] | digits->bits[1][next[1]] | digits->bits[2][next[2]] | digits->bits[3][next[3]];

    if (group & NO_DIGIT)
      break;
    put_group(der + length, group);
    next += 4;
    length += 3;
  }
  *text = (const char *)next;
  return length;
}

static bool is_space(char character)
{
  return character == ' ' || (character >= '\t' && character <= '\r'); /* tab, LF, VT, FF, CR */
}

/* Reads a group, which may have white space in it and padding at its end, and moves *text behind it. Returns its bits;
 * or NO_DIGIT. */
static uint32_t read_group(const struct wmrec_pem_digits *digits, const char **text, const char *end, unsigned *padding)
{
  const char *next = *text;
  unsigned place = 0;
  unsigned padded = 0;
  uint32_t group = 0;

  for (; next < end && place < 4; next++) {
    if (is_space(*next))
      continue;
    if (*next == '=' && place >= 2)
      padded++;
    else
      group |= padded > 0 ? NO_DIGIT : digits->bits[place][(unsigned char)*next];
    place++;
  }
  if (place < 4 || (group & NO_DIGIT))
    return NO_DIGIT;
  *text = next;
  *padding = padded;
  return group;
}

/* Decodes base64, with white space anywhere (RFC 7468, section 3), up to what is malformed or does not fit, and moves
 * *text there. Returns the number of bytes. */
static size_t decode_base64(const struct wmrec_pem_digits *digits, const char **text, const char *end,
                            unsigned char *der, size_t size)
{
  unsigned padding = 0;
  size_t length = 0;

  do {
    uint32_t group;

    length += decode_groups(digits, text, end, der + length, size - length);
    if (*text < end && is_space(**text)) {
      ++*text;
      continue;
    }
    group = size - length < 4 ? NO_DIGIT : read_group(digits, text, end, &padding);
    if (group & NO_DIGIT)
      break;
    put_group(der + length, group);
    length += 3;
  } while (padding == 0);
  while (*text < end && is_space(**text))
    ++*text;
  return length - padding;
}

size_t wmrec_pem_decode(const struct wmrec_pem_digits *digits, const char **text, const char *end, unsigned char *der,
                        size_t size)
{
  static const char end_line[] = "-----END CERTIFICATE-----";

  while ((*text = find_after(*text, end, "-----BEGIN CERTIFICATE-----")) != NULL) {
    const size_t length = decode_base64(digits, text, end, der, size);

    if (length > 0 && (size_t)(end - *text) >= strlen(end_line) && memcmp(*text, end_line, strlen(end_line)) == 0)
      return length;
  }
  return 0;
}
