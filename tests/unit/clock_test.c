/* The lamp's clock: which dates of SNTP it accepts, and how it counts on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define WMREC_BUILD_DATE 1700000000
#include "../../examples/lamp/clock.c"

#include "support.h"

#include <stdio.h>

static uint32_t milliseconds;
static char logged[100]; /* the last line */

uint32_t board_clock(void)
{
  return milliseconds;
}

void log_line(const char *name, const char *value)
{
  snprintf(logged, sizeof logged, "%s=%s", name, value);
}

static int set_up(void **state)
{
  (void)state;
  date = 0;
  earliest = WMREC_BUILD_DATE;
  milliseconds = 0;
  logged[0] = '\0';
  return 0;
}

static void without_an_answer_the_date_is_not_set(void **state)
{
  (void)state;
  milliseconds = 100000;
  assert_int_equal(clock_now(), 0);
}

static void the_date_counts_on_while_the_clock_of_the_board_wraps(void **state)
{
  (void)state;
  milliseconds = UINT32_MAX - 1500;
  assert_true(wmrec_lwip_set_time(1800000000));
  assert_string_equal(logged, "sntp=ok");
  for (int64_t passed = 0; passed < 10; passed++, milliseconds += 1000)
    assert_int_equal(clock_now(), 1800000000 + passed);
}

static void a_date_before_the_build_date_is_refused(void **state)
{
  (void)state;
  assert_false(wmrec_lwip_set_time(WMREC_BUILD_DATE - 1));
  assert_string_equal(logged, "sntp=refused: a date in the past");
  assert_int_equal(clock_now(), 0);
  assert_false(wmrec_lwip_set_time(-1));
  assert_true(wmrec_lwip_set_time(WMREC_BUILD_DATE));
}

static void a_date_before_the_earliest_is_refused_and_the_date_stays(void **state)
{
  (void)state;
  assert_true(wmrec_lwip_set_time(1800000000));
  clock_raise_earliest(1790000000);
  assert_int_equal(clock_now(), 1800000000);
  assert_false(wmrec_lwip_set_time(1789999999));
  assert_int_equal(clock_now(), 1800000000);
  assert_true(wmrec_lwip_set_time(1790000000));
  assert_int_equal(clock_now(), 1790000000);
  clock_raise_earliest(INT64_C(4294967296)); /* gmtime.c would read it as 1970 */
  assert_int_equal(clock_now(), 1790000000);
  clock_raise_earliest(1780000000); /* an earlier date does not lower it */
  assert_false(wmrec_lwip_set_time(1789999999));
}

static void raising_the_earliest_date_moves_an_earlier_date_to_it(void **state)
{
  (void)state;
  assert_true(wmrec_lwip_set_time(1800000000));
  clock_raise_earliest(1800000100);
  assert_int_equal(clock_now(), 1800000100);
  milliseconds += 5000;
  assert_int_equal(clock_now(), 1800000105);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(without_an_answer_the_date_is_not_set),
      TEST(the_date_counts_on_while_the_clock_of_the_board_wraps),
      TEST(a_date_before_the_build_date_is_refused),
      TEST(a_date_before_the_earliest_is_refused_and_the_date_stays),
      TEST(raising_the_earliest_date_moves_an_earlier_date_to_it),
  };

  return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
