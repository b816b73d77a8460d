/* Messages on standard error about exchanges: what happened, where, and what to do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/message.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "input/duration.h"
#include "output/redact.h"

const char *message_result_name(int result)
{
  return result == RESULT_OLD ? "old" : wmrec_result_name(result);
}

const char *message_result_text(int result)
{
  return result == RESULT_OLD ? "the answer is too old: a cache has kept it" : wmrec_result_text(result);
}

int message_exit_status(int result)
{
  if (result >= WMREC_ERROR_TRANSPORT && result <= WMREC_ERROR_BUFFER)
    return EXIT_CONFIG;
  switch (result) {
  case WMREC_OK:
    return 0;
  case WMREC_ERROR_TLS_ROOTS:
    return EXIT_CONFIG;
  case RESULT_OLD:
  case WMREC_ERROR_TIMEOUT:
  case WMREC_ERROR_ASK_AGAIN:
  case WMREC_ERROR_TOO_MANY_REQUESTS:
  case WMREC_ERROR_UNAVAILABLE:
  case WMREC_ERROR_SERVER:
    return EXIT_TRY_LATER;
  case WMREC_ERROR_UNAUTHORIZED:
  case WMREC_ERROR_FORBIDDEN:
    return EXIT_NO_PERMISSION;
  case WMREC_ERROR_NOT_FOUND:
    return EXIT_NOT_FOUND;
  case WMREC_ERROR_TRUNCATED:
    return EXIT_PROTOCOL;
  }
  return result > WMREC_ERROR_STATUS_LINE ? EXIT_UNAVAILABLE : EXIT_PROTOCOL;
}

/* RFC 6585, section 6: the answer of a captive portal, not of the server. */
enum { NETWORK_AUTHENTICATION_REQUIRED = 511 };

enum { UPGRADE_REQUIRED = 426 }; /* RFC 9110, section 15.5.22 */

enum { BODY_MAX = 200 }; /* bytes of an error's body that are shown */

#define LOG_IN "open a web page in a browser, log in, and try again"
#define KEYS "Keys: https://app.wiremock.cloud/account/security"

/* What to do about an error, without the full stop. self_hosted: the hint for a self-hosted server; NULL: the same. */
static const struct {
  int result;
  const char *hint;
  const char *self_hosted;
} hints[] = {
    {RESULT_OLD, "Ask the server itself, or allow an older answer with --stale-after TIME", NULL},
    {WMREC_ERROR_TOKEN, "Set WMC_API_TOKEN, or give --token-file PATH. " KEYS, NULL},
    {WMREC_ERROR_UNAUTHORIZED, "Check WMC_API_TOKEN or the token file. " KEYS,
     "Give the key of the server with --token-file PATH, or --user NAME and --password-file PATH"},
    {WMREC_ERROR_NOT_FOUND, "Check the id", "Check the path of the URL: /__admin/recordings/status must follow it"},
    {WMREC_ERROR_NAME, "Check the host name and the network", NULL},
    {WMREC_ERROR_CONNECT, "Check the host and the port, and whether the server is running", NULL},
    {WMREC_ERROR_TLS_NOT_SPOKEN, "Check the port", "Check the port, or give an http:// URL if the server has no TLS"},
    {WMREC_ERROR_CLOSED, "Check the host and the port", NULL},
    {WMREC_ERROR_STATUS_LINE, "Check the host and the port", NULL},
    {WMREC_ERROR_CERTIFICATE_ISSUER,
     "If you trust the certificate authority of the server, give its root certificate with --cacert FILE", NULL},
    {WMREC_ERROR_CERTIFICATE_HOST, "Check the host name. If this network asks its users to log in first, " LOG_IN,
     NULL},
    {WMREC_ERROR_CERTIFICATE_NOT_YET_VALID, "Check the date of this machine", NULL},
    {WMREC_ERROR_TLS_CLOCK, "Check the date of this machine", NULL},
    {WMREC_ERROR_TLS_MEMORY, "The server may send too many certificates: a client needs three or four", NULL},
    {WMREC_ERROR_TLS_DOWNGRADE, "This may be an attack: try another network", NULL},
    {WMREC_ERROR_REDIRECT, "Give the URL that the server redirects to", NULL},
    {WMREC_ERROR_TIMEOUT, "Try again, or allow more time with --max-time TIME", NULL},
    {WMREC_ERROR_ASK_AGAIN, "Try again", NULL},
    {WMREC_ERROR_PLAIN_HTTP, "Give an https:// URL; for a WireMock server of yours, use --self-hosted", NULL},
    {WMREC_ERROR_BASE_PATH, "Check the path of the URL", NULL},
    {WMREC_ERROR_HOST, "Write a name with letters outside ASCII in its xn-- form", NULL},
};

