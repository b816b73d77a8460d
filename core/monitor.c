/* The last answer of a target that is asked again and again, its age, and the time of the next exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

/* How often in a row, and for how long, a target that has answered before must refuse until this counts as permanent:
 * a restart of the server, or of a proxy before it, refuses for seconds. */
static const uint8_t refusals_min = 3;
static const uint32_t refusing_time_min = 60000; /* ms */

static bool is_refusal(int result)
{
  return result == WMREC_ERROR_UNAUTHORIZED || result == WMREC_ERROR_FORBIDDEN || result == WMREC_ERROR_NOT_FOUND;
}

/* Once permanent, a row of refusals stays so: the clock may wrap. */
static void update_permanence(struct wmrec_monitor *monitor, int result, uint32_t now)
{
  if (!is_refusal(result) || monitor->recording == WMREC_UNKNOWN) {
    monitor->refusals = 0;
    monitor->is_permanent = wmrec_is_permanent(result);
    return;
  }
  if (monitor->refusals == 0) {
    monitor->refused_at = now;
    monitor->is_permanent = false;
  }
  monitor->refusals = (uint8_t)(monitor->refusals + (monitor->refusals < UINT8_MAX));
  monitor->is_permanent |= monitor->refusals >= refusals_min && now - monitor->refused_at >= refusing_time_min;
}

/* A refusal that is not permanent yet is scheduled as any error that may pass. */
static int result_to_schedule(const struct wmrec_monitor *monitor, int result)
{
  return wmrec_is_permanent(result) && !monitor->is_permanent ? WMREC_ERROR_UNAVAILABLE : result;
}

void wmrec_monitor_update(struct wmrec_monitor *monitor, const struct wmrec_schedule *schedule,
                          const struct wmrec_exchange *x, uint32_t now, uint32_t random)
{
  const int result = wmrec_result(x);

  if (result == WMREC_OK) {
    monitor->recording = (uint8_t)wmrec_answer(x);
    monitor->answered_at = now - wmrec_answer_age(x);
    monitor->failures = 0;
    monitor->is_old = wmrec_answer_age(x) > INT32_MAX;
  } else {
    monitor->failures = (uint8_t)(monitor->failures + (monitor->failures < UINT8_MAX));
    /* No delay is longer than a quarter of the clock's range, so an update always comes in its second half. */
    monitor->is_old |= now - monitor->answered_at > INT32_MAX;
  }
  monitor->result = (int8_t)result;
  monitor->ended_at = now;
  update_permanence(monitor, result, now);
  monitor->delay = wmrec_schedule_delay(schedule, result_to_schedule(monitor, result), wmrec_retry_after(x),
                                        monitor->failures, random);
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

bool wmrec_monitor_is_permanent(const struct wmrec_monitor *monitor)
{
  return monitor->is_permanent;
}

enum wmrec_recording wmrec_monitor_current(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after)
{
  return wmrec_monitor_age(monitor, now) > stale_after ? WMREC_UNKNOWN : wmrec_monitor_answer(monitor);
}
