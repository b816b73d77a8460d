/* A byte of the request: any, in a buffer of any size; it is put after the others, or there is no room and an error
 *
 * options: --unwind 8
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "request.c"

#include "any_wmrec.h"
#include "proof.h"

static bool is_in(unsigned c, const char *text)
{
  for (; *text != '\0'; text++)
    if ((*text & 0xff) == (int)c)
      return true;
  return false;
}

static void assert_kinds(unsigned c, const char *others)
{
  const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

  assert(is_alphanumeric_or(c, others) == (is_alphanumeric || is_in(c, others)));
  assert(is_alphanumeric_or(c, NULL) == (c > ' ' && c < 0x7f));
  assert(is_printable_ascii(c) == (c >= ' ' && c < 0x7f));
  reached(!is_alphanumeric && is_in(c, others));
}

int main(void)
{
  struct wmrec_exchange x = any_wmrec();
  const unsigned c = nondet_byte();
  const size_t place = nondet_size();
  struct wmrec_exchange before;
  char kept;

  __CPROVER_assume(x.length <= x.size && place < x.size);
  before = x;
  kept = x.buffer[place];

  put_byte(&x, c);

  if (before.length < before.size)
    assert(x.length == before.length + 1 && x.outcome == before.outcome && (x.buffer[before.length] & 0xff) == (int)c);
  else
    assert(x.length == before.length && x.outcome == WMREC_ERROR_BUFFER);
  assert(place == before.length || x.buffer[place] == kept);
  reached(x.outcome == WMREC_OK);
  assert_kinds(c, any_string(6));
}
