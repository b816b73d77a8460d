/* The response: RFC 9112, read by a state machine that keeps nothing but what it will need. What a line has of words,
 * and of what does not matter, is taken in runs; all else byte by byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* The words of a header section that matter, each behind its length. */
static const char words[] = "\7chunked"
                            "\5close"
                            "\12connection"
                            "\16content-length"
                            "\12keep-alive"
                            "\13retry-after"
                            "\21transfer-encoding";

/* Which of them a name or an element is: the place where it begins. */
enum word {
  WORD_CHUNKED = 1,
  WORD_CLOSE = 9,
  WORD_CONNECTION = 15,
  WORD_CONTENT_LENGTH = 26,
  WORD_KEEP_ALIVE = 41,
  WORD_RETRY_AFTER = 52,
  WORD_TRANSFER_ENCODING = 64,
  WORD_OTHER = 82
};

/* What any larger number counts as: no length and no delay like that is ever served. As seconds, it is still a time in
 * ms. */
#define NUMBER_LIMIT (UINT32_MAX / 1000)
#define NO_NUMBER UINT32_MAX

/* Every function here that returns bool, takes a byte or a line's end: false is the fault that x->fault names. */

/* Of what a line may hold: a space or a tab. */
static bool is_space(unsigned c)
{
  return c <= ' ';
}

/* RFC 9110, section 5.6.2: tchar. Nearly all are letters, and what ends nearly all names is a colon. */
static bool is_of_token(unsigned c)
{
  return c != ':' && ((c | 0x20) - 'a' < 26 || wmrec_is_alphanumeric_or(c, "-!#$%&'*+.^_`|~"));
}

/* Keeps a word's next bytes, where the body will be: once there is one, only trailers follow, of which none matters.
 * Words are in any case, and of what they may hold nothing but a letter becomes one by 0x20. */
static void keep(struct wmrec_exchange *x, const unsigned char *bytes, size_t count)
{
  char *const word = x->buffer;
  const size_t length = x->word_length;
  size_t i = 0;

  if (count > WORD_LIMIT - length)
    count = WORD_LIMIT - length;
  x->word_length = (uint8_t)(length + count);
  if (x->length == 0)
    for (; i < count; i++)
      word[length + i] = (char)(bytes[i] | 0x20);
}

/* Which of the words was kept. */
static unsigned find_word(const struct wmrec_exchange *x)
{
  unsigned word = 1;
  unsigned length;
  unsigned i;

  while ((length = (unsigned char)words[word - 1]) != 0) {
    i = 0;
    if (length == x->word_length)
      while (x->buffer[i] == words[word + i])
        if (++i == length)
          return word;
    word += length + 1;
  }
  return word;
}

/* The decimal number that was kept. */
static uint32_t find_number(const struct wmrec_exchange *x)
{
  uint32_t number = 0;

  if (x->word_length - 1u >= WORD_LIMIT - 1)
    return NO_NUMBER;
  for (unsigned i = 0; i < x->word_length; i++) {
    const unsigned digit = (unsigned char)x->buffer[i] - (unsigned)'0';

    if (digit >= 10)
      return NO_NUMBER;
    number = number * 10 + digit;
    if (number > NUMBER_LIMIT)
      number = NUMBER_LIMIT;
  }
  return number;
}

void wmrec_response_begin(struct wmrec_exchange *x)
{
  x->state = STATE_STATUS_LINE;
  x->framing = FRAMING_LENGTH;
  x->is_kept_alive = false;
  x->error = WMREC_OK;
  x->fault = WMREC_ERROR_STATUS_LINE;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = UNTIL_CLOSED;
  x->word_length = 0;
  x->number = 0;
}

