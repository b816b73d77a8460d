/* The response: RFC 9112, read by a state machine that keeps only what it needs later. Bytes that only continue a word
 * or ignored text are taken in runs, all others one by one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* The status line up to its reason phrase (RFC 9112, section 4). v: the minor version; d: a digit of the status. */
#define MINOR_VERSION "HTTP/1.d "
#define STATUS_LINE MINOR_VERSION "ddd "

/* Larger numbers count as this one. In seconds, it is still a time in ms that fits a uint32_t. */
#define NUMBER_LIMIT (UINT32_MAX / 1000)
#define NO_NUMBER UINT32_MAX

/* The names of the fields that matter, and the elements of their values: lists for wmrec_find_word(). */
static const char fields[] = "\003age"
                             "\012connection"
                             "\020content-encoding"
                             "\016content-length"
                             "\013retry-after"
                             "\021transfer-encoding";
enum field {
  FIELD_AGE,
  FIELD_CONNECTION,
  FIELD_CONTENT_ENCODING,
  FIELD_CONTENT_LENGTH,
  FIELD_RETRY_AFTER,
  FIELD_TRANSFER_ENCODING,
  FIELD_OTHER
};

static const char elements[] = "\007chunked"
                               "\005close"
                               "\010identity"
                               "\012keep-alive";
enum element { ELEMENT_CHUNKED, ELEMENT_CLOSE, ELEMENT_IDENTITY, ELEMENT_KEEP_ALIVE };

/* RFC 9110, section 5.6.2: tchar, a bit each. A list of characters to search takes more flash and 5 times as long. */
static const uint8_t token_characters[] = {
    0,    0,    0,    0,    /* no control character */
    0xfa, 0x6c,             /* !#$%&'*+-. */
    0xff, 0x03,             /* 0-9 */
    0xfe, 0xff, 0xff, 0xc7, /* A-Z ^_ */
    0xff, 0xff, 0xff, 0x57  /* ` a-z |~ */
};

/* The results of status codes (RFC 9110, section 15): first of single ones, then of ranges that begin at these codes.
 */
enum { SINGLE_STATUSES = 9 };
static const uint16_t statuses[] = {200, 401, 403, 404, 408, 421, 425, 429, 503, 500, 400, 300, 100, 0};
static const int8_t outcomes[] = {WMREC_OK,
                                  WMREC_ERROR_UNAUTHORIZED,
                                  WMREC_ERROR_FORBIDDEN,
                                  WMREC_ERROR_NOT_FOUND,
                                  WMREC_ERROR_ASK_AGAIN,
                                  WMREC_ERROR_ASK_AGAIN,
                                  WMREC_ERROR_ASK_AGAIN,
                                  WMREC_ERROR_TOO_MANY_REQUESTS,
                                  WMREC_ERROR_UNAVAILABLE,
                                  WMREC_ERROR_SERVER,
                                  WMREC_ERROR_CLIENT,
                                  WMREC_ERROR_REDIRECT,
                                  WMREC_ERROR_STATUS,
                                  WMREC_ERROR_SERVER};

static int8_t outcome_of_status(unsigned status)
{
  size_t i = 0;

  while (i < SINGLE_STATUSES ? status != statuses[i] : status < statuses[i])
    i++;
  return outcomes[i];
}

/* RFC 9110, section 15.2: a response before the final one. */
static bool is_interim(unsigned status)
{
  return status >= 100 && status <= 199;
}

static bool is_space(unsigned c)
{
  return c == ' ' || c == '\t';
}

static bool is_digit(unsigned c)
{
  return c >= '0' && c <= '9';
}

static bool is_printable(unsigned c)
{
  return c >= ' ' && c <= '~';
}

static bool is_token_character(unsigned c)
{
  return c < 0x80 && (token_characters[c / 8] >> c % 8 & 1) != 0;
}

