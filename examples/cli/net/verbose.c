/* -v: shows the connection and each line that is sent or received on standard error, without the key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/verbose.h"

#include <netdb.h>
#include <string.h>

#include "output/redact.h"

/* After "connected": to which address, and how it is secured. */
static void show_connection(const struct verbose *verbose)
{
  char address[64] = "?";
  char port[8] = "?";
  const struct wmrec_posix *tcp = verbose->tcp;
  const struct wmrec_posix_address *peer = &tcp->addresses.address[tcp->next - 1];

  getnameinfo((const void *)peer->bytes, (socklen_t)peer->length, address, sizeof address, port, sizeof port,
              NI_NUMERICHOST | NI_NUMERICSERV);
  fprintf(stderr, " to %s port %s", address, port);
  if (verbose->tls != NULL)
    fprintf(stderr, ", %s, %s, %s", mbedtls_ssl_get_version(&verbose->tls->ssl),
            mbedtls_ssl_get_ciphersuite(&verbose->tls->ssl),
            verbose->tls->is_resumed ? "session resumed" : "certificate verified");
}

static void show_line(void *context, char direction, const char *text, size_t length)
{
  const struct verbose *verbose = context;

  redact(stderr, verbose->server, strlen(verbose->server));
  fprintf(stderr, "%c ", direction);
  redact(stderr, text, length);
  if (direction == '*')
    show_connection(verbose);
  fputc('\n', stderr);
}

struct wmrec_transport verbose_transport(struct verbose *verbose, struct wmrec_transport inner)
{
  verbose->trace = (struct wmrec_trace){
      .inner = inner, .line = show_line, .context = verbose, .buffer = verbose->buffer, .size = sizeof verbose->buffer};
  return wmrec_trace_transport(&verbose->trace);
}
