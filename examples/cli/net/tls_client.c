/* TLS to the servers: the trusted roots, and each server's session.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/tls_client.h"

#include <stdio.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "net/root_text.h"
#include "net/tls_memory.h"
#include "system/memory.h"
#include "system/read_file.h"

/* Memory for the text of the roots: 1 MiB. A system's file has about 220,000 bytes. A mapping of 2 MiB or more could
 * take a huge page of Linux as a whole. */
enum { ROOTS_MAX = 1048576 };

static struct wmrec_der_roots roots; /* that all servers are verified with */

bool tls_client_read_roots(struct wmrec_pem_roots *pem, const char *path)
{
  char *text = memory_map(ROOTS_MAX);

  pem->text = text;
  pem->length = text == NULL ? 0 : root_text_read(path, text, ROOTS_MAX);
  return pem->length > 0;
}

/* Reads the roots, and decodes all of them at once, in the memory of their text: in DER, they are a quarter shorter.
 * Returns false, after a message, if they cannot be read. */
static bool read_and_decode_roots(struct wmrec_der_roots *der, const struct options *options)
{
  static struct wmrec_pem_roots pem;
  const bool is_read = tls_client_read_roots(&pem, options->ca_file);
  unsigned char *text = (unsigned char *)pem.text; /* memory_map() has given it to us */

  if (!is_read) {
    memory_unmap(text, ROOTS_MAX);
    return false;
  }
  *der = (struct wmrec_der_roots){.der = text, .length = wmrec_roots_decode(text, pem.length)};
  memory_release(text + der->length, pem.length - der->length);
  return true;
}

bool tls_client_read_roots_again(const struct options *options)
{
  const struct wmrec_der_roots old = roots;

  if (options->ca_file != NULL && !read_file_is_repeatable(options->ca_file))
    return true;
  if (!read_and_decode_roots(&roots, options)) {
    fputs("wmrec: the old root certificates stay in use.\n", stderr);
    return false;
  }
  memory_unmap(old.der, ROOTS_MAX);
  return true;
}

int tls_client_start(const struct options *options)
{
  if (!read_and_decode_roots(&roots, options))
    return EXIT_CONFIG;
  return tls_memory_start((size_t)options->server_count) ? 0 : EXIT_UNAVAILABLE;
}

struct wmrec_transport tls_client_transport(struct tls_client *tls, struct wmrec_transport tcp, bool has_session)
{
  tls->connection.inner = tcp;
  tls->connection.roots = wmrec_roots_from_der(&roots);
  tls_memory_assign(&tls->connection);
  tls->has_session = has_session;
  return wmrec_tls_transport(&tls->connection);
}

void tls_client_begin(struct tls_client *tls, void *memory, size_t size)
{
  if (!tls->has_session)
    return;
  if (tls->session != NULL)
    memcpy(memory, tls->session, tls->session_length);
  tls->connection.session = memory;
  tls->connection.session_size = size;
}

static void forget_session(struct tls_client *tls)
{
  mbedtls_platform_zeroize(tls->session, tls->session_length);
  tls_memory_free(tls->session);
  tls->session = NULL;
  tls->session_length = 0;
}

void tls_client_set_session(struct tls_client *tls, const void *session, size_t size)
{
  const size_t length = wmrec_tls_session_length(session, size);

  if (length != tls->session_length) {
    forget_session(tls);
    tls->session = length == 0 ? NULL : tls_memory_allocate(length);
    tls->session_length = tls->session == NULL ? 0 : length;
  }
  if (tls->session != NULL)
    memcpy(tls->session, session, length);
}

void tls_client_end(struct tls_client *tls)
{
  struct wmrec_tls *connection = &tls->connection;

  if (connection->session == NULL)
    return;
  tls_client_set_session(tls, connection->session, connection->session_size);
  mbedtls_platform_zeroize(connection->session, connection->session_size);
  connection->session = NULL;
  connection->session_size = 0;
}

void tls_client_close(struct tls_client *tls)
{
  if (tls->session != NULL)
    forget_session(tls);
}