/* The value of the word that was read, if that is a decimal number. */
static uint32_t read_number(const struct wmrec_exchange *x)
{
  uint32_t number = 0;

  if (x->word_length == 0 || x->word_length == WORD_LIMIT)
    return NO_NUMBER;
  for (unsigned i = 0; i < x->word_length; i++) {
    const unsigned c = (unsigned char)x->buffer[i];

    if (!is_digit(c))
      return NO_NUMBER;
    number = number * 10 + (c - '0');
    if (number > NUMBER_LIMIT)
      number = NUMBER_LIMIT;
  }
  return number;
}

void wmrec_response_begin(struct wmrec_exchange *x)
{
  x->state = STATE_STATUS_LINE;
  x->outcome = WMREC_OK;
  x->fault = WMREC_ERROR_STATUS_LINE;
  x->retry_after = WMREC_RETRY_AFTER_NONE;
  x->age = 0;
  x->section_left = WMREC_SECTION_LIMIT;
  x->remaining = UNTIL_CLOSED;
  x->word_length = 0;
  x->number = 0;
}

/* The functions below that return bool read a byte, or act on the end of an element, a line or a section. They return
 * false if the response is malformed there: x->fault is the error. */

static bool fail(struct wmrec_exchange *x, int error)
{
  x->fault = (int8_t)error;
  return false;
}

/* A minor version over 1 is read as 1.1 is (RFC 9110, section 2.5). */
static bool status_line_byte(struct wmrec_exchange *x, unsigned c)
{
  const unsigned expected = (unsigned char)STATUS_LINE[x->word_length++];

  if (expected == 'd') {
    x->number = x->number * 10 + (c - '0');
    return is_digit(c);
  }
  if (c != expected)
    return false;
  if (x->word_length == sizeof MINOR_VERSION - 1) {
    x->is_kept_alive = x->number != 0;
    x->framing = x->number == 0 ? FRAMING_LENGTH_ONLY : FRAMING_LENGTH;
    x->number = 0;
  } else if (x->word_length == sizeof STATUS_LINE - 1) {
    x->http_status = (uint16_t)x->number;
    x->fault = WMREC_ERROR_HEADER;
    x->word_length = 0;
    x->state = STATE_IGNORED;
  }
  return true;
}

/* Only a colon ends a name: no obs-fold (RFC 9112, section 5.2), no white space before the colon (section 5.1). */
static bool end_of_name(struct wmrec_exchange *x, unsigned c)
{
  if (c != ':' || x->word_length == 0)
    return false;
  x->field = (uint8_t)wmrec_find_word(fields, x->buffer, x->word_length);
  x->word_length = 0;
  x->state = STATE_FIELD_VALUE;
  /* RFC 9110, section 6.5.1: a trailer field must not count as one of the header section. */
  if (x->field == FIELD_OTHER || x->framing == FRAMING_TRAILER)
    x->state = STATE_IGNORED;
  return true;
}

static bool end_of_element(struct wmrec_exchange *x)
{
  const uint32_t number = read_number(x);
  const uint32_t time = number == NO_NUMBER ? UINT32_MAX : 1000 * number;
  const unsigned element = wmrec_find_word(elements, x->buffer, x->word_length);

  if (x->field == FIELD_CONTENT_LENGTH) { /* RFC 9110, section 8.6: a list of equal values is one value */
    if (number >= NUMBER_LIMIT || (x->remaining != UNTIL_CLOSED && x->remaining != number))
      return fail(x, WMREC_ERROR_CONTENT_LENGTH);
    x->remaining = number;
  } else if (x->field == FIELD_TRANSFER_ENCODING) { /* RFC 9112, section 6.1: "chunked" once, and in HTTP/1.1 */
    if (element != ELEMENT_CHUNKED || x->framing != FRAMING_LENGTH)
      return fail(x, WMREC_ERROR_CODING);
    x->framing = FRAMING_CHUNKED;
  } else if (x->field == FIELD_CONNECTION) { /* an interim response's close does not count */
    if (element == ELEMENT_CLOSE && !is_interim(x->http_status))
      x->is_closing = true;
    if (element == ELEMENT_KEEP_ALIVE)
      x->is_kept_alive = true;
  } else if (x->field == FIELD_CONTENT_ENCODING && element != ELEMENT_IDENTITY) {
    if (x->http_status == 200 && x->word_length > 0) /* the body of an error is not read */
      return fail(x, WMREC_ERROR_CONTENT_ENCODING);
  } else if (x->field == FIELD_AGE) {
    if (x->age < time)
      x->age = time;
  } else if (time != WMREC_RETRY_AFTER_NONE) { /* FIELD_RETRY_AFTER, as identity is no number */
    x->retry_after = time;
  }
  x->word_length = 0;
  return true;
}

