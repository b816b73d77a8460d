/* wmrec watch: ask again and again, and show what changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "commands.h"
#include "home_assistant.h"
#include "live.h"
#include "message.h"
#include "prometheus.h"
#include "report.h"
#include "stop.h"

static const uint32_t second = 1000;

struct watch {
  struct client *client;
  struct subject subjects[OPTIONS_IDS];
  int count;
  int last; /* the subject that was asked last */
  bool is_live;
  bool is_news;        /* something was asked, or went stale, since the metrics were written */
  uint32_t written_at; /* when they were */
};

static uint32_t least(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* The subject to be asked now, the next one after the last one's turn; NULL: none is, for *wait ms. */
static struct subject *next_due(struct watch *watch, uint32_t now, uint32_t *wait)
{
  *wait = UINT32_MAX;
  for (int i = 1; i <= watch->count; i++) {
    const int turn = (watch->last + i) % watch->count;
    const uint32_t its_wait = wmrec_monitor_wait(&watch->subjects[turn].monitor, now);

    if (its_wait == 0) {
      watch->last = turn;
      return &watch->subjects[turn];
    }
    *wait = least(*wait, its_wait);
  }
  return NULL;
}

/* How long until something that is shown goes stale, in ms. */
static uint32_t until_stale(const struct watch *watch, uint32_t now)
{
  const uint32_t stale_after = watch->client->options->stale_after;
  uint32_t wait = UINT32_MAX;

  for (int i = 0; i < watch->count; i++) {
    const uint32_t age = wmrec_monitor_age(&watch->subjects[i].monitor, now);

    if (age <= stale_after && stale_after - age < wait)
      wait = stale_after - age + 1;
  }
  return wait;
}

/* On standard error: what went wrong, if it is something new. */
static void say(const struct watch *watch, struct subject *subject)
{
  const int result = wmrec_monitor_result(&subject->monitor);

  if (result == subject->said || watch->client->options->is_quiet)
    return;
  live_erase();
  if (result == WMREC_OK)
    message_recovery(watch->client);
  else
    message_failure(watch->client);
  subject->said = result;
}

/* On a terminal, a change has the time of the day with it. */
static void print_change(const struct watch *watch, const struct subject *subject, enum wmrec_recording known)
{
  const time_t seconds = time(NULL);
  char text[sizeof "23:59:59"];

  live_erase();
  if (!watch->is_live) {
    report_subject(subject, watch->client, known);
    return;
  }
  strftime(text, sizeof text, "%H:%M:%S", localtime(&seconds));
  printf("%s %s %s\n", text, subject_name(subject, watch->client), wmrec_recording_name(known));
}

/* What is known of it, if that has changed; in JSON also what is wrong with it. */
static void show(struct watch *watch, struct subject *subject, uint32_t now)
{
  const enum wmrec_recording known = subject_known(subject, watch->client, now);
  const int result = wmrec_monitor_result(&subject->monitor);
  const bool is_json = watch->client->options->format == FORMAT_JSON;

  if (!subject->is_asked ||
      (subject->is_shown && known == subject->shown && !(is_json && result != subject->shown_result)))
    return;
  if (watch->client->options->format < FORMAT_PROMETHEUS)
    print_change(watch, subject, known);
  watch->is_news = true;
  subject->is_shown = true;
  subject->shown = known;
  subject->shown_result = result;
}

/* Once nobody is to be asked, or a second after the last time: a thousand answers need not make a thousand files. */
static int write_metrics(struct watch *watch, uint32_t now, bool is_idle)
{
  if (watch->client->options->format != FORMAT_PROMETHEUS || !watch->is_news ||
      (!is_idle && now - watch->written_at < second))
    return 0;
  watch->is_news = false;
  watch->written_at = now;
  return prometheus_write(watch->client, watch->subjects, watch->count, now);
}

/* Shows what is to be shown now. Returns 0, or the exit status if that failed. */
static int show_all(struct watch *watch, bool is_idle)
{
  const uint32_t now = wmrec_posix_clock();
  int status;

  for (int i = 0; i < watch->count; i++)
    show(watch, &watch->subjects[i], now);
  if (watch->is_live)
    live_draw(watch->client, watch->subjects, watch->count, now);
  status = report_flush();
  return status != 0 ? status : write_metrics(watch, now, is_idle);
}

/* How long nothing changes that is shown: the age on a terminal does each second. A machine that slept notices that
 * its answers are old when this is over. */
static uint32_t time_to_show(const struct watch *watch)
{
  return least(until_stale(watch, wmrec_posix_clock()), second);
}

/* True if it says nothing about the one subject that was asked about, but that nobody answered. */
static bool is_unreachable(const struct client *client)
{
  const int result = wmrec_result(&client->exchange);

  return result < 0 && wmrec_http_status(&client->exchange) == 0 && !wmrec_is_lasting(result);
}

/* Meanwhile, what is shown grows older. Returns 0, or the exit status if it could not be shown. */
static int ask(struct watch *watch, const struct subject *subject)
{
  struct client *client = watch->client;
  int status = 0;

  client_begin(client, subject->id, client->options->max_time);
  while (client_step(client, time_to_show(watch)) > 0 && status == 0)
    status = show_all(watch, false);
  return status;
}

/* Takes note of the answer about one. If the server cannot be reached, that goes for all that are due, and they need
 * not try it as well. */
static void note(struct watch *watch, struct subject *asked)
{
  const struct client *client = watch->client;
  const uint32_t now = wmrec_posix_clock();
  const uint32_t random = subject_random();

  for (struct subject *subject = watch->subjects; subject < watch->subjects + watch->count; subject++)
    if (subject == asked || (is_unreachable(client) && wmrec_monitor_wait(&subject->monitor, now) == 0))
      subject_note(subject, client, now, random);
  say(watch, asked);
  watch->is_news = true;
  if (client->options->format == FORMAT_HOME_ASSISTANT && wmrec_result(&client->exchange) == WMREC_OK)
    home_assistant_print_state(asked, client);
}

static void begin(struct watch *watch)
{
  const struct options *options = watch->client->options;

  watch->count = options->id_count > 0 ? options->id_count : 1;
  watch->last = watch->count - 1;
  watch->is_live = live_begin(options);
  for (int i = 0; i < watch->count; i++) {
    watch->subjects[i].id = options->id_count > 0 ? options->ids[i] : NULL;
    if (options->format == FORMAT_HOME_ASSISTANT)
      home_assistant_print_config(&watch->subjects[i], watch->client);
  }
}

/* Asks who is due; or sleeps until somebody is, or something that is shown changes. */
static int take_turn(struct watch *watch)
{
  uint32_t wait;
  struct subject *due = next_due(watch, wmrec_posix_clock(), &wait);
  int status = 0;

  if (due == NULL) {
    stop_sleep(least(wait, time_to_show(watch)));
  } else {
    status = ask(watch, due);
    if (status == 0 && stop_signal() == 0)
      note(watch, due);
  }
  return status != 0 ? status : show_all(watch, due == NULL);
}

int command_watch(struct client *client)
{
  static struct watch watch;
  int status;

  watch.client = client;
  begin(&watch);
  status = show_all(&watch, false);
  while (status == 0 && stop_signal() == 0)
    status = take_turn(&watch);
  if (watch.is_live)
    putchar('\n');
  return status != 0 ? status : EXIT_SIGNAL + stop_signal();
}
