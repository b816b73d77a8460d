/* What the core's files say to each other; not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_INTERNAL_H
#define WMREC_INTERNAL_H

#include "wmrec.h"

enum state {
  STATE_FIELD_NAME,
  STATE_FIELD_VALUE,
  STATE_FIELD_SPACE, /* white space in a value, and what comes after it in the same element */
  STATE_IGNORED,     /* the value of a field that does not matter, or the reason phrase */
  STATE_CHUNK_EXTENSION,
  STATE_STATUS_LINE,
  STATE_CHUNK_START,
  STATE_CHUNK_SIZE,
  STATE_CHUNK_SPACE,
  STATE_CHUNK_END, /* the CRLF after a chunk's data */
  STATE_LINE_END,
  STATE_BODY,
  STATE_COMPLETE,
  STATE_FAULT
};

enum framing { FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_TRAILER };

#define UNTIL_CLOSED UINT32_MAX

#define WORD_LIMIT 64

void wmrec_request(struct wmrec_exchange *x, const struct wmrec_target *target);

void wmrec_response_begin(struct wmrec_exchange *x);

size_t wmrec_response_read(struct wmrec_exchange *x, const unsigned char *bytes, size_t length);

int wmrec_read_recording(struct wmrec_exchange *x);

bool wmrec_is_alphanumeric_or(unsigned c, const char *others);

unsigned wmrec_hex_digit(unsigned c);

unsigned wmrec_find_word(const char *list, const char *word, size_t length);

#endif