static bool is_captive_portal(const struct client *client)
{
  return wmrec_http_status(&client->exchange) == NETWORK_AUTHENTICATION_REQUIRED;
}

static const char *failure_text(const struct client *client, int result)
{
  const bool is_basic = client->options->user != NULL;

  if (result == WMREC_ERROR_UNAUTHORIZED && is_basic)
    return "the user or the password is not accepted (401)";
  if (result == WMREC_ERROR_UNAUTHORIZED && client->target.token == NULL)
    return "the server asks for a key or a password (401)";
  if (result == WMREC_ERROR_FORBIDDEN && is_basic)
    return "the user may not see this (403)";
  if (result == WMREC_ERROR_FORBIDDEN && client->target.token == NULL)
    return "the server does not allow this (403)";
  if (is_captive_portal(client))
    return "the network asks its users to log in first (511), so the request did not reach the server";
  return message_result_text(result);
}

static bool contains(const char *text, size_t length, const char *words)
{
  const size_t words_length = strlen(words);

  for (size_t i = 0; i + words_length <= length; i++)
    if (strncasecmp(text + i, words, words_length) == 0)
      return true;
  return false;
}

/* True if a server that was asked over plain HTTP says in its answer that it wants TLS. */
static bool is_tls_wanted(const struct client *client, int result)
{
  /* nginx: "The plain HTTP request was sent to HTTPS port"; Go: "Client sent an HTTP request to an HTTPS server.";
   * WireMock: "HTTPS is required for accessing the admin API"; Apache: "You're speaking plain HTTP to an SSL-enabled
   * server port." */
  static const char *const words[] = {"HTTPS port", "HTTPS server", "HTTPS is required", "SSL-enabled server"};
  static const char secure[] = "https://";
  bool is_cut;
  size_t length;
  const char *text = location_value(&client->location, &length, &is_cut);

  if (!client->target.plain_http)
    return false;
  if (result == WMREC_ERROR_REDIRECT)
    return length >= sizeof secure - 1 && strncasecmp(text, secure, sizeof secure - 1) == 0;
  if (result != WMREC_ERROR_CLIENT && result != WMREC_ERROR_FORBIDDEN)
    return false;
  text = wmrec_body(&client->exchange, &length);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (contains(text, length, words[i]))
      return true;
  return wmrec_http_status(&client->exchange) == UPGRADE_REQUIRED;
}

/* Returns NULL if the text of the result is enough. */
static const char *find_hint(const struct client *client, int result)
{
  const bool is_self_hosted = client->target.mock_api_id == NULL;

  if (result == WMREC_ERROR_UNAUTHORIZED && client->options->user != NULL)
    return "Check --user, and WMREC_PASSWORD or the password file";
  if (is_captive_portal(client))
    return "To do so, " LOG_IN;
  if (is_tls_wanted(client, result))
    return "Give an https:// URL";
  if (client->target.plain_http &&
      (result == WMREC_ERROR_CLOSED || result == WMREC_ERROR_RESET || result == WMREC_ERROR_STATUS_LINE))
    return "Check the port, or give an https:// URL if the server has TLS";
  for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
    if (hints[i].result == result)
      return is_self_hosted && hints[i].self_hosted != NULL ? hints[i].self_hosted : hints[i].hint;
  return NULL;
}

/* Returns what the exchange was waiting for when the time was over. */
static const char *progress(const struct client *client)
{
  if (client->tcp.phase == WMREC_POSIX_LOOKUP)
    return "no answer from the name server";
  if (client->tcp.phase == WMREC_POSIX_CONNECTING)
    return "the connection was not established";
  if (client->tls != NULL && client->tls->connection.phase != WMREC_TLS_OPEN)
    return "the TLS handshake was not complete";
  if (wmrec_http_status(&client->exchange) == 0)
    return "no answer from the server";
  return "the answer was not complete";
}

/* Prints mbedTLS's error number with -v, or if the text of the result does not give a reason. */
static void print_tls_error(const struct client *client, int result)
{
  const bool has_reason = result != WMREC_ERROR_TLS && result != WMREC_ERROR_CERTIFICATE;
  const int error = client->tls->connection.mbedtls_error;

  if (error != 0 && (client->options->is_verbose || !has_reason))
    fprintf(stderr, " (mbedTLS error -0x%04x)", (unsigned)-error);
}

static void print_retry_after(uint32_t retry_after)
{
  if (retry_after == WMREC_RETRY_AFTER_DATE)
    fputs("; the server gives a date for the next request", stderr);
  else if (retry_after != WMREC_RETRY_AFTER_NONE)
    fprintf(stderr, "; the server asks to wait %lu s", (unsigned long)retry_after / 1000);
}

