/* What the core's files say to each other; not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_INTERNAL_H
#define WMREC_INTERNAL_H

#include "wmrec.h"

/* Where the exchange is: the request, the response, the end. The order counts: what stands together is asked for
 * together. */
enum state {
  STATE_SENDING,
  STATE_STATUS_LINE,
  STATE_SKIP, /* the reason phrase, or the value of a field that does not matter: up to its CR */
  STATE_FIELD_VALUE,
  STATE_LINE_START,
  STATE_FIELD_NAME,
  STATE_CHUNK_START,
  STATE_CHUNK_SIZE,
  STATE_CHUNK_SPACE,
  STATE_CHUNK_EXTENSION,
  STATE_CHUNK_END, /* the CRLF behind a chunk's data */
  STATE_BODY,
  STATE_DONE,

  STATE_LINE_FEED = 0x80 /* added behind a CR: nothing but LF may follow */
};

/* The words of a header section that matter, names of fields and elements of their values: see response.c. */
enum word {
  WORD_CHUNKED = 7,
  WORD_CLOSE = 12,
  WORD_CONNECTION = 22,
  WORD_CONTENT_LENGTH = 34,
  WORD_KEEP_ALIVE = 45,
  WORD_RETRY_AFTER = 57,
  WORD_TRANSFER_ENCODING = 75,
  WORD_NONE = 76
};

/* request.c: writes the request into the buffer and its size to length; WMREC_OK or an error. */
int wmrec_request(struct wmrec *x, const struct wmrec_target *target);

/* response.c: makes ready for a status line. */
void wmrec_response_begin(struct wmrec *x);

/* response.c: takes a byte of the response, in a state of the response. */
void wmrec_response_byte(struct wmrec *x, unsigned c);

/* exchange.c: the response is complete. */
void wmrec_complete(struct wmrec *x);

/* recording.c: reads the status from the complete body; WMREC_OK or an error. */
int wmrec_read_recording(struct wmrec *x);

/* characters.c: a letter, a digit, or one of these; NULL: any character that is visible, in ASCII. */
bool wmrec_is_alphanumeric_or(unsigned c, const char *others);

/* characters.c: RFC 5234's HEXDIG in either case; 16 for any other byte. */
unsigned wmrec_hex_digit(unsigned c);

#endif
