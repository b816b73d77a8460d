/* The last answer: any exchange that has ended, any time; an old answer never looks fresh
 *
 * sources: core/exchange.c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "monitor.c"

#include "proof.h"

struct wmrec_monitor nondet_monitor(void);
struct wmrec_exchange nondet_wmrec(void);

/* In the place of schedule.c, by the results of schedule_proof.c. */
uint32_t wmrec_schedule_delay(const struct wmrec_schedule *schedule, int result, uint32_t retry_after,
                              unsigned failures, uint32_t random)
{
  const uint32_t delay = nondet_uint32();

  assert(schedule != NULL && (result == WMREC_OK || failures > 0));
  (void)retry_after;
  (void)random;
  __CPROVER_assume(delay <= WMREC_SCHEDULE_MAX);
  return delay;
}

bool wmrec_is_permanent(int result)
{
  return result == WMREC_ERROR_FORBIDDEN || result == WMREC_ERROR_TLS_ROOTS;
}

static uint32_t since(uint32_t now, uint32_t then)
{
  return now - then;
}

int main(void)
{
  struct wmrec_monitor monitor = nondet_monitor();
  struct wmrec_monitor before;
  const struct wmrec_schedule schedule = {0, 0, 0};
  const struct wmrec_exchange x = nondet_wmrec();
  const uint32_t now = nondet_uint32();
  const uint32_t later = nondet_uint32();
  uint32_t age;

  __CPROVER_assume(x.result <= 0 && x.recording <= WMREC_STOPPED);
  __CPROVER_assume((x.result == WMREC_OK) == (x.recording != WMREC_UNKNOWN));
  __CPROVER_assume(monitor.recording <= WMREC_STOPPED && monitor.result <= 0);
  monitor.is_permanent = nondet_bool();
  __CPROVER_assume(monitor.refusals == 0 || monitor.refusals > 2 || !monitor.is_permanent);
  before = monitor;

  wmrec_monitor_update(&monitor, &schedule, &x, now, nondet_uint32());

  age = wmrec_monitor_age(&monitor, later);
  assert(wmrec_monitor_result(&monitor) == x.result);
  if (x.result == WMREC_OK) {
    assert(wmrec_monitor_answer(&monitor) == (enum wmrec_recording)x.recording);
    assert(monitor.failures == 0 && !wmrec_monitor_is_permanent(&monitor));
    assert(x.age > INT32_MAX ? age == WMREC_AGE_MAX : x.age == since(age, since(later, now)));
  } else {
    assert(wmrec_monitor_answer(&monitor) == (enum wmrec_recording)before.recording);
    assert(monitor.failures > before.failures || monitor.failures == UINT8_MAX);
    assert(age == WMREC_AGE_MAX || (!before.is_old && age == since(later, before.answered_at)));
    assert(!before.is_old || age == WMREC_AGE_MAX);
    assert(age == WMREC_AGE_MAX || since(now, before.answered_at) <= INT32_MAX);
  }
  if (is_refusal(x.result) && before.recording != WMREC_UNKNOWN) {
    assert(!wmrec_monitor_is_permanent(&monitor) || monitor.refusals > 2);
    assert(!wmrec_monitor_is_permanent(&monitor) || (before.refusals > 0 && before.is_permanent) ||
           since(now, before.refused_at) >= 60000);
    assert(monitor.refusals > before.refusals || monitor.refusals == UINT8_MAX);
  } else {
    assert(wmrec_monitor_is_permanent(&monitor) == wmrec_is_permanent(x.result) && monitor.refusals == 0);
  }
  assert(wmrec_monitor_wait(&monitor, now) == monitor.delay);
  assert(wmrec_monitor_wait(&monitor, later) <= monitor.delay);
  if (wmrec_monitor_current(&monitor, later, 1000) != WMREC_UNKNOWN)
    assert(age <= 1000);
  reached(wmrec_monitor_is_permanent(&monitor) && x.result == WMREC_ERROR_FORBIDDEN && before.recording != 0);
  reached(x.result == WMREC_OK && age == 5 && x.age == 4);
  reached(x.result < 0 && age == 5);
  reached(wmrec_monitor_current(&monitor, later, 1000) == WMREC_RECORDING && x.result < 0);
}
