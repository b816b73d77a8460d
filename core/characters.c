/* Words and digits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* Lengths are compared first: most words are passed over without a look at their letters. */
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

unsigned wmrec_hex_digit(unsigned c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 0x20; /* to lower case */
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}
