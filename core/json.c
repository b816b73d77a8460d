/* RFC 8259. jsmn lets {"a":1,} and [1,,3] and {"a":truX} pass, and knows nothing of UTF-8, so its tokens only say where
 * to look: the bytes in them and between them are checked here against the grammar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define JSMN_STATIC
#include <jsmn.h>

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

/* jsmn has checked that it is an escape. Which character a short one stands for, nobody asks: it is no letter. */
static int escaped_character(const char **next)
{
  unsigned value = 0; /* an int may have no more than 15 bits for it */

  if (*(*next)++ != 'u')
    return '\0';
  for (const char *end = *next + 4; *next < end; (*next)++)
    value = value << 4 | wmrec_hex_digit((unsigned char)**next);
  return value < NOT_ASCII ? (int)value : NOT_ASCII;
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

int wmrec_json_compare(const char *next, const char *end, const char *ascii)
{
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

/* Past one digit or more. Where there is none: a place that is no number's end. */
static const char *digits(const char *next)
{
  if (!is_digit(*next))
    return "";
  while (is_digit(*next))
    next++;
  return next;
}

/* RFC 8259, section 6. */
static bool is_number(const char *next, const char *end)
{
  if (*next == '-')
    next++;
  next = *next == '0' ? next + 1 : digits(next);
  if (*next == '.')
    next = digits(next + 1);
  if (*next == 'e' || *next == 'E') {
    next++;
    if (*next == '+' || *next == '-')
      next++;
    next = digits(next);
  }
  return next == end;
}

/* What may come next: a bit each, as often more than one thing may. */
enum { KEY = 1, COLON = 2, VALUE = 4, COMMA = 8, CLOSE = 16 };

/* The array or object around a place: the last one before `token` that ends behind it. */
static const jsmntok_t *around(const jsmntok_t *token, int place)
{
  do
    token--;
  while (token->end <= place);
  return token;
}

#define LITERALS "\004null" "\004true" "\005false"
static bool is_scalar(const char *text, const jsmntok_t *token)
{
  const char *next = text + token->start;
  const char *end = text + token->end;

  if (token->type == JSMN_STRING)
    return wmrec_json_compare(next, end, "") >= 0;
  return is_number(next, end) || wmrec_find_word(LITERALS, next, (size_t)(end - next)) < 3;
}

/* What begins with this byte. Which of the two a string is, says what may come: never both may. */
static unsigned kind(char c, unsigned allowed)
{
  if (c == ']' || c == '}')
    return CLOSE;
  if (c == ':')
    return COLON;
  if (c == ',')
    return COMMA;
  return c == '"' ? allowed & (KEY | VALUE) : VALUE;
}

/* RFC 8259, sections 2 to 5, as a walk over the bytes. That brackets pair up, jsmn has checked. */
static bool walk(const char *text, const jsmntok_t *tokens)
{
  const jsmntok_t *token = tokens;
  unsigned allowed = VALUE;

  for (int i = 0; text[i] != '\0'; i++) {
    const char c = text[i];
    unsigned found;

    if (c <= ' ') /* white space: between tokens, jsmn has let no other control character pass, and no byte over 0x7f */
      continue;
    found = kind(c, allowed);
    if (!(allowed & found))
      return false;
    allowed = COMMA | CLOSE;
    if (found == COLON) {
      allowed = VALUE;
    } else if (found == COMMA) {
      allowed = around(token, i)->type == JSMN_OBJECT ? KEY : VALUE;
    } else if (c == '{' || c == '[') {
      allowed = CLOSE | (c == '{' ? KEY : VALUE);
      token++;
    } else if (found != CLOSE) {
      if (!is_scalar(text, token))
        return false;
      i = token->end - (c != '"');
      if (found == KEY)
        allowed = COLON;
      token++;
    }
    if (i + 1 >= tokens->end)
      allowed = 0; /* behind the root */
  }
  return allowed == 0;
}

/* The value of the root object's only member of this name; NULL: there is none, or more than one. A name is what jsmn
 * counts a child of, the value; an array or object around one is none, as its bracket is not in the name. */
static const jsmntok_t *find(const char *text, const jsmntok_t *tokens, int count, const char *name)
{
  const jsmntok_t *value = NULL;

  for (const jsmntok_t *token = tokens + 1; token < tokens + count; token++) {
    if (token->size != 0 && around(token, token->start) == tokens &&
        wmrec_json_compare(text + token->start, text + token->end, name) > 0) {
      if (value != NULL)
        return NULL;
      value = token + 1;
    }
  }
  return value;
}

int wmrec_json_member(struct wmrec_exchange *x, const char *name)
{
  /* Behind the body stand a '\0' and, at the next address that is good for them, the tokens. */
  char *const text = x->buffer;
  char *const end = text + x->length;
  const size_t before_tokens = sizeof(int) - (uintptr_t)end % sizeof(int);
  const int room = (int)(x->size - x->length) - (int)before_tokens;
  const jsmntok_t *value;
  jsmntok_t *tokens;
  jsmn_parser parser;
  int count;

  if (room < (int)sizeof *tokens)
    return WMREC_ERROR_TOKENS;
  tokens = (void *)(end + before_tokens);
  *end = '\0';
  jsmn_init(&parser);
  count = jsmn_parse(&parser, text, SIZE_MAX, tokens, (unsigned)room / sizeof *tokens);
  if (count == JSMN_ERROR_NOMEM)
    return WMREC_ERROR_TOKENS;
  if (count < 0 || parser.pos != x->length || !walk(text, tokens))
    return WMREC_ERROR_JSON;
  value = find(text, tokens, count, name);
  if (value == NULL || value->type != JSMN_STRING)
    return WMREC_ERROR_NO_STATUS;
  x->offset = (size_t)value->start;
  x->number = (uint32_t)(value->end - value->start);
  return WMREC_OK;
}
