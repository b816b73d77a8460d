/* The request's bytes: wiped when they are sent or when the exchange fails before, by the contract of the loop
 *
 * sources: core/request.c core/characters.c
 * unwound: none.0:1
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "exchange.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"

/* Any byte of the buffer, and so each of them. */
size_t place;

static struct wmrec_exchange any_sending(void)
{
  struct wmrec_exchange x = any_wmrec();

  __CPROVER_assume(x.result == WMREC_WANT_WRITE && x.outcome <= 0 && x.recording == WMREC_UNKNOWN);
  __CPROVER_assume(x.state == STATE_STATUS_LINE);
  __CPROVER_assume(x.length <= x.size && x.offset < x.length);
  return x;
}

static void assert_wiped(const struct wmrec_exchange *before, const struct wmrec_exchange *x)
{
  assert(x->length == 0 && x->offset <= x->size);
  assert(place >= before->length || x->buffer[place] == 0);
  assert(x->recording == WMREC_UNKNOWN);
  reached(place < before->length);
}

void wmrec_response_begin(struct wmrec_exchange *x)
{
  (void)x;
}

int main(void)
{
  struct wmrec_exchange x = any_sending();
  const struct wmrec_exchange before = x;
  const size_t unsent = x.length - x.offset;
  const size_t length = nondet_size();

  place = nondet_size();
  if (nondet_bool()) {
    const int error = nondet_int();

    __CPROVER_assume(error < 0 && error >= INT8_MIN);
    wmrec_fail(&x, error);
    assert(x.result == (before.outcome == WMREC_OK ? error : before.outcome) && !wmrec_keep_alive(&x));
    assert_wiped(&before, &x);
  } else {
    __CPROVER_assume(length <= unsent);
    wmrec_sent(&x, length);
    if (length == unsent) {
      assert(x.result == WMREC_WANT_READ);
      assert_wiped(&before, &x);
    } else {
      assert(x.result == WMREC_WANT_WRITE && x.length == before.length && x.offset == before.offset + length);
    }
  }
}
