/* wmrec wait: ask until a status is reached, or the time is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/commands.h"
#include "commands/stop.h"
#include "output/message.h"
#include "output/redact.h"
#include "output/report.h"

/* Until the end, in ms. */
static uint32_t time_left(const struct options *options, uint32_t began)
{
  const uint32_t passed = wmrec_posix_clock() - began;

  if (options->timeout == 0)
    return WMREC_SCHEDULE_MAX;
  return passed < options->timeout ? options->timeout - passed : 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* Says what was known last. */
static int expired(const struct subject *subject)
{
  const struct client *client = subject->client;
  const char *awaited = wmrec_recording_name(client->options->awaited);
  const int result = subject->is_asked ? wmrec_monitor_result(&subject->monitor) : WMREC_ERROR_TIMEOUT;

  if (client->options->is_quiet)
    return EXIT_EXPIRED;
  if (result == WMREC_OK)
    redact_line("%s: the time is over, and it is not %s, but %s.", subject_name(subject), awaited,
                wmrec_recording_name(wmrec_monitor_answer(&subject->monitor)));
  else
    redact_line("%s: the time is over, and whether it is %s is not known: %s.", subject_name(subject), awaited,
                wmrec_result_text(result));
  return EXIT_EXPIRED;
}

/* What is wrong is said once, not each time. Only what somebody has to mend ends the wait: the rest may pass. */
static int complain(struct subject *subject, int result)
{
  if (result != subject->said && !subject->client->options->is_quiet)
    message_failure(subject->client);
  subject->said = result;
  return wmrec_is_permanent(result) ? message_exit_status(result) : 0;
}

int command_wait(struct servers *servers)
{
  struct client *client = servers->clients;
  const struct options *options = client->options;
  const uint32_t began = wmrec_posix_clock();
  static struct subject subject[SUBJECTS];

  subject_list(subject, servers);
  while (time_left(options, began) > 0) {
    const int result = client_ask(client, subject->id, least(options->max_time, time_left(options, began)));
    int status;

    if (stop_signal() != 0)
      return EXIT_SIGNAL + stop_signal();
    if (result == WMREC_ERROR_TIMEOUT && time_left(options, began) == 0)
      break; /* it was cut short by us */
    subject_note(subject, wmrec_posix_clock(), subject_random());
    if (result == WMREC_OK && wmrec_monitor_answer(&subject->monitor) == options->awaited) {
      report_exchange(subject);
      return report_flush();
    }
    status = result == WMREC_OK ? 0 : complain(subject, result);
    if (status != 0)
      return status;
    stop_sleep(least(wmrec_monitor_wait(&subject->monitor, wmrec_posix_clock()), time_left(options, began)));
    if (stop_signal() != 0)
      return EXIT_SIGNAL + stop_signal();
  }
  return expired(subject);
}
