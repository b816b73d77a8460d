/* The pattern of a lamp: dark only for a fresh answer of "not recording"
 *
 * sources: core/schedule.c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "indicator.c"

#include "proof.h"

int main(void)
{
  const int recording = nondet_byte();
  const uint32_t age = nondet_uint32();
  const uint32_t stale_after = nondet_uint32();
  const int result = nondet_int();
  const uint32_t now = nondet_uint32();
  enum wmrec_indication shown;

  __CPROVER_assume(recording <= WMREC_STOPPED);
  shown = wmrec_indicate((enum wmrec_recording)recording, age, stale_after, result);
  assert(shown <= WMREC_INDICATE_ATTENTION);
  assert((shown == WMREC_INDICATE_ATTENTION) == wmrec_is_permanent(result));
  if (shown == WMREC_INDICATE_RECORDING)
    assert(recording == WMREC_RECORDING && age <= stale_after && result >= 0);
  if (shown == WMREC_INDICATE_NOT_RECORDING)
    assert((recording == WMREC_NEVER_STARTED || recording == WMREC_STOPPED) && age <= stale_after && result >= 0);

  /* All other patterns are lit at some time within two seconds, and dark at some time. */
  if (shown == WMREC_INDICATE_RECORDING || shown == WMREC_INDICATE_NOT_RECORDING)
    assert(wmrec_is_lit(shown, now) == (shown == WMREC_INDICATE_RECORDING));
  else if (wmrec_is_lit(shown, now))
    assert(!wmrec_is_lit(shown, now ^ 1024) || !wmrec_is_lit(shown, now ^ 256));
  reached(shown == WMREC_INDICATE_NOT_RECORDING);
  reached(shown == WMREC_INDICATE_TEMPORARY && wmrec_is_lit(shown, now));
}
