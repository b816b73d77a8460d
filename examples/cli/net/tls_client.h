/* TLS to the servers: the trusted roots, and each server's session.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TLS_CLIENT_H
#define WMREC_CLI_TLS_CLIENT_H

#include "input/options.h"
#include "tls.h"

/* TLS to one server. Zero it; read it only. */
struct tls_client {
  struct wmrec_tls connection;
  void *session;         /* the session, while no exchange is under way; NULL: none */
  size_t session_length; /* of the session, in bytes; 0: none */

  bool has_session; /* private: sessions are kept for the next connection */
};

/* Reads root certificates in PEM: from this file; NULL: from where the environment or the system has them, see
 * root_text.h. Their text is kept until the program ends, so later changes of the files have no effect. Returns false,
 * after a message, if a file cannot be read or has no certificate. */
bool tls_client_read_roots(struct wmrec_pem_roots *pem, const char *path);

/* Reads the roots again. Call it only if no exchange is under way. Returns false, after a message, if they are not
 * valid or cannot be read: the old ones stay. */
bool tls_client_read_roots_again(const struct options *options);

/* Prepares TLS for all servers. Returns 0; or the exit status, after a message. */
int tls_client_start(const struct options *options);

/* Returns the transport to one server, over TCP. Call tls_client_start() before. has_session: sessions are kept for the
 * next connection. */
struct wmrec_transport tls_client_transport(struct tls_client *tls, struct wmrec_transport tcp, bool has_session);

/* Call these before and after each exchange. During the exchange, the session is in this memory, which is borrowed;
 * after it, the session is in tls->session, and the memory is wiped. A second tls_client_end() does nothing. */
void tls_client_begin(struct tls_client *tls, void *memory, size_t size);
void tls_client_end(struct tls_client *tls);

/* Replaces tls->session by a copy of this one. If there is none in the memory, or no room for it, there is no session
 * afterwards. */
void tls_client_set_session(struct tls_client *tls, const void *session, size_t size);

/* Wipes the session. */
void tls_client_close(struct tls_client *tls);

#endif
