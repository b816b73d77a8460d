/* The last answer of a target and its age: core/monitor.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, STALE = 3 * MINUTE };

static const struct wmrec_schedule schedule = {0};
static struct wmrec_monitor monitor;

/* An exchange that ends at this time with this answer, or with this error. */
static void end(const char *answer, int error, uint32_t now)
{
  char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange x;

  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  wmrec_received(&x, answer, strlen(answer));
  wmrec_fail(&x, error);
  wmrec_monitor_update(&monitor, &schedule, &x, now, UINT32_MAX);
}

static void answered(const char *status, uint32_t now)
{
  char answer[128];

  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n{\"status\":\"%s\"}",
           (unsigned)strlen(status) + 13, status);
  end(answer, WMREC_ERROR_TIMEOUT, now);
  assert_int_equal(wmrec_monitor_result(&monitor), WMREC_OK);
}

/* An answer that a cache gives, with this Age. */
static void answered_by_cache(const char *age, uint32_t now)
{
  char answer[128];

  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nAge: %s\r\nContent-Length: 22\r\n\r\n{\"status\":\"Recording\"}",
           age);
  end(answer, WMREC_ERROR_TIMEOUT, now);
  assert_int_equal(wmrec_monitor_result(&monitor), WMREC_OK);
}

static void failed(int error, uint32_t now)
{
  end("", error, now);
  assert_int_equal(wmrec_monitor_result(&monitor), error);
}

static int begin(void **state)
{
  (void)state;
  memset(&monitor, 0, sizeof monitor);
  return 0;
}

static void a_zeroed_monitor_has_no_answer_and_asks_now(void **state)
{
  static const uint32_t clocks[] = {0, 1, HOUR, INT32_MAX, UINT32_MAX};

  (void)state;
  for (size_t i = 0; i < COUNT(clocks); i++) {
    assert_int_equal(wmrec_monitor_wait(&monitor, clocks[i]), 0);
    assert_int_equal(wmrec_monitor_age(&monitor, clocks[i]), WMREC_AGE_MAX);
    assert_int_equal(wmrec_monitor_current(&monitor, clocks[i], UINT32_MAX), WMREC_UNKNOWN);
  }
  assert_int_equal(wmrec_monitor_result(&monitor), WMREC_OK);
}

static void an_answer_is_current_until_it_is_stale(void **state)
{
  (void)state;
  answered("Recording", 5000);
  assert_int_equal(wmrec_monitor_answer(&monitor), WMREC_RECORDING);
  assert_int_equal(wmrec_monitor_age(&monitor, 5000), 0);
  assert_int_equal(wmrec_monitor_current(&monitor, 5000 + STALE, STALE), WMREC_RECORDING);
  assert_int_equal(wmrec_monitor_current(&monitor, 5001 + STALE, STALE), WMREC_UNKNOWN);
  assert_int_equal(wmrec_monitor_answer(&monitor), WMREC_RECORDING);
}

static void a_temporary_failure_keeps_the_answer_and_its_age(void **state)
{
  static const uint32_t clocks[] = {0, MINUTE, INT32_MAX - HOUR, INT32_MAX, UINT32_MAX - HOUR, UINT32_MAX - SECOND};

  (void)state;
  for (size_t i = 0; i < COUNT(clocks); i++) {
    const uint32_t now = clocks[i];

    answered("Stopped", now);
    failed(WMREC_ERROR_CONNECT, now + MINUTE);
    assert_int_equal(wmrec_monitor_age(&monitor, now + MINUTE), MINUTE);
    assert_int_equal(wmrec_monitor_current(&monitor, now + MINUTE, STALE), WMREC_STOPPED);
    assert_int_equal(wmrec_monitor_current(&monitor, now + STALE + 1, STALE), WMREC_UNKNOWN);
  }
}

static const int refusals[] = {WMREC_ERROR_UNAUTHORIZED, WMREC_ERROR_FORBIDDEN, WMREC_ERROR_NOT_FOUND};

static void a_refusal_before_any_answer_is_permanent_at_once(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(refusals); i++) {
    begin(NULL);
    failed(WMREC_ERROR_TIMEOUT, 0);
    assert_false(wmrec_monitor_is_permanent(&monitor));
    failed(refusals[i], 1);
    assert_true(wmrec_monitor_is_permanent(&monitor));
    assert_int_equal(wmrec_monitor_wait(&monitor, 1), HOUR);
  }
}

