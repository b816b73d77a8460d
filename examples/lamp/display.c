/* The text on the board's display. A row is compared by its parts, to save the memory for a copy of its text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "display.h"

#include "board.h"

enum { MINUTE = 60000 /* ms */, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* The content of a row: label, number and text, one after the other. */
struct row {
  const char *label;
  uint32_t number; /* 1 to 99; 0: the row has no number */
  const char *text;
};

static const char *status_text(enum wmrec_recording current)
{
  switch (current) {
  case WMREC_NEVER_STARTED:
    return "Never recorded";
  case WMREC_RECORDING:
    return "Recording";
  case WMREC_STOPPED:
    return "Not recording";
  case WMREC_UNKNOWN:
    break;
  }
  return "Unknown";
}

static struct row age_row(uint32_t age)
{
  if (age == WMREC_AGE_MAX)
    return (struct row){"", 0, ""};
  if (age < MINUTE)
    return (struct row){"answered ", 0, "just now"};
  if (age < HOUR)
    return (struct row){"answered ", age / MINUTE, " min ago"};
  if (age < DAY)
    return (struct row){"answered ", age / HOUR, " h ago"};
  return (struct row){"answered ", age / DAY, age < 2 * DAY ? " day ago" : " days ago"};
}

/* Appends the text, up to the end of the row. */
static void append(char *row, const char *text)
{
  size_t length = 0;

  while (row[length] != '\0')
    length++;
  while (*text != '\0' && length < BOARD_DISPLAY_COLUMNS)
    row[length++] = *text++;
  row[length] = '\0';
}

static void draw(unsigned index, const struct row *row)
{
  const char digits[] = {(char)('0' + row->number / 10), (char)('0' + row->number % 10), '\0'};
  char text[BOARD_DISPLAY_COLUMNS + 1] = "";

  append(text, row->label);
  if (row->number != 0)
    append(text, digits + (row->number < 10));
  append(text, row->text);
  board_display_row(index, text);
}

/* Draws the row if its content has changed. Returns true if it was drawn. */
static bool draw_if_changed(unsigned index, struct row row)
{
  static struct row drawn[BOARD_DISPLAY_ROWS]; /* the rows on the display; null pointers: not drawn yet */
  struct row *last = &drawn[index];

  if (row.label == last->label && row.number == last->number && row.text == last->text)
    return false;
  *last = row;
  draw(index, &row);
  return true;
}

void display_show(const char *title, enum wmrec_recording current, uint32_t age, struct display_problem problem)
{
  const struct row rows[BOARD_DISPLAY_ROWS] = {
      {"", 0, title}, {"", 0, status_text(current)}, age_row(age), {problem.label, 0, problem.text}};
  unsigned index = 0;

  while (index < BOARD_DISPLAY_ROWS && !draw_if_changed(index, rows[index]))
    index++;
}
