/* What the board's display says. It has no memory for a copy of the text: what a row is made of is compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "display.h"

#include "board.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* A row: a label, a number unless that is 0, a text. */
struct row {
  const char *label;
  uint32_t number; /* of two digits at most */
  const char *text;
};

static const char *status(enum wmrec_recording known)
{
  switch (known) {
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

static struct row answered(uint32_t age)
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

/* Adds as much of the text as there is room for. */
static void append(char *row, const char *text)
{
  size_t length = 0;

  while (row[length] != '\0')
    length++;
  while (*text != '\0' && length < BOARD_DISPLAY_COLUMNS)
    row[length++] = *text++;
  row[length] = '\0';
}

static void draw(unsigned place, const struct row *row)
{
  const char digits[] = {(char)('0' + row->number / 10), (char)('0' + row->number % 10), '\0'};
  char text[BOARD_DISPLAY_COLUMNS + 1] = "";

  append(text, row->label);
  if (row->number != 0)
    append(text, digits + (row->number < 10));
  append(text, row->text);
  board_display(place, text);
}

/* True if it had to be drawn. */
static bool draw_changed(unsigned place, struct row row)
{
  static struct row drawn[BOARD_DISPLAY_ROWS];
  struct row *last = &drawn[place];

  if (row.label == last->label && row.number == last->number && row.text == last->text)
    return false;
  *last = row;
  draw(place, &row);
  return true;
}

void display_show(const char *subject, enum wmrec_recording known, uint32_t age, struct display_problem problem)
{
  const struct row rows[BOARD_DISPLAY_ROWS] = {
      {"", 0, subject}, {"", 0, status(known)}, answered(age), {problem.label, 0, problem.text}};
  unsigned place = 0;

  while (place < BOARD_DISPLAY_ROWS && !draw_changed(place, rows[place]))
    place++;
}
