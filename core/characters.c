/* Kinds of characters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

bool wmrec_is_alphanumeric_or(unsigned c, const char *others)
{
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
    return true;
  if (others == NULL)
    return c >= '!' && c <= '~';
  while (*others != '\0')
    if ((unsigned char)*others++ == c)
      return true;
  return false;
}

unsigned wmrec_hex_digit(unsigned c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

unsigned wmrec_find_word(const char *list, const char *word, size_t length)
{
  unsigned index = 0;
  size_t size;

  for (; (size = (unsigned char)*list++) != 0; list += size, index++) {
    size_t i = 0;

    while (size == length && list[i] == word[i])
      if (++i == size)
        return index;
  }
  return index;
}
