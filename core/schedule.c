/* When to ask again: soon after a slip, ever more rarely in an outage, and not all at once when it is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

static const uint32_t default_interval = 60000;
static const uint32_t default_backoff = 900000;
static const uint32_t default_rarely = 3600000;
static const uint32_t second = 1000;

static uint32_t least(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
  return a > b ? a : b;
}

static uint32_t or_default(uint32_t time, uint32_t default_time)
{
  return time == 0 ? default_time : least(time, WMREC_SCHEDULE_MAX);
}

bool wmrec_is_permanent(int result)
{
  return (result >= WMREC_ERROR_PLAIN_HTTP && result <= WMREC_ERROR_BUFFER) || result == WMREC_ERROR_TLS_ROOTS ||
         (result >= WMREC_ERROR_NOT_FOUND && result <= WMREC_ERROR_UNAUTHORIZED);
}

/* Two intervals at least: devices that wait for less, and come back together, ask for more than twice their share. */
static uint32_t longest_backoff(const struct wmrec_schedule *schedule, uint32_t interval)
{
  return most(or_default(schedule->max_backoff, default_backoff), least(2 * interval, WMREC_SCHEDULE_MAX));
}

/* Between a second (so that a source of random numbers that is stuck makes no flood) and the limit. Multiplied in
 * halves, as small cores have no product of 64 bits. */
static uint32_t jitter(uint32_t limit, uint32_t random)
{
  const uint32_t floor = least(limit, second);
  const uint32_t range = limit - floor;

  random >>= 16;
  return floor + (range >> 16) * random + ((range & 0xffff) * random >> 16);
}

static uint32_t backoff_limit(const struct wmrec_schedule *schedule, uint32_t interval, unsigned failures)
{
  const uint32_t longest = longest_backoff(schedule, interval);
  uint32_t limit = interval;

  while (--failures > 0 && limit < longest)
    limit *= 2;
  return least(limit, longest);
}

uint32_t wmrec_schedule_delay(const struct wmrec_schedule *schedule, int result, uint32_t retry_after,
                              unsigned failures, uint32_t random)
{
  const uint32_t interval = or_default(schedule->interval, default_interval);
  const uint32_t rarely = most(or_default(schedule->max_delay, default_rarely), interval);
  uint32_t limit;

  if (result == WMREC_OK)
    return interval;
  if (wmrec_is_permanent(result))
    return rarely;
  limit = backoff_limit(schedule, interval, failures);
  if (retry_after != WMREC_RETRY_AFTER_NONE)
    return least(least(retry_after, rarely) + jitter(limit, random), WMREC_SCHEDULE_MAX);
  return jitter(failures > 1 ? limit : least(interval, WMREC_SCHEDULE_FIRST_RETRY), random);
}
