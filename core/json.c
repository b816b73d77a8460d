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

static bool is_string(const char *next, const char *end)
{
  while (next < end)
    if (character(&next) < 0)
      return false;
  return true;
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

static bool is_scalar(const char *text, const jsmntok_t *token)
{
  const char *start = text + token->start;
  const char *end = text + token->end;

  if (token->type == JSMN_STRING)
    return is_string(start, end);
  return is_number(start, end) || is_literal(start, end);
}

bool wmrec_json_equals(const char *text, const jsmntok_t *string, const char *ascii)
{
  const char *next = text + string->start;
  const char *end = text + string->end;

  while (next < end && character(&next) == *ascii)
    ascii++;
  return next == end && *ascii == '\0';
}

/* RFC 8259, sections 2 to 5, as a walk over the bytes: `before` is what came last, `open` the innermost array or object
 * around, whose token keeps the one around that in its size. That brackets pair up, jsmn has checked. */
static bool walk(const char *text, size_t length, jsmntok_t *tokens, int count, const char *name,
                 const jsmntok_t **value)
{
  enum { NOTHING, COMMA, COLON, KEY, VALUE } before = NOTHING;
  int open = -1;
  int index = 0;
  int members = 0;

  for (size_t i = 0; i < length; i++) {
    const char c = text[i];

    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
      continue;
    if (c == ',') {
      if (before != VALUE || open < 0)
        return false;
      before = COMMA;
    } else if (c == ':') {
      if (before != KEY)
        return false;
      before = COLON;
    } else if (c == ']' || c == '}') {
      if ((before != VALUE && before != NOTHING))
        return false;
      before = VALUE;
      open = tokens[open].size;
    } else {
      jsmntok_t *token = &tokens[index];
      const bool is_key = open >= 0 && tokens[open].type == JSMN_OBJECT && before != COLON;

      if (before == KEY || before == VALUE || index == count || (is_key && token->type != JSMN_STRING))
        return false;
      if (token->type == JSMN_OBJECT || token->type == JSMN_ARRAY) {
        token->size = open;
        open = index;
        before = NOTHING;
      } else {
        if (!is_scalar(text, token))
          return false;
        i = (size_t)token->end - (token->type == JSMN_PRIMITIVE);
        before = is_key ? KEY : VALUE;
        if (is_key && open == 0 && wmrec_json_equals(text, token, name)) {
          members++;
          *value = token + 1;
        }
      }
      index++;
    }
  }
  if (members != 1)
    *value = NULL;
  return before == VALUE;
}

int wmrec_json_member(const char *text, size_t length, jsmntok_t *tokens, unsigned capacity, const char *name,
                      const jsmntok_t **value)
{
  jsmn_parser parser;
  int count;

  jsmn_init(&parser);
  count = jsmn_parse(&parser, text, length, tokens, capacity);
  if (count < 0)
    return count == JSMN_ERROR_NOMEM ? WMREC_ERROR_TOKENS : WMREC_ERROR_JSON;
  return walk(text, length, tokens, count, name, value) ? WMREC_OK : WMREC_ERROR_JSON;
}
