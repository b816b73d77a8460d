/* The lamp's date: which answers of a time server it accepts, and that it goes on by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define WMREC_BUILD_DATE 1700000000
#include "../../examples/lamp/clock.c"

#include "support.h"

#include <stdio.h>

static uint32_t milliseconds;
static char said[100];

uint32_t board_clock(void)
{
  return milliseconds;
}

void log_line(const char *name, const char *value)
{
  snprintf(said, sizeof said, "%s=%s", name, value);
}

static int begin(void **state)
{
  (void)state;
  date = 0;
  earliest = WMREC_BUILD_DATE;
  milliseconds = 0;
  said[0] = '\0';
  return 0;
}

static void without_an_answer_there_is_no_date(void **state)
{
  (void)state;
  milliseconds = 100000;
  assert_int_equal(clock_now(), 0);
}

static void the_date_goes_on_by_the_boards_clock_also_when_that_wraps(void **state)
{
  (void)state;
  milliseconds = UINT32_MAX - 1500;
  assert_true(wmrec_lwip_set_time(1800000000));
  assert_string_equal(said, "sntp=ok");
  for (int64_t passed = 0; passed < 10; passed++, milliseconds += 1000)
    assert_int_equal(clock_now(), 1800000000 + passed);
}

static void a_date_before_the_firmware_was_made_is_refused(void **state)
{
  (void)state;
  assert_false(wmrec_lwip_set_time(WMREC_BUILD_DATE - 1));
  assert_string_equal(said, "sntp=refused: a date in the past");
  assert_int_equal(clock_now(), 0);
  assert_false(wmrec_lwip_set_time(-1));
  assert_true(wmrec_lwip_set_time(WMREC_BUILD_DATE));
}

static void a_date_before_one_that_is_verified_is_refused_and_the_date_stays(void **state)
{
  (void)state;
  assert_true(wmrec_lwip_set_time(1800000000));
  clock_has_passed(1790000000);
  assert_int_equal(clock_now(), 1800000000);
  assert_false(wmrec_lwip_set_time(1789999999));
  assert_int_equal(clock_now(), 1800000000);
  assert_true(wmrec_lwip_set_time(1790000000));
  assert_int_equal(clock_now(), 1790000000);
  clock_has_passed(INT64_C(4294967296)); /* date.c would take it for 1970 */
  assert_int_equal(clock_now(), 1790000000);
  clock_has_passed(1780000000); /* an older proof does not undo a younger one */
  assert_false(wmrec_lwip_set_time(1789999999));
}

static void a_date_behind_one_that_is_verified_is_moved_there(void **state)
{
  (void)state;
  assert_true(wmrec_lwip_set_time(1800000000));
  clock_has_passed(1800000100);
  assert_int_equal(clock_now(), 1800000100);
  milliseconds += 5000;
  assert_int_equal(clock_now(), 1800000105);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(without_an_answer_there_is_no_date),
      TEST(the_date_goes_on_by_the_boards_clock_also_when_that_wraps),
      TEST(a_date_before_the_firmware_was_made_is_refused),
      TEST(a_date_before_one_that_is_verified_is_refused_and_the_date_stays),
      TEST(a_date_behind_one_that_is_verified_is_moved_there),
  };

  return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
