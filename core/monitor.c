/* The last answer of a target that is asked again and again, its age, and the time of the next exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

void wmrec_monitor_update(struct wmrec_monitor *monitor, const struct wmrec_schedule *schedule,
                          const struct wmrec_exchange *x, uint32_t now, uint32_t random)
{
  const int result = wmrec_result(x);

  if (result == WMREC_OK) {
    monitor->recording = (uint8_t)wmrec_answer(x);
    monitor->answered_at = now;
    monitor->failures = 0;
    monitor->is_old = false;
  } else {
    monitor->failures = (uint8_t)(monitor->failures + (monitor->failures < UINT8_MAX));
    /* No delay is longer than a quarter of the clock's range, so an update always comes in its second half. */
    monitor->is_old |= now - monitor->answered_at > INT32_MAX;
  }
  monitor->result = (int8_t)result;
  monitor->ended_at = now;
  monitor->delay = wmrec_schedule_delay(schedule, result, wmrec_retry_after(x), monitor->failures, random);
}

uint32_t wmrec_monitor_wait(const struct wmrec_monitor *monitor, uint32_t now)
{
  const uint32_t passed = now - monitor->ended_at;

  return passed < monitor->delay ? monitor->delay - passed : 0;
}

enum wmrec_recording wmrec_monitor_answer(const struct wmrec_monitor *monitor)
{
  return (enum wmrec_recording)monitor->recording;
}

uint32_t wmrec_monitor_age(const struct wmrec_monitor *monitor, uint32_t now)
{
  return monitor->recording == WMREC_UNKNOWN || monitor->is_old ? WMREC_AGE_MAX : now - monitor->answered_at;
}

int wmrec_monitor_result(const struct wmrec_monitor *monitor)
{
  return monitor->result;
}

enum wmrec_recording wmrec_monitor_current(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after)
{
  if (wmrec_monitor_age(monitor, now) > stale_after || wmrec_is_permanent(monitor->result))
    return WMREC_UNKNOWN;
  return wmrec_monitor_answer(monitor);
}