/* RFC 9112, section 4. A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static bool status_line(struct wmrec_exchange *x, unsigned c)
{
  static const char pattern[] = "HTTP/1.d ddd ";
  const unsigned expected = (unsigned char)pattern[x->word_length++];

  if (expected == 'd') {
    c -= '0';
    x->number = x->number * 10 + c;
    return c < 10;
  }
  if (c != expected)
    return false;
  if (pattern[x->word_length] == '\0') {
    uint32_t status = x->number; /* and before it, the digit of the version */

    x->is_http_1_0 = true;
    while (status >= 1000) {
      status -= 1000;
      x->is_http_1_0 = false;
      x->is_kept_alive = true;
    }
    x->http_status = (uint16_t)status;
    x->fault = WMREC_ERROR_HEADER;
    x->word_length = 0;
    x->state = STATE_IGNORED;
  }
  return true;
}

/* Nothing but a colon: no obs-fold (RFC 9112, section 5.2), no white space before the colon (5.1). */
static bool end_of_name(struct wmrec_exchange *x, unsigned c)
{
  const unsigned field = find_word(x);

  if (c != ':' || x->word_length == 0)
    return false;
  x->word_length = 0;
  x->field = (uint8_t)field;
  x->state = STATE_FIELD_VALUE;
  /* RFC 9110, section 6.5.1: a trailer field must not count as one of the header section. */
  if (field == WORD_OTHER || x->framing == FRAMING_TRAILER)
    x->state = STATE_IGNORED;
  return true;
}

static bool end_of_element(struct wmrec_exchange *x)
{
  const unsigned word = find_word(x);
  const uint32_t number = find_number(x);

  x->word_length = 0;
  switch (x->field) {
  case WORD_CONNECTION:
    if (word == WORD_CLOSE && x->http_status - 100u >= 100) /* an interim response's does not count */
      x->is_closing = true;
    if (word == WORD_KEEP_ALIVE)
      x->is_kept_alive = true;
    break;
  case WORD_CONTENT_LENGTH: /* RFC 9110, section 8.6: a list of equal values is one value. */
    if (number >= NUMBER_LIMIT || (x->remaining != UNTIL_CLOSED && x->remaining != number)) {
      x->fault = WMREC_ERROR_CONTENT_LENGTH;
      return false;
    }
    x->remaining = number;
    break;
  case WORD_RETRY_AFTER:
    if (number != NO_NUMBER)
      x->retry_after = 1000 * number;
    break;
  case WORD_TRANSFER_ENCODING: /* RFC 9112, section 6.1: "chunked" once, and in HTTP/1.1. No other was offered. */
    if (word != WORD_CHUNKED || x->framing == FRAMING_CHUNKED || x->is_http_1_0) {
      x->fault = WMREC_ERROR_CODING;
      return false;
    }
    x->framing = FRAMING_CHUNKED;
    break;
  }
  return true;
}

/* What is in a value beside words. */
static bool field_value(struct wmrec_exchange *x, unsigned c)
{
  const bool is_retry_after = x->field == WORD_RETRY_AFTER;

  if (c == ',' && !is_retry_after) {
    x->state = STATE_FIELD_VALUE;
    return end_of_element(x);
  }
  if (is_space(c)) {
    if (x->word_length > 0)
      x->state = STATE_FIELD_SPACE;
    return true;
  }
  x->word_length = WORD_LIMIT; /* two words, or what is no token: none of ours, and no number */
  /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
  if (is_retry_after && c == ':' && x->state == STATE_FIELD_SPACE)
    x->retry_after = WMREC_RETRY_AFTER_DATE;
  return true;
}

/* RFC 9112, section 7.1; and 7.1.1: white space behind the size only where an extension follows. */
static bool chunk_line(struct wmrec_exchange *x, unsigned c)
{
  const unsigned state = x->state;
  const unsigned digit = wmrec_hex_digit(c);

  if (state <= STATE_CHUNK_SIZE && digit < 16) {
    const uint32_t size = state == STATE_CHUNK_START ? 0 : x->remaining;

    x->state = STATE_CHUNK_SIZE;
    x->remaining = size << 4 | digit;
    return size >> 28 == 0;
  }
  if (state == STATE_CHUNK_START || state == STATE_CHUNK_END)
    return false;
  if (c == ';')
    x->state = STATE_CHUNK_EXTENSION;
  else if (is_space(c))
    x->state = STATE_CHUNK_SPACE;
  else
    return false;
  return true;
}

