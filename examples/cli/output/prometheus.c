/* Metrics for Prometheus, in its text format. An unknown status has no sample: the value 0 would say "not recording".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/prometheus.h"

#include <stdio.h>
#include <string.h>

#include "output/json.h"
#include "output/redact.h"
#include "system/atomic_file.h"

struct metrics {
  FILE *file;
  const struct mock_api *mock_apis;
  int count;
  uint32_t now;
  bool has_ended; /* nothing is asked any more: each server counts as down */
};

static enum wmrec_recording current_status(const struct metrics *metrics, const struct mock_api *mock_api)
{
  return metrics->has_ended ? WMREC_UNKNOWN : mock_api_current(mock_api, metrics->now);
}

/* Prints all samples of one mock API for one metric. */
typedef void print_samples(const struct metrics *metrics, const char *name, const struct mock_api *mock_api);

/* status: one more label; NULL: none. The server's name has no character that JSON escapes. */
static void print_sample(const struct metrics *metrics, const char *name, const struct mock_api *mock_api,
                         const char *status, long long value)
{
  fprintf(metrics->file, "%s{server=", name);
  json_print_string(metrics->file, client_server(mock_api->client));
  if (mock_api->id != NULL) {
    fputs(",id=", metrics->file);
    json_print_string(metrics->file, mock_api->id);
  }
  if (status != NULL)
    fprintf(metrics->file, ",status=\"%s\"", status);
  fprintf(metrics->file, "} %lld\n", value);
}

static void print_up(const struct metrics *metrics, const char *name, const struct mock_api *mock_api)
{
  const bool is_up = !metrics->has_ended && mock_api->result == WMREC_OK;

  if (mock_api->is_asked || metrics->has_ended)
    print_sample(metrics, name, mock_api, NULL, is_up);
}

static void print_recording(const struct metrics *metrics, const char *name, const struct mock_api *mock_api)
{
  const enum wmrec_recording current = current_status(metrics, mock_api);

  if (current != WMREC_UNKNOWN)
    print_sample(metrics, name, mock_api, NULL, current == WMREC_RECORDING);
}

static void print_status(const struct metrics *metrics, const char *name, const struct mock_api *mock_api)
{
  const enum wmrec_recording current = current_status(metrics, mock_api);

  if (current == WMREC_UNKNOWN)
    return;
  for (enum wmrec_recording status = WMREC_NEVER_STARTED; status <= WMREC_STOPPED; status++)
    print_sample(metrics, name, mock_api, wmrec_recording_name(status), current == status);
}

static void print_answered_at(const struct metrics *metrics, const char *name, const struct mock_api *mock_api)
{
  if (mock_api->answered_at != 0)
    print_sample(metrics, name, mock_api, NULL, mock_api->answered_at);
}

/* True if the same id was given to the same server before: Prometheus refuses a file with a sample twice. */
static bool is_repeated(const struct metrics *metrics, int index)
{
  const struct mock_api *mock_api = &metrics->mock_apis[index];

  for (int i = 0; i < index; i++)
    if (metrics->mock_apis[i].client == mock_api->client && strcmp(metrics->mock_apis[i].id, mock_api->id) == 0)
      return true;
  return false;
}

static void print_metric(const struct metrics *metrics, const char *name, const char *help, print_samples *print)
{
  fprintf(metrics->file, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
  for (int i = 0; i < metrics->count; i++)
    if (!is_repeated(metrics, i))
      print(metrics, name, &metrics->mock_apis[i]);
}

static void print_metrics(const struct metrics *metrics)
{
  print_metric(metrics, "wmrec_up", "1 if the last request gave a status, else 0.", print_up);
  print_metric(metrics, "wmrec_recording", "1 if a recording is running, else 0; no sample if unknown.",
               print_recording);
  print_metric(metrics, "wmrec_status", "1 for the current status, 0 for the others; no sample if unknown.",
               print_status);
  print_metric(metrics, "wmrec_answered_timestamp_seconds", "When the last answer was true, in seconds since 1970.",
               print_answered_at);
}

static int replace_file(const char *out, struct metrics *metrics)
{
  static struct atomic_file file;
  const char *error = atomic_file_begin(&file, out, 0666, true);

  if (error == NULL) {
    metrics->file = file.stream;
    print_metrics(metrics);
    error = atomic_file_commit(&file);
  }
  if (error == NULL)
    return 0;
  redact_line("%s: %s.", out, error);
  return EXIT_IO;
}

int prometheus_write(const struct mock_api *mock_apis, int count, uint32_t now)
{
  const char *out = mock_apis->client->options->out;
  struct metrics metrics = {.file = stdout, .mock_apis = mock_apis, .count = count, .now = now};

  if (out != NULL)
    return replace_file(out, &metrics);
  print_metrics(&metrics);
  return 0;
}

int prometheus_end(const struct mock_api *mock_apis, int count)
{
  struct metrics metrics = {.mock_apis = mock_apis, .count = count, .has_ended = true};

  return replace_file(mock_apis->client->options->out, &metrics);
}
