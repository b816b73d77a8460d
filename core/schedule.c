/* When to ask again: soon after one failure, less often in an outage, and at random times, so that devices which failed
 * together do not return together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

static const uint32_t default_interval = 60000;
static const uint32_t default_max_backoff = 900000;
static const uint32_t default_max_delay = 3600000;
static const uint32_t second = 1000;

static uint32_t min_time(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

static uint32_t max_time(uint32_t a, uint32_t b)
{
  return a > b ? a : b;
}

static uint32_t or_default(uint32_t time, uint32_t default_time)
{
  return time == 0 ? default_time : min_time(time, WMREC_SCHEDULE_MAX);
}

bool wmrec_is_permanent(int result)
{
  return (result >= WMREC_ERROR_TRANSPORT && result <= WMREC_ERROR_BUFFER) || result == WMREC_ERROR_TLS_ROOTS ||
         (result >= WMREC_ERROR_NOT_FOUND && result <= WMREC_ERROR_UNAUTHORIZED);
}

/* At least two intervals: after a shorter backoff, devices that return together send over twice their usual load. */
static uint32_t max_backoff_of(const struct wmrec_schedule *schedule, uint32_t interval)
{
  return max_time(or_default(schedule->max_backoff, default_max_backoff), min_time(2 * interval, WMREC_SCHEDULE_MAX));
}

/* Between 1 second and the limit: a random number generator that is stuck at 0 must not cause a flood. The product is
 * computed in halves, as small cores have no 64-bit product. */
static uint32_t jitter(uint32_t limit, uint32_t random)
{
  const uint32_t floor = min_time(limit, second);
  const uint32_t range = limit - floor;

  random >>= 16;
  return floor + (range >> 16) * random + ((range & 0xffff) * random >> 16);
}

static uint32_t backoff_limit(const struct wmrec_schedule *schedule, uint32_t interval, unsigned failures)
{
  const uint32_t longest = max_backoff_of(schedule, interval);
  uint32_t limit = interval;

  while (--failures > 0 && limit < longest)
    limit *= 2;
  return min_time(limit, longest);
}

uint32_t wmrec_schedule_delay(const struct wmrec_schedule *schedule, int result, uint32_t retry_after,
                              unsigned failures, uint32_t random)
{
  const uint32_t interval = or_default(schedule->interval, default_interval);
  const uint32_t max_delay = max_time(or_default(schedule->max_delay, default_max_delay), interval);
  uint32_t limit;

  if (result == WMREC_OK)
    return interval;
  if (wmrec_is_permanent(result))
    return max_delay;
  limit = backoff_limit(schedule, interval, failures);
  if (retry_after != WMREC_RETRY_AFTER_NONE)
    return min_time(min_time(retry_after, max_delay) + jitter(limit, random), WMREC_SCHEDULE_MAX);
  return jitter(failures > 1 ? limit : min_time(interval, WMREC_SCHEDULE_FIRST_RETRY), random);
}
