/* What is said about an answer: on standard output for scripts, on standard error for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "report.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "redact.h"

int report_exit_status(int result)
{
  if (result >= WMREC_ERROR_PLAIN_HTTP && result <= WMREC_ERROR_BUFFER)
    return EXIT_CONFIG;
  switch (result) {
  case WMREC_OK:
    return 0;
  case WMREC_ERROR_TLS_ROOTS:
    return EXIT_CONFIG;
  case WMREC_ERROR_TIMEOUT:
  case WMREC_ERROR_TOO_MANY_REQUESTS:
  case WMREC_ERROR_UNAVAILABLE:
  case WMREC_ERROR_SERVER:
    return EXIT_TRY_LATER;
  case WMREC_ERROR_UNAUTHORIZED:
  case WMREC_ERROR_FORBIDDEN:
    return EXIT_NO_PERMISSION;
  case WMREC_ERROR_TRUNCATED:
    return EXIT_PROTOCOL;
  }
  return result > WMREC_ERROR_STATUS_LINE ? EXIT_UNAVAILABLE : EXIT_PROTOCOL;
}

/* A JSON string of printable ASCII, as ids are once wmrec_begin() has taken them; NULL is null. */
static void print_string(const char *name, const char *value)
{
  printf("\"%s\":", name);
  if (value == NULL) {
    fputs("null,", stdout);
    return;
  }
  putchar('"');
  for (; *value != '\0'; value++) {
    if (*value == '"' || *value == '\\')
      putchar('\\');
    putchar(*value);
  }
  fputs("\",", stdout);
}

/* A text that the API's document does not know is shown as the server wrote it, as it is valid inside of JSON quotes;
 * but not if it has the key in it. */
static void print_status(const struct report *report)
{
  size_t length;
  const char *text = wmrec_status_text(report->exchange, &length);

  if (length == 0 || redact_finds(text, length, report->target->token)) {
    print_string("status", NULL);
    return;
  }
  fputs("\"status\":\"", stdout);
  for (size_t i = 0; i < length; i++)
    putchar(text[i]);
  fputs("\",", stdout);
}

static const char *now(void)
{
  static char text[sizeof "2026-01-01T00:00:00Z"];
  const time_t seconds = time(NULL);

  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
  return text;
}

static void print_json(const struct report *report)
{
  const int result = wmrec_result(report->exchange);
  const int http_status = wmrec_http_status(report->exchange);
  const bool is_recording = wmrec_recording(report->exchange) == WMREC_RECORDING;

  putchar('{');
  print_string("id", report->target->mock_api_id);
  print_status(report);
  printf("\"recording\":%s,", result != WMREC_OK ? "null" : is_recording ? "true" : "false");
  print_string("checked_at", now());
  if (http_status == 0)
    fputs("\"http_status\":null,", stdout);
  else
    printf("\"http_status\":%d,", http_status);
  if (result == WMREC_OK)
    puts("\"error\":null}");
  else
    printf("\"error\":\"%s\"}\n", wmrec_result_name(result));
}

void report_answer(const struct report *report)
{
  const char *name = wmrec_recording_name(wmrec_recording(report->exchange));

  if (report->options->is_json)
    print_json(report);
  else if (report->options->id_count > 1)
    printf("%s\t%s\n", report->target->mock_api_id, name);
  else if (wmrec_result(report->exchange) == WMREC_OK)
    puts(name);
}

/* What to do about it; NULL: what happened says it all. */
static const char *hint(const struct report *report, int result)
{
  const bool is_cloud = report->target->mock_api_id != NULL;

  switch (result) {
  case WMREC_ERROR_TOKEN:
    return "Set WMC_API_TOKEN, or give --token-file PATH. Keys: https://app.wiremock.cloud/account/security";
  case WMREC_ERROR_UNAUTHORIZED:
    return is_cloud ? "Check WMC_API_TOKEN or the token file. Keys: https://app.wiremock.cloud/account/security"
                    : "Give the server's key by --token-file PATH";
  case WMREC_ERROR_NOT_FOUND:
    return is_cloud ? "Check the id" : "Check the URL's path: /__admin/recordings/status is asked under it";
  case WMREC_ERROR_NAME:
    return "Check the host's name and the network";
  case WMREC_ERROR_CONNECT:
    return "Check the host and the port, and that the server runs";
  case WMREC_ERROR_TLS_NOT_SPOKEN:
    return is_cloud ? "Check the port" : "Check the port, or give an http:// URL if the server has no TLS";
  case WMREC_ERROR_CLOSED:
  case WMREC_ERROR_STATUS_LINE:
    return report->target->plain_http ? "Check the port, or give an https:// URL if the server has TLS"
                                      : "Check the host and the port";
  case WMREC_ERROR_CERTIFICATE_ISSUER:
    return "If you trust the server's own authority, give its root by --cacert FILE";
  case WMREC_ERROR_CERTIFICATE_NOT_YET_VALID:
  case WMREC_ERROR_TLS_CLOCK:
    return "Check this machine's date";
  case WMREC_ERROR_REDIRECT:
    return "Give the URL that the server itself answers at";
  case WMREC_ERROR_TIMEOUT:
    return "Try again, or give it more time by --max-time SECONDS";
  case WMREC_ERROR_PLAIN_HTTP:
    return "Give an https:// URL; for a WireMock of your own, use --self-hosted";
  case WMREC_ERROR_BASE_PATH:
    return "Check the URL's path";
  case WMREC_ERROR_HOST:
    return "A name with letters outside of ASCII is written in its xn-- form";
  }
  return NULL;
}

