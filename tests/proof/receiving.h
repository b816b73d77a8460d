/* The state of an exchange that receives, as far as a later step relies on it. All is a plain expression, as a loop's
 * invariant must be one: x is the exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_RECEIVING_H
#define WMREC_PROOF_RECEIVING_H

/* What of the response comes, whether its line's CR has come or not. */
#define STATE_OF(x) ((x)->state & (STATE_LINE_END - 1))

#define IS_FIELD(x) (STATE_OF(x) <= STATE_IGNORED)

/* Of "HTTP/1.d ddd ", so much has come, and of its digits the number. */
#define STATUS_LINE_IS_VALID(x)                                                                                        \
  ((x)->word_length < 13 &&                                                                                            \
   (x)->number <= ((x)->word_length < 8    ? 0u                                                                        \
                   : (x)->word_length < 10 ? 9u                                                                        \
                   : (x)->word_length < 11 ? 99u                                                                       \
                   : (x)->word_length < 12 ? 999u                                                                      \
                                           : 9999u) &&                                                                 \
   (x)->framing == FRAMING_LENGTH && (x)->remaining == UNTIL_CLOSED && !(x)->is_kept_alive &&                          \
   (x)->error == WMREC_OK && (x)->length == 0)

#define HEADER_IS_VALID(x)                                                                                             \
  ((x)->framing == FRAMING_TRAILER                                                                                     \
       ? (x)->remaining == 0 && (STATE_OF(x) == STATE_FIELD_NAME || STATE_OF(x) == STATE_IGNORED) &&                   \
             OUTCOME_IS_VALID(x)                                                                                       \
       : ((x)->remaining == UNTIL_CLOSED || (x)->remaining < NUMBER_LIMIT) && (x)->length == 0 &&                      \
             (x)->error == WMREC_OK && ((x)->framing != FRAMING_CHUNKED || !(x)->is_http_1_0))

/* Behind a header section. */
#define OUTCOME_IS_VALID(x)                                                                                            \
  (((x)->error == WMREC_OK) == ((x)->http_status == 200) && ((x)->http_status < 100 || (x)->http_status >= 200))

#define BODY_IS_VALID(x)                                                                                               \
  (OUTCOME_IS_VALID(x) && (x)->word_length == 0 &&                                                                     \
   ((x)->state != STATE_BODY                                                                                           \
        ? (x)->framing == FRAMING_CHUNKED && (STATE_OF(x) != STATE_CHUNK_END || (x)->remaining == 0)                   \
        : (x)->remaining > 0 && ((x)->framing == FRAMING_CHUNKED ||                                                    \
                                 ((x)->framing == FRAMING_LENGTH &&                                                    \
                                  ((x)->remaining > INT32_MAX ? (x)->remaining + (x)->length == UNTIL_CLOSED           \
                                                              : (x)->remaining + (x)->length < NUMBER_LIMIT)))))

/* Any request is longer than a word may be: request_proof.c. */
#define IS_RECEIVING(x)                                                                                                \
  ((x)->result == WMREC_WANT_READ && (x)->state < 2 * STATE_LINE_END && (x)->state != STATE_LINE_END + STATE_BODY &&   \
   STATE_OF(x) <= STATE_BODY && (x)->framing <= FRAMING_TRAILER && (x)->recording == WMREC_UNKNOWN &&                  \
   (x)->fault < 0 && (x)->error <= 0 && (x)->http_status <= 999 && (x)->section_left <= WMREC_SECTION_LIMIT &&         \
   (x)->size <= INT32_MAX && (x)->size >= WORD_LIMIT && (x)->length <= (x)->size && (x)->offset <= (x)->size &&        \
   (x)->word_length <= WORD_LIMIT &&                                                                                   \
   (STATE_OF(x) == STATE_STATUS_LINE ? STATUS_LINE_IS_VALID(x)                                                         \
    : IS_FIELD(x)                    ? HEADER_IS_VALID(x)                                                              \
                                     : BODY_IS_VALID(x)))

#endif