static void after_an_answer_a_refusal_is_permanent_after_three_times_over_a_minute(void **state)
{
  static const uint32_t clocks[] = {0, UINT32_MAX - MINUTE / 2};

  (void)state;
  for (size_t i = 0; i < COUNT(refusals) * COUNT(clocks); i++) {
    const int refusal = refusals[i / COUNT(clocks)];
    const uint32_t now = clocks[i % COUNT(clocks)];

    answered("Recording", now);
    failed(refusal, now + 1);
    assert_in_range(wmrec_monitor_wait(&monitor, now + 1), 1, 5 * SECOND);
    failed(refusal, now + 2 * MINUTE);
    assert_in_range(wmrec_monitor_wait(&monitor, now + 2 * MINUTE), 1, 2 * MINUTE);
    assert_false(wmrec_monitor_is_permanent(&monitor));
    assert_int_equal(wmrec_monitor_current(&monitor, now + 2 * MINUTE, STALE), WMREC_RECORDING);
    failed(refusal, now + 3 * MINUTE);
    assert_true(wmrec_monitor_is_permanent(&monitor));
    assert_int_equal(wmrec_monitor_wait(&monitor, now + 3 * MINUTE), HOUR);
    answered("Recording", now + 4 * MINUTE);
    assert_false(wmrec_monitor_is_permanent(&monitor));
  }
}

static void three_refusals_in_less_than_a_minute_are_not_permanent(void **state)
{
  (void)state;
  answered("Recording", 0);
  for (uint32_t now = 5 * SECOND; now < 65 * SECOND; now += SECOND) {
    failed(WMREC_ERROR_NOT_FOUND, now);
    assert_false(wmrec_monitor_is_permanent(&monitor));
  }
  failed(WMREC_ERROR_NOT_FOUND, 65 * SECOND - 1);
  assert_false(wmrec_monitor_is_permanent(&monitor));
  failed(WMREC_ERROR_NOT_FOUND, 65 * SECOND);
  assert_true(wmrec_monitor_is_permanent(&monitor));
}

static void another_failure_between_refusals_begins_their_row_anew(void **state)
{
  (void)state;
  answered("Recording", 0);
  failed(WMREC_ERROR_UNAUTHORIZED, MINUTE);
  failed(WMREC_ERROR_UNAUTHORIZED, 2 * MINUTE);
  failed(WMREC_ERROR_TIMEOUT, 3 * MINUTE);
  failed(WMREC_ERROR_UNAUTHORIZED, 4 * MINUTE);
  assert_false(wmrec_monitor_is_permanent(&monitor));
  failed(WMREC_ERROR_FORBIDDEN, 5 * MINUTE);
  assert_false(wmrec_monitor_is_permanent(&monitor));
  failed(WMREC_ERROR_NOT_FOUND, 6 * MINUTE);
  assert_true(wmrec_monitor_is_permanent(&monitor));
}

/* The clock wraps within 60 days: the time since the first refusal looks short again. */
static void a_permanent_refusal_stays_permanent_when_the_clock_wraps(void **state)
{
  uint32_t now = 0;

  (void)state;
  answered("Recording", now);
  for (int hours = 0; hours < 60 * 24; hours++) {
    now += HOUR;
    failed(WMREC_ERROR_UNAUTHORIZED, now);
    assert_int_equal(wmrec_monitor_is_permanent(&monitor), hours >= 2);
  }
}

static void an_error_of_the_target_is_permanent_also_after_an_answer(void **state)
{
  (void)state;
  answered("Recording", 0);
  failed(WMREC_ERROR_TLS_ROOTS, 1);
  assert_true(wmrec_monitor_is_permanent(&monitor));
}

static void a_refusal_after_another_permanent_error_may_pass(void **state)
{
  (void)state;
  answered("Recording", 0);
  failed(WMREC_ERROR_TLS_ROOTS, 1);
  failed(WMREC_ERROR_UNAUTHORIZED, 2);
  assert_false(wmrec_monitor_is_permanent(&monitor));
}

/* A key that is revoked changes nothing about the status that was true a moment ago. */
static void after_a_permanent_error_the_answer_is_current_until_it_is_stale(void **state)
{
  (void)state;
  answered("Recording", 0);
  failed(WMREC_ERROR_TLS_ROOTS, 1);
  assert_int_equal(wmrec_monitor_current(&monitor, STALE, STALE), WMREC_RECORDING);
  assert_int_equal(wmrec_monitor_current(&monitor, STALE + 1, STALE), WMREC_UNKNOWN);
}

