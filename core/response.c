/* The response: RFC 9112, read a byte at a time by a state machine that stores nothing but what it will need.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* The words of a header section that matter, sorted, each without the bytes that it has in common with the one before.
 * The byte between two words is one more than the count of these. Behind the last word, nothing is in common. */
static const char words[] = "chunked\2lose\2onnection\4tent-length\1keep-alive\1retry-after\1transfer-encoding\0\0";

/* The word that a name or an element is: the place where it ends in the words, or what else it is. Any other place: a
 * part of a word, or (0) nothing yet. */
enum word {
  WORD_CHUNKED = 7,
  WORD_CLOSE = 12,
  WORD_CONNECTION = 22,
  WORD_CONTENT_LENGTH = 34,
  WORD_KEEP_ALIVE = 45,
  WORD_RETRY_AFTER = 57,
  WORD_TRANSFER_ENCODING = 75,
  WORD_NUMBER,
  WORD_OTHER
};

/* What any larger number counts as: no length and no delay like that is ever served. As seconds, it is still a time in
 * ms. */
#define NUMBER_LIMIT (UINT32_MAX / 1000)

/* Every function here that takes a byte, or a line's end, returns false if that is the fault that x->fault names. */

/* Of what a line may hold: a space or a tab. */
static bool is_space(unsigned c)
{
  return c <= ' ';
}

/* Begins a word: a field's name, or an element of its value. Returns the one that ends. */
static unsigned next_word(struct wmrec *x)
{
  const unsigned word = x->word;

  x->word = 0;
  x->matched = 0;
  x->number = 0;
  return word;
}

/* Narrows down by its next byte which word it is: those that begin as this one did follow it. */
static void word_byte(struct wmrec *x, unsigned c)
{
  const unsigned matched = x->matched;
  const unsigned digit = c - '0';
  unsigned word = x->word;

  if (digit < 10 && (word == 0 || word == WORD_NUMBER)) {
    const uint32_t number = x->number * 10 + digit;

    x->number = number < NUMBER_LIMIT ? number : NUMBER_LIMIT;
    x->word = WORD_NUMBER;
    return;
  }
  c |= 0x20; /* names and words are in any case; no byte of a line but a letter becomes one of theirs by it */
  while ((unsigned char)words[word] != c) {
    unsigned common;

    do
      common = (unsigned char)words[word++];
    while (common > matched + 1);
    if (common <= matched) {
      x->word = WORD_OTHER;
      return;
    }
  }
  x->word = (uint8_t)(word + 1);
  x->matched = (uint8_t)(matched + 1);
}

void wmrec_response_begin(struct wmrec *x)
{
  x->state = STATE_STATUS_LINE;
  x->field = 0;
  x->framing = FRAMING_LENGTH;
  x->is_line_ending = false;
  x->is_kept_alive = false;
  x->error = WMREC_OK;
  x->fault = WMREC_ERROR_STATUS_LINE;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = UNTIL_CLOSED;
  next_word(x);
}

/* RFC 9112, section 4. A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static bool status_line(struct wmrec *x, unsigned c)
{
  static const char pattern[] = "HTTP/1.d ddd ";
  const unsigned expected = (unsigned char)pattern[x->matched++];

  if (expected == 'd')
    word_byte(x, c);
  else if (c != expected)
    return false;
  if (pattern[x->matched] == '\0') {
    uint32_t status = x->number; /* and before it, the digit of the version */

    x->is_http_1_0 = true;
    while (status >= 1000) {
      status -= 1000;
      x->is_http_1_0 = false;
      x->is_kept_alive = true;
    }
    x->http_status = (uint16_t)status;
    x->fault = WMREC_ERROR_HEADER;
    x->state = STATE_FIELD_VALUE; /* the reason phrase is read as the value of a field that does not matter */
  }
  return expected != 'd' || x->word == WORD_NUMBER;
}

