/* wmrec status and wmrec is-recording: ask once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/commands.h"
#include "net/mock_api.h"
#include "output/message.h"
#include "output/prometheus.h"
#include "output/report.h"

static struct mock_api mock_apis[MOCK_API_MAX];

/* Returns the exit status for this mock API. */
static int ask(struct mock_api *mock_api)
{
  struct client *client = mock_api->client;

  client_ask(client, mock_api->id, client->options->max_time);
  mock_api_update(mock_api, wmrec_posix_clock(), 0);
  if (mock_api->result != WMREC_OK && !client->options->is_quiet)
    message_failure(client, mock_api->result);
  return message_exit_status(mock_api->result);
}

int command_status(struct servers *servers)
{
  const enum format format = servers->clients->options->format;
  const int count = mock_api_list(mock_apis, servers);
  int highest = 0;
  int status;

  for (int i = 0; i < count; i++) {
    status = ask(&mock_apis[i]);
    if (format != FORMAT_PROMETHEUS)
      report_answer(&mock_apis[i]);
    client_end(mock_apis[i].client);
    highest = status > highest ? status : highest;
  }
  status = 0;
  if (format == FORMAT_PROMETHEUS)
    status = prometheus_write(mock_apis, count, wmrec_posix_clock());
  if (status == 0)
    status = report_flush();
  return status != 0 ? status : highest;
}

int command_is_recording(struct servers *servers)
{
  struct mock_api *mock_api = mock_apis;
  int status;

  mock_api_list(mock_apis, servers);
  status = ask(mock_api);
  if (!servers->clients->options->is_quiet)
    report_answer(mock_api);
  client_end(mock_api->client);
  if (status == 0 && wmrec_monitor_answer(&mock_api->monitor) != WMREC_RECORDING)
    status = EXIT_NOT_RECORDING;
  return report_flush() == 0 ? status : EXIT_IO;
}
