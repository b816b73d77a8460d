/* A transport that does nothing yet. transport.h says what each function must do; the comments here say what to think
 * of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "template.h"

/* It is called again until it returns something other than a WMREC_WANT_*: so store in the connection how far it has
 * come. If host is an address, do not look it up. If a name has many addresses, share time_left out among them. Return
 * WMREC_ERROR_NAME if there is no address, and WMREC_ERROR_CONNECT if no address accepts: users act on these two. */
static int template_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_template *connection = context;

  (void)host;
  (void)port;
  (void)time_left;
  connection->is_begun = true;
  return WMREC_ERROR_SYSTEM;
}

/* Turn Nagle's algorithm off (TCP_NODELAY): the request is small, and nothing follows it. If the send buffer is full,
 * return WMREC_WANT_WRITE; if the connection is broken, WMREC_ERROR_RESET. */
static int template_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  (void)context;
  (void)bytes;
  (void)length;
  (void)sent;
  return WMREC_ERROR_SYSTEM;
}

/* If no byte has come yet, return WMREC_WANT_READ. After a FIN, return WMREC_OK and set *received to 0; after a RST,
 * return WMREC_ERROR_RESET. Do not mix these two up: a truncated answer would be taken for a complete one. */
static int template_receive(void *context, void *bytes, size_t size, size_t *received)
{
  (void)context;
  (void)bytes;
  (void)size;
  (void)received;
  return WMREC_ERROR_SYSTEM;
}

/* It may be called before any open, and twice. Afterwards, no callback of your stack may use the connection. */
static void template_close(void *context)
{
  struct wmrec_template *connection = context;

  connection->is_begun = false;
}

/* is_verified_tls is false: this is plain TCP. For TLS, make it the `inner` transport of a struct wmrec_tls. */
struct wmrec_transport wmrec_template_transport(struct wmrec_template *connection)
{
  static const struct wmrec_transport_functions functions = {.is_verified_tls = false,
                                                             .open = template_open,
                                                             .send = template_send,
                                                             .receive = template_receive,
                                                             .close = template_close};

  return (struct wmrec_transport){.functions = &functions, .context = connection};
}
