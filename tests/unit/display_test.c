/* The text on the board's display: examples/lamp/display.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "display.h"
#include "support.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct display_problem no_problem = {"", ""};

/* A board that stores the rows that it draws. */
static char shown[BOARD_DISPLAY_ROWS][BOARD_DISPLAY_COLUMNS + 1];
static unsigned drawn; /* rows drawn since the counter was set to 0 */

void board_display_row(unsigned row, const char *text)
{
  assert_true(row < BOARD_DISPLAY_ROWS && strlen(text) <= BOARD_DISPLAY_COLUMNS);
  strcpy(shown[row], text);
  drawn++;
}

/* Calls display_show() until it draws nothing. Each call must draw one row at most. Returns the number of rows drawn.
 */
static unsigned show(const char *title, enum wmrec_recording current, uint32_t age, struct display_problem problem)
{
  unsigned rows = 0;

  do {
    drawn = 0;
    display_show(title, current, age, problem);
    assert_true(drawn <= 1);
    rows += drawn;
    assert_true(rows <= BOARD_DISPLAY_ROWS);
  } while (drawn > 0);
  return rows;
}

static void at_first_every_row_is_drawn_even_an_empty_one(void **state)
{
  (void)state;
  memset(shown, 'x', sizeof shown);
  assert_int_equal(show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, no_problem), BOARD_DISPLAY_ROWS);
  assert_string_equal(shown[0], "jjl8y");
  assert_string_equal(shown[1], "Unknown");
  assert_string_equal(shown[2], "");
  assert_string_equal(shown[3], "");
}

static void each_status_has_its_own_text(void **state)
{
  static const char *const texts[] = {"Unknown", "Never recorded", "Recording", "Not recording"};

  (void)state;
  for (size_t i = 0; i < COUNT(texts); i++) {
    show("jjl8y", (enum wmrec_recording)i, 0, no_problem);
    assert_string_equal(shown[1], texts[i]);
  }
}

static void an_age_is_shown_in_its_largest_full_unit(void **state)
{
  static const struct {
    uint32_t age;
    const char *text;
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
    show("jjl8y", WMREC_STOPPED, ages[i].age, no_problem);
    assert_string_equal(shown[2], ages[i].text);
  }
}

static void a_problem_is_shown_until_it_is_solved(void **state)
{
  (void)state;
  show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, (struct display_problem){"waiting for ", "an answer"});
  assert_string_equal(shown[3], "waiting for an answer");
  show("jjl8y", WMREC_UNKNOWN, WMREC_AGE_MAX, (struct display_problem){"", wmrec_result_name(WMREC_ERROR_TIMEOUT)});
  assert_string_equal(shown[3], "timeout");
  show("jjl8y", WMREC_STOPPED, 0, no_problem);
  assert_string_equal(shown[3], "");
}

static void text_longer_than_a_row_is_cut(void **state)
{
  (void)state;
  show("a-host-of-a-long-name.example", WMREC_STOPPED, 0, (struct display_problem){"settings of a long ", "name"});
  assert_string_equal(shown[0], "a-host-of-a-long-name");
  assert_string_equal(shown[3], "settings of a long na");
}

static void only_changed_rows_are_drawn(void **state)
{
  (void)state;
  show("jjl8y", WMREC_STOPPED, 3 * MINUTE, no_problem);
  for (uint32_t age = 3 * MINUTE; age < 4 * MINUTE; age += SECOND)
    assert_int_equal(show("jjl8y", WMREC_STOPPED, age, no_problem), 0);
  assert_int_equal(show("jjl8y", WMREC_STOPPED, 4 * MINUTE, no_problem), 1);
  assert_int_equal(show("jjl8y", WMREC_RECORDING, 4 * MINUTE, no_problem), 1);
  assert_string_equal(shown[1], "Recording");
  assert_int_equal(show("jjl8y", WMREC_RECORDING, 4 * HOUR, no_problem), 1);
  assert_string_equal(shown[2], "answered 4 h ago");
  assert_int_equal(show("k2m9q", WMREC_STOPPED, 0, (struct display_problem){"", "reset"}), BOARD_DISPLAY_ROWS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(at_first_every_row_is_drawn_even_an_empty_one),
      cmocka_unit_test(each_status_has_its_own_text),
      cmocka_unit_test(an_age_is_shown_in_its_largest_full_unit),
      cmocka_unit_test(a_problem_is_shown_until_it_is_solved),
      cmocka_unit_test(text_longer_than_a_row_is_cut),
      cmocka_unit_test(only_changed_rows_are_drawn),
  };

  return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
