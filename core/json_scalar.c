/* RFC 8259's strings, numbers and literals. jsmn has found their ends and checked escapes; the rest is checked here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.h"

/* Stands for any character that is not ASCII: only ASCII is compared. */
#define NOT_ASCII 0x80

/* A list for wmrec_find_word(). */
static const char literals[] = "\004null"
                               "\004true"
                               "\005false";
enum { LITERAL_COUNT = 3 };

/* RFC 3629, section 4: no overlong form, no surrogate, nothing over U+10FFFF. */
static int utf8_character(const char **next, unsigned first)
{
  const unsigned second = (unsigned char)**next;

  if (first < 0xc2 || first > 0xf4 || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return -1;
  for (; first & 0x40; first <<= 1) /* a bit for each byte that follows */
    if ((*(*next)++ & 0xc0) != 0x80)
      return -1;
  return NOT_ASCII;
}

/* jsmn has checked the escape. A short one stands for no letter, so '\0' is as good as the character. */
static int escaped_character(const char **next)
{
  unsigned value = 0; /* unsigned: where int has 16 bits, \uffff does not fit */

  if (*(*next)++ != 'u')
    return '\0';
  for (const char *end = *next + 4; *next < end; (*next)++)
    value = value << 4 | wmrec_hex_digit((unsigned char)**next);
  return value < NOT_ASCII ? (int)value : NOT_ASCII;
}

/* The next character of a string; -1: it is not valid. An escaped surrogate is a character by the grammar (RFC 8259,
 * section 8.2). A character that is cut short ends at the closing quote, which is never passed. */
static int character(const char **next)
{
  const unsigned c = (unsigned char)*(*next)++;

  if (c == '\\')
    return escaped_character(next);
  if (c >= 0x80)
    return utf8_character(next, c);
  return c < ' ' ? -1 : (int)c;
}

int wmrec_json_compare(const char *next, const char *end, const char *ascii)
{
  int is_equal = true;

  while (next < end) {
    const int c = character(&next);

    if (c < 0)
      return -1;
    if (c != *ascii || c == '\0')
      is_equal = false;
    ascii += is_equal; /* stays where they differ: 12 bytes less than a branch */
  }
  return is_equal && *ascii == '\0';
}

static bool is_decimal_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Skips one or more digits. Without a digit: a pointer that is never the end of the number. */
static const char *digits(const char *next)
{
  if (!is_decimal_digit(*next))
    return "";
  while (is_decimal_digit(*next))
    next++;
  return next;
}

/* RFC 8259, section 6. */
static bool is_number(const char *next, const char *end)
{
  if (*next == '-')
    next++;
  next = *next == '0' ? next + 1 : digits(next);
  if (*next == '.')
    next = digits(next + 1);
  if (*next == 'e' || *next == 'E') {
    next++;
    if (*next == '+' || *next == '-')
      next++;
    next = digits(next);
  }
  return next == end;
}

int wmrec_json_primitive(const char *next, const char *end)
{
  if (is_number(next, end) || wmrec_find_word(literals, next, (size_t)(end - next)) < LITERAL_COUNT)
    return 0;
  return -1;
}
