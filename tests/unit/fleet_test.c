/* 10,000 devices, a server, and an outage of an hour, in virtual time: devices that follow the schedule do not overload
 * the server after it. Prints the requests per second at the server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DEVICES = 10000, SECONDS = 6 * 3600 };
enum { OUTAGE_BEGINS = HOUR, OUTAGE_ENDS = 2 * HOUR, TIMEOUT = 10 * SECOND, NONE = -1 };

/* What the server does during the outage, and its answers then. */
enum outage { SILENT, REFUSING, RETRY_AFTER_FIXED, RETRY_AFTER_COUNTDOWN, RETRY_AFTER_DATE };

static const char *const refusals[] = {
    "", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 503 No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", "" /* a different answer each second */,
    "HTTP/1.1 503 No\r\nRetry-After: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"};

struct fleet {
  struct wmrec_schedule schedule;
  enum outage outage;
  struct wmrec_exchange answered;
  struct wmrec_exchange refused;
  uint32_t random;
  struct wmrec_monitor monitors[DEVICES];
  uint32_t asks_at[DEVICES]; /* ms */
  int next[DEVICES];         /* the next device that asks in the same second; NONE: none */
  int first[SECONDS];        /* for each second, the first device that asks */
  unsigned requests[SECONDS];
};

static struct fleet fleet;

/* Marsaglia's xorshift: returns the same numbers in each run. */
static uint32_t draw(void)
{
  fleet.random ^= fleet.random << 13;
  fleet.random ^= fleet.random >> 17;
  fleet.random ^= fleet.random << 5;
  return fleet.random;
}

static void plan(int device, uint32_t time)
{
  const uint32_t second = time / SECOND;

  if (second >= SECONDS)
    return;
  fleet.asks_at[device] = time;
  fleet.next[device] = fleet.first[second];
  fleet.first[second] = device;
}

/* Returns an exchange that has got this answer. Its buffer is reused: only the exchange itself may be read. */
static struct wmrec_exchange exchange_with(const char *answer)
{
  static char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange x;

  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  wmrec_received(&x, answer, strlen(answer));
  wmrec_fail(&x, WMREC_ERROR_TIMEOUT);
  return x;
}

static struct wmrec_exchange exchange_with_countdown(uint32_t now)
{
  char answer[128];

  snprintf(answer, sizeof answer, "HTTP/1.1 503 No\r\nRetry-After: %lu\r\nContent-Length: 0\r\n\r\n",
           (unsigned long)((OUTAGE_ENDS - now) / SECOND + 1));
  return exchange_with(answer);
}

static void ask(int device)
{
  const uint32_t now = fleet.asks_at[device];
  const bool is_outage = now >= OUTAGE_BEGINS && now < OUTAGE_ENDS;
  const uint32_t ends_at = now + (is_outage && fleet.outage == SILENT ? TIMEOUT : 100);
  struct wmrec_exchange x = is_outage ? fleet.refused : fleet.answered;

  if (is_outage && fleet.outage == RETRY_AFTER_COUNTDOWN)
    x = exchange_with_countdown(now);
  fleet.requests[now / SECOND]++;
  wmrec_monitor_update(&fleet.monitors[device], &fleet.schedule, &x, ends_at, draw());
  plan(device, ends_at + wmrec_monitor_wait(&fleet.monitors[device], ends_at));
}

/* Simulates second after second. A device that asks again in the same second is simulated as well. */
static void simulate(enum outage outage, uint32_t interval)
{
  memset(&fleet, 0, sizeof fleet);
  memset(fleet.first, NONE, sizeof fleet.first);
  fleet.random = 2463534242;
  fleet.outage = outage;
  fleet.answered = exchange_with("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"status\":\"Recording\"}");
  fleet.refused = exchange_with(refusals[outage]);
  fleet.schedule.interval = interval;
  for (int device = 0; device < DEVICES; device++)
    plan(device, draw() % interval);
  for (int second = 0; second < SECONDS; second++)
    while (fleet.first[second] != NONE) {
      const int device = fleet.first[second];

      fleet.first[second] = fleet.next[device];
      ask(device);
    }
}

/* Returns the maximum of the requests in 60 seconds that begin between from and to. */
static unsigned busiest_minute(int from, int to)
{
  unsigned max = 0;

  for (int begin = from; begin <= to; begin++) {
    unsigned sum = 0;

    for (int second = begin; second < begin + 60; second++)
      sum += fleet.requests[second];
    max = sum > max ? sum : max;
  }
  return max;
}

static void assert_no_overload(enum outage outage, const char *name)
{
  static const uint32_t intervals[] = {20 * SECOND, MINUTE, 5 * MINUTE, HOUR};
  const int begins = OUTAGE_BEGINS / SECOND;
  const int ends = OUTAGE_ENDS / SECOND;

  for (size_t i = is_fewer() ? 3 : 0; i < COUNT(intervals); i++) {
    const double steady = DEVICES * 1.0 / (intervals[i] / SECOND);
    unsigned after;

    simulate(outage, intervals[i]);
    after = busiest_minute(ends, SECONDS - 60);
    printf("# %-22s every %4lu s: %7.1f a second; in the outage: first minute %7.1f, busiest %7.1f, last %7.1f; "
           "after it: first minute %7.1f, busiest %7.1f a second\n",
           name, (unsigned long)intervals[i] / SECOND, steady, busiest_minute(begins, begins) / 60.0,
           busiest_minute(begins, ends - 60) / 60.0, busiest_minute(ends - 60, ends - 60) / 60.0,
           busiest_minute(ends, ends) / 60.0, after / 60.0);
    assert_true(after > 0.9 * 60 * steady); /* the devices do come back */
    assert_true(after <= 2 * 60 * steady);
  }
}

static void after_an_outage_without_answers_no_minute_has_over_twice_the_steady_rate(void **state)
{
  (void)state;
  assert_no_overload(SILENT, "no answer");
}

static void after_an_outage_of_503_no_minute_has_over_twice_the_steady_rate(void **state)
{
  (void)state;
  assert_no_overload(REFUSING, "503");
}

static void after_an_outage_with_a_fixed_retry_after_no_minute_has_over_twice_the_steady_rate(void **state)
{
  (void)state;
  assert_no_overload(RETRY_AFTER_FIXED, "503, Retry-After: 120");
}

static void after_an_outage_whose_retry_after_is_its_end_no_minute_has_over_twice_the_steady_rate(void **state)
{
  (void)state;
  assert_no_overload(RETRY_AFTER_COUNTDOWN, "503, until its end");
}

static void after_an_outage_whose_retry_after_is_a_date_no_minute_has_over_twice_the_steady_rate(void **state)
{
  (void)state;
  assert_no_overload(RETRY_AFTER_DATE, "503, until a date");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(after_an_outage_without_answers_no_minute_has_over_twice_the_steady_rate),
      cmocka_unit_test(after_an_outage_of_503_no_minute_has_over_twice_the_steady_rate),
      cmocka_unit_test(after_an_outage_with_a_fixed_retry_after_no_minute_has_over_twice_the_steady_rate),
      cmocka_unit_test(after_an_outage_whose_retry_after_is_its_end_no_minute_has_over_twice_the_steady_rate),
      cmocka_unit_test(after_an_outage_whose_retry_after_is_a_date_no_minute_has_over_twice_the_steady_rate),
  };

  return cmocka_run_group_tests_name("fleet", tests, NULL, NULL);
}
