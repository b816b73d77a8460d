/* What the core's files say to each other; not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_INTERNAL_H
#define WMREC_INTERNAL_H

#include "wmrec.h"

/* What of the response comes next. The order counts: what stands together is asked for together, words first. */
enum state {
  STATE_FIELD_NAME,
  STATE_FIELD_VALUE,
  STATE_FIELD_SPACE, /* white space in a value, and what comes behind it in the same element */
  STATE_IGNORED,     /* the value of a field that does not matter, or the reason phrase */
  STATE_CHUNK_EXTENSION,
  STATE_STATUS_LINE,
  STATE_CHUNK_START,
  STATE_CHUNK_SIZE,
  STATE_CHUNK_SPACE,
  STATE_CHUNK_END, /* the CRLF behind a chunk's data */
  STATE_BODY,
  STATE_LINE_END = 16 /* added when the line's CR has come */
};

/* Where the body ends, and so what is behind it. */
enum framing { FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_TRAILER /* the last chunk has come */ };

/* The body ends where the stream does. */
#define UNTIL_CLOSED UINT32_MAX

/* A name or an element of so many bytes is none that matters, and no number. Any request is longer, so the buffer has
 * room for it. */
#define WORD_LIMIT 64

/* request.c: writes the request into the buffer and its size to length; or sets the error. */
void wmrec_request(struct wmrec_exchange *x, const struct wmrec_target *target);

/* response.c: makes ready for a status line. */
void wmrec_response_begin(struct wmrec_exchange *x);

/* framing.c: a header or trailer section is complete; false: for what x->fault names, the exchange cannot go on. */
bool wmrec_end_of_header(struct wmrec_exchange *x);

/* exchange.c: the response is complete. */
void wmrec_complete(struct wmrec_exchange *x);

/* recording.c: reads the status from the complete body; WMREC_OK or an error. */
int wmrec_read_recording(struct wmrec_exchange *x);

/* characters.c: a letter, a digit, or one of these; NULL: any character that is visible, in ASCII. */
bool wmrec_is_alphanumeric_or(unsigned c, const char *others);

/* characters.c: RFC 5234's HEXDIG in either case; 16 for any other byte. */
unsigned wmrec_hex_digit(unsigned c);

#endif
