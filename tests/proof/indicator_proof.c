/* The pattern of a lamp: dark only for a fresh answer of "not recording"
 *
 * sources: core/monitor.c core/schedule.c core/exchange.c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "indicator.c"

#include "proof.h"

struct wmrec_monitor nondet_monitor(void);

int main(void)
{
  struct wmrec_monitor monitor = nondet_monitor();
  const unsigned recording = monitor.recording;
  const int result = monitor.result;
  const uint32_t stale_after = nondet_uint32();
  const uint32_t now = nondet_uint32();
  const uint32_t age = wmrec_monitor_age(&monitor, now);
  enum wmrec_indication shown;

  monitor.is_permanent = nondet_bool();
  __CPROVER_assume(recording <= WMREC_STOPPED && result <= WMREC_OK);
  shown = wmrec_indicate(&monitor, now, stale_after);
  assert(shown <= WMREC_INDICATE_ATTENTION);
  assert((shown == WMREC_INDICATE_ATTENTION) == wmrec_monitor_is_permanent(&monitor));
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
