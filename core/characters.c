/* Kinds of characters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

bool wmrec_is_alphanumeric_or(unsigned c, const char *others)
{
  if ((c | 0x20) - 'a' < 26 || c - '0' < 10)
    return true;
  if (others == NULL)
    return c - '!' <= '~' - '!';
  while (*others != '\0')
    if ((unsigned char)*others++ == c)
      return true;
  return false;
}

unsigned wmrec_hex_digit(unsigned c)
{
  if (c - '0' < 10)
    return c - '0';
  c = (c | 0x20) - 'a';
  return c < 6 ? c + 10 : 16;
}