/* A byte of a value that matters, other than those that begin or continue its first word. */
static bool value_byte(struct wmrec_exchange *x, unsigned c)
{
  if (c == ',') {
    x->state = STATE_FIELD_VALUE;
    return end_of_element(x);
  }
  if (is_space(c)) {
    if (x->word_length > 0)
      x->state = STATE_FIELD_SPACE;
    return true;
  }
  x->word_length = WORD_LIMIT; /* a second word, or not a token */
  /* Each form of a date has white space, and later a time with colons (RFC 9110, section 5.6.7). */
  if (x->field == FIELD_RETRY_AFTER && c == ':' && x->state == STATE_FIELD_SPACE)
    x->retry_after = WMREC_RETRY_AFTER_DATE;
  return true;
}

/* RFC 9112, sections 7.1 and 7.1.1: white space may follow the size only if an extension follows it. */
static bool chunk_line_byte(struct wmrec_exchange *x, unsigned c)
{
  const unsigned digit = wmrec_hex_digit(c);

  if (digit < 16 && (x->state == STATE_CHUNK_START || x->state == STATE_CHUNK_SIZE)) {
    const uint32_t size = x->state == STATE_CHUNK_START ? 0 : x->remaining;

    if (size > UINT32_MAX >> 4)
      return false;
    x->state = STATE_CHUNK_SIZE;
    x->remaining = size << 4 | digit;
    return true;
  }
  if (x->state == STATE_CHUNK_START || x->state == STATE_CHUNK_END)
    return false;
  if (c == ';')
    x->state = STATE_CHUNK_EXTENSION;
  else if (is_space(c))
    x->state = STATE_CHUNK_SPACE;
  else
    return false;
  return true;
}

/* The empty line after a header or trailer section: RFC 9112, section 6.3. */
static bool end_of_section(struct wmrec_exchange *x)
{
  const unsigned status = x->http_status;

  if (x->framing == FRAMING_CHUNKED) {
    if (x->remaining != UNTIL_CLOSED)
      return fail(x, WMREC_ERROR_CONTENT_LENGTH);
    x->state = STATE_CHUNK_START;
  } else if (x->remaining == UNTIL_CLOSED) {
    x->state = STATE_BODY_UNTIL_CLOSED;
  }
  x->fault = WMREC_ERROR_CHUNK;
  x->outcome = outcome_of_status(status);
  if (status == 101) /* another protocol would follow, and none was asked for */
    return false;
  if (is_interim(status))
    wmrec_response_begin(x);
  else if (status == 204 || status == 304 || x->remaining == 0) /* after trailers, nothing remains */
    x->state = STATE_COMPLETE;
  return true;
}

/* The LF of a line. */
static bool end_of_line(struct wmrec_exchange *x)
{
  const unsigned state = x->state_before_cr;

  if (state == STATE_IGNORED || state == STATE_FIELD_VALUE || state == STATE_FIELD_SPACE) {
    x->state = STATE_FIELD_NAME;
    return state == STATE_IGNORED || end_of_element(x);
  }
  x->section_left = WMREC_SECTION_LIMIT;
  x->state = STATE_BODY;
  if (state == STATE_FIELD_NAME)
    return x->word_length == 0 && end_of_section(x);
  if (state == STATE_CHUNK_END) {
    x->state = STATE_CHUNK_START;
    return true;
  }
  if (state != STATE_CHUNK_SIZE && state != STATE_CHUNK_EXTENSION)
    return false;
  if (x->remaining == 0) { /* the last chunk */
    x->state = STATE_FIELD_NAME;
    x->framing = FRAMING_TRAILER;
    x->fault = WMREC_ERROR_HEADER;
  }
  return true;
}

