/* wmrec watch: asks repeatedly, and shows what changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "commands/commands.h"
#include "input/duration.h"
#include "net/mock_api.h"
#include "output/home_assistant.h"
#include "output/message.h"
#include "output/prometheus.h"
#include "output/report.h"
#include "output/status_line.h"
#include "system/signals.h"

/* Times are by wmrec_posix_clock(), in ms. */
struct watch {
  const struct options *options;
  struct servers *servers;
  struct poller pollers[OPTIONS_SERVERS];  /* one for each server */
  struct mock_api mock_apis[MOCK_API_MAX]; /* of all servers */
  int count;                               /* of mock_apis */
  bool has_status_line;
  bool is_refused;     /* a 401 came, so the file of the key is read again */
  bool is_reload_due;  /* SIGHUP came, so all files are read again */
  bool is_changed;     /* an exchange ended, or a status became stale, since the metrics were written */
  uint32_t written_at; /* when the metrics were written last */
  uint32_t shown_at;   /* when show_all() was called last */
  uint32_t show_after; /* the time from shown_at to the next show_all() */
};

/* Returns the time until the status becomes stale, in ms; UINT32_MAX: it is stale. */
static uint32_t time_to_stale(const struct mock_api *mock_api, uint32_t now)
{
  const uint32_t stale_after = mock_api->client->options->stale_after;
  const uint32_t age = wmrec_monitor_age(&mock_api->monitor, now);

  return age <= stale_after ? stale_after - age + 1 : UINT32_MAX;
}

/* Prints a message about an error, or about the recovery from one, once if it repeats. */
static void report_result(struct mock_api *mock_api)
{
  const int result = mock_api->result;

  if (result == mock_api->reported_result || mock_api->client->options->is_quiet)
    return;
  status_line_erase();
  if (result == WMREC_OK)
    message_recovery(mock_api->client);
  else
    message_failure(mock_api->client, result);
  mock_api->reported_result = result;
}

/* Prints a line; on a terminal, with the time of day. */
static void print_change(const struct watch *watch, const struct mock_api *mock_api, enum wmrec_recording status)
{
  const time_t seconds = time(NULL);
  char text[sizeof "23:59:59"];

  status_line_erase();
  if (!watch->has_status_line) {
    report_current(mock_api, status);
    return;
  }
  strftime(text, sizeof text, "%H:%M:%S", localtime(&seconds));
  printf("%s %s %s\n", text, mock_api_name(mock_api), wmrec_recording_name(status));
}

/* True if the status has changed since it was shown; as JSON, which has a member for it, also if the error has. */
static bool is_change(const struct mock_api *mock_api, enum wmrec_recording status)
{
  const bool is_json = mock_api->client->options->format == FORMAT_JSON;

  if (!mock_api->is_asked)
    return false;
  return !mock_api->is_shown || status != mock_api->shown_status ||
         (is_json && mock_api->result != mock_api->shown_result);
}

static void show(struct watch *watch, struct mock_api *mock_api, uint32_t now)
{
  const enum wmrec_recording status = mock_api_current(mock_api, now);

  if (!is_change(mock_api, status))
    return;
  if (watch->options->format == FORMAT_TEXT || watch->options->format == FORMAT_JSON)
    print_change(watch, mock_api, status);
  if (watch->options->format == FORMAT_HOME_ASSISTANT && status == WMREC_UNKNOWN && mock_api->is_shown)
    home_assistant_print_state(mock_api, status);
  watch->is_changed = true;
  mock_api->is_shown = true;
  mock_api->shown_status = status;
  mock_api->shown_result = mock_api->result;
}

/* Shows changes of these mock APIs. If one becomes stale soon, the next show_all() is then. */
static void show_some(struct watch *watch, struct mock_api *mock_apis, int count, uint32_t now)
{
  for (struct mock_api *mock_api = mock_apis; mock_api < mock_apis + count; mock_api++) {
    const uint32_t wait = time_to_stale(mock_api, now);

    show(watch, mock_api, now);
    if (wait < DURATION_SECOND)
      watch->show_after = duration_min(watch->show_after, now - watch->shown_at + wait);
  }
}

/* Returns the time until show_all() is due, in ms; 0: now. */
static uint32_t time_to_show(const struct watch *watch, uint32_t now)
{
  const uint32_t passed = now - watch->shown_at;

  return passed < watch->show_after ? watch->show_after - passed : 0;
}

/* It is called each second, as the status line has ages. So a machine that slept soon finds that its answers are
 * stale. */
static void show_all(struct watch *watch, uint32_t now)
{
  watch->shown_at = now;
  watch->show_after = DURATION_SECOND;
  show_some(watch, watch->mock_apis, watch->count, now);
  if (watch->has_status_line)
    status_line_draw(watch->mock_apis, watch->count, now);
  servers_release_memory(watch->servers);
}

