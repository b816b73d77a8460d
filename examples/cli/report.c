/* Answers on standard output, as text or JSON, for scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "report.h"

#include <stdio.h>
#include <string.h>

#include "redact.h"

/* What an object in JSON says. */
struct object {
  const char *id;     /* NULL: null */
  const char *status; /* valid inside of JSON's quotes; length 0: null */
  size_t status_length;
  enum wmrec_recording recording;
  time_t checked_at;
  int http_status;
  int result;
};

/* A JSON string of printable ASCII, as ids are once wmrec_begin() has taken them. */
static void print_string(const char *value)
{
  putchar('"');
  for (; *value != '\0'; value++) {
    if (*value == '"' || *value == '\\')
      putchar('\\');
    putchar(*value);
  }
  putchar('"');
}

static const char *date(time_t seconds)
{
  static char text[sizeof "2026-01-01T00:00:00Z"];

  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
  return text;
}

static void print_json(const struct object *object)
{
  fputs("{\"id\":", stdout);
  if (object->id == NULL)
    fputs("null", stdout);
  else
    print_string(object->id);
  fputs(",\"status\":", stdout);
  if (object->status_length == 0)
    fputs("null", stdout);
  else
    printf("\"%.*s\"", (int)object->status_length, object->status);
  printf(",\"recording\":%s", object->recording == WMREC_UNKNOWN     ? "null"
                              : object->recording == WMREC_RECORDING ? "true"
                                                                     : "false");
  printf(",\"checked_at\":\"%s\",\"http_status\":", date(object->checked_at));
  if (object->http_status == 0)
    fputs("null", stdout);
  else
    printf("%d", object->http_status);
  if (object->result == WMREC_OK)
    puts(",\"error\":null}");
  else
    printf(",\"error\":\"%s\"}\n", wmrec_result_name(object->result));
}

static void print_text(const struct client *client, const char *id, enum wmrec_recording recording)
{
  if (client->options->id_count > 1)
    printf("%s\t%s\n", id, wmrec_recording_name(recording));
  else
    puts(wmrec_recording_name(recording));
}

/* A text that the API's document does not know is shown as the server wrote it, as it is valid inside of JSON quotes;
 * but not if it has the key in it. */
void report_exchange(const struct client *client)
{
  const struct wmrec *x = &client->exchange;
  struct object object = {client->target.mock_api_id, NULL,           0, wmrec_recording(x), time(NULL),
                          wmrec_http_status(x),       wmrec_result(x)};

  object.status = wmrec_status_text(x, &object.status_length);
  if (redact_finds(object.status, object.status_length, client->target.token))
    object.status_length = 0;
  if (client->options->format == FORMAT_JSON)
    print_json(&object);
  else if (client->options->id_count > 1 || object.result == WMREC_OK)
    print_text(client, object.id, object.recording);
}

void report_subject(const struct subject *subject, const struct client *client, enum wmrec_recording known)
{
  const char *status = wmrec_recording_name(known);
  const struct object object = {subject->id,
                                status,
                                known == WMREC_UNKNOWN ? 0 : strlen(status),
                                known,
                                known == WMREC_UNKNOWN ? time(NULL) : subject->answered_at,
                                subject->http_status,
                                wmrec_monitor_result(&subject->monitor)};

  if (client->options->format == FORMAT_JSON)
    print_json(&object);
  else
    print_text(client, subject->id, known);
}

int report_flush(void)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return 0;
  perror("wmrec: standard output");
  return EXIT_IO;
}