static void print_address(const struct wmrec_posix *tcp)
{
  char address[64];

  if (tcp->next > 0 && getnameinfo(&tcp->addresses.address[tcp->next - 1].any, sizeof tcp->addresses.address[0],
                                   address, sizeof address, NULL, 0, NI_NUMERICHOST) == 0)
    fprintf(stderr, " (%s)", address);
}

/* How far it came when the time was over. */
static const char *progress(const struct report *report)
{
  if (report->tcp->phase == WMREC_POSIX_LOOKUP)
    return "the name server has not answered";
  if (report->tcp->phase == WMREC_POSIX_CONNECTING)
    return "the connection was not made";
  if (report->tls != NULL && report->tls->phase != WMREC_TLS_OPEN)
    return "the TLS handshake was not over";
  if (wmrec_http_status(report->exchange) == 0)
    return "no answer came";
  return "the answer was not complete";
}

static void print_detail(const struct report *report, int result)
{
  const uint32_t retry_after = wmrec_retry_after(report->exchange);
  const int system_error = report->tcp->system_error;
  size_t length;
  const char *text = wmrec_status_text(report->exchange, &length);

  if (result == WMREC_ERROR_NAME)
    fprintf(stderr, ": %s", gai_strerror(report->tcp->addresses.error));
  else if ((result == WMREC_ERROR_CONNECT || result == WMREC_ERROR_RESET || result == WMREC_ERROR_SYSTEM) &&
           system_error != 0)
    fprintf(stderr, ": %s", strerror(system_error));
  else if (result == WMREC_ERROR_TIMEOUT)
    fprintf(stderr, ": %s", progress(report));
  else if (report->tls != NULL && result <= WMREC_ERROR_TLS && result > WMREC_ERROR_STATUS_LINE &&
           report->tls->mbedtls_error != 0)
    fprintf(stderr, " (mbedTLS -0x%04x)", (unsigned)-report->tls->mbedtls_error);
  else if (result == WMREC_ERROR_STATUS || result == WMREC_ERROR_REDIRECT || result == WMREC_ERROR_CLIENT ||
           result == WMREC_ERROR_SERVER)
    fprintf(stderr, ": HTTP status %d", wmrec_http_status(report->exchange));
  if (result == WMREC_ERROR_UNKNOWN_STATUS) {
    fputs(": ", stderr);
    redact(stderr, text, length, report->target->token);
  }
  if (retry_after == WMREC_RETRY_AFTER_DATE)
    fputs(", to be tried again at a date", stderr);
  else if (retry_after != WMREC_RETRY_AFTER_NONE)
    fprintf(stderr, ", to be tried again in %lu s", (unsigned long)retry_after / 1000);
}

void report_failure(const struct report *report)
{
  const struct wmrec_target *target = report->target;
  const int result = wmrec_result(report->exchange);
  const char *what_to_do = hint(report, result);

  fputs("wmrec: ", stderr);
  if (target->mock_api_id != NULL)
    fprintf(stderr, "%s: ", target->mock_api_id);
  fprintf(stderr, "%s: %s", target->host, wmrec_result_text(result));
  if (result == WMREC_ERROR_CONNECT)
    print_address(report->tcp);
  print_detail(report, result);
  fprintf(stderr, ".%s%s%s\n", what_to_do == NULL ? "" : " ", what_to_do == NULL ? "" : what_to_do,
          what_to_do == NULL ? "" : ".");
}
