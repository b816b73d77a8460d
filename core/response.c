/* The response: RFC 9112, read a byte at a time by a state machine that stores nothing but what it will need.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* Each of enum word, where it begins, and how many bytes it has in common with the one before. */
static const char words[] = "chunked\0close\0connection\0content-length\0keep-alive\0retry-after\0transfer-encoding";
static const uint8_t word_start[WORD_NONE] = {0, 8, 14, 25, 40, 51, 63};
static const uint8_t word_common[WORD_NONE] = {0, 1, 1, 3, 0, 0, 0};

/* The number of an element that is none. A number that is too large for us becomes NUMBER_LIMIT: no length and no
 * delay like that is ever served. As seconds, it is still a time in ms. */
#define NUMBER_NONE UINT32_MAX
#define NUMBER_LIMIT (UINT32_MAX / 1000)

/* What a step returns beside WMREC_OK and errors of its own. */
enum { MALFORMED = 1 };

enum element { ELEMENT_EMPTY, ELEMENT_OPEN, ELEMENT_ENDED /* by white space */ };

static bool is_digit(unsigned c)
{
  return c - '0' < 10;
}

static bool is_space(unsigned c)
{
  return c == ' ' || c == '\t';
}

/* RFC 9110, section 5.6.2: tchar, a bit each. */
static bool is_token(unsigned c)
{
  static const uint8_t tchar[16] = {0x00, 0x00, 0x00, 0x00, 0xfa, 0x6c, 0xff, 0x03,
                                    0xfe, 0xff, 0xff, 0xc7, 0xff, 0xff, 0xff, 0x57};

  return c < 0x80 && (tchar[c >> 3] >> (c & 7) & 1);
}

/* RFC 9110, section 5.5: what a field's value may hold. */
static bool is_field_text(unsigned c)
{
  return c == '\t' || (c >= ' ' && c != 0x7f);
}

/* Begins a word: a field's name, or an element of its value, which may be a number too. Returns the one that ends. */
static unsigned next_word(struct wmrec *x)
{
  unsigned word = x->word;

  if (word != WORD_NONE && words[word_start[word] + x->matched] != '\0')
    word = WORD_NONE;
  x->element = ELEMENT_EMPTY;
  x->word = 0;
  x->matched = 0;
  x->number = 0;
  return word;
}

/* Narrows down by its next byte which word it is. They are sorted, so those that begin as this one did follow it. */
static void word_byte(struct wmrec *x, unsigned c)
{
  unsigned word = x->word;
  const unsigned matched = x->matched++;

  if (c - 'A' < 26)
    c |= 0x20;
  while (word != WORD_NONE && (unsigned char)words[word_start[word] + matched] != c)
    if (++word != WORD_NONE && word_common[word] < matched)
      word = WORD_NONE;
  x->word = (uint8_t)word;
}

static void number_byte(struct wmrec *x, unsigned c)
{
  const uint32_t number = x->number;

  if (!is_digit(c))
    x->number = NUMBER_NONE;
  else if (number < NUMBER_LIMIT / 10)
    x->number = number * 10 + (c - '0');
  else if (number != NUMBER_NONE)
    x->number = NUMBER_LIMIT;
}

void wmrec_response_begin(struct wmrec *x, uint8_t flags)
{
  x->state = STATE_STATUS_LINE;
  x->flags = flags;
  x->http_status = 0;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = 0;
  x->word = WORD_NONE;
  next_word(x);
}

/* RFC 9112, section 4. A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static int status_line(struct wmrec *x, unsigned c)
{
  static const char pattern[] = "HTTP/1.v sss ";
  const unsigned expected = (unsigned char)pattern[x->matched++];

  if (expected == 's')
    number_byte(x, c);
  else if (c == '0')
    x->flags |= FLAG_HTTP_1_0;
  if (pattern[x->matched] == '\0') {
    x->http_status = (uint16_t)x->number;
    x->state = STATE_SKIP;
    next_word(x);
  }
  return expected < 'a' ? c != expected : !is_digit(c);
}

/* Nothing but a name and its colon: no obs-fold (RFC 9112, section 5.2), no white space before the colon (5.1). */
static int field_name(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;

  if (is_token(c)) {
    x->state = STATE_FIELD_NAME;
    word_byte(x, c);
    return WMREC_OK;
  }
  x->state = STATE_FIELD_VALUE;
  x->field = (uint8_t)next_word(x);
  /* RFC 9110, section 6.5.1: a field of the trailer section must not count as one of the header section. */
  if (x->field == WORD_NONE || (x->flags & FLAG_TRAILER))
    x->state = STATE_SKIP;
  return c != ':' || state != STATE_FIELD_NAME;
}

