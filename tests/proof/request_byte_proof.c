/* A byte of the request: any, in a buffer of any size; it is put behind the others, or there is no room and an error
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "request.c"

#include "any_wmrec.h"
#include "proof.h"

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
    assert(x.length == before.length + 1 && x.error == before.error && (x.buffer[before.length] & 0xff) == (int)c);
  else
    assert(x.length == before.length && x.error == WMREC_ERROR_BUFFER);
  assert(place == before.length || x.buffer[place] == kept);
  reached(x.error == WMREC_OK);
}
