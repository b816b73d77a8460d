/* TLS sessions, kept from one connection for the next; not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SESSION_H
#define WMREC_SESSION_H

#include "tls.h"

/* Before mbedtls_ssl_setup(): notes for whom a session of this connection is, and asks for one if it can be kept. */
void wmrec_session_prepare(struct wmrec_tls *tls, const char *host, uint16_t port);

/* After mbedtls_ssl_setup(): offers the session that was kept, if there is one for this server that still holds.
 * Returns 0, or mbedTLS's error: then nothing but to free ssl is of use. */
int wmrec_session_offer(struct wmrec_tls *tls);

/* When the handshake is over: tells is_resumed, and until when a session of this connection may be used. */
void wmrec_session_established(struct wmrec_tls *tls);

/* Keeps the connection's session, in place of the one before. */
void wmrec_session_keep(struct wmrec_tls *tls);

/* Wipes what is kept. */
void wmrec_session_forget(struct wmrec_tls *tls);

#endif