/* What a line's CRLF means, where the line may end. */
static bool end_of_line(struct wmrec_exchange *x)
{
  const unsigned state = x->state & ~(unsigned)STATE_LINE_END;

  if (state == STATE_IGNORED || state == STATE_FIELD_VALUE || state == STATE_FIELD_SPACE) {
    x->state = STATE_FIELD_NAME;
    return state == STATE_IGNORED || end_of_element(x);
  }
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY;
  if (state == STATE_FIELD_NAME)
    return x->word_length == 0 && wmrec_end_of_header(x);
  if (state == STATE_CHUNK_END) {
    x->state = STATE_CHUNK_START;
    return true;
  }
  if (state != STATE_CHUNK_SIZE && state != STATE_CHUNK_EXTENSION)
    return false;
  if (x->remaining == 0) {
    x->state = STATE_FIELD_NAME;
    x->framing = FRAMING_TRAILER;
    x->fault = WMREC_ERROR_HEADER;
  }
  return true;
}

static bool body_byte(struct wmrec_exchange *x, unsigned c)
{
  if (x->length == x->size) {
    x->fault = WMREC_ERROR_BODY_LIMIT;
    return false;
  }
  x->buffer[x->length++] = (char)c;
  if (--x->remaining == 0) {
    x->state = STATE_CHUNK_END;
    if (x->framing == FRAMING_LENGTH)
      wmrec_complete(x);
  }
  return true;
}

static bool line_byte(struct wmrec_exchange *x, unsigned c)
{
  if (x->state > STATE_BODY)
    return c == '\n' && end_of_line(x);
  if (c == '\r') {
    x->state |= STATE_LINE_END;
    return true;
  }
  if (c != '\t' && (c < ' ' || c == 0x7f)) /* RFC 9110, section 5.5 */
    return false;
  if (x->state == STATE_IGNORED || x->state == STATE_CHUNK_EXTENSION)
    return true;
  if (x->state == STATE_FIELD_NAME)
    return end_of_name(x, c);
  if (x->state <= STATE_FIELD_SPACE)
    return field_value(x, c);
  if (x->state == STATE_STATUS_LINE)
    return status_line(x, c);
  return chunk_line(x, c);
}

static bool step(struct wmrec_exchange *x, unsigned c)
{
  if (x->state == STATE_BODY)
    return body_byte(x, c);
  if (x->section_left-- == 0) {
    x->fault = WMREC_ERROR_SECTION_LIMIT;
    return false;
  }
  return line_byte(x, c);
}

/* Takes what begins these bytes of a word, or of what does not matter, and returns how many that are. */
static size_t run(struct wmrec_exchange *x, const unsigned char *bytes, size_t length)
{
  size_t i = 0;

  if (x->state == STATE_IGNORED || x->state == STATE_CHUNK_EXTENSION)
    while (i < length && (unsigned)bytes[i] - ' ' <= '~' - ' ')
      i++;
  if (x->state <= STATE_FIELD_VALUE) {
    while (i < length && is_of_token(bytes[i]))
      i++;
    keep(x, bytes, i);
  }
  if (i > x->section_left)
    i = x->section_left;
  x->section_left -= (uint32_t)i;
  return i;
}

size_t wmrec_received(struct wmrec_exchange *x, const void *bytes, size_t length)
{
  const unsigned char *next = bytes;
  size_t taken = 0;

  while (taken < length && x->result == WMREC_WANT_READ) {
    x->is_answered = true;
    taken += run(x, next + taken, length - taken);
    if (taken < length && !step(x, next[taken++]))
      wmrec_fail(x, x->fault);
  }
  if (taken < length)
    x->is_closing = true;
  return taken;
}
