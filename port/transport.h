/* A transport carries bytes to a server and back. Plain TCP is a transport; TLS is a transport over another one.
 *
 * No function blocks. Each returns
 * - WMREC_OK;
 * - a WMREC_WANT_*: call the same function again, once the connection can be read (WMREC_WANT_READ) or written
 *   (WMREC_WANT_WRITE), or at once (WMREC_WANT_CALL);
 * - or a WMREC_ERROR_* (negative): from then on, only close may be called.
 *
 * A receive may want to write, and a send may want to read: TLS also exchanges protocol messages.
 *
 * A port defines one constant table of functions, and gives out a transport for each connection:
 *
 *     static const struct wmrec_transport_functions functions = {
 *         .is_verified_tls = false, .open = my_open, .send = my_send, .receive = my_receive, .close = my_close};
 *
 *     struct wmrec_transport transport = {.functions = &functions, .context = &my_connection};
 *
 * port/template/ is the beginning of such a port. Threads: a transport has no lock; it is called by the thread that
 * calls its drive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TRANSPORT_H
#define WMREC_TRANSPORT_H

#include "wmrec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct wmrec_transport_functions {
  /* True: open returns WMREC_OK only if the server's certificate is trusted and is for the host's name. */
  bool is_verified_tls;

  /* Connects. It is called until it returns something other than a WMREC_WANT_*, each time with the same host and port.
   * host: ends in NUL; borrowed until close. port: 1 to 65535. time_left: until the exchange's deadline, in ms, at
   * least 1; share it out among the addresses of a name. */
  int (*open)(void *context, const char *host, uint16_t port, uint32_t time_left);

  /* Sends some of these bytes, or all. length: at least 1. With WMREC_OK, *sent is the number of bytes that were taken,
   * at least 1. bytes: borrowed until the call returns. After a WMREC_WANT_*, the next call has the same bytes. */
  int (*send)(void *context, const void *bytes, size_t length, size_t *sent);

  /* Receives up to `size` bytes. size: at least 1. With WMREC_OK, *received is the number of bytes; 0 means that the
   * server has ended the stream cleanly. WMREC_ERROR_TRUNCATED: the stream has ended, but not provably by the server
   * (TLS without close_notify). */
  int (*receive)(void *context, void *bytes, size_t size, size_t *received);

  /* Closes at once, without waiting for the server. It may be called in any state: before any open, after an open that
   * failed, and twice. */
  void (*close)(void *context);
};

/* May be copied. */
struct wmrec_transport {
  const struct wmrec_transport_functions *functions; /* borrowed for as long as the transport is in use */
  void *context;                                     /* the connection's state, passed to each function; borrowed too */
};

#ifdef __cplusplus
}
#endif

#endif
