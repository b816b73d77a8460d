/* A transport over another one, which reads the Date field of HTTP answers (RFC 9110, section 6.6.1). Over verified
 * TLS, that date has certainly passed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_DATE_FIELD_H
#define WMREC_LAMP_DATE_FIELD_H

#include "transport.h"

/* The size of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7) with a NUL, in bytes. */
#define DATE_FIELD_VALUE 30

/* Set inner, and zero all other fields. */
struct date_field {
  struct wmrec_transport inner; /* borrowed */

  /* To be read: the last date that was received on this connection, in seconds since 1970-01-01, UTC; 0: none. */
  int64_t date;

  /* Private. */
  struct wmrec_transport_functions functions;
  unsigned matched;             /* how many characters of "\ndate: " the last bytes received have matched */
  unsigned length;              /* of value, in bytes; 0 unless all of "\ndate: " has matched */
  char value[DATE_FIELD_VALUE]; /* the bytes received after "\ndate: " */
};

/* Returns the transport. It passes every call on to field->inner, and borrows *field. */
struct wmrec_transport date_field_transport(struct date_field *field);

#endif
