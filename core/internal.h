/* What the core's files share. Not for users.
 *
 * A file calls only files that come after it in this list, so there is no circle: monitor.c, indicator.c, schedule.c;
 * exchange.c; request.c, response.c, recording.c; json.c; json_scalar.c; characters.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_INTERNAL_H
#define WMREC_INTERNAL_H

#include "wmrec.h"

/*
 * The part of the response that comes next. Order matters: a word is read in the states up to STATE_FIELD_VALUE, a
 * field that matters in those up to STATE_FIELD_SPACE, a line in those before STATE_BODY.
 *
 * The fields of struct wmrec_exchange, by state:
 *
 * word_length
 *   STATE_STATUS_LINE: the bytes of the status line that have come, 0 to 12.
 *   STATE_FIELD_*: the bytes of the name or element that have come. In the header section they stand at the buffer's
 *   start, in lower case. WORD_LIMIT: it is too long, or not a single token, and so not recognised and no number.
 *   All others: 0.
 * framing
 *   STATE_STATUS_LINE: not used before the version has come.
 * number
 *   STATE_STATUS_LINE: the digits since the last space: of the minor version, 0 to 9, or of the status, 0 to 999.
 *   After the end, if the result is WMREC_OK or WMREC_ERROR_UNKNOWN_STATUS: the status text's bytes.
 *   All others: not used.
 * remaining
 *   STATE_STATUS_LINE and the header section: the Content-Length; UNTIL_CLOSED: none has come.
 *   STATE_CHUNK_SIZE, STATE_CHUNK_SPACE, STATE_CHUNK_EXTENSION: the chunk's size, as far as it has come.
 *   STATE_BODY: the bytes of the body, or of the chunk, that have not come; at least 1.
 *   STATE_BODY_UNTIL_CLOSED: UNTIL_CLOSED - length. It stays over INT32_MAX, the maximum of length.
 *   STATE_CHUNK_END, and in trailers: 0.
 *   STATE_CHUNK_START: not used.
 * section_left
 *   All states before STATE_BODY: the bytes that may still come of the section. A section is a header section with its
 *   status line, the line of a chunk, the CRLF after its data, or a trailer section.
 * length
 *   Before the request is sent: the request's bytes. Then the bytes of the body so far: 0 in the header section.
 * offset
 *   Before the request is sent: the bytes of the request that are sent.
 *   After the end, if the result is WMREC_OK or WMREC_ERROR_UNKNOWN_STATUS: the place of the status text in the body.
 */
enum state {
  STATE_FIELD_NAME,  /* in trailers, too; with word_length 0, the section may end here */
  STATE_FIELD_VALUE, /* an element of a value that matters, or the white space before it */
  STATE_FIELD_SPACE, /* the white space after a word of a value, and what follows it in the same element */
  STATE_IGNORED,     /* the value of a field that does not matter, or the reason phrase */
  STATE_CHUNK_EXTENSION,
  STATE_CHUNK_SIZE,
  STATE_CHUNK_START, /* the first digit of a chunk's size */
  STATE_STATUS_LINE,
  STATE_CHUNK_SPACE, /* white space after the size: an extension must follow */
  STATE_CHUNK_END,   /* the CRLF after a chunk's data */
  STATE_LINE_END,    /* the LF of a CRLF; state_before_cr is the state that the CR has ended */
  STATE_BODY,        /* bytes of a body with a length, or of a chunk */
  STATE_BODY_UNTIL_CLOSED,
  STATE_COMPLETE, /* the response is complete */
  STATE_FAULT     /* the response is malformed, or over a limit: x->fault says how */
};

/* Where the body ends (RFC 9112, section 6.3). */
enum framing {
  FRAMING_LENGTH,      /* at its Content-Length; without one, where the connection ends */
  FRAMING_LENGTH_ONLY, /* HTTP/1.0: as FRAMING_LENGTH, and no transfer coding is allowed */
  FRAMING_CHUNKED,     /* at the last chunk */
  FRAMING_TRAILER      /* the last chunk has come: only trailers follow */
};

/* x->remaining if there is no Content-Length. */
#define UNTIL_CLOSED UINT32_MAX

/* Longer names, elements and numbers are not recognised. Any request is longer, so the buffer has room for a word. */
#define WORD_LIMIT 64

/* request.c: writes the request into the buffer and its size to x->length. If the target is not valid, or the buffer
 * too small, x->outcome is the error. */
void wmrec_request(struct wmrec_exchange *x, const struct wmrec_target *target);

/* response.c: gets ready for a status line. */
void wmrec_response_begin(struct wmrec_exchange *x);

/* response.c: reads bytes of the response up to its end or its first fault, and returns how many it has read. x->state
 * is then STATE_COMPLETE, STATE_FAULT, or the state for the next byte. */
size_t wmrec_response_read(struct wmrec_exchange *x, const unsigned char *bytes, size_t length);

/* recording.c: reads the status from the complete body. Returns WMREC_OK or an error of the -60 group. */
int wmrec_read_recording(struct wmrec_exchange *x);

/* characters.c: the index of a word in a list, in which each word stands after a byte that is its length; if the list
 * does not have it, the number of its words. */
unsigned wmrec_find_word(const char *list, const char *word, size_t length);

/* characters.c: the value of RFC 5234's HEXDIG, in either case; 16 for any other byte. */
unsigned wmrec_hex_digit(unsigned c);

#endif