/* Writes the metrics when no request is due; while requests are due, at most once a second: a thousand answers must not
 * cause a thousand files. Returns 0; or the exit status, after a message. */
static int write_metrics(struct watch *watch, uint32_t now)
{
  bool is_idle = true;

  if (watch->options->format != FORMAT_PROMETHEUS || !watch->is_changed)
    return 0;
  for (int i = 0; i < watch->servers->count; i++)
    is_idle &= poller_is_idle(&watch->pollers[i]);
  if (!is_idle && now - watch->written_at < DURATION_SECOND)
    return 0;
  watch->is_changed = false;
  watch->written_at = now;
  return prometheus_write(watch->mock_apis, watch->count, now);
}

/* Records and shows an exchange that has ended. */
static void end_exchange(struct watch *watch, struct poller *poller, uint32_t now)
{
  struct mock_api *mock_api = poller->current;

  poller_record(poller, now);
  watch->is_refused |= mock_api->result == WMREC_ERROR_UNAUTHORIZED && servers_may_read_token_again(watch->servers);
  report_result(mock_api);
  watch->is_changed = true;
  if (watch->options->format == FORMAT_HOME_ASSISTANT && mock_api->result == WMREC_OK)
    home_assistant_print_state(mock_api, wmrec_monitor_answer(&mock_api->monitor));
  show_some(watch, poller->mock_apis, poller->count, now);
  if (watch->has_status_line)
    watch->show_after = 0; /* the status line must be drawn again */
  poller->current = NULL;
  client_end(poller->client);
}

static void begin(struct watch *watch, struct servers *servers)
{
  int count = 0;

  watch->options = servers->clients->options;
  watch->servers = servers;
  watch->count = mock_api_list(watch->mock_apis, servers);
  watch->has_status_line = status_line_begin(watch->options);
  for (struct poller *poller = watch->pollers; count < watch->count; poller++)
    count += poller_init(poller, watch->mock_apis + count, watch->count - count);
  for (int i = 0; i < watch->count && watch->options->format == FORMAT_HOME_ASSISTANT; i++)
    home_assistant_print_config(&watch->mock_apis[i]);
  show_all(watch, wmrec_posix_clock());
}

/* Reads the key again after a 401, and all files after SIGHUP. Asks again at once where that may help. */
static void read_again(struct watch *watch)
{
  const bool is_all = watch->is_reload_due;
  bool is_read;

  status_line_erase();
  if (is_all)
    is_read = servers_read_again(watch->servers);
  else
    is_read = servers_read_token_again(watch->servers) == SERVERS_TOKEN_NEW;
  if (is_all && is_read && !watch->options->is_quiet)
    fputs("wmrec: SIGHUP: the files were read again.\n", stderr);
  for (int i = 0; i < watch->servers->count && (is_all || is_read); i++)
    poller_restart(&watch->pollers[i], !is_all);
  watch->is_refused = watch->is_reload_due = false;
  watch->show_after = 0;
}

/* Begins the requests that are due, waits until something is to be done, and does it. Returns 0; or the exit status if
 * the output cannot be written. */
static int step(struct watch *watch)
{
  struct poller *const end = watch->pollers + watch->servers->count;
  uint32_t now = wmrec_posix_clock();
  uint32_t wait;
  int status;

  watch->is_reload_due |= signals_take_reload();
  if (watch->is_refused || watch->is_reload_due)
    read_again(watch);
  wait = time_to_show(watch, now);
  for (struct poller *poller = watch->pollers; poller < end; poller++)
    wait = duration_min(wait, poller_begin_next(poller, now));
  servers_step(watch->servers, wait);
  if (watch->servers->is_reader_gone && signals_received() == 0)
    return report_lost_reader();
  now = wmrec_posix_clock();
  for (struct poller *poller = watch->pollers; poller < end; poller++)
    if (poller->current != NULL && poller->client->want <= 0 && signals_received() == 0)
      end_exchange(watch, poller, now);
  if (time_to_show(watch, now) == 0)
    show_all(watch, now);
  status = report_flush();
  return status != 0 ? status : write_metrics(watch, now);
}

int command_watch(struct servers *servers)
{
  static struct watch watch;
  int status;

  begin(&watch, servers);
  status = report_flush();
  while (status == 0 && signals_received() == 0)
    status = step(&watch);
  if (watch.has_status_line)
    putchar('\n');
  if (watch.options->format == FORMAT_PROMETHEUS && status == 0)
    status = prometheus_end(watch.mock_apis, watch.count);
  return status != 0 ? status : EXIT_SIGNAL + signals_received();
}
