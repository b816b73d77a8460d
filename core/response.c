/* The response: RFC 9112, read a byte at a time by a state machine that stores nothing but what it will need.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* The words of a header section that matter, sorted, each without the bytes that it has in common with the one before.
 * The byte between two words is one more than the count of these. Behind the last word, nothing is in common. */
static const char words[] = "chunked\2lose\2onnection\4tent-length\1keep-alive\1retry-after\1transfer-encoding\0\0\0";

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
  WORD_OTHER,
  WORD_NUMBER,
  WORD_PHRASE /* words with white space between them */
};

/* What any larger number counts as: no length and no delay like that is ever served. As seconds, it is still a time in
 * ms. */
#define NUMBER_LIMIT (UINT32_MAX / 1000)

/* What a step returns beside WMREC_OK and errors of its own. */
enum { MALFORMED = 1 };

static bool is_space(unsigned c)
{
  return c == ' ' || c == '\t';
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
  c |= 0x20; /* in any case; no other byte becomes one of a word by it */
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
  x->framing = FRAMING_LENGTH;
  x->is_closing = false;
  x->is_kept_alive = false;
  x->is_line_ending = false;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = UNTIL_CLOSED;
  next_word(x);
}

/* RFC 9112, section 4. A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static int status_line(struct wmrec *x, unsigned c)
{
  static const char pattern[] = "HTTP/1.d ddd ";
  const unsigned expected = (unsigned char)pattern[x->matched++];

  if (expected == 'd') {
    word_byte(x, c);
    if (x->word != WORD_NUMBER)
      return MALFORMED;
  } else if (c != expected) {
    return MALFORMED;
  }
  if (pattern[x->matched] == '\0') {
    uint32_t status = x->number; /* behind the digit of the version */

    x->is_http_1_0 = status < 1000;
    while (status >= 1000)
      status -= 1000;
    x->http_status = (uint16_t)status;
    x->state = STATE_SKIP;
  }
  return WMREC_OK;
}

/* Nothing but a name and its colon: no obs-fold (RFC 9112, section 5.2), no white space before the colon (5.1). */
static int field_name(struct wmrec *x, unsigned c)
{
  if (wmrec_is_alphanumeric_or(c, "!#$%&'*+-.^_`|~")) { /* RFC 9110, section 5.6.2: tchar */
    word_byte(x, c);
    return WMREC_OK;
  }
  x->field = (uint8_t)next_word(x);
  /* RFC 9110, section 6.5.1: a field of the trailer section must not count as one of the header section. */
  x->state = x->framing == FRAMING_TRAILER ? STATE_SKIP : STATE_FIELD_SPACE;
  return c != ':' || x->field == 0;
}

static int end_of_element(struct wmrec *x)
{
  const uint32_t number = x->number;
  const unsigned word = next_word(x);

  switch (x->field) {
  case WORD_CONNECTION:
    if (word == WORD_CLOSE)
      x->is_closing = true;
    if (word == WORD_KEEP_ALIVE)
      x->is_kept_alive = true;
    break;
  case WORD_CONTENT_LENGTH: /* RFC 9110, section 8.6: a list of equal values is one value. */
    if (word != WORD_NUMBER || number == NUMBER_LIMIT || (x->remaining != UNTIL_CLOSED && x->remaining != number))
      return WMREC_ERROR_CONTENT_LENGTH;
    x->remaining = number;
    break;
  case WORD_RETRY_AFTER:
    if (word == WORD_NUMBER)
      x->retry_after = 1000 * number;
    break;
  case WORD_TRANSFER_ENCODING: /* RFC 9112, section 6.1: "chunked" once. No other coding was offered. */
    if (word != WORD_CHUNKED || x->framing == FRAMING_CHUNKED)
      return WMREC_ERROR_CODING;
    x->framing = FRAMING_CHUNKED;
    break;
  }
  return WMREC_OK;
}

static int field_value(struct wmrec *x, unsigned c)
{
  const bool is_retry_after = x->field == WORD_RETRY_AFTER;
  const unsigned state = x->state;

  x->state = STATE_FIELD_SPACE;
  if (is_space(c))
    return WMREC_OK;
  if (c == ',' && !is_retry_after)
    return end_of_element(x);
  x->state = STATE_FIELD_VALUE;
  if (x->word == 0 || state == STATE_FIELD_VALUE) {
    if (x->word != WORD_PHRASE)
      word_byte(x, c);
  } else {
    x->word = WORD_PHRASE;
  }
  /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
  if (is_retry_after && x->word == WORD_PHRASE && c == ':')
    x->retry_after = WMREC_RETRY_AFTER_DATE;
  return WMREC_OK;
}

/* What a status means for the exchange. */
static int outcome(unsigned status)
{
  static const uint8_t told_apart[] = {401 - 400, 403 - 400, 404 - 400, 429 - 400, 503 - 400};

  if (status == 200)
    return WMREC_OK;
  for (int i = 0; i < 5; i++)
    if (status == 400u + told_apart[i])
      return WMREC_ERROR_UNAUTHORIZED - i;
  if (status - 100 >= 400)
    return WMREC_ERROR_SERVER;
  if (status >= 400)
    return WMREC_ERROR_CLIENT;
  return status >= 300 ? WMREC_ERROR_REDIRECT : WMREC_ERROR_STATUS;
}

