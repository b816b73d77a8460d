/* When to ask again: core/schedule.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <limits.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const struct wmrec_schedule by_default = {0};
static const int temporary[] = {WMREC_ERROR_NAME,        WMREC_ERROR_CONNECT,
                                WMREC_ERROR_TIMEOUT,     WMREC_ERROR_TLS,
                                WMREC_ERROR_TLS_CLOCK,   WMREC_ERROR_CERTIFICATE_EXPIRED,
                                WMREC_ERROR_HEADER,      WMREC_ERROR_TOO_MANY_REQUESTS,
                                WMREC_ERROR_UNAVAILABLE, WMREC_ERROR_REDIRECT,
                                WMREC_ERROR_SERVER,      WMREC_ERROR_JSON};
static const int permanent[] = {WMREC_ERROR_BUFFER,    WMREC_ERROR_HOST,      WMREC_ERROR_MOCK_API_ID,
                                WMREC_ERROR_TOKEN,     WMREC_ERROR_BASE_PATH, WMREC_ERROR_PLAIN_HTTP,
                                WMREC_ERROR_TRANSPORT, WMREC_ERROR_TLS_ROOTS, WMREC_ERROR_UNAUTHORIZED,
                                WMREC_ERROR_FORBIDDEN, WMREC_ERROR_NOT_FOUND};

static uint32_t delay(const struct wmrec_schedule *schedule, int result, unsigned failures, uint32_t random)
{
  return wmrec_schedule_delay(schedule, result, WMREC_RETRY_AFTER_NONE, failures, random);
}

static uint32_t delay_asked(const struct wmrec_schedule *schedule, uint32_t retry_after, uint32_t random)
{
  return wmrec_schedule_delay(schedule, WMREC_ERROR_UNAVAILABLE, retry_after, 1, random);
}

/* The range of the delays for all random numbers, of which only the upper 16 bits count. */
static void assert_range(const struct wmrec_schedule *schedule, unsigned failures, uint32_t least, uint32_t most)
{
  const int result = WMREC_ERROR_TIMEOUT;
  const uint32_t range = most - least;

  assert_int_equal(delay(schedule, result, failures, 0), least);
  assert_int_equal(delay(schedule, result, failures, 1u << 31), least + range / 2);
  assert_int_equal(delay(schedule, result, failures, UINT32_MAX), most - (range + 65535) / 65536);
}

static void an_answer_is_followed_by_the_interval_whatever_was_before(void **state)
{
  const struct wmrec_schedule often = {.interval = 2 * SECOND};

  (void)state;
  for (unsigned failures = 0; failures < 3; failures++) {
    assert_int_equal(delay(&by_default, WMREC_OK, failures, 12345), MINUTE);
    assert_int_equal(delay(&often, WMREC_OK, failures, UINT32_MAX), 2 * SECOND);
  }
}

static void the_first_failure_is_retried_soon(void **state)
{
  const struct wmrec_schedule rare = {.interval = HOUR};
  const struct wmrec_schedule often = {.interval = 2 * SECOND};

  (void)state;
  assert_range(&by_default, 1, SECOND, WMREC_SCHEDULE_FIRST_RETRY);
  assert_range(&rare, 1, SECOND, WMREC_SCHEDULE_FIRST_RETRY);
  assert_range(&often, 1, SECOND, 2 * SECOND);
}

static void further_failures_double_the_range_up_to_max_backoff(void **state)
{
  const struct wmrec_schedule short_backoff = {.interval = 10 * SECOND, .max_backoff = 50 * SECOND};

  (void)state;
  assert_range(&by_default, 2, SECOND, 2 * MINUTE);
  assert_range(&by_default, 3, SECOND, 4 * MINUTE);
  assert_range(&by_default, 4, SECOND, 8 * MINUTE);
  assert_range(&by_default, 5, SECOND, 15 * MINUTE);
  assert_range(&by_default, 255, SECOND, 15 * MINUTE);
  assert_range(&by_default, UINT_MAX, SECOND, 15 * MINUTE);
  assert_range(&short_backoff, 2, SECOND, 20 * SECOND);
  assert_range(&short_backoff, 3, SECOND, 40 * SECOND);
  assert_range(&short_backoff, 4, SECOND, 50 * SECOND);
}

static void max_backoff_is_at_least_two_intervals(void **state)
{
  const struct wmrec_schedule rare = {.interval = HOUR};
  const struct wmrec_schedule none = {.interval = 10 * SECOND, .max_backoff = 1};
  const struct wmrec_schedule longest = {.interval = WMREC_SCHEDULE_MAX};

  (void)state;
  assert_range(&rare, 2, SECOND, 2 * HOUR);
  assert_range(&rare, 9, SECOND, 2 * HOUR);
  assert_range(&none, 9, SECOND, 20 * SECOND);
  assert_range(&longest, 9, SECOND, WMREC_SCHEDULE_MAX);
}

static void every_temporary_failure_backs_off(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(temporary); i++) {
    assert_false(wmrec_is_permanent(temporary[i]));
    assert_in_range(delay(&by_default, temporary[i], 5, UINT32_MAX), 14 * MINUTE, 15 * MINUTE);
  }
}

