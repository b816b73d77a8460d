/* One line on a terminal that always says what is known now, and how old it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "input/duration.h"

/* A host has 255 characters at most; a path could be longer than any terminal. */
enum { MOST_OF_NAME = 400 };

static bool is_live;
static bool has_colour;
static char drawn[8192]; /* the line that stands there */

/* By indication; ECMA-48's SGR. */
static const char *const colours[] = {"\033[2m", "\033[1;31m", "\033[32m", "\033[33m", "\033[1;35m"};

bool live_begin(const struct options *options)
{
  const char *terminal = getenv("TERM");
  const char *no_colour = getenv("NO_COLOR"); /* https://no-color.org: set, and not empty */

  is_live =
      options->format == FORMAT_TEXT && isatty(STDOUT_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
  has_colour = no_colour == NULL || *no_colour == '\0';
  return is_live;
}

static size_t columns(void)
{
  struct winsize size;

  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* "jjl8y Recording 12s", "jjl8y Unknown, Recording 5m ago, timeout": what is believed, what was known, what is wrong.
 */
static void describe(char *text, size_t size, const struct subject *subject, uint32_t now)
{
  const enum wmrec_recording known = subject_known(subject, now);
  const enum wmrec_recording last = wmrec_monitor_answer(&subject->monitor);
  const uint32_t age = wmrec_monitor_age(&subject->monitor, now);
  const int result = wmrec_monitor_result(&subject->monitor);
  const char *state = subject->is_asked ? wmrec_recording_name(known) : "waiting";
  size_t length = (size_t)snprintf(text, size, "%.*s %s", MOST_OF_NAME, subject_name(subject), state);

  if (known != WMREC_UNKNOWN)
    length += (size_t)snprintf(text + length, size - length, " %s", duration_text(age));
  else if (last != WMREC_UNKNOWN)
    length += (size_t)snprintf(text + length, size - length, ", %s %s ago", wmrec_recording_name(last),
                               age == WMREC_AGE_MAX ? "long" : duration_text(age));
  if (result != WMREC_OK)
    snprintf(text + length, size - length, ", %s", wmrec_result_name(result));
}

static const char *colour(const struct subject *subject, uint32_t now)
{
  return colours[wmrec_indicate(wmrec_monitor_answer(&subject->monitor), wmrec_monitor_age(&subject->monitor, now),
                                subject->client->options->stale_after, wmrec_monitor_result(&subject->monitor))];
}

/* All of the line, with its colours. */
static void compose(char *line, size_t size, const struct subject *subjects, int count, uint32_t now)
{
  size_t left = columns() - 1; /* in the last one, some terminals go to the next line */
  size_t length = 0;

  line[0] = '\0';
  for (int i = 0; i < count && left > 0; i++) {
    char text[MOST_OF_NAME + 128];
    int written;

    describe(text, sizeof text, &subjects[i], now);
    written = snprintf(line + length, size - length, "%s%s%.*s%s", i > 0 ? "  " : "",
                       has_colour ? colour(&subjects[i], now) : "", (int)left, text, has_colour ? "\033[0m" : "");
    if (written < 0 || (size_t)written >= size - length)
      break;
    length += (size_t)written;
    left -= strlen(text) + 2 < left ? strlen(text) + 2 : left;
  }
}

void live_draw(const struct subject *subjects, int count, uint32_t now)
{
  char line[sizeof drawn];

  compose(line, sizeof line, subjects, count, now);
  if (strcmp(line, drawn) == 0)
    return;
  printf("\r\033[K%s", line);
  fflush(stdout);
  strcpy(drawn, line);
}

void live_erase(void)
{
  if (!is_live)
    return;
  fputs("\r\033[K", stdout);
  fflush(stdout);
  drawn[0] = '\0';
}
