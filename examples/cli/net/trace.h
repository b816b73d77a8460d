/* For -v: a transport over a transport, that shows on standard error what goes through it, without the key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TRACE_H
#define WMREC_CLI_TRACE_H

#include "posix.h"
#include "tls.h"

/* One direction, a line at a time: a key that comes in two pieces is a key all the same. It has room for a key of 4,095
 * bytes, each as \uXXXX. */
struct trace_line {
  const char *server;
  const char *mark;
  size_t length;   /* of the line so far; all bytes from there on are 0 */
  size_t searched; /* no key begins before this; from there to `length` may be the beginning of one */
  char bytes[32768];
};

/* Zero it, and set what is not private. */
struct trace {
  struct wmrec_transport inner;
  const struct wmrec_posix *tcp;
  const struct wmrec_tls *tls; /* NULL: plain HTTP */
  char server[1024];           /* what each line begins with, where there are several */

  /* Private. */
  struct wmrec_transport_functions functions;
  struct trace_line sent;
  struct trace_line received;
};

struct wmrec_transport trace_transport(struct trace *trace);

#endif
