/* Hexadecimal digits: the value of any byte, as RFC 5234 defines HEXDIG
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "characters.c"

#include "proof.h"

static bool is_between(unsigned c, char first, char last)
{
  return c >= (unsigned)first && c <= (unsigned)last;
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

  assert(wmrec_hex_digit(c) == hexdig(c));
  reached(wmrec_hex_digit(c) == 15 && c == 'F');
}