static bool line_byte(struct wmrec_exchange *x, unsigned c)
{
  if (x->state == STATE_LINE_END)
    return c == '\n' && end_of_line(x);
  /* RFC 9112, section 4: a space ends the status code, even if no reason follows. A CR ends it as clearly. */
  if (x->state == STATE_STATUS_LINE) {
    if (!status_line_byte(x, c == '\r' ? ' ' : c))
      return false;
    if (c != '\r')
      return true;
  }
  if (c == '\r') {
    x->state_before_cr = x->state;
    x->state = STATE_LINE_END;
    return true;
  }
  if (c != '\t' && (c < ' ' || c == 0x7f)) /* RFC 9110, section 5.5 */
    return false;
  if (x->state == STATE_IGNORED || x->state == STATE_CHUNK_EXTENSION)
    return true;
  if (x->state == STATE_FIELD_NAME)
    return end_of_name(x, c);
  if (x->state <= STATE_FIELD_SPACE)
    return value_byte(x, c);
  return chunk_line_byte(x, c);
}

static bool body_byte(struct wmrec_exchange *x, unsigned c)
{
  if (x->length == x->size)
    return fail(x, WMREC_ERROR_BODY_LIMIT);
  x->buffer[x->length++] = (char)c;
  if (--x->remaining == 0)
    x->state = x->framing == FRAMING_CHUNKED ? STATE_CHUNK_END : STATE_COMPLETE;
  return true;
}

static bool take_byte(struct wmrec_exchange *x, unsigned c)
{
  if (x->state >= STATE_BODY)
    return body_byte(x, c);
  if (x->section_left == 0)
    return fail(x, WMREC_ERROR_SECTION_LIMIT);
  x->section_left--;
  return line_byte(x, c);
}

/* Takes the bytes that continue a name or an element, in lower case: | 0x20 makes a letter of no other tchar. They are
 * kept where the body will be. Once there is a body, only trailers follow, whose names do not matter. */
static size_t take_word(struct wmrec_exchange *x, const unsigned char *bytes, size_t length)
{
  const bool is_kept = x->framing != FRAMING_TRAILER;
  char *const word = x->buffer;
  size_t kept = x->word_length;
  size_t i = 0;

  for (; i < length && is_token_character(bytes[i]); i++)
    if (kept < WORD_LIMIT) {
      if (is_kept)
        word[kept] = (char)(bytes[i] | 0x20);
      kept++;
    }
  x->word_length = (uint8_t)kept;
  return i;
}

/* Takes the bytes that only continue a word or ignored text; returns how many. */
static size_t take_run(struct wmrec_exchange *x, const unsigned char *bytes, size_t length)
{
  size_t i = 0;

  if (x->state == STATE_IGNORED || x->state == STATE_CHUNK_EXTENSION)
    while (i < length && is_printable(bytes[i]))
      i++;
  else if (x->state <= STATE_FIELD_VALUE)
    i = take_word(x, bytes, length);
  return i;
}

size_t wmrec_response_read(struct wmrec_exchange *x, const unsigned char *bytes, size_t length)
{
  size_t taken = 0;

  while (taken < length && x->state < STATE_COMPLETE) {
    size_t run = take_run(x, bytes + taken, length - taken);

    if (run > x->section_left)
      run = x->section_left;
    x->section_left -= (uint32_t)run;
    taken += run;
    if (taken < length && !take_byte(x, bytes[taken++]))
      x->state = STATE_FAULT;
  }
  return taken;
}
