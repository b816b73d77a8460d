/* What the board's display says: examples/lamp/display.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "display.h"
#include "support.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct display_problem none = {"", ""};

/* A board that remembers what it was given. */
static char shown[BOARD_DISPLAY_ROWS][BOARD_DISPLAY_COLUMNS + 1];
static unsigned drawn; /* rows, since it was set to 0 */

void board_display(unsigned row, const char *text)
{
  assert_true(row < BOARD_DISPLAY_ROWS && strlen(text) <= BOARD_DISPLAY_COLUMNS);
  strcpy(shown[row], text);
  drawn++;
}

/* Calls until nothing is drawn any more, which each call does one row for. */
static unsigned show(const char *subject, enum wmrec_recording known, uint32_t age, struct display_problem problem)
{
  unsigned rows = 0;

  do {
    drawn = 0;
    display_show(subject, known, age, problem);
    assert_true(drawn <= 1);
    rows += drawn;
    assert_true(rows <= BOARD_DISPLAY_ROWS);
  } while (drawn > 0);
  return rows;
}

static void each_row_is_drawn_at_first_if_only_to_be_empty(void **state)
{
  (void)state;
  memset(shown, 'x', sizeof shown);
  assert_int_equal(show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, none), BOARD_DISPLAY_ROWS);
  assert_string_equal(shown[0], "jjl8y");
  assert_string_equal(shown[1], "Unknown");
  assert_string_equal(shown[2], "");
  assert_string_equal(shown[3], "");
}

static void each_status_has_words_and_only_one_of_them_begins_with_recording(void **state)
{
  static const char *const words[] = {"Unknown", "Never recorded", "Recording", "Not recording"};

  (void)state;
  for (size_t i = 0; i < COUNT(words); i++) {
    show("jjl8y", (enum wmrec_recording)i, 0, none);
    assert_string_equal(shown[1], words[i]);
  }
}

static void an_age_is_told_in_the_largest_unit_that_has_passed(void **state)
{
  static const struct {
    uint32_t age;
    const char *words;
  } ages[] = {
      {0, "answered just now"},
      {MINUTE - 1, "answered just now"},
      {MINUTE, "answered 1 min ago"},
      {10 * MINUTE, "answered 10 min ago"},
      {HOUR - 1, "answered 59 min ago"},
      {HOUR, "answered 1 h ago"},
      {DAY - 1, "answered 23 h ago"},
      {DAY, "answered 1 day ago"},
      {2 * DAY - 1, "answered 1 day ago"},
      {2 * DAY, "answered 2 days ago"},
      {WMREC_AGE_MAX - 1, "answered 49 days ago"},
      {WMREC_AGE_MAX, ""},
  };

  (void)state;
  for (size_t i = 0; i < COUNT(ages); i++) {
    show("jjl8y", WMREC_STOPPED, ages[i].age, none);
    assert_string_equal(shown[2], ages[i].words);
  }
}

static void what_is_wrong_is_told_and_goes_when_it_is_mended(void **state)
{
  (void)state;
  show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, (struct display_problem){"waiting for ", "an answer"});
  assert_string_equal(shown[3], "waiting for an answer");
  show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, (struct display_problem){"", wmrec_result_name(WMREC_ERROR_TIMEOUT)});
  assert_string_equal(shown[3], "timeout");
  show("jjl8y", WMREC_STOPPED, 0, none);
  assert_string_equal(shown[3], "");
}

static void what_is_longer_than_a_row_is_cut(void **state)
{
  (void)state;
  show("a-host-of-a-long-name.example", WMREC_STOPPED, 0, (struct display_problem){"settings of a long ", "name"});
  assert_string_equal(shown[0], "a-host-of-a-long-name");
  assert_string_equal(shown[3], "settings of a long na");
}

static void only_what_has_changed_is_drawn_and_not_each_second(void **state)
{
  (void)state;
  show("jjl8y", WMREC_STOPPED, 3 * MINUTE, none);
  for (uint32_t age = 3 * MINUTE; age < 4 * MINUTE; age += SECOND)
    assert_int_equal(show("jjl8y", WMREC_STOPPED, age, none), 0);
  assert_int_equal(show("jjl8y", WMREC_STOPPED, 4 * MINUTE, none), 1);
  assert_int_equal(show("jjl8y", WMREC_RECORDING, 4 * MINUTE, none), 1);
  assert_string_equal(shown[1], "Recording");
  assert_int_equal(show("jjl8y", WMREC_RECORDING, 4 * HOUR, none), 1);
  assert_string_equal(shown[2], "answered 4 h ago");
  assert_int_equal(show("k2m9q", WMREC_STOPPED, 0, (struct display_problem){"", "reset"}), BOARD_DISPLAY_ROWS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_row_is_drawn_at_first_if_only_to_be_empty),
      cmocka_unit_test(each_status_has_words_and_only_one_of_them_begins_with_recording),
      cmocka_unit_test(an_age_is_told_in_the_largest_unit_that_has_passed),
      cmocka_unit_test(what_is_wrong_is_told_and_goes_when_it_is_mended),
      cmocka_unit_test(what_is_longer_than_a_row_is_cut),
      cmocka_unit_test(only_what_has_changed_is_drawn_and_not_each_second),
  };

  return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
