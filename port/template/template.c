/* A transport with nothing behind it yet. transport.h says what each function must do; here is what to think of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "template.h"

/* Called again and again until it returns something else than WMREC_WANT_*: so keep in the connection how far you are.
 * An address in place of a name needs no lookup. Try each address that a name has, before time_left is over. Say
 * WMREC_ERROR_NAME and WMREC_ERROR_CONNECT where these are meant: people act on them. */
static int template_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_template *connection = context;

  (void)host;
  (void)port;
  (void)time_left;
  connection->is_begun = true;
  return WMREC_ERROR_SYSTEM;
}

/* Nagle's algorithm off (TCP_NODELAY): the request is small, and nothing follows it. A full send buffer is
 * WMREC_WANT_WRITE; a broken connection is WMREC_ERROR_RESET. */
static int template_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  (void)context;
  (void)bytes;
  (void)length;
  (void)sent;
  return WMREC_ERROR_SYSTEM;
}

/* No bytes yet is WMREC_WANT_READ. A FIN is WMREC_OK with *received = 0; a RST is WMREC_ERROR_RESET: to take one for
 * the other is to take a truncated answer for a whole one. */
static int template_receive(void *context, void *bytes, size_t size, size_t *received)
{
  (void)context;
  (void)bytes;
  (void)size;
  (void)received;
  return WMREC_ERROR_SYSTEM;
}

/* Also before any open, and twice. Callbacks of your stack must not reach the connection any more. */
static void template_close(void *context)
{
  struct wmrec_template *connection = context;

  connection->is_begun = false;
}

/* False: this is no TLS. Put port/mbedtls/ over it, by struct wmrec_tls's inner. */
struct wmrec_transport wmrec_template_transport(struct wmrec_template *connection)
{
  static const struct wmrec_transport_functions functions = {false, template_open, template_send, template_receive,
                                                             template_close};

  return (struct wmrec_transport){&functions, connection};
}
