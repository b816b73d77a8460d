/* wmrec status and wmrec is-recording: ask once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands.h"
#include "message.h"
#include "prometheus.h"
#include "report.h"

/* Returns the exit status of the one answer. */
static int ask(struct client *client, struct subject *subject)
{
  const int status = message_exit_status(client_ask(client, subject->id, client->options->max_time));

  subject_note(subject, client, wmrec_posix_clock(), 0);
  if (status != 0 && !client->options->is_quiet)
    message_failure(client);
  return status;
}

int command_status(struct client *client)
{
  static struct subject subjects[OPTIONS_IDS];
  const struct options *options = client->options;
  const int count = options->id_count > 0 ? options->id_count : 1;
  int worst = 0;
  int status;

  for (int i = 0; i < count; i++) {
    subjects[i].id = options->id_count > 0 ? options->ids[i] : NULL;
    status = ask(client, &subjects[i]);
    if (options->format != FORMAT_PROMETHEUS)
      report_exchange(client);
    worst = status > worst ? status : worst;
  }
  status = 0;
  if (options->format == FORMAT_PROMETHEUS)
    status = prometheus_write(client, subjects, count, wmrec_posix_clock());
  if (status == 0)
    status = report_flush();
  return status != 0 ? status : worst;
}

int command_is_recording(struct client *client)
{
  struct subject subject = {.id = client->options->id_count > 0 ? client->options->ids[0] : NULL};
  int status = ask(client, &subject);

  if (!client->options->is_quiet)
    report_exchange(client);
  if (status == 0 && wmrec_monitor_recording(&subject.monitor) != WMREC_RECORDING)
    status = EXIT_NOT_RECORDING;
  return report_flush() == 0 ? status : EXIT_IO;
}
