/* Kinds of characters: any byte, as RFC 5234 and the manual have them
 *
 * options: --unwind 8
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "characters.c"

#include "proof.h"

static bool is_between(unsigned c, char first, char last)
{
  return c >= (unsigned)first && c <= (unsigned)last;
}

static bool is_in(unsigned c, const char *text)
{
  for (; *text != '\0'; text++)
    if ((*text & 0xff) == (int)c)
      return true;
  return false;
}

static unsigned hexdig(unsigned c)
{
  if (is_between(c, '0', '9'))
    return c - '0';
  if (is_between(c, 'a', 'f'))
    return c - 'a' + 10;
  return is_between(c, 'A', 'F') ? c - 'A' + 10 : 16;
}

int main(void)
{
  const unsigned c = nondet_byte();
  const char *others = any_string(6);
  const bool is_alphanumeric = is_between(c, '0', '9') || is_between(c, 'A', 'Z') || is_between(c, 'a', 'z');

  assert(wmrec_is_alphanumeric_or(c, others) == (is_alphanumeric || is_in(c, others)));
  assert(wmrec_is_alphanumeric_or(c, NULL) == is_between(c, '!', '~'));
  assert(wmrec_hex_digit(c) == hexdig(c));
  reached(!is_alphanumeric && is_in(c, others));
}
