/* The answer's bytes: any number of them, by the contracts of the loops, which end
 *
 * sources: core/characters.c
 * unwound: wmrec_find_word.0:18,wmrec_find_word.1:8,read_number.0:65,wmrec_sent.0:2,outcome_of_status.0:16
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "exchange.c"
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"
#include "receiving.h"

int main(void)
{
  struct wmrec_exchange x = any_wmrec();
  const size_t length = nondet_size();
  const void *bytes;
  struct wmrec_exchange before;
  size_t taken;

  __CPROVER_assume(length < SIZE_MAX / 2 >> 8); /* the limit of CBMC's addresses */
  bytes = any_bytes(length);
  __CPROVER_assume(x.result != WMREC_WANT_READ || IS_RECEIVING(&x));
  before = x;

  taken = wmrec_received(&x, bytes, length);

  assert(x.buffer == before.buffer && x.size == before.size);
  assert(taken == length || (x.result != WMREC_WANT_READ && x.is_closing && !wmrec_keep_alive(&x)));
  assert(x.result != WMREC_WANT_READ || IS_RECEIVING(&x));
  if (before.result != WMREC_WANT_READ) {
    assert(taken == 0);
    assert(x.result == before.result && x.length == before.length && x.recording == before.recording);
  }
  reached(x.result == WMREC_OK && taken > 1000 && taken < length);
  reached(x.result == WMREC_WANT_READ && taken > 1000);
}
