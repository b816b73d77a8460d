/* Answers on standard output, as text or JSON, for scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/report.h"

#include <stdio.h>
#include <string.h>

#include "output/redact.h"

/* What an object in JSON says. */
struct object {
  const char *server; /* NULL: there is only one */
  const char *id;     /* NULL: null */
  const char *status; /* as JSON has it, without the quotes, in valid UTF-8; length 0: null */
  size_t status_length;
  enum wmrec_recording recording;
  time_t checked_at;
  int http_status;
  int result;
};

/* A JSON string of printable ASCII, as ids and servers are once wmrec_begin() has taken them. */
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

/* The character that valid UTF-8 begins with; *next goes behind it. */
static uint32_t take_character(const char **next, const char *end)
{
  uint32_t c = (unsigned char)*(*next)++;

  if (c >= 0x80)
    c &= c < 0xe0 ? 0x1f : c < 0xf0 ? 0x0f : 0x07;
  while (*next < end && (**next & 0xc0) == 0x80)
    c = c << 6 | (unsigned char)(*(*next)++ & 0x3f);
  return c;
}

/* A JSON string in printable ASCII, of text that JSON already has the escapes of. Its escapes stay. All other
 * characters that a terminal may take for commands, or that change the order of what is read, are escaped, as
 * everything is that is not printable ASCII (RFC 8259, section 7). */
static void print_json_text(const char *text, size_t length)
{
  const char *const end = text + length;

  putchar('"');
  while (text < end) {
    const uint32_t c = take_character(&text, end);

    if (c >= ' ' && c <= '~')
      putchar((int)c);
    else if (c < 0x10000)
      printf("\\u%04x", (unsigned)c);
    else
      printf("\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)), (unsigned)(0xdc00 + (c & 0x3ff)));
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
  putchar('{');
  if (object->server != NULL) {
    fputs("\"server\":", stdout);
    print_string(object->server);
    putchar(',');
  }
  fputs("\"id\":", stdout);
  if (object->id == NULL)
    fputs("null", stdout);
  else
    print_string(object->id);
  fputs(",\"status\":", stdout);
  if (object->status_length == 0)
    fputs("null", stdout);
  else
    print_json_text(object->status, object->status_length);
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

/* What JSON says of it: nothing, where there is only one. */
static const char *server_of(const struct client *client)
{
  return client->options->server_count > 1 ? client_server(client) : NULL;
}

static bool is_only_one(const struct options *options)
{
  return options->id_count <= 1 && options->server_count == 1;
}

static void print_text(const struct subject *subject, enum wmrec_recording recording)
{
  if (!is_only_one(subject->client->options))
    printf("%s\t", subject_name(subject));
  puts(wmrec_recording_name(recording));
}

/* A text that the API's document does not know is shown too; but not if it has the key in it. */
void report_exchange(const struct subject *subject)
{
  const struct client *client = subject->client;
  const struct wmrec_exchange *x = &client->exchange;
  struct object object = {.server = server_of(client),
                          .id = subject->id,
                          .recording = wmrec_answer(x),
                          .checked_at = time(NULL),
                          .http_status = wmrec_http_status(x),
                          .result = wmrec_result(x)};

  object.status = wmrec_status_text(x, &object.status_length);
  if (redact_finds(object.status, object.status_length))
    object.status_length = 0;
  if (client->options->format == FORMAT_JSON)
    print_json(&object);
  else if (!is_only_one(client->options) || object.result == WMREC_OK)
    print_text(subject, object.recording);
}

void report_subject(const struct subject *subject, enum wmrec_recording known)
{
  const char *status = wmrec_recording_name(known);
  const struct object object = {.server = server_of(subject->client),
                                .id = subject->id,
                                .status = status,
                                .status_length = known == WMREC_UNKNOWN ? 0 : strlen(status),
                                .recording = known,
                                .checked_at = known == WMREC_UNKNOWN ? time(NULL) : subject->answered_at,
                                .http_status = subject->http_status,
                                .result = wmrec_monitor_result(&subject->monitor)};

  if (subject->client->options->format == FORMAT_JSON)
    print_json(&object);
  else
    print_text(subject, known);
}

int report_flush(void)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return 0;
  perror("wmrec: standard output");
  return EXIT_IO;
}
