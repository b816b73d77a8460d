/* Metrics for Prometheus, in its text format. What is not known has no line: a 0 would say that nothing records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/prometheus.h"

#include <stdio.h>
#include <string.h>

#include "output/redact.h"
#include "output/replace.h"

struct metrics {
  FILE *file;
  const struct subject *subjects;
  int count;
  uint32_t now;
};

static void print_head(const struct metrics *metrics, const char *name, const char *help)
{
  fprintf(metrics->file, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* The name and the labels, up to the last one. Ids are printable ASCII; a server has no character to be escaped. */
static void print_name(const struct metrics *metrics, const char *name, const struct subject *subject)
{
  fprintf(metrics->file, "%s{server=\"%s\"", name, client_server(subject->client));
  if (subject->id == NULL)
    return;
  fputs(",id=\"", metrics->file);
  for (const char *c = subject->id; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      fputc('\\', metrics->file);
    fputc(*c, metrics->file);
  }
  fputc('"', metrics->file);
}

/* An id that is given twice to a server has its samples once: who reads the metrics would refuse all of them. */
static bool is_repeated(const struct metrics *metrics, int index)
{
  const struct subject *subject = &metrics->subjects[index];

  for (int i = 0; i < index; i++)
    if (metrics->subjects[i].client == subject->client && strcmp(metrics->subjects[i].id, subject->id) == 0)
      return true;
  return false;
}

static void print_up(const struct metrics *metrics)
{
  print_head(metrics, "wmrec_up", "Whether the last question was answered (1) or not (0).");
  for (int i = 0; i < metrics->count; i++) {
    if (!metrics->subjects[i].is_asked || is_repeated(metrics, i))
      continue;
    print_name(metrics, "wmrec_up", &metrics->subjects[i]);
    fprintf(metrics->file, "} %d\n", wmrec_monitor_result(&metrics->subjects[i].monitor) == WMREC_OK);
  }
}

static void print_recording(const struct metrics *metrics)
{
  print_head(metrics, "wmrec_recording", "Whether a recording is running (1) or not (0); missing while unknown.");
  for (int i = 0; i < metrics->count; i++) {
    const enum wmrec_recording known = subject_known(&metrics->subjects[i], metrics->now);

    if (known == WMREC_UNKNOWN || is_repeated(metrics, i))
      continue;
    print_name(metrics, "wmrec_recording", &metrics->subjects[i]);
    fprintf(metrics->file, "} %d\n", known == WMREC_RECORDING);
  }
}

static void print_status(const struct metrics *metrics)
{
  print_head(metrics, "wmrec_status", "Which status it is (1) and is not (0); missing while unknown.");
  for (int i = 0; i < metrics->count; i++) {
    const enum wmrec_recording known = subject_known(&metrics->subjects[i], metrics->now);

    if (known == WMREC_UNKNOWN || is_repeated(metrics, i))
      continue;
    for (enum wmrec_recording status = WMREC_NEVER_STARTED; status <= WMREC_STOPPED; status++) {
      print_name(metrics, "wmrec_status", &metrics->subjects[i]);
      fprintf(metrics->file, ",status=\"%s\"} %d\n", wmrec_recording_name(status), known == status);
    }
  }
}

static void print_answered(const struct metrics *metrics)
{
  print_head(metrics, "wmrec_answered_timestamp_seconds", "When the last answer came, in seconds since 1970.");
  for (int i = 0; i < metrics->count; i++) {
    if (metrics->subjects[i].answered_at == 0 || is_repeated(metrics, i))
      continue;
    print_name(metrics, "wmrec_answered_timestamp_seconds", &metrics->subjects[i]);
    fprintf(metrics->file, "} %lld\n", (long long)metrics->subjects[i].answered_at);
  }
}

int prometheus_write(const struct subject *subjects, int count, uint32_t now)
{
  static struct replace replace;
  struct metrics metrics = {stdout, subjects, count, now};
  const char *out = subjects->client->options->out;
  const char *why = NULL;

  if (out != NULL)
    why = replace_begin(&replace, out, 0666, true);
  if (why == NULL) {
    metrics.file = out != NULL ? replace.file : stdout;
    print_up(&metrics);
    print_recording(&metrics);
    print_status(&metrics);
    print_answered(&metrics);
    if (out != NULL)
      why = replace_end(&replace);
  }
  if (why != NULL)
    redact_line("%s: %s.", out, why);
  return why == NULL ? 0 : EXIT_IO;
}