static int end_of_element(struct wmrec *x)
{
  const uint32_t number = x->element == ELEMENT_EMPTY ? NUMBER_NONE : x->number;
  const unsigned flag = 1u << next_word(x);
  const unsigned flags = x->flags;

  switch (x->field) {
  case WORD_CONNECTION:
    x->flags = (uint8_t)(flags | (flag & (FLAG_CLOSE | FLAG_KEEP_ALIVE)));
    break;
  case WORD_CONTENT_LENGTH: /* RFC 9110, section 8.6: a list of equal values is one value. */
    if (number >= NUMBER_LIMIT || ((flags & FLAG_CONTENT_LENGTH) && x->remaining != number))
      return WMREC_ERROR_CONTENT_LENGTH;
    x->remaining = number;
    x->flags |= FLAG_CONTENT_LENGTH;
    break;
  case WORD_RETRY_AFTER:
    if (number != NUMBER_NONE)
      x->retry_after = 1000 * number;
    break;
  case WORD_TRANSFER_ENCODING: /* RFC 9112, section 6.1: "chunked" once. No other coding was offered. */
    if (flag != FLAG_CHUNKED || (flags & FLAG_CHUNKED))
      return WMREC_ERROR_CODING;
    x->flags |= FLAG_CHUNKED;
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
    if (x->element != ELEMENT_EMPTY)
      x->element = ELEMENT_ENDED;
    return WMREC_OK;
  }
  word_byte(x, c);
  number_byte(x, c);
  if (x->element == ELEMENT_ENDED) { /* two words are none of ours, and no number */
    x->word = WORD_NONE;
    x->number = NUMBER_NONE;
  }
  x->element = ELEMENT_OPEN;
  /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
  if (is_retry_after && c == ':')
    x->retry_after = WMREC_RETRY_AFTER_DATE;
  return WMREC_OK;
}

/* What a status means for the exchange. */
static int outcome(unsigned status)
{
  switch (status) {
  case 200:
    return WMREC_OK;
  case 401:
    return WMREC_ERROR_UNAUTHORIZED;
  case 403:
    return WMREC_ERROR_FORBIDDEN;
  case 404:
    return WMREC_ERROR_NOT_FOUND;
  case 429:
    return WMREC_ERROR_TOO_MANY_REQUESTS;
  case 503:
    return WMREC_ERROR_UNAVAILABLE;
  }
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
  const unsigned flags = x->flags;

  if (flags & FLAG_CHUNKED) {
    if (flags & FLAG_HTTP_1_0) /* section 6.1 */
      return WMREC_ERROR_CODING;
    if (flags & FLAG_CONTENT_LENGTH)
      return WMREC_ERROR_CONTENT_LENGTH;
  }
  if (status == 101) /* another protocol follows, and nobody asked for it */
    return WMREC_ERROR_STATUS;
  if (status - 100 < 100) {
    wmrec_response_begin(x, FLAG_ANSWERED);
    x->state |= STATE_LINE_FEED;
    return WMREC_OK;
  }
  x->error = (int8_t)outcome(status);
  if (status == 204 || status == 304)
    x->flags = (uint8_t)((flags & ~(unsigned)FLAG_CHUNKED) | FLAG_CONTENT_LENGTH), x->remaining = 0;
  else if (flags & FLAG_CHUNKED)
    x->state = STATE_CHUNK_START | STATE_LINE_FEED;
  else if (!(flags & FLAG_CONTENT_LENGTH))
    x->remaining = UINT32_MAX;
  return WMREC_OK;
}

