/* The subjects of one server, who are asked about in turn, one at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/turns.h"

int turns_begin(struct turns *turns, struct subject *subjects, int count)
{
  *turns = (struct turns){.client = subjects->client, .subjects = subjects};
  while (turns->count < count && subjects[turns->count].client == turns->client)
    turns->count++;
  turns->last = turns->count - 1;
  return turns->count;
}

/* The subject that is due, the next one after the last one's turn; NULL: none is, for `wait` ms. */
static struct subject *next_due(struct turns *turns, uint32_t now)
{
  turns->seen_at = now;
  turns->wait = UINT32_MAX;
  for (int i = 1; i <= turns->count; i++) {
    const int turn = (turns->last + i) % turns->count;
    const uint32_t wait = wmrec_monitor_wait(&turns->subjects[turn].monitor, now);

    if (wait == 0) {
      turns->last = turn;
      return &turns->subjects[turn];
    }
    turns->wait = wait < turns->wait ? wait : turns->wait;
  }
  return NULL;
}

uint32_t turns_take(struct turns *turns, uint32_t now)
{
  if (turns->asked != NULL)
    return UINT32_MAX;
  if (now - turns->seen_at < turns->wait)
    return turns->wait - (now - turns->seen_at);
  turns->asked = next_due(turns, now);
  if (turns->asked == NULL)
    return turns->wait;
  client_begin(turns->client, turns->asked->id, turns->client->options->max_time);
  return UINT32_MAX;
}

/* True if it says nothing about the one subject that was asked about, but that nobody answered. */
static bool is_unreachable(const struct client *client)
{
  const int result = wmrec_result(&client->exchange);

  return result < 0 && wmrec_http_status(&client->exchange) == 0 && !wmrec_is_permanent(result);
}

void turns_note(struct turns *turns, uint32_t now)
{
  const bool is_for_all = is_unreachable(turns->client);
  const uint32_t random = subject_random();

  for (struct subject *subject = turns->subjects; subject < turns->subjects + turns->count; subject++)
    if (subject == turns->asked || (is_for_all && wmrec_monitor_wait(&subject->monitor, now) == 0))
      subject_note(subject, now, random);
  turns->wait = 0;
}
