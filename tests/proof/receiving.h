/* The state of an exchange that receives, as far as a later step relies on it. All is a plain expression, as a loop's
 * invariant must be one: x is the exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_RECEIVING_H
#define WMREC_PROOF_RECEIVING_H

#define IS_FIELD(x) ((x)->state >= STATE_FIELD_NAME && (x)->state <= STATE_FIELD_SPACE)
#define IS_CHUNK(x) ((x)->state >= STATE_CHUNK_START && (x)->state <= STATE_CHUNK_END)

/* Of "HTTP/1.d ddd ", so much has come, and of its digits the number. */
#define STATUS_LINE_IS_VALID(x)                                                                                        \
  ((x)->matched < 13 && (x)->word == ((x)->matched < 8 ? 0 : WORD_NUMBER) &&                                           \
   (x)->number <= ((x)->matched < 8    ? 0u                                                                            \
                   : (x)->matched < 10 ? 9u                                                                            \
                   : (x)->matched < 11 ? 99u                                                                           \
                   : (x)->matched < 12 ? 999u                                                                          \
                                       : 9999u) &&                                                                     \
   (x)->framing == FRAMING_LENGTH && (x)->remaining == UNTIL_CLOSED && !(x)->is_kept_alive &&                          \
   (x)->error == WMREC_OK && (x)->length == 0)

#define HEADER_IS_VALID(x)                                                                                             \
  ((x)->framing == FRAMING_TRAILER                                                                                     \
       ? (x)->remaining == 0 && ((x)->state == STATE_FIELD_NAME || (x)->field == 0) && OUTCOME_IS_VALID(x)             \
       : ((x)->remaining == UNTIL_CLOSED || (x)->remaining < NUMBER_LIMIT) && (x)->length == 0 &&                      \
             (x)->error == WMREC_OK && ((x)->framing != FRAMING_CHUNKED || !(x)->is_http_1_0))

/* Behind a header section. */
#define OUTCOME_IS_VALID(x)                                                                                            \
  (((x)->error == WMREC_OK) == ((x)->http_status == 200) && ((x)->http_status < 100 || (x)->http_status >= 200))

#define BODY_IS_VALID(x)                                                                                               \
  (OUTCOME_IS_VALID(x) && (x)->word == 0 && (x)->number == 0 &&                                                        \
   ((x)->state != STATE_BODY                                                                                           \
        ? (x)->framing == FRAMING_CHUNKED && ((x)->state != STATE_CHUNK_END || (x)->remaining == 0)                    \
        : (x)->remaining > 0 && !(x)->is_line_ending &&                                                                \
              ((x)->framing == FRAMING_CHUNKED ||                                                                      \
               ((x)->framing == FRAMING_LENGTH &&                                                                      \
                ((x)->remaining > INT32_MAX ? (x)->remaining + (x)->length == UNTIL_CLOSED                             \
                                            : (x)->remaining + (x)->length < NUMBER_LIMIT)))))

/* How many of a word's bytes are matched at a place in the words. */
#define DEPTH(place)                                                                                                   \
  ((place) - ((place) <= WORD_CHUNKED          ? 0                                                                     \
              : (place) <= WORD_CLOSE          ? 7                                                                     \
              : (place) <= WORD_CONNECTION     ? 12                                                                    \
              : (place) <= WORD_CONTENT_LENGTH ? 20                                                                    \
              : (place) <= WORD_KEEP_ALIVE     ? 35                                                                    \
              : (place) <= WORD_RETRY_AFTER    ? 46                                                                    \
                                               : 58))

#define WORD_IS_VALID(x) ((x)->word >= WORD_NUMBER || ((x)->number == 0 && (x)->matched == DEPTH((x)->word)))

#define IS_RECEIVING(x)                                                                                                \
  ((x)->result == WMREC_WANT_READ && (x)->state <= STATE_BODY && (x)->framing <= FRAMING_TRAILER &&                    \
   (x)->recording == WMREC_UNKNOWN && (x)->fault < 0 && (x)->error <= 0 && (x)->http_status <= 999 &&                  \
   (x)->section_left <= WMREC_SECTION_LIMIT && (x)->size <= INT32_MAX && (x)->length <= (x)->size &&                   \
   (x)->offset <= (x)->size && (x)->field <= WORD_OTHER && (x)->word <= WORD_OTHER && (x)->number <= NUMBER_LIMIT &&   \
   ((x)->state == STATE_STATUS_LINE ? STATUS_LINE_IS_VALID(x)                                                          \
                                    : WORD_IS_VALID(x) && (IS_FIELD(x) ? HEADER_IS_VALID(x) : BODY_IS_VALID(x))))

#endif