static void a_permanent_error_is_followed_by_max_delay_from_the_first_time(void **state)
{
  const struct wmrec_schedule daily = {.max_delay = 24 * HOUR};

  (void)state;
  for (size_t i = 0; i < COUNT(permanent); i++) {
    assert_true(wmrec_is_permanent(permanent[i]));
    for (unsigned failures = 1; failures < 300; failures++)
      assert_int_equal(delay(&by_default, permanent[i], failures, failures), HOUR);
    assert_int_equal(delay(&daily, permanent[i], 1, 0), 24 * HOUR);
  }
}

static void max_delay_is_at_least_the_interval(void **state)
{
  const struct wmrec_schedule rare = {.interval = 2 * HOUR};

  (void)state;
  assert_int_equal(delay(&rare, WMREC_ERROR_NOT_FOUND, 1, 0), 2 * HOUR);
}

static void an_answer_and_an_exchange_under_way_are_not_permanent_errors(void **state)
{
  (void)state;
  for (int result = 0; result <= INT8_MAX; result++)
    assert_false(wmrec_is_permanent(result));
}

static void no_request_comes_before_retry_after_has_passed(void **state)
{
  (void)state;
  assert_int_equal(delay_asked(&by_default, 0, 0), SECOND);
  assert_int_equal(delay_asked(&by_default, 2 * MINUTE, 0), 2 * MINUTE + SECOND);
  for (uint32_t random = 0; random < UINT32_MAX - 123456789; random += 123456789)
    assert_in_range(delay_asked(&by_default, 2 * MINUTE, random), 2 * MINUTE, 3 * MINUTE);
}

static void devices_with_the_same_retry_after_return_over_at_least_an_interval(void **state)
{
  (void)state;
  assert_in_range(delay_asked(&by_default, 0, UINT32_MAX), MINUTE - 100, MINUTE);
  assert_in_range(wmrec_schedule_delay(&by_default, WMREC_ERROR_TOO_MANY_REQUESTS, 0, 3, UINT32_MAX), 4 * MINUTE - 100,
                  4 * MINUTE);
}

static void retry_after_is_honoured_up_to_a_cap_and_a_date_is_the_cap(void **state)
{
  const struct wmrec_schedule patient = {.max_delay = 5 * HOUR};

  (void)state;
  assert_int_equal(delay_asked(&by_default, 2 * HOUR, 0), HOUR + SECOND);
  assert_int_equal(delay_asked(&patient, 2 * HOUR, 0), 2 * HOUR + SECOND);
  assert_int_equal(delay_asked(&by_default, WMREC_RETRY_AFTER_DATE, 0), HOUR + SECOND);
  assert_int_equal(delay_asked(&patient, WMREC_RETRY_AFTER_DATE, 0), 5 * HOUR + SECOND);
  assert_int_equal(delay_asked(&patient, WMREC_RETRY_AFTER_DATE - 1, 0), 5 * HOUR + SECOND);
}

static void every_delay_is_at_least_1_ms_and_at_most_the_maximum(void **state)
{
  static const uint32_t times[] = {0, 1, 999, 1000, 1001, WMREC_SCHEDULE_MAX, INT32_MAX, UINT32_MAX};
  static const int results[] = {WMREC_OK, WMREC_ERROR_TIMEOUT, WMREC_ERROR_FORBIDDEN};

  (void)state;
  for (size_t i = 0; i < COUNT(times) * COUNT(times) * COUNT(times); i++) {
    const struct wmrec_schedule schedule = {times[i % COUNT(times)], times[i / COUNT(times) % COUNT(times)],
                                            times[i / COUNT(times) / COUNT(times)]};

    for (size_t j = 0; j < COUNT(results) * COUNT(times) * COUNT(times); j++) {
      const uint32_t found =
          wmrec_schedule_delay(&schedule, results[j % COUNT(results)], times[j / COUNT(results) % COUNT(times)],
                               (unsigned)(j % 40 + 1), times[j / COUNT(results) / COUNT(times)]);

      assert_in_range(found, 1, WMREC_SCHEDULE_MAX);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_answer_is_followed_by_the_interval_whatever_was_before),
      cmocka_unit_test(the_first_failure_is_retried_soon),
      cmocka_unit_test(further_failures_double_the_range_up_to_max_backoff),
      cmocka_unit_test(max_backoff_is_at_least_two_intervals),
      cmocka_unit_test(every_temporary_failure_backs_off),
      cmocka_unit_test(a_permanent_error_is_followed_by_max_delay_from_the_first_time),
      cmocka_unit_test(max_delay_is_at_least_the_interval),
      cmocka_unit_test(an_answer_and_an_exchange_under_way_are_not_permanent_errors),
      cmocka_unit_test(no_request_comes_before_retry_after_has_passed),
      cmocka_unit_test(devices_with_the_same_retry_after_return_over_at_least_an_interval),
      cmocka_unit_test(retry_after_is_honoured_up_to_a_cap_and_a_date_is_the_cap),
      cmocka_unit_test(every_delay_is_at_least_1_ms_and_at_most_the_maximum),
  };

  return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
