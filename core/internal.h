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
  STATE_SKIP, /* the reason phrase, or the value of a trailer field: up to its CR */
  STATE_FIELD_VALUE,
  STATE_LINE_START,
  STATE_FIELD_NAME,
  STATE_BODY,
  STATE_CHUNK_START,
  STATE_CHUNK_SIZE,
  STATE_CHUNK_SPACE,
  STATE_CHUNK_EXTENSION,
  STATE_CHUNK_END, /* the CRLF behind a chunk's data */
  STATE_DONE,

  /* Added to the state that follows a CR: LF must come first. */
  STATE_LINE_FEED = 0x80
};

/* The words of a header section that matter: names of fields, and elements of their values. Sorted. */
enum word {
  WORD_CHUNKED,
  WORD_CLOSE,
  WORD_CONNECTION,
  WORD_CONTENT_LENGTH,
  WORD_KEEP_ALIVE,
  WORD_RETRY_AFTER,
  WORD_TRANSFER_ENCODING,
  WORD_NONE
};

/* What is known of the response. A word's flag says that it has been met where it counts. */
enum flag {
  FLAG_CHUNKED = 1 << WORD_CHUNKED,
  FLAG_CLOSE = 1 << WORD_CLOSE, /* the connection is unfit for another exchange */
  FLAG_CONTENT_LENGTH = 1 << WORD_CONTENT_LENGTH,
  FLAG_KEEP_ALIVE = 1 << WORD_KEEP_ALIVE,

  FLAG_ANSWERED = 1 << WORD_CONNECTION, /* a byte has come, if only of a 1xx */
  FLAG_HTTP_1_0 = 1 << WORD_RETRY_AFTER,
  FLAG_TRAILER = 1 << WORD_TRANSFER_ENCODING
};

/* request.c: writes the request into the buffer and its size to length; WMREC_OK or an error. */
int wmrec_request(struct wmrec *x, const struct wmrec_target *target);

/* response.c: makes ready for a status line. */
void wmrec_response_begin(struct wmrec *x, uint8_t flags);

/* response.c: takes bytes of the response, in a state of the response; returns how many: 0 only with an error. */
size_t wmrec_response(struct wmrec *x, const unsigned char *bytes, size_t length);

/* exchange.c: the response is complete. */
void wmrec_complete(struct wmrec *x);

/* recording.c: reads the status from the complete body; WMREC_OK or an error. */
int wmrec_read_recording(struct wmrec *x);

/* RFC 5234's HEXDIG in either case; 16 for any other byte. */
static inline unsigned wmrec_hex_digit(unsigned c)
{
  if (c - '0' < 10)
    return c - '0';
  c = (c | 0x20) - 'a';
  return c < 6 ? c + 10 : 16;
}

#endif
