/* The response: RFC 9112, read a byte at a time by a state machine that stores nothing but what it will need.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* The words of a header section that matter, sorted, each without the bytes that it has in common with the one before;
 * how many these are, the byte between them says. enum word is the place of each word's end. */
static const char words[] = "chunked\1lose\1onnection\3tent-length\0keep-alive\0retry-after\0transfer-encoding\0";

/* The number of an element that is none. A number that is too large for us becomes NUMBER_LIMIT: no length and no delay
 * like that is ever served. As seconds, it is still a time in ms. */
#define NUMBER_NONE UINT32_MAX
#define NUMBER_LIMIT (UINT32_MAX / 1000)

/* The body ends where the stream does. */
#define UNTIL_CLOSED UINT32_MAX

/* What a step returns beside WMREC_OK and errors of its own. */
enum { MALFORMED = 1 };

/* How much of an element has come; see field_value(). */
enum element { ELEMENT_EMPTY, ELEMENT_OPEN, ELEMENT_ENDED, ELEMENT_SECOND_WORD };

static bool is_space(unsigned c)
{
  return c == ' ' || c == '\t';
}

/* Begins a word: a field's name, or an element of its value, which may be a number too. Returns the one that ends. */
static unsigned next_word(struct wmrec *x)
{
  const unsigned word = x->word;

  x->element = ELEMENT_EMPTY;
  x->word = 0;
  x->matched = 0;
  x->number = 0;
  return words[word] < ' ' ? word : WORD_NONE;
}

/* Narrows down by its next byte which word it is: those that begin as this one did follow it. */
static void word_byte(struct wmrec *x, unsigned c)
{
  const unsigned matched = x->matched++;
  unsigned word = x->word;

  if (c - 'A' < 26)
    c |= 0x20;
  while (word < WORD_NONE && (unsigned char)words[word] != c) {
    unsigned common;

    do {
      common = (unsigned char)words[word++];
    } while (common > matched);
    if (common < matched)
      word = WORD_NONE;
  }
  x->word = (uint8_t)(word < WORD_NONE ? word + 1 : WORD_NONE);
}

static void number_byte(struct wmrec *x, unsigned c)
{
  uint32_t number = x->number;

  c -= '0';
  if (number != NUMBER_NONE)
    number = number * 10 + c;
  if (c > 9)
    number = NUMBER_NONE;
  else if (number > NUMBER_LIMIT && number != NUMBER_NONE)
    number = NUMBER_LIMIT;
  x->number = number;
}

void wmrec_response_begin(struct wmrec *x)
{
  x->state = STATE_STATUS_LINE;
  x->is_http_1_0 = false;
  x->is_closing = false;
  x->is_kept_alive = false;
  x->is_chunked = false;
  x->is_trailer = false;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = UNTIL_CLOSED;
  x->word = 0;
  next_word(x);
}

/* RFC 9112, section 4. A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static int status_line(struct wmrec *x, unsigned c)
{
  static const char pattern[] = "HTTP/1.v sss ";
  const unsigned expected = (unsigned char)pattern[x->matched++];

  if (expected < 'a') {
    if (c != expected)
      return MALFORMED;
  } else {
    number_byte(x, c);
    if (x->number == NUMBER_NONE)
      return MALFORMED;
    if (expected == 'v') {
      if (c == '0')
        x->is_http_1_0 = true;
      x->number = 0;
    }
  }
  if (pattern[x->matched] == '\0') {
    x->http_status = (uint16_t)x->number;
    x->state = STATE_SKIP;
    next_word(x);
  }
  return WMREC_OK;
}

/* Nothing but a name and its colon: no obs-fold (RFC 9112, section 5.2), no white space before the colon (5.1). */
static int field_name(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;

  if (wmrec_is_alphanumeric_or(c, "!#$%&'*+-.^_`|~")) { /* RFC 9110, section 5.6.2: tchar */
    x->state = STATE_FIELD_NAME;
    word_byte(x, c);
    return WMREC_OK;
  }
  x->state = STATE_FIELD_VALUE;
  x->field = (uint8_t)next_word(x);
  /* RFC 9110, section 6.5.1: a field of the trailer section must not count as one of the header section. */
  if (x->field == WORD_NONE || x->is_trailer)
    x->state = STATE_SKIP;
  return c != ':' || state != STATE_FIELD_NAME;
}

