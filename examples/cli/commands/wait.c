/* wmrec wait: asks until a status is reached, or the time is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/commands.h"
#include "input/duration.h"
#include "net/mock_api.h"
#include "output/message.h"
#include "output/redact.h"
#include "output/report.h"
#include "system/signals.h"

/* Returns the time until --timeout is over, in ms. */
static uint32_t time_left(const struct options *options, uint32_t began)
{
  const uint32_t passed = wmrec_posix_clock() - began;

  if (options->timeout == 0)
    return WMREC_SCHEDULE_MAX;
  return passed < options->timeout ? options->timeout - passed : 0;
}

/* Reports the last known status, and returns the exit status. */
static int report_timeout(const struct mock_api *mock_api)
{
  const struct options *options = mock_api->client->options;
  const int result = mock_api->is_asked ? mock_api->result : WMREC_ERROR_TIMEOUT;

  if (options->is_quiet)
    return EXIT_EXPIRED;
  if (result == WMREC_OK)
    redact_line("%s: timeout: the status is %s, not %s.", mock_api_name(mock_api),
                wmrec_recording_name(wmrec_monitor_answer(&mock_api->monitor)),
                wmrec_recording_name(options->wait_for));
  else
    redact_line("%s: timeout: the status is unknown: %s.", mock_api_name(mock_api), message_result_text(result));
  return EXIT_EXPIRED;
}

/* Reports an error, once if it repeats. Returns the exit status if the error is permanent, which ends the wait; else
 * 0. After a 401, the file of the key is read again. */
static int handle_error(struct servers *servers, struct mock_api *mock_api)
{
  if (mock_api->result != mock_api->reported_result && !mock_api->client->options->is_quiet)
    message_failure(mock_api->client, mock_api->result);
  mock_api->reported_result = mock_api->result;
  mock_api->is_due =
      mock_api->result == WMREC_ERROR_UNAUTHORIZED && servers_read_token_again(servers) == SERVERS_TOKEN_NEW;
  if (mock_api->is_due)
    return 0;
  return wmrec_monitor_is_permanent(&mock_api->monitor) ? message_exit_status(mock_api->result) : 0;
}

int command_wait(struct servers *servers)
{
  static struct mock_api mock_apis[MOCK_API_MAX];
  struct mock_api *mock_api = mock_apis;
  struct client *client = servers->clients;
  const struct options *options = client->options;
  const uint32_t began = wmrec_posix_clock();

  mock_api_list(mock_apis, servers);
  while (time_left(options, began) > 0) {
    const int result = client_ask(client, mock_api->id, duration_min(options->max_time, time_left(options, began)));
    int status;

    if (signals_received() != 0)
      return EXIT_SIGNAL + signals_received();
    if (result == WMREC_ERROR_TIMEOUT && time_left(options, began) == 0)
      break; /* --timeout ended the exchange, not the server */
    mock_api_update(mock_api, wmrec_posix_clock(), mock_api_random());
    if (mock_api->result == WMREC_OK && wmrec_monitor_answer(&mock_api->monitor) == options->wait_for) {
      report_answer(mock_api);
      return report_flush();
    }
    status = mock_api->result == WMREC_OK ? 0 : handle_error(servers, mock_api);
    if (status != 0)
      return status;
    client_end(client);
    signals_sleep(duration_min(mock_api_wait(mock_api, wmrec_posix_clock()), time_left(options, began)));
    if (signals_received() != 0)
      return EXIT_SIGNAL + signals_received();
  }
  return report_timeout(mock_api);
}
