/* wmrec status and wmrec is-recording: ask once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/commands.h"
#include "output/message.h"
#include "output/prometheus.h"
#include "output/report.h"

static struct subject subjects[SUBJECTS];

/* Returns the exit status of the one answer. */
static int ask(struct subject *subject)
{
  struct client *client = subject->client;
  const int status = message_exit_status(client_ask(client, subject->id, client->options->max_time));

  subject_note(subject, wmrec_posix_clock(), 0);
  if (status != 0 && !client->options->is_quiet)
    message_failure(client);
  return status;
}

int command_status(struct servers *servers)
{
  const enum format format = servers->clients->options->format;
  const int count = subject_list(subjects, servers);
  int worst = 0;
  int status;

  for (int i = 0; i < count; i++) {
    status = ask(&subjects[i]);
    if (format != FORMAT_PROMETHEUS)
      report_exchange(&subjects[i]);
    client_end(subjects[i].client);
    worst = status > worst ? status : worst;
  }
  status = 0;
  if (format == FORMAT_PROMETHEUS)
    status = prometheus_write(subjects, count, wmrec_posix_clock());
  if (status == 0)
    status = report_flush();
  return status != 0 ? status : worst;
}

int command_is_recording(struct servers *servers)
{
  int status;

  subject_list(subjects, servers);
  status = ask(subjects);
  if (!servers->clients->options->is_quiet)
    report_exchange(subjects);
  client_end(subjects->client);
  if (status == 0 && wmrec_monitor_answer(&subjects->monitor) != WMREC_RECORDING)
    status = EXIT_NOT_RECORDING;
  return report_flush() == 0 ? status : EXIT_IO;
}