static int end_of_element(struct wmrec *x)
{
  const uint32_t number = x->element == ELEMENT_EMPTY ? NUMBER_NONE : x->number;
  const unsigned word = next_word(x);

  switch (x->field) {
  case WORD_CONNECTION:
    if (word == WORD_CLOSE)
      x->is_closing = true;
    if (word == WORD_KEEP_ALIVE)
      x->is_kept_alive = true;
    break;
  case WORD_CONTENT_LENGTH: /* RFC 9110, section 8.6: a list of equal values is one value. */
    if (number >= NUMBER_LIMIT || (x->remaining != UNTIL_CLOSED && x->remaining != number))
      return WMREC_ERROR_CONTENT_LENGTH;
    x->remaining = number;
    break;
  case WORD_RETRY_AFTER:
    if (number != NUMBER_NONE)
      x->retry_after = 1000 * number;
    break;
  case WORD_TRANSFER_ENCODING: /* RFC 9112, section 6.1: "chunked" once. No other coding was offered. */
    if (word != WORD_CHUNKED || x->is_chunked)
      return WMREC_ERROR_CODING;
    x->is_chunked = true;
    break;
  }
  return WMREC_OK;
}

static int field_value(struct wmrec *x, unsigned c)
{
  const bool is_retry_after = x->field == WORD_RETRY_AFTER;

  if (c == ',' && !is_retry_after)
    return end_of_element(x);
  if (is_space(c)) {
    if (x->element == ELEMENT_OPEN)
      x->element = ELEMENT_ENDED;
    return WMREC_OK;
  }
  x->element |= ELEMENT_OPEN;
  word_byte(x, c);
  number_byte(x, c);
  if (x->element == ELEMENT_SECOND_WORD) { /* two words are none of ours, and no number */
    x->word = WORD_NONE;
    x->number = NUMBER_NONE;
    /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
    if (is_retry_after && c == ':')
      x->retry_after = WMREC_RETRY_AFTER_DATE;
  }
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

  if (x->is_chunked) {
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
  if (status == 204 || status == 304) {
    x->state = STATE_BODY;
    x->is_chunked = false;
    x->remaining = 0;
  }
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

  x->state = STATE_LINE_START;
  if (state == STATE_SKIP)
    return WMREC_OK;
  if (state == STATE_FIELD_VALUE)
    return end_of_element(x);
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY;
  switch (state) {
  case STATE_LINE_START:
    if (!x->is_trailer)
      return end_of_header(x);
    x->is_chunked = false;
    return WMREC_OK;
  case STATE_CHUNK_SIZE:
  case STATE_CHUNK_EXTENSION:
    if (x->remaining == 0) {
      x->state = STATE_LINE_START;
      x->is_trailer = true;
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
    x->state |= STATE_LINE_FEED;
    return WMREC_OK;
  }
  if (c != '\t' && (c < ' ' || c == 0x7f)) /* RFC 9110, section 5.5 */
    return MALFORMED;
  if (state == STATE_SKIP)
    return WMREC_OK;
  if (state == STATE_FIELD_VALUE)
    return field_value(x, c);
  if (state == STATE_STATUS_LINE)
    return status_line(x, c);
  if (state < STATE_CHUNK_START)
    return field_name(x, c);
  return chunk_line(x, c);
}

static int step(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;

  if (state == STATE_BODY)
    return body_byte(x, c);
  if (x->section_left-- == 0)
    return WMREC_ERROR_SECTION_LIMIT;
  if (!(state & STATE_LINE_FEED))
    return line_byte(x, c);
  x->state = state & (STATE_LINE_FEED - 1);
  return c == '\n' ? end_of_line(x) : MALFORMED;
}

void wmrec_response_byte(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state & (STATE_LINE_FEED - 1u);
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
    if (!x->is_chunked)
      wmrec_complete(x);
  }
}
