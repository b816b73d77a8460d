/* The status on standard output, as text or JSON, for scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/report.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "output/json.h"
#include "output/message.h"
#include "output/redact.h"
#include "system/signals.h"

/* The members of a JSON object. */
struct object {
  const char *server;   /* NULL: no such member, as there is one server only */
  const char *id;       /* NULL: null */
  const char *status;   /* the inside of a JSON string, in valid UTF-8 */
  size_t status_length; /* 0: null */
  enum wmrec_recording recording;
  time_t checked_at;
  int http_status; /* 0: null */
  int result;
};

static const char *date(time_t seconds)
{
  static char text[sizeof "2026-01-01T00:00:00Z"];

  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
  return text;
}

/* value: NULL: null. */
static void print_string(const char *value)
{
  if (value == NULL)
    fputs("null", stdout);
  else
    json_print_string(stdout, value);
}

static const char *is_recording(enum wmrec_recording recording)
{
  if (recording == WMREC_UNKNOWN)
    return "null";
  return recording == WMREC_RECORDING ? "true" : "false";
}

static void print_json(const struct object *object)
{
  putchar('{');
  if (object->server != NULL) {
    fputs("\"server\":", stdout);
    print_string(object->server);
    putchar(',');
  }
  fputs("\"id\":", stdout);
  print_string(object->id);
  fputs(",\"status\":", stdout);
  if (object->status_length == 0)
    print_string(NULL);
  else
    json_print_raw(stdout, object->status, object->status_length);
  printf(",\"recording\":%s,\"checked_at\":\"%s\",\"http_status\":", is_recording(object->recording),
         date(object->checked_at));
  if (object->http_status == 0)
    print_string(NULL);
  else
    printf("%d", object->http_status);
  fputs(",\"error\":", stdout);
  print_string(object->result == WMREC_OK ? NULL : message_result_name(object->result));
  puts("}");
}

static const char *server_member(const struct client *client)
{
  return client->options->server_count > 1 ? client_server(client) : NULL;
}

static bool is_single(const struct options *options)
{
  return options->id_count <= 1 && options->server_count == 1;
}

static void print_text(const struct mock_api *mock_api, enum wmrec_recording recording)
{
  if (!is_single(mock_api->client->options))
    printf("%s\t", mock_api_name(mock_api));
  puts(wmrec_recording_name(recording));
}

/* As JSON, a status that this version does not know is printed too, unless it contains the key. */
void report_answer(const struct mock_api *mock_api)
{
  const struct client *client = mock_api->client;
  const bool is_current = mock_api->result == WMREC_OK;
  struct object object = {.server = server_member(client),
                          .id = mock_api->id,
                          .recording = is_current ? wmrec_answer(&client->exchange) : WMREC_UNKNOWN,
                          .checked_at = is_current ? mock_api->answered_at : time(NULL),
                          .http_status = mock_api->http_status,
                          .result = mock_api->result};

  if (mock_api->result != RESULT_OLD)
    object.status = wmrec_status_text(&client->exchange, &object.status_length);
  if (redact_finds(object.status, object.status_length))
    object.status_length = 0;
  if (client->options->format == FORMAT_JSON)
    print_json(&object);
  else if (!is_single(client->options) || object.result == WMREC_OK)
    print_text(mock_api, object.recording);
}

void report_current(const struct mock_api *mock_api, enum wmrec_recording status)
{
  const char *name = wmrec_recording_name(status);
  const struct object object = {.server = server_member(mock_api->client),
                                .id = mock_api->id,
                                .status = name,
                                .status_length = status == WMREC_UNKNOWN ? 0 : strlen(name),
                                .recording = status,
                                .checked_at = status == WMREC_UNKNOWN ? time(NULL) : mock_api->answered_at,
                                .http_status = mock_api->http_status,
                                .result = mock_api->result};

  if (mock_api->client->options->format == FORMAT_JSON)
    print_json(&object);
  else
    print_text(mock_api, status);
}

int report_flush(void)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return 0;
  if (signals_received() != 0)
    return EXIT_SIGNAL + signals_received();
  perror("wmrec: standard output");
  return EXIT_IO;
}

int report_lost_reader(void)
{
  raise(SIGPIPE);
  errno = EPIPE;
  perror("wmrec: standard output");
  return EXIT_IO;
}
