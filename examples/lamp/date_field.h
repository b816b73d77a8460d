/* Reads the Date field of the answers that come through a transport (RFC 9110, section 6.6.1): over verified TLS, it
 * shows that this date has passed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_DATE_FIELD_H
#define WMREC_LAMP_DATE_FIELD_H

#include "transport.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), with a NUL. */
#define DATE_FIELD_VALUE 30

/* Set inner, and zero the rest. */
struct date_field {
  struct wmrec_transport inner; /* borrowed */

  int64_t
      date; /* to be read, of the connection's last such field, in seconds since 1970-01-01, UTC; 0: none has come */

  /* Private. */
  struct wmrec_transport_functions functions;
  unsigned matched; /* how many characters of "\ndate: " have just come */
  unsigned length;  /* of the value, as far as it has come; valid when all of that is matched */
  char value[DATE_FIELD_VALUE];
};

/* A transport that passes everything on to the inner one. */
struct wmrec_transport date_field_transport(struct date_field *field);

#endif
