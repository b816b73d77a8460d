/* wmrec watch: ask again and again, and show what changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/stop.h"
#include "commands/turns.h"
#include "output/home_assistant.h"
#include "output/live.h"
#include "output/message.h"
#include "output/prometheus.h"
#include "output/report.h"

static const uint32_t second = 1000;

struct watch {
  const struct options *options;
  struct servers *servers;
  struct turns turns[OPTIONS_SERVERS]; /* of each server */
  struct subject subjects[SUBJECTS];   /* of all */
  int count;
  bool is_live;
  bool is_news;        /* something was asked, or went stale, since the metrics were written */
  uint32_t written_at; /* when they were */
  uint32_t shown_at;   /* when all were shown, */
  uint32_t rest;       /* and how long nothing changes that is, in ms */
};

static uint32_t least(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* How long until what is known of it goes stale, in ms; UINT32_MAX: it has. */
static uint32_t until_stale(const struct subject *subject, uint32_t now)
{
  const uint32_t stale_after = subject->client->options->stale_after;
  const uint32_t age = wmrec_monitor_age(&subject->monitor, now);

  return age <= stale_after ? stale_after - age + 1 : UINT32_MAX;
}

/* On standard error: what went wrong, if it is something new. */
static void say(struct subject *subject)
{
  const int result = wmrec_monitor_result(&subject->monitor);

  if (result == subject->said || subject->client->options->is_quiet)
    return;
  live_erase();
  if (result == WMREC_OK)
    message_recovery(subject->client);
  else
    message_failure(subject->client);
  subject->said = result;
}

/* On a terminal, a change has the time of the day with it. */
static void print_change(const struct watch *watch, const struct subject *subject, enum wmrec_recording known)
{
  const time_t seconds = time(NULL);
  char text[sizeof "23:59:59"];

  live_erase();
  if (!watch->is_live) {
    report_subject(subject, known);
    return;
  }
  strftime(text, sizeof text, "%H:%M:%S", localtime(&seconds));
  printf("%s %s %s\n", text, subject_name(subject), wmrec_recording_name(known));
}

/* What is known of it, if that has changed; in JSON also what is wrong with it. */
static void show(struct watch *watch, struct subject *subject, uint32_t now)
{
  const enum wmrec_recording known = subject_known(subject, now);
  const int result = wmrec_monitor_result(&subject->monitor);
  const bool is_json = watch->options->format == FORMAT_JSON;

  if (!subject->is_asked ||
      (subject->is_shown && known == subject->shown && !(is_json && result != subject->shown_result)))
    return;
  if (watch->options->format < FORMAT_PROMETHEUS)
    print_change(watch, subject, known);
  watch->is_news = true;
  subject->is_shown = true;
  subject->shown = known;
  subject->shown_result = result;
}

/* Shows these, and notes when they are to be shown again, as something goes stale. */
static void show_some(struct watch *watch, struct subject *subjects, int count, uint32_t now)
{
  for (struct subject *subject = subjects; subject < subjects + count; subject++) {
    const uint32_t wait = until_stale(subject, now);

    show(watch, subject, now);
    if (wait < second)
      watch->rest = least(watch->rest, now - watch->shown_at + wait);
  }
}

/* Until all are to be shown: the age on a terminal changes each second. A machine that slept notices that its answers
 * are old when this is over. */
static uint32_t time_to_show(const struct watch *watch, uint32_t now)
{
  const uint32_t passed = now - watch->shown_at;

  return passed < watch->rest ? watch->rest - passed : 0;
}

static void show_all(struct watch *watch, uint32_t now)
{
  watch->shown_at = now;
  watch->rest = second;
  show_some(watch, watch->subjects, watch->count, now);
  if (watch->is_live)
    live_draw(watch->subjects, watch->count, now);
  servers_rest();
}

/* Once nobody is to be asked, or a second after the last time: a thousand answers need not make a thousand files. */
static int write_metrics(struct watch *watch, uint32_t now)
{
  bool is_idle = true;

  if (watch->options->format != FORMAT_PROMETHEUS || !watch->is_news)
    return 0;
  for (int i = 0; i < watch->servers->count; i++)
    is_idle &= watch->turns[i].asked == NULL && watch->turns[i].wait > 0;
  if (!is_idle && now - watch->written_at < second)
    return 0;
  watch->is_news = false;
  watch->written_at = now;
  return prometheus_write(watch->subjects, watch->count, now);
}

/* An exchange has ended. */
static void note(struct watch *watch, struct turns *turns, uint32_t now)
{
  struct subject *asked = turns->asked;

  turns_note(turns, now);
  say(asked);
  watch->is_news = true;
  if (watch->options->format == FORMAT_HOME_ASSISTANT && wmrec_monitor_result(&asked->monitor) == WMREC_OK)
    home_assistant_print_state(asked);
  show_some(watch, turns->subjects, turns->count, now);
  if (watch->is_live)
    watch->rest = 0; /* the line is to be drawn again */
  turns->asked = NULL;
  client_end(turns->client);
}

static void begin(struct watch *watch, struct servers *servers)
{
  int count = 0;

  watch->options = servers->clients->options;
  watch->servers = servers;
  watch->count = subject_list(watch->subjects, servers);
  watch->is_live = live_begin(watch->options);
  for (struct turns *turns = watch->turns; count < watch->count; turns++)
    count += turns_begin(turns, watch->subjects + count, watch->count - count);
  for (int i = 0; i < watch->count && watch->options->format == FORMAT_HOME_ASSISTANT; i++)
    home_assistant_print_config(&watch->subjects[i]);
  show_all(watch, wmrec_posix_clock());
}

/* Asks who is due; sleeps until somebody is, or has answered, or something that is shown changes. Returns 0, or the
 * exit status if it could not be shown. */
static int turn(struct watch *watch)
{
  uint32_t now = wmrec_posix_clock();
  uint32_t wait = time_to_show(watch, now);
  int status;

  for (struct turns *turns = watch->turns; turns < watch->turns + watch->servers->count; turns++)
    wait = least(wait, turns_take(turns, now));
  servers_step(watch->servers, wait);
  now = wmrec_posix_clock();
  for (struct turns *turns = watch->turns; turns < watch->turns + watch->servers->count; turns++)
    if (turns->asked != NULL && turns->client->want <= 0 && stop_signal() == 0)
      note(watch, turns, now);
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
  while (status == 0 && stop_signal() == 0)
    status = turn(&watch);
  if (watch.is_live)
    putchar('\n');
  return status != 0 ? status : EXIT_SIGNAL + stop_signal();
}
