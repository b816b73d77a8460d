/* Keeps TLS sessions from one connection to the next. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SESSION_H
#define WMREC_SESSION_H

#include "tls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Before mbedtls_ssl_setup(): binds sessions of this connection to host, port and roots, and asks the server for one if
 * it can be kept. */
void wmrec_session_prepare(struct wmrec_tls *tls, const char *host, uint16_t port);

/* After mbedtls_ssl_setup(): offers the session that was kept, if it is for this server and still valid. Returns 0, or
 * mbedTLS's error: then ssl can only be freed. */
int wmrec_session_offer(struct wmrec_tls *tls);

/* When the handshake is over: sets is_resumed, and the expiry of this connection's session. */
void wmrec_session_established(struct wmrec_tls *tls);

/* Keeps the connection's session, in place of the previous one. */
void wmrec_session_keep(struct wmrec_tls *tls);

/* Wipes the session that was kept. */
void wmrec_session_forget(struct wmrec_tls *tls);

#ifdef __cplusplus
}
#endif

#endif
