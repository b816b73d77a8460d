/* RFC 8259. jsmn lets {"a":1,} and [1,,3] and {"a":truX} pass, and knows nothing of UTF-8, so its tokens only say where
 * to look: the bytes in them and between them are checked here against the grammar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define JSMN_STATIC
#include "json.h"

/* What stands for a character that is not ASCII: which one, nobody asks. */
#define NOT_ASCII 0x80

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* RFC 3629, section 4: no overlong form, no surrogate, nothing over U+10FFFF. */
static int utf8_character(const char **next, unsigned first)
{
  const unsigned second = (unsigned char)**next;

  if (first < 0xc2 || first > 0xf4 || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return -1;
  for (; first & 0x40; first <<= 1)
    if ((*(*next)++ & 0xc0) != 0x80)
      return -1;
  return NOT_ASCII;
}

/* jsmn has checked that it is an escape. Of \b \f \n \r \t it is enough to know that they are not printable. */
static int escaped_character(const char **next)
{
  const char c = *(*next)++;
  int value = 0;

  if (c != 'u')
    return c < 'a' ? c : 0;
  for (const char *end = *next + 4; *next < end; (*next)++)
    value = value << 4 | (int)wmrec_hex_digit((unsigned char)**next);
  return value;
}

/* The next character of a string; -1: it is none. An escaped surrogate counts as a character: the grammar allows it
 * (RFC 8259, section 8.2). Nothing is read past the closing quote, which continues no character. */
static int character(const char **next)
{
  const unsigned c = (unsigned char)*(*next)++;

  if (c == '\\')
    return escaped_character(next);
  if (c >= 0x80)
    return utf8_character(next, c);
  return c < ' ' ? -1 : (int)c;
}

static const char *skip_digits(const char *next)
{
  while (is_digit(*next))
    next++;
  return next;
}

/* RFC 8259, section 6. */
static bool is_number(const char *next, const char *end)
{
  const char *start;

  if (*next == '-')
    next++;
  start = next;
  next = skip_digits(next);
  if (next == start || (*start == '0' && next != start + 1))
    return false;
  if (*next == '.') {
    start = ++next;
    next = skip_digits(next);
    if (next == start)
      return false;
  }
  if (*next == 'e' || *next == 'E') {
    next++;
    if (*next == '+' || *next == '-')
      next++;
    start = next;
    next = skip_digits(next);
    if (next == start)
      return false;
  }
  return next == end;
}

static bool is_literal(const char *next, const char *end)
{
  const char *literal = *next == 't' ? "true" : *next == 'f' ? "false" : "null";

  while (next < end && *next == *literal) {
    next++;
    literal++;
  }
  return next == end && *literal == '\0';
}

int wmrec_json_compare(const char *text, const jsmntok_t *string, const char *ascii)
{
  const char *next = text + string->start;
  const char *end = text + string->end;
  int is_equal = true;

  while (next < end) {
    const int c = character(&next);

    if (c < 0)
      return -1;
    if (c != *ascii || c == '\0')
      is_equal = false;
    ascii += is_equal;
  }
  return is_equal && *ascii == '\0';
}

static bool is_primitive(const char *text, const jsmntok_t *token)
{
  const char *start = text + token->start;
  const char *end = text + token->end;

  return is_number(start, end) || is_literal(start, end);
}

/* What may come next: a bit each, as often more than one thing may. */
enum { KEY = 1, COLON = 2, VALUE = 4, COMMA = 8, CLOSE = 16 };

/* Of a comma, what must follow: the innermost array or object around it is the last one before that ends behind it. */
static unsigned behind_comma(const jsmntok_t *token, int place)
{
  do
    token--;
  while (token->end <= place);
  return token->type == JSMN_OBJECT ? KEY : VALUE;
}

/* RFC 8259, sections 2 to 5, as a walk over the bytes. That brackets pair up, jsmn has checked. */
static bool walk(const char *text, int length, const jsmntok_t *token, const char *name, const jsmntok_t **value)
{
  unsigned allowed = VALUE;
  int depth = 0;
  int members = 0;

  for (int i = 0; i < length; i++) {
    const char c = text[i];
    unsigned found = VALUE;
    unsigned next = COMMA | CLOSE;

    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
      continue;
    if (c == ']' || c == '}') {
      found = CLOSE;
      depth--;
    } else if (c == ':') {
      found = COLON;
      next = VALUE;
    } else if (c == ',') {
      found = COMMA;
      if (depth == 0)
        return false;
      next = behind_comma(token, i);
    } else if (c == '{' || c == '[') {
      next = CLOSE | (c == '{' ? KEY : VALUE);
      depth++;
      token++;
    } else {
      int match = is_primitive(text, token) ? 0 : -1;
      if (c == '"') {
        match = wmrec_json_compare(text, token, name);
        if (allowed & KEY) {
          found = KEY;
          next = COLON;
          if (depth == 1 && match > 0) {
            members++;
            *value = token + 1;
          }
        }
      }
      if (match < 0)
        return false;
      i = token->end - (c != '"');
      token++;
    }
    if (!(allowed & found))
      return false;
    allowed = next;
  }
  if (members != 1)
    *value = NULL;
  return allowed == (COMMA | CLOSE);
}

int wmrec_json_member(const char *text, size_t length, jsmntok_t *tokens, unsigned capacity, const char *name,
                      const jsmntok_t **value)
{
  jsmn_parser parser;
  int count;

  jsmn_init(&parser);
  count = jsmn_parse(&parser, text, length, tokens, capacity);
  if (count == JSMN_ERROR_NOMEM)
    return WMREC_ERROR_TOKENS;
  /* jsmn stops at a NUL, which is no JSON. */
  if (count < 0 || parser.pos != length || !walk(text, (int)length, tokens, name, value))
    return WMREC_ERROR_JSON;
  return WMREC_OK;
}
