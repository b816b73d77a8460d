/* A transport over another transport: it passes everything on, and keeps where a redirect points to, for messages. The
 * core does not keep it, as no redirect is followed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_LOCATION_H
#define WMREC_CLI_LOCATION_H

#include "transport.h"

/* Zero it. */
struct location {
  /* Private. */
  struct wmrec_transport inner;
  struct wmrec_transport_functions functions;
  size_t length; /* of the line so far; more than its size: the line is cut */
  bool is_found; /* the line is the field Location of the answer, complete */
  bool is_begun; /* a line of the header section has come */
  bool is_over;  /* the header section has ended */
  bool is_1xx;   /* the header section is that of an interim response: another one follows */
  char line[2048];
};

/* The transport over `inner`, which is borrowed as *location is, for as long as the transport is in use. */
struct wmrec_transport location_transport(struct location *location, struct wmrec_transport inner);

/* Returns the value of the answer's first Location (RFC 9110, section 10.2.2), and sets *length: 0 if there is none.
 * It comes from the network: redact it. At most about 2,000 bytes; *is_cut: it is longer. It stays until the next
 * request or location_wipe(). */
const char *location_value(const struct location *location, size_t *length, bool *is_cut);

/* Wipes the line: a server may have repeated the key in it. */
void location_wipe(struct location *location);

#endif
