/* An id that is asked about, and what is known of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/subject.h"

#include <stdio.h>

/* How many intervals failures stretch to at most: it is a quarter of an hour for watch, and half a minute for wait. */
enum { MOST_INTERVALS = 16 };

int subject_list(struct subject *subjects, const struct servers *servers)
{
  int count = 0;

  for (int i = 0; i < servers->count; i++) {
    const struct options_server *server = servers->clients[i].server;

    for (int n = 0; n < server->id_count || n == 0; n++) {
      subjects[count].client = &servers->clients[i];
      subjects[count++].id = server->id_count > 0 ? server->ids[n] : NULL;
    }
  }
  return count;
}

void subject_note(struct subject *subject, uint32_t now, uint32_t random)
{
  const struct client *client = subject->client;
  const uint32_t interval = client->options->interval;
  const uint32_t backoff =
      interval > WMREC_SCHEDULE_MAX / MOST_INTERVALS ? WMREC_SCHEDULE_MAX : MOST_INTERVALS * interval;
  const struct wmrec_schedule schedule = {.interval = interval, .max_backoff = backoff};

  wmrec_monitor_update(&subject->monitor, &schedule, &client->exchange, now, random);
  subject->is_asked = true;
  subject->http_status = wmrec_http_status(&client->exchange);
  if (wmrec_monitor_result(&subject->monitor) == WMREC_OK)
    subject->answered_at = time(NULL);
}

enum wmrec_recording subject_known(const struct subject *subject, uint32_t now)
{
  return wmrec_monitor_current(&subject->monitor, now, subject->client->options->stale_after);
}

const char *subject_name(const struct subject *subject)
{
  static char text[2048];

  if (subject->id == NULL)
    return client_name(subject->client);
  if (subject->client->options->server_count == 1)
    return subject->id;
  snprintf(text, sizeof text, "%s/%s", client_name(subject->client), subject->id);
  return text;
}

uint32_t subject_random(void)
{
  uint32_t random = 0;

  wmrec_posix_random(&random, sizeof random);
  return random;
}
