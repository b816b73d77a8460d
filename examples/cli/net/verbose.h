/* -v: shows the connection and each line that is sent or received on standard error, without the key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_VERBOSE_H
#define WMREC_CLI_VERBOSE_H

#include "posix.h"
#include "tls.h"
#include "trace.h"

/* In bytes: half of it holds a key of 4,095 bytes, the longest, each written as \uXXXX. */
#define VERBOSE_BUFFER 65536

/* Zero it, and set all fields before the private ones. */
struct verbose {
  const struct wmrec_posix *tcp;
  const struct wmrec_tls *tls; /* NULL: plain HTTP */
  char server[1024];           /* the beginning of each line, if there are several servers */

  /* Private, except for trace.key, which may be set between exchanges. */
  struct wmrec_trace trace;
  char buffer[VERBOSE_BUFFER];
};

/* A transport over `inner`, which must be that of tls or, if tls is NULL, of tcp. */
struct wmrec_transport verbose_transport(struct verbose *verbose, struct wmrec_transport inner);

#endif
