/* When to ask again: any schedule, result, Retry-After, number of failures and random number
 *
 * options: --unwind 33
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "schedule.c"

#include "proof.h"

struct wmrec_schedule nondet_schedule(void);

int main(void)
{
  const struct wmrec_schedule schedule = nondet_schedule();
  const int result = nondet_int();
  const uint32_t retry_after = nondet_uint32();
  const uint32_t failures = nondet_uint32();
  const uint32_t interval = or_default(schedule.interval, 60000);
  const uint32_t max_delay = max_time(or_default(schedule.max_delay, 3600000), interval);
  const uint32_t longest =
      max_time(or_default(schedule.max_backoff, 900000), min_time(2 * interval, WMREC_SCHEDULE_MAX));
  uint32_t delay;

  __CPROVER_assume(failures > 0);
  delay = wmrec_schedule_delay(&schedule, result, retry_after, failures, nondet_uint32());

  assert(delay > 0 && delay <= WMREC_SCHEDULE_MAX);
  if (result == WMREC_OK)
    assert(delay == interval);
  else if (wmrec_is_permanent(result))
    assert(delay == max_delay && delay >= interval);
  else if (retry_after != WMREC_RETRY_AFTER_NONE)
    assert(delay >= min_time(min_time(retry_after, max_delay) + min_time(interval, 1000), WMREC_SCHEDULE_MAX));
  else if (failures == 1)
    assert(delay <= WMREC_SCHEDULE_FIRST_RETRY && delay >= min_time(interval, 1000) && delay <= interval);
  else
    assert(delay >= min_time(interval, 1000) && delay <= longest);
  reached(result == WMREC_ERROR_TIMEOUT && retry_after == WMREC_RETRY_AFTER_NONE && failures == 3 &&
          delay > 2 * interval);
  reached(delay == WMREC_SCHEDULE_MAX && failures > 1000);
}