static void the_age_of_an_answer_begins_with_the_age_that_a_cache_says(void **state)
{
  (void)state;
  answered_by_cache("100", 7000);
  assert_int_equal(wmrec_monitor_age(&monitor, 7000), 100 * SECOND);
  assert_int_equal(wmrec_monitor_age(&monitor, 8000), 101 * SECOND);
  assert_int_equal(wmrec_monitor_current(&monitor, 7000 + 80 * SECOND, STALE), WMREC_RECORDING);
  assert_int_equal(wmrec_monitor_current(&monitor, 7001 + 80 * SECOND, STALE), WMREC_UNKNOWN);
  assert_int_equal(wmrec_monitor_wait(&monitor, 7000), MINUTE);
}

static void an_answer_of_unknown_age_is_never_current(void **state)
{
  static const char *const ages[] = {"", "-1", "1.5", "soon", "1 2", "2147484", "4294967295", "99999999999999999999"};

  (void)state;
  for (size_t i = 0; i < COUNT(ages); i++) {
    answered("Recording", 0);
    answered_by_cache(ages[i], MINUTE);
    assert_int_equal(wmrec_monitor_answer(&monitor), WMREC_RECORDING);
    assert_int_equal(wmrec_monitor_age(&monitor, MINUTE), WMREC_AGE_MAX);
    assert_int_equal(wmrec_monitor_current(&monitor, MINUTE, STALE), WMREC_UNKNOWN);
  }
}

static void the_next_exchange_begins_after_the_delay_of_the_schedule(void **state)
{
  static const struct {
    int error; /* WMREC_OK: an answer */
    uint32_t least;
    uint32_t most;
  } steps[] = {
      {WMREC_OK, MINUTE, MINUTE},
      {WMREC_ERROR_TIMEOUT, 4 * SECOND, 5 * SECOND},
      {WMREC_ERROR_TIMEOUT, 119 * SECOND, 2 * MINUTE},
      {WMREC_ERROR_RESET, 239 * SECOND, 4 * MINUTE},
      {WMREC_ERROR_TLS_ROOTS, HOUR, HOUR},
      {WMREC_OK, MINUTE, MINUTE},
      {WMREC_ERROR_TIMEOUT, 4 * SECOND, 5 * SECOND},
  };

  (void)state;
  for (size_t i = 0; i < COUNT(steps); i++) {
    if (steps[i].error == WMREC_OK)
      answered("Stopped", 7000);
    else
      failed(steps[i].error, 7000);
    assert_in_range(wmrec_monitor_wait(&monitor, 7000), steps[i].least, steps[i].most);
    assert_in_range(wmrec_monitor_wait(&monitor, 7000 + steps[i].least - 1), 1, SECOND + 1);
    assert_int_equal(wmrec_monitor_wait(&monitor, 7000 + steps[i].most), 0);
  }
}

static void the_next_exchange_begins_after_the_delay_of_retry_after(void **state)
{
  (void)state;
  end("HTTP/1.1 503 No\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n", WMREC_ERROR_TIMEOUT, 0);
  assert_int_equal(wmrec_monitor_result(&monitor), WMREC_ERROR_UNAVAILABLE);
  assert_in_range(wmrec_monitor_wait(&monitor, 0), 10 * MINUTE, 11 * MINUTE);
}

static void any_number_of_failures_is_counted_without_overflow(void **state)
{
  (void)state;
  for (uint32_t i = 0; i < 1000; i++) {
    failed(WMREC_ERROR_TIMEOUT, i);
    if (i > 4)
      assert_in_range(wmrec_monitor_wait(&monitor, i), 14 * MINUTE, 15 * MINUTE);
  }
}

static void a_machine_that_slept_for_an_hour_shows_no_old_answer_and_asks_at_once(void **state)
{
  (void)state;
  answered("Recording", MINUTE);
  assert_int_equal(wmrec_monitor_current(&monitor, MINUTE + HOUR, STALE), WMREC_UNKNOWN);
  assert_int_equal(wmrec_monitor_age(&monitor, MINUTE + HOUR), HOUR);
  assert_int_equal(wmrec_monitor_wait(&monitor, MINUTE + HOUR), 0);
  answered("Stopped", MINUTE + HOUR);
  assert_int_equal(wmrec_monitor_current(&monitor, MINUTE + HOUR, STALE), WMREC_STOPPED);
  assert_int_equal(wmrec_monitor_wait(&monitor, MINUTE + HOUR), MINUTE);
}