static void print_address(const struct wmrec_posix *tcp)
{
  const struct wmrec_posix_address *last;
  char address[64];

  if (tcp->next == 0)
    return;
  last = &tcp->addresses.address[tcp->next - 1];
  if (getnameinfo((const void *)last->bytes, (socklen_t)last->length, address, sizeof address, NULL, 0,
                  NI_NUMERICHOST) == 0)
    fprintf(stderr, " (%s)", address);
}

static void print_system_error(const struct client *client)
{
  if (client->tcp.system_error != 0)
    fprintf(stderr, ": %s", strerror(client->tcp.system_error));
}

static void print_status_text(const struct wmrec_exchange *x)
{
  size_t length;
  const char *text = wmrec_status_text(x, &length);

  fputs(": ", stderr);
  redact(stderr, text, length);
}

static void print_age(const struct client *client)
{
  const uint32_t age = wmrec_answer_age(&client->exchange);

  if (age == WMREC_AGE_MAX)
    fputs(" for an unknown time: its Age is not valid", stderr);
  else
    fprintf(stderr, " for %lu s; the maximum is %.10g s", (unsigned long)(age / DURATION_SECOND),
            client->options->stale_after / (double)DURATION_SECOND);
}

static void print_location(const struct client *client)
{
  size_t length;
  bool is_cut;
  const char *value = location_value(&client->location, &length, &is_cut);

  if (length == 0)
    return;
  fputs(", to ", stderr);
  redact(stderr, value, length);
  fputs(is_cut ? "..." : "", stderr);
}

/* Prints the beginning of an error's body, unless it is HTML or XML: that begins with declarations. */
static void print_body(const struct client *client)
{
  size_t length;
  const char *body = wmrec_body(&client->exchange, &length);

  while (length > 0 && strchr(" \t\r\n", *body) != NULL && *body != '\0') {
    body++;
    length--;
  }
  if (wmrec_http_status(&client->exchange) < 400 || length == 0 || *body == '<')
    return;
  fputs(" The server says: ", stderr);
  redact_excerpt(stderr, body, length, BODY_MAX);
}

static void print_detail(const struct client *client, int result)
{
  switch (result) {
  case RESULT_OLD:
    print_age(client);
    break;
  case WMREC_ERROR_NAME:
    fprintf(stderr, ": %s", gai_strerror(client->tcp.addresses.error));
    break;
  case WMREC_ERROR_CONNECT:
    print_address(&client->tcp);
    print_system_error(client);
    break;
  case WMREC_ERROR_RESET:
  case WMREC_ERROR_SYSTEM:
    print_system_error(client);
    break;
  case WMREC_ERROR_TIMEOUT:
    fprintf(stderr, ": %s", progress(client));
    break;
  case WMREC_ERROR_STATUS:
  case WMREC_ERROR_REDIRECT:
  case WMREC_ERROR_CLIENT:
  case WMREC_ERROR_SERVER:
  case WMREC_ERROR_ASK_AGAIN:
    fprintf(stderr, ": HTTP status %d", wmrec_http_status(&client->exchange));
    if (result == WMREC_ERROR_REDIRECT)
      print_location(client);
    break;
  case WMREC_ERROR_UNKNOWN_STATUS:
    print_status_text(&client->exchange);
    break;
  }
  if (client->tls != NULL && result <= WMREC_ERROR_TLS && result > WMREC_ERROR_STATUS_LINE)
    print_tls_error(client, result);
  print_retry_after(wmrec_retry_after(&client->exchange));
}

/* Prints "wmrec: id: server: ". */
static void print_prefix(const struct client *client)
{
  const char *id = client->target.mock_api_id;
  const char *name = client_name(client);

  fputs("wmrec: ", stderr);
  if (id != NULL) {
    if (wmrec_result(&client->exchange) == WMREC_ERROR_MOCK_API_ID)
      id = redact_url(id); /* a URL may have been given as an id */
    redact(stderr, id, strlen(id));
    fputs(": ", stderr);
  }
  redact(stderr, name, strlen(name));
  fputs(": ", stderr);
}

void message_failure(const struct client *client, int result)
{
  const char *hint = find_hint(client, result);

  print_prefix(client);
  fputs(failure_text(client, result), stderr);
  print_detail(client, result);
  fputs(".", stderr);
  if (hint != NULL)
    fprintf(stderr, " %s.", hint);
  print_body(client);
  fputs("\n", stderr);
}

void message_recovery(const struct client *client)
{
  print_prefix(client);
  fputs("it answers again.\n", stderr);
}
