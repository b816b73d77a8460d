/* The valid states of an exchange that receives, as far as a later step relies on them: core/internal.h in expressions.
 * All are plain expressions, as the contract of a loop takes nothing else; x is the exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_RECEIVING_H
#define WMREC_PROOF_RECEIVING_H

/* The part of the response that comes next, or whose CR has come. */
#define STATE_OF(x) ((x)->state == STATE_LINE_END ? (x)->state_before_cr : (x)->state)

#define IS_FIELD(x) (STATE_OF(x) <= STATE_IGNORED)

/* word_length bytes of "HTTP/1.d ddd " have come; number is the value of the digits since the last space. */
#define STATUS_LINE_IS_VALID(x)                                                                                        \
  ((x)->word_length < 13 &&                                                                                            \
   (x)->number <= ((x)->word_length < 8    ? 0u                                                                        \
                   : (x)->word_length < 9  ? 9u                                                                        \
                   : (x)->word_length < 10 ? 0u                                                                        \
                   : (x)->word_length < 11 ? 9u                                                                        \
                   : (x)->word_length < 12 ? 99u                                                                       \
                                           : 999u) &&                                                                  \
   ((x)->word_length < 9 || (x)->framing <= FRAMING_LENGTH_ONLY) && (x)->remaining == UNTIL_CLOSED &&                  \
   (x)->outcome == WMREC_OK && (x)->length == 0)

#define HEADER_IS_VALID(x)                                                                                             \
  ((x)->framing == FRAMING_TRAILER                                                                                     \
       ? (x)->remaining == 0 && (STATE_OF(x) == STATE_FIELD_NAME || STATE_OF(x) == STATE_IGNORED) &&                   \
             OUTCOME_IS_VALID(x)                                                                                       \
       : ((x)->remaining == UNTIL_CLOSED || (x)->remaining < NUMBER_LIMIT) && (x)->length == 0 &&                      \
             (x)->outcome == WMREC_OK)

/* After a header section. */
#define OUTCOME_IS_VALID(x)                                                                                            \
  (((x)->outcome == WMREC_OK) == ((x)->http_status == 200) && ((x)->http_status < 100 || (x)->http_status >= 200))

#define BODY_IS_VALID(x)                                                                                               \
  (OUTCOME_IS_VALID(x) && (x)->word_length == 0 &&                                                                     \
   ((x)->state == STATE_BODY_UNTIL_CLOSED ? (x)->framing <= FRAMING_LENGTH_ONLY && (x)->remaining > INT32_MAX &&       \
                                                (x)->remaining + (x)->length == UNTIL_CLOSED                           \
    : (x)->state == STATE_BODY                                                                                         \
        ? (x)->remaining > 0 && ((x)->framing == FRAMING_CHUNKED ||                                                    \
                                 ((x)->framing <= FRAMING_LENGTH_ONLY && (x)->remaining + (x)->length < NUMBER_LIMIT)) \
        : (x)->framing == FRAMING_CHUNKED && (STATE_OF(x) != STATE_CHUNK_END || (x)->remaining == 0)))

/* Of any exchange that waits for the answer, complete or not. */
#define IS_ANSWER(x)                                                                                                   \
  ((x)->result == WMREC_WANT_READ && (x)->recording == WMREC_UNKNOWN && (x)->fault < 0 && (x)->outcome <= 0 &&         \
   (x)->http_status <= 999 && (x)->size <= INT32_MAX && (x)->length <= (x)->size)

/* Any request is longer than a word may be: request_proof.c. */
#define IS_RECEIVING(x)                                                                                                \
  (IS_ANSWER(x) && (x)->state <= STATE_BODY_UNTIL_CLOSED &&                                                            \
   ((x)->state != STATE_LINE_END || (x)->state_before_cr < STATE_LINE_END) &&                                          \
   (STATE_OF(x) == STATE_STATUS_LINE || (x)->framing <= FRAMING_TRAILER) &&                                            \
   (x)->section_left <= WMREC_SECTION_LIMIT && (x)->size >= WORD_LIMIT && (x)->offset <= (x)->size &&                  \
   (x)->word_length <= WORD_LIMIT &&                                                                                   \
   (STATE_OF(x) == STATE_STATUS_LINE ? STATUS_LINE_IS_VALID(x)                                                         \
    : IS_FIELD(x)                    ? HEADER_IS_VALID(x)                                                              \
                                     : BODY_IS_VALID(x)))

/* The response has been read to its end or its fault, but exchange.c has not finished yet. */
#define IS_READ(x)                                                                                                     \
  (IS_ANSWER(x) && ((x)->state == STATE_FAULT || ((x)->state == STATE_COMPLETE && OUTCOME_IS_VALID(x))))

#endif