static void the_wrap_of_the_clock_changes_nothing(void **state)
{
  (void)state;
  for (uint32_t before = 0; before <= 2 * MINUTE; before += SECOND / 2) {
    const uint32_t now = UINT32_MAX - before;

    answered("Recording", now);
    assert_int_equal(wmrec_monitor_wait(&monitor, now), MINUTE);
    assert_int_equal(wmrec_monitor_wait(&monitor, now + MINUTE - 1), 1);
    assert_int_equal(wmrec_monitor_wait(&monitor, now + MINUTE), 0);
    assert_int_equal(wmrec_monitor_age(&monitor, now + MINUTE), MINUTE);
    assert_int_equal(wmrec_monitor_current(&monitor, now + STALE, STALE), WMREC_RECORDING);
    assert_int_equal(wmrec_monitor_current(&monitor, now + STALE + 1, STALE), WMREC_UNKNOWN);
  }
}

/* The clock wraps within 60 days: the answer of the first day must not become 10 days old. */
static void an_answer_from_before_the_clock_wrapped_never_looks_fresh_again(void **state)
{
  uint32_t now = 12345;
  uint32_t youngest = 0;

  (void)state;
  answered("Recording", now);
  for (int hours = 1; hours < 60 * 24; hours++) {
    now += HOUR;
    assert_true(wmrec_monitor_age(&monitor, now) >= youngest);
    youngest = wmrec_monitor_age(&monitor, now);
    failed(WMREC_ERROR_CONNECT, now);
    assert_true(wmrec_monitor_age(&monitor, now) >= youngest);
    assert_int_equal(wmrec_monitor_current(&monitor, now, STALE), WMREC_UNKNOWN);
  }
  assert_int_equal(youngest, WMREC_AGE_MAX);
  answered("Stopped", now);
  assert_int_equal(wmrec_monitor_age(&monitor, now), 0);
}

/* A clock of 32 bits cannot tell an age of over half its range. */
static void an_answer_is_too_old_after_half_of_the_clock_s_range(void **state)
{
  (void)state;
  answered("Recording", 5000);
  failed(WMREC_ERROR_CONNECT, 5000u + INT32_MAX);
  assert_int_equal(wmrec_monitor_age(&monitor, 5000u + INT32_MAX), INT32_MAX);
  failed(WMREC_ERROR_CONNECT, 5001u + INT32_MAX);
  assert_int_equal(wmrec_monitor_age(&monitor, 5001u + INT32_MAX), WMREC_AGE_MAX);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_zeroed_monitor_has_no_answer_and_asks_now),
      TEST(an_answer_is_current_until_it_is_stale),
      TEST(a_temporary_failure_keeps_the_answer_and_its_age),
      TEST(a_refusal_before_any_answer_is_permanent_at_once),
      TEST(after_an_answer_a_refusal_is_permanent_after_three_times_over_a_minute),
      TEST(three_refusals_in_less_than_a_minute_are_not_permanent),
      TEST(another_failure_between_refusals_begins_their_row_anew),
      TEST(a_permanent_refusal_stays_permanent_when_the_clock_wraps),
      TEST(an_error_of_the_target_is_permanent_also_after_an_answer),
      TEST(a_refusal_after_another_permanent_error_may_pass),
      TEST(after_a_permanent_error_the_answer_is_current_until_it_is_stale),
      TEST(the_age_of_an_answer_begins_with_the_age_that_a_cache_says),
      TEST(an_answer_of_unknown_age_is_never_current),
      TEST(the_next_exchange_begins_after_the_delay_of_the_schedule),
      TEST(the_next_exchange_begins_after_the_delay_of_retry_after),
      TEST(any_number_of_failures_is_counted_without_overflow),
      TEST(a_machine_that_slept_for_an_hour_shows_no_old_answer_and_asks_at_once),
      TEST(the_wrap_of_the_clock_changes_nothing),
      TEST(an_answer_is_too_old_after_half_of_the_clock_s_range),
      TEST(an_answer_from_before_the_clock_wrapped_never_looks_fresh_again),
  };

  return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
