/* The numbers of a header section: the value of any word, limited, or that it is not a number
 *
 * sources: core/characters.c
 * options: --unwind 9
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"

#define MAX_LENGTH 8 /* a digit more than the limit has */

int main(void)
{
  struct wmrec_exchange x = nondet_wmrec();
  const unsigned char length = nondet_byte();
  bool is_number = length > 0;
  uint32_t value = 0;
  uint32_t number;

  __CPROVER_assume(length <= MAX_LENGTH);
  x.buffer = any_bytes_up_to(MAX_LENGTH, length);
  x.word_length = length;
  for (unsigned i = 0; i < length; i++) {
    is_number = is_number && x.buffer[i] >= '0' && x.buffer[i] <= '9';
    value = value * 10 + ((unsigned char)x.buffer[i] & 15u);
  }

  number = read_number(&x);

  assert(is_number || number == NO_NUMBER);
  assert(!is_number || number == (value < NUMBER_LIMIT ? value : NUMBER_LIMIT));
  reached(number == NUMBER_LIMIT);
  reached(number == NUMBER_LIMIT - 1);
}
