/* watch on a terminal: a line that is redrawn, with each status and its age.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/status_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "input/duration.h"
#include "output/message.h"

/* Maximum length of a name in the line. A host has at most 255 characters, but a path may be longer. */
enum { NAME_MAX_LENGTH = 400 };

static bool is_used; /* there is a status line */
static bool has_colour;
static char drawn[8192]; /* the line on the terminal; empty: none */

/* By enum wmrec_indication. ECMA-48, SGR: faint; bold red; green; yellow; bold magenta. */
static const char *const colours[] = {"\033[2m", "\033[1;31m", "\033[32m", "\033[33m", "\033[1;35m"};

bool status_line_begin(const struct options *options)
{
  const char *terminal = getenv("TERM");
  const char *no_colour = getenv("NO_COLOR"); /* https://no-color.org */

  is_used =
      options->format == FORMAT_TEXT && isatty(STDOUT_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
  has_colour = no_colour == NULL || *no_colour == '\0';
  return is_used;
}

static size_t columns(void)
{
  struct winsize size;

  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* Writes "jjl8y Recording 12s" or "jjl8y Unknown, Recording 5m ago, timeout": the current status and its age, or the
 * last answer; then the error. */
static void describe(char *text, size_t size, const struct mock_api *mock_api, uint32_t now)
{
  const enum wmrec_recording current = mock_api_current(mock_api, now);
  const enum wmrec_recording last = wmrec_monitor_answer(&mock_api->monitor);
  const uint32_t age = wmrec_monitor_age(&mock_api->monitor, now);
  const char *state = mock_api->is_asked ? wmrec_recording_name(current) : "waiting";
  size_t length = (size_t)snprintf(text, size, "%.*s %s", NAME_MAX_LENGTH, mock_api_name(mock_api), state);

  if (current != WMREC_UNKNOWN)
    length += (size_t)snprintf(text + length, size - length, " %s", duration_text(age));
  else if (last != WMREC_UNKNOWN)
    length += (size_t)snprintf(text + length, size - length, ", %s %s ago", wmrec_recording_name(last),
                               age == WMREC_AGE_MAX ? "long" : duration_text(age));
  if (mock_api->result != WMREC_OK)
    snprintf(text + length, size - length, ", %s", message_result_name(mock_api->result));
}

static const char *colour(const struct mock_api *mock_api, uint32_t now)
{
  return colours[wmrec_indicate(&mock_api->monitor, now, mock_api->client->options->stale_after)];
}

/* Writes the line with its colours, cut at the width of the terminal. */
static void compose(char *line, size_t size, const struct mock_api *mock_apis, int count, uint32_t now)
{
  size_t left = columns() - 1; /* some terminals begin a new line after the last column */
  size_t length = 0;

  line[0] = '\0';
  for (int i = 0; i < count && left > 0; i++) {
    char text[NAME_MAX_LENGTH + 128];
    int written;

    describe(text, sizeof text, &mock_apis[i], now);
    written = snprintf(line + length, size - length, "%s%s%.*s%s", i > 0 ? "  " : "",
                       has_colour ? colour(&mock_apis[i], now) : "", (int)left, text, has_colour ? "\033[0m" : "");
    if (written < 0 || (size_t)written >= size - length)
      break;
    length += (size_t)written;
    left -= strlen(text) + 2 < left ? strlen(text) + 2 : left;
  }
}

void status_line_draw(const struct mock_api *mock_apis, int count, uint32_t now)
{
  char line[sizeof drawn];

  compose(line, sizeof line, mock_apis, count, now);
  if (strcmp(line, drawn) == 0)
    return;
  printf("\r\033[K%s", line);
  fflush(stdout);
  strcpy(drawn, line);
}

void status_line_erase(void)
{
  if (!is_used)
    return;
  fputs("\r\033[K", stdout);
  fflush(stdout);
  drawn[0] = '\0';
}
