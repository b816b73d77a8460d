/* A transport: what carries bytes to a server and back. Plain TCP is one; TLS is one over another.
 *
 * No function blocks. Each returns WMREC_OK, one of WMREC_WANT_* (call the same function again: once the connection can
 * be read or written, or at once for WMREC_WANT_CALL), or one of WMREC_ERROR_* (then nothing but close is of use).
 * A receive may want to write, and a send to read: TLS has records of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TRANSPORT_H
#define WMREC_TRANSPORT_H

#include "wmrec.h"

struct wmrec_transport_functions {
  /* True if open returns WMREC_OK only for a server whose certificate bears the host's name and is trusted. */
  bool is_verified_tls;

  /* Connects; called until it returns something else than WMREC_WANT_*. host: ends in NUL, borrowed until close.
   * port: 1..65535. time_left: until the exchange's deadline, in ms; to be shared out among a name's addresses. */
  int (*open)(void *context, const char *host, uint16_t port, uint32_t time_left);

  /* Sends some of these bytes: with WMREC_OK, *sent is how many, at least 1. length: at least 1. */
  int (*send)(void *context, const void *bytes, size_t length, size_t *sent);

  /* Receives up to size bytes (size: at least 1): with WMREC_OK, *received is how many, and 0 means that the stream
   * has ended cleanly. WMREC_ERROR_TRUNCATED: it has ended, but anybody can have cut it. */
  int (*receive)(void *context, void *bytes, size_t size, size_t *received);

  /* Closes at once, without waiting for the other side. Also when open has failed, or was never called. */
  void (*close)(void *context);
};

struct wmrec_transport {
  const struct wmrec_transport_functions *functions; /* borrowed */
  void *context;                                     /* borrowed; the transport's own state */
};

#endif