/* RFC 9112, section 6.3. */
static int end_of_header(struct wmrec *x)
{
  const unsigned status = x->http_status;

  if (x->framing == FRAMING_CHUNKED) {
    if (x->is_http_1_0) /* section 6.1 */
      return WMREC_ERROR_CODING;
    if (x->remaining != UNTIL_CLOSED)
      return WMREC_ERROR_CONTENT_LENGTH;
    x->state = STATE_CHUNK_START;
    x->remaining = 0;
  }
  if (status == 101) /* another protocol follows, and nobody asked for it */
    return WMREC_ERROR_STATUS;
  if (status - 100 < 100) {
    wmrec_response_begin(x);
    return WMREC_OK;
  }
  x->error = (int8_t)outcome(status);
  if (status == 204 || status == 304)
    wmrec_complete(x);
  return WMREC_OK;
}

/* RFC 9112, section 7.1; and 7.1.1: white space behind the size only where an extension follows. */
static int chunk_line(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;
  const uint32_t remaining = x->remaining;
  const unsigned digit = wmrec_hex_digit(c);

  if (state == STATE_CHUNK_EXTENSION)
    return WMREC_OK;
  if (state <= STATE_CHUNK_SIZE && digit < 16) {
    x->state = STATE_CHUNK_SIZE;
    x->remaining = remaining << 4 | digit;
    return remaining >> 28 != 0;
  }
  x->state = c == ';' ? STATE_CHUNK_EXTENSION : STATE_CHUNK_SPACE;
  return state == STATE_CHUNK_START || state == STATE_CHUNK_END || (c != ';' && !is_space(c));
}

/* What a line's CRLF means, where the line may end. */
static int end_of_line(struct wmrec *x)
{
  const unsigned state = x->state;
  int error = WMREC_OK;

  if (state == STATE_STATUS_LINE)
    return MALFORMED;
  if (state < STATE_CHUNK_START) {
    x->state = STATE_FIELD_NAME;
    if (state == STATE_SKIP) {
      next_word(x);
      return WMREC_OK;
    }
    if (state != STATE_FIELD_NAME)
      return end_of_element(x);
    if (x->word != 0)
      return MALFORMED;
  }
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY;
  switch (state) {
  case STATE_FIELD_NAME:
    if (x->framing != FRAMING_TRAILER)
      return end_of_header(x);
    wmrec_complete(x);
    return error;
  case STATE_CHUNK_SIZE:
  case STATE_CHUNK_EXTENSION:
    if (x->remaining == 0) {
      x->state = STATE_FIELD_NAME;
      x->framing = FRAMING_TRAILER;
    }
    return WMREC_OK;
  case STATE_CHUNK_END:
    x->state = STATE_CHUNK_START;
    return WMREC_OK;
  }
  return MALFORMED;
}

static int body_byte(struct wmrec *x, unsigned c)
{
  if (x->length == x->size)
    return WMREC_ERROR_BODY_LIMIT;
  x->buffer[x->length++] = (char)c;
  x->remaining--;
  return WMREC_OK;
}

static int line_byte(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;

  if (c == '\r') {
    x->is_line_ending = true;
    return WMREC_OK;
  }
  if (c != '\t' && (c < ' ' || c == 0x7f)) /* RFC 9110, section 5.5 */
    return MALFORMED;
  if (state == STATE_STATUS_LINE)
    return status_line(x, c);
  if (state == STATE_SKIP)
    return WMREC_OK;
  if (state == STATE_FIELD_NAME)
    return field_name(x, c);
  if (state < STATE_CHUNK_START)
    return field_value(x, c);
  return chunk_line(x, c);
}

static int step(struct wmrec *x, unsigned c)
{
  if (x->state == STATE_BODY)
    return body_byte(x, c);
  if (x->section_left-- == 0)
    return WMREC_ERROR_SECTION_LIMIT;
  if (!x->is_line_ending)
    return line_byte(x, c);
  x->is_line_ending = false;
  return c == '\n' ? end_of_line(x) : MALFORMED;
}

void wmrec_response_byte(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;
  int error = step(x, c);

  x->is_answered = true;
  if (error == MALFORMED) {
    error = WMREC_ERROR_CHUNK;
    if (state < STATE_CHUNK_START)
      error = state == STATE_STATUS_LINE ? WMREC_ERROR_STATUS_LINE : WMREC_ERROR_HEADER;
  }
  if (error != WMREC_OK)
    wmrec_fail(x, error);
  if (x->state == STATE_BODY && x->remaining == 0) {
    x->state = STATE_CHUNK_END;
    if (x->framing == FRAMING_LENGTH)
      wmrec_complete(x);
  }
}