static size_t body(struct wmrec *x, const unsigned char *bytes, size_t length)
{
  if (length > x->remaining)
    length = x->remaining;
  if (length > x->size - x->length)
    length = x->size - x->length;
  if (length == 0)
    wmrec_fail(x, WMREC_ERROR_BODY_LIMIT);
  for (size_t i = 0; i < length; i++)
    x->buffer[x->length++] = (char)bytes[i];
  x->remaining -= (uint32_t)length;
  return length;
}

/* RFC 9112, section 7.1; and 7.1.1: white space behind the size only where an extension follows. */
static int chunk(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;
  const uint32_t remaining = x->remaining;
  const unsigned digit = wmrec_hex_digit(c);

  if (digit < 16 && state <= STATE_CHUNK_SIZE) {
    x->state = STATE_CHUNK_SIZE;
    x->remaining = remaining << 4 | digit;
    return remaining >> 28 != 0;
  }
  if (state == STATE_CHUNK_EXTENSION)
    return WMREC_OK;
  if (state == STATE_CHUNK_START || state == STATE_CHUNK_END)
    return MALFORMED;
  x->state = STATE_CHUNK_EXTENSION;
  if (c == ';')
    return WMREC_OK;
  x->state = STATE_CHUNK_SPACE;
  return !is_space(c);
}

/* A CR ends a line, and says what comes after it; its LF must come first. */
static int carriage_return(struct wmrec *x)
{
  const unsigned state = x->state;

  x->state = STATE_LINE_START | STATE_LINE_FEED;
  if (state == STATE_SKIP)
    return WMREC_OK;
  if (state == STATE_FIELD_VALUE)
    return end_of_element(x);
  x->state = STATE_CHUNK_START | STATE_LINE_FEED;
  if (state == STATE_CHUNK_END)
    return WMREC_OK;
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY | STATE_LINE_FEED;
  if (state == STATE_LINE_START) {
    if (!(x->flags & FLAG_TRAILER))
      return end_of_header(x);
    x->flags &= (uint8_t)~FLAG_CHUNKED;
    return WMREC_OK;
  }
  if (x->remaining == 0) {
    x->state = STATE_LINE_START | STATE_LINE_FEED;
    x->flags |= FLAG_TRAILER;
  }
  return state != STATE_CHUNK_SIZE && state != STATE_CHUNK_EXTENSION;
}

static int text(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;

  if (state == STATE_SKIP)
    return WMREC_OK;
  if (state == STATE_FIELD_VALUE)
    return field_value(x, c);
  if (state == STATE_STATUS_LINE)
    return status_line(x, c);
  if (state < STATE_CHUNK_START)
    return field_name(x, c);
  return chunk(x, c);
}

/* Neither CR nor LF can stand alone: no state but that behind a CR takes a LF (RFC 9112, section 2.2). */
static int step(struct wmrec *x, unsigned c)
{
  const unsigned state = x->state;
  int error = MALFORMED;

  if (x->section_left-- == 0)
    return WMREC_ERROR_SECTION_LIMIT;
  if (state & STATE_LINE_FEED) {
    x->state &= STATE_LINE_FEED - 1;
    error = c != '\n';
  } else if (c == '\r') {
    error = carriage_return(x);
  } else if (is_field_text(c)) {
    error = text(x, c);
  }
  if (error != MALFORMED)
    return error;
  if (state == STATE_STATUS_LINE)
    return WMREC_ERROR_STATUS_LINE;
  return (state & (STATE_LINE_FEED - 1)) < STATE_CHUNK_START ? WMREC_ERROR_HEADER : WMREC_ERROR_CHUNK;
}

size_t wmrec_response(struct wmrec *x, const unsigned char *bytes, size_t length)
{
  size_t taken = 0;

  x->flags |= FLAG_ANSWERED;
  if (x->state == STATE_BODY) {
    taken = body(x, bytes, length);
  } else {
    while (x->state == STATE_SKIP && taken + 1 < length && x->section_left > 0 && is_field_text(bytes[taken])) {
      taken++;
      x->section_left--;
    }
    const int error = step(x, bytes[taken++]);
    if (error != WMREC_OK)
      wmrec_fail(x, error);
  }
  if (x->state == STATE_BODY && x->remaining == 0) {
    x->state = STATE_CHUNK_END;
    if (!(x->flags & FLAG_CHUNKED))
      wmrec_complete(x);
  }
  return taken;
}
