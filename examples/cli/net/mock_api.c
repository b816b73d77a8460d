/* The mock APIs that are asked about, and what is known of each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/mock_api.h"

#include <stdio.h>

#include "input/duration.h"
#include "output/message.h"

/* The maximum backoff, in intervals: 16 minutes for watch, 32 seconds for wait, by default. */
enum { MAX_BACKOFF = 16 };

int mock_api_list(struct mock_api *mock_apis, const struct servers *servers)
{
  int count = 0;

  for (int i = 0; i < servers->count; i++) {
    const struct options_server *server = servers->clients[i].server;

    for (int n = 0; n < server->id_count || n == 0; n++) {
      mock_apis[count].client = &servers->clients[i];
      mock_apis[count++].id = server->id_count > 0 ? server->ids[n] : NULL;
    }
  }
  return count;
}

/* Records what the monitor does not have: the time of day, and that a cache's answer is too old. */
static void record_answer(struct mock_api *mock_api)
{
  const struct client *client = mock_api->client;
  const uint32_t age = wmrec_answer_age(&client->exchange);

  mock_api->answered_at = age == WMREC_AGE_MAX ? 0 : time(NULL) - (time_t)(age / DURATION_SECOND);
  if (age > client->options->stale_after)
    mock_api->result = RESULT_OLD;
}

void mock_api_update(struct mock_api *mock_api, uint32_t now, uint32_t random)
{
  const struct client *client = mock_api->client;
  const uint32_t interval = client->options->interval;
  const uint32_t backoff = interval > WMREC_SCHEDULE_MAX / MAX_BACKOFF ? WMREC_SCHEDULE_MAX : MAX_BACKOFF * interval;
  const struct wmrec_schedule schedule = {.interval = interval, .max_backoff = backoff};

  wmrec_monitor_update(&mock_api->monitor, &schedule, &client->exchange, now, random);
  mock_api->is_asked = true;
  mock_api->is_due = false;
  mock_api->result = wmrec_monitor_result(&mock_api->monitor);
  mock_api->http_status = wmrec_http_status(&client->exchange);
  if (mock_api->result == WMREC_OK)
    record_answer(mock_api);
}

uint32_t mock_api_wait(const struct mock_api *mock_api, uint32_t now)
{
  return mock_api->is_due ? 0 : wmrec_monitor_wait(&mock_api->monitor, now);
}

enum wmrec_recording mock_api_current(const struct mock_api *mock_api, uint32_t now)
{
  return wmrec_monitor_current(&mock_api->monitor, now, mock_api->client->options->stale_after);
}

const char *mock_api_name(const struct mock_api *mock_api)
{
  static char text[2048];

  if (mock_api->id == NULL)
    return client_name(mock_api->client);
  if (mock_api->client->options->server_count == 1)
    return mock_api->id;
  snprintf(text, sizeof text, "%s/%s", client_name(mock_api->client), mock_api->id);
  return text;
}

uint32_t mock_api_random(void)
{
  uint32_t random = 0;

  wmrec_posix_random(&random, sizeof random);
  return random;
}

int poller_init(struct poller *poller, struct mock_api *mock_apis, int count)
{
  *poller = (struct poller){.client = mock_apis->client, .mock_apis = mock_apis};
  while (poller->count < count && mock_apis[poller->count].client == poller->client)
    poller->count++;
  poller->last = poller->count - 1;
  return poller->count;
}

/* Returns the first mock API after the last one that is due; NULL: none is. */
static struct mock_api *find_due(struct poller *poller, uint32_t now)
{
  poller->searched_at = now;
  poller->idle_time = UINT32_MAX;
  for (int i = 1; i <= poller->count; i++) {
    const int next = (poller->last + i) % poller->count;
    const uint32_t wait = mock_api_wait(&poller->mock_apis[next], now);

    if (wait == 0) {
      poller->last = next;
      return &poller->mock_apis[next];
    }
    poller->idle_time = duration_min(poller->idle_time, wait);
  }
  return NULL;
}

uint32_t poller_begin_next(struct poller *poller, uint32_t now)
{
  if (poller->current != NULL)
    return UINT32_MAX;
  if (now - poller->searched_at < poller->idle_time)
    return poller->idle_time - (now - poller->searched_at);
  poller->current = find_due(poller, now);
  if (poller->current == NULL)
    return poller->idle_time;
  client_begin(poller->client, poller->current->id, poller->client->options->max_time);
  return UINT32_MAX;
}

/* True if no answer came, and the reason may pass: then it is not the id that is wrong. */
static bool is_unreachable(const struct client *client)
{
  const int result = wmrec_result(&client->exchange);

  return result < 0 && wmrec_http_status(&client->exchange) == 0 && !wmrec_is_permanent(result);
}

void poller_record(struct poller *poller, uint32_t now)
{
  const bool is_for_all = is_unreachable(poller->client);
  const uint32_t random = mock_api_random();

  for (struct mock_api *mock_api = poller->mock_apis; mock_api < poller->mock_apis + poller->count; mock_api++)
    if (mock_api == poller->current || (is_for_all && wmrec_monitor_wait(&mock_api->monitor, now) == 0))
      mock_api_update(mock_api, now, random);
  poller->idle_time = 0;
}

void poller_restart(struct poller *poller, bool only_unauthorized)
{
  for (struct mock_api *mock_api = poller->mock_apis; mock_api < poller->mock_apis + poller->count; mock_api++)
    if (!only_unauthorized || mock_api == poller->current || mock_api->result == WMREC_ERROR_UNAUTHORIZED)
      mock_api->is_due = true;
  poller->current = NULL;
  poller->idle_time = 0;
}

bool poller_is_idle(const struct poller *poller)
{
  return poller->current == NULL && poller->idle_time > 0;
}