/* Nothing but a name and its colon: no obs-fold (RFC 9112, section 5.2), no white space before the colon (5.1). */
static bool field_name(struct wmrec *x, unsigned c)
{
  if (wmrec_is_alphanumeric_or(c, "!#$%&'*+-.^_`|~")) { /* RFC 9110, section 5.6.2: tchar */
    word_byte(x, c);
    return true;
  }
  if (c != ':' || x->word == 0)
    return false;
  x->field = (uint8_t)next_word(x);
  if (x->framing == FRAMING_TRAILER) /* RFC 9110, section 6.5.1: it must not count as one of the header section */
    x->field = 0;
  x->state = STATE_FIELD_VALUE;
  return true;
}

static bool end_of_element(struct wmrec *x)
{
  const uint32_t number = x->number;
  const unsigned word = next_word(x);

  switch (x->field) {
  case WORD_CONNECTION:
    if (word == WORD_CLOSE && x->http_status - 100u >= 100) /* an interim response's does not count */
      x->is_closing = true;
    if (word == WORD_KEEP_ALIVE)
      x->is_kept_alive = true;
    break;
  case WORD_CONTENT_LENGTH: /* RFC 9110, section 8.6: a list of equal values is one value. */
    if (word != WORD_NUMBER || number == NUMBER_LIMIT || (x->remaining != UNTIL_CLOSED && x->remaining != number)) {
      x->fault = WMREC_ERROR_CONTENT_LENGTH;
      return false;
    }
    x->remaining = number;
    break;
  case WORD_RETRY_AFTER:
    if (word == WORD_NUMBER)
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

static bool field_value(struct wmrec *x, unsigned c)
{
  const bool is_retry_after = x->field == WORD_RETRY_AFTER;

  if (c == ',' && !is_retry_after)
    return end_of_element(x);
  if (is_space(c)) {
    x->state = STATE_FIELD_SPACE;
    return true;
  }
  if (x->word == 0)
    x->state = STATE_FIELD_VALUE;
  if (x->state == STATE_FIELD_VALUE) {
    word_byte(x, c);
  } else {
    x->word = WORD_OTHER; /* two words are none of ours, and no number */
    /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
    if (is_retry_after && c == ':')
      x->retry_after = WMREC_RETRY_AFTER_DATE;
  }
  return true;
}

/* RFC 9112, section 7.1; and 7.1.1: white space behind the size only where an extension follows. */
static bool chunk_line(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;
  const unsigned digit = wmrec_hex_digit(c);

  if (state == STATE_CHUNK_EXTENSION)
    return true;
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
static bool end_of_line(struct wmrec *x)
{
  const unsigned state = x->state;

  if (state == STATE_FIELD_VALUE || state == STATE_FIELD_SPACE) {
    x->state = STATE_FIELD_NAME;
    return end_of_element(x);
  }
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY;
  if (state == STATE_FIELD_NAME)
    return x->word == 0 && wmrec_end_of_header(x);
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

static bool body_byte(struct wmrec *x, unsigned c)
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

static bool line_byte(struct wmrec *x, unsigned c)
{
  if (c == '\r') {
    x->is_line_ending = true;
    return true;
  }
  if (c != '\t' && (c < ' ' || c == 0x7f)) /* RFC 9110, section 5.5 */
    return false;
  switch (x->state) {
  case STATE_STATUS_LINE:
    return status_line(x, c);
  case STATE_FIELD_NAME:
    return field_name(x, c);
  case STATE_FIELD_VALUE:
  case STATE_FIELD_SPACE:
    return field_value(x, c);
  }
  return chunk_line(x, c);
}

static bool step(struct wmrec *x, unsigned c)
{
  if (x->state == STATE_BODY)
    return body_byte(x, c);
  if (x->section_left-- == 0) {
    x->fault = WMREC_ERROR_SECTION_LIMIT;
    return false;
  }
  if (!x->is_line_ending)
    return line_byte(x, c);
  x->is_line_ending = false;
  return c == '\n' && end_of_line(x);
}

void wmrec_response_byte(struct wmrec *x, unsigned c)
{
  x->is_answered = true;
  if (!step(x, c))
    wmrec_fail(x, x->fault);
}
