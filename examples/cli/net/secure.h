/* TLS to the servers: the roots, mbedTLS's memory, and the sessions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SECURE_H
#define WMREC_CLI_SECURE_H

#include "input/options.h"
#include "net/workspace.h"
#include "tls.h"

/* One server's; zero it. */
struct secure {
  /* To be read. session: between two exchanges, session_length bytes of it; NULL: none. */
  struct wmrec_tls tls;
  void *session;
  size_t session_length;

  bool has_session; /* private */
};

/* Makes ready for all servers. Returns 0, or the exit status, all having been said. */
int secure_start(const struct options *options);

/* A transport over TCP, to one server; secure_start() came before. has_session: one is kept from one connection to the
 * next. */
struct wmrec_transport secure_transport(struct secure *secure, struct wmrec_transport tcp, bool has_session);

/* Before an exchange and after it: the session is in the workspace for that time. */
void secure_begin(struct secure *secure, struct workspace *workspace);
void secure_end(struct secure *secure);

/* Keeps a copy of this session, if it is one, in place of the one before. */
void secure_keep(struct secure *secure, const void *session, size_t size);

/* Gives memory back to the system that was needed for handshakes: to be called now and then. */
void secure_rest(void);

/* Wipes the session. */
void secure_close(struct secure *secure);

#endif
