/* What went wrong and what to do, for people, on standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/message.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "output/redact.h"

int message_exit_status(int result)
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

/* What to do about it; NULL: what happened says it all. */
static const char *hint(const struct client *client, int result)
{
  const bool is_cloud = client->target.mock_api_id != NULL;

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
    return client->target.plain_http ? "Check the port, or give an https:// URL if the server has TLS"
                                     : "Check the host and the port";
  case WMREC_ERROR_CERTIFICATE_ISSUER:
    return "If you trust the server's own authority, give its root by --cacert FILE";
  case WMREC_ERROR_CERTIFICATE_NOT_YET_VALID:
  case WMREC_ERROR_TLS_CLOCK:
    return "Check this machine's date";
  case WMREC_ERROR_TLS_MEMORY:
    return "The server may send more certificates than a client needs: three or four do";
  case WMREC_ERROR_TLS_DOWNGRADE:
    return "This may be an attack: try another network";
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
static const char *progress(const struct client *client)
{
  if (client->tcp.phase == WMREC_POSIX_LOOKUP)
    return "the name server has not answered";
  if (client->tcp.phase == WMREC_POSIX_CONNECTING)
    return "the connection was not made";
  if (client->secure != NULL && client->secure->tls.phase != WMREC_TLS_OPEN)
    return "the TLS handshake was not over";
  if (wmrec_http_status(&client->exchange) == 0)
    return "no answer came";
  return "the answer was not complete";
}

static void print_detail(const struct client *client, int result)
{
  const uint32_t retry_after = wmrec_retry_after(&client->exchange);
  const int system_error = client->tcp.system_error;
  size_t length;
  const char *text = wmrec_status_text(&client->exchange, &length);

  if (result == WMREC_ERROR_NAME)
    fprintf(stderr, ": %s", gai_strerror(client->tcp.addresses.error));
  else if ((result == WMREC_ERROR_CONNECT || result == WMREC_ERROR_RESET || result == WMREC_ERROR_SYSTEM) &&
           system_error != 0)
    fprintf(stderr, ": %s", strerror(system_error));
  else if (result == WMREC_ERROR_TIMEOUT)
    fprintf(stderr, ": %s", progress(client));
  else if (client->secure != NULL && result <= WMREC_ERROR_TLS && result > WMREC_ERROR_STATUS_LINE &&
           client->secure->tls.mbedtls_error != 0)
    fprintf(stderr, " (mbedTLS -0x%04x)", (unsigned)-client->secure->tls.mbedtls_error);
  else if (result == WMREC_ERROR_STATUS || result == WMREC_ERROR_REDIRECT || result == WMREC_ERROR_CLIENT ||
           result == WMREC_ERROR_SERVER)
    fprintf(stderr, ": HTTP status %d", wmrec_http_status(&client->exchange));
  if (result == WMREC_ERROR_UNKNOWN_STATUS) {
    fputs(": ", stderr);
    redact(stderr, text, length);
  }
  if (retry_after == WMREC_RETRY_AFTER_DATE)
    fputs(", to be tried again at a date", stderr);
  else if (retry_after != WMREC_RETRY_AFTER_NONE)
    fprintf(stderr, ", to be tried again in %lu s", (unsigned long)retry_after / 1000);
}

static void print_who(const struct client *client)
{
  const char *id = client->target.mock_api_id;
  const char *name = client_name(client);

  fputs("wmrec: ", stderr);
  if (id != NULL) {
    if (wmrec_result(&client->exchange) == WMREC_ERROR_MOCK_API_ID) /* it may be a URL */
      id = redact_url(id);
    redact(stderr, id, strlen(id));
    fputs(": ", stderr);
  }
  redact(stderr, name, strlen(name));
  fputs(": ", stderr);
}

void message_failure(const struct client *client)
{
  const int result = wmrec_result(&client->exchange);
  const char *what_to_do = hint(client, result);

  print_who(client);
  fputs(wmrec_result_text(result), stderr);
  if (result == WMREC_ERROR_CONNECT)
    print_address(&client->tcp);
  print_detail(client, result);
  fprintf(stderr, ".%s%s%s\n", what_to_do == NULL ? "" : " ", what_to_do == NULL ? "" : what_to_do,
          what_to_do == NULL ? "" : ".");
}

void message_recovery(const struct client *client)
{
  print_who(client);
  fputs("it answers again.\n", stderr);
}
