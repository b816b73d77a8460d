/* RFC 8259's objects and arrays. jsmn takes {"a":1,} and [1,,3] and {"a":truX}, and does not check UTF-8, so its tokens
 * only say where to look: the bytes in them and between them are checked against the grammar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/* This jsmn is only for this file. A program may have another one, with other options, as flags of the compiler. */
#undef JSMN_HEADER
#undef JSMN_PARENT_LINKS
#undef JSMN_STATIC
#undef JSMN_STRICT
#define JSMN_STATIC
#include <jsmn.h>

#include "json.h"

/* What the grammar allows next: a bit each, as several may be. */
enum { NAME = 1, COLON = 2, VALUE = 4, COMMA = 8, CLOSE = 16 };

/* What begins with this byte. A string is a NAME or a VALUE, whichever is allowed: never both are. */
static unsigned kind_of(char c, unsigned allowed)
{
  if (c == ']' || c == '}')
    return CLOSE;
  if (c == ':')
    return COLON;
  if (c == ',')
    return COMMA;
  return c == '"' ? allowed & (NAME | VALUE) : VALUE;
}

/* The innermost array or object that encloses this offset: the last token before `token` that ends after it. */
static const jsmntok_t *container_at(const jsmntok_t *token, int offset)
{
  do
    token--;
  while (token->end <= offset);
  return token;
}

/* RFC 8259, sections 2 to 5; jsmn has checked that brackets pair up. Sets *value to the value of the root object's
 * member of this name: unchanged if there is none; the root, which then is no string, if there are several. */
static bool is_json(const char *text, const jsmntok_t *tokens, const char *name, const jsmntok_t **value)
{
  const jsmntok_t *token = tokens;
  unsigned allowed = VALUE;

  for (int i = 0; text[i] != '\0'; i++) {
    const char c = text[i];
    const unsigned kind = kind_of(c, allowed);

    if (c <= ' ') /* white space: between tokens, jsmn takes no other control character and no byte over 0x7f */
      continue;
    if (!(allowed & kind))
      return false;
    allowed = COMMA | CLOSE;
    if (kind == COLON) {
      allowed = VALUE;
    } else if (kind == COMMA) {
      allowed = container_at(token, i)->type == JSMN_OBJECT ? NAME : VALUE;
    } else if (c == '{' || c == '[') {
      allowed = CLOSE | (c == '{' ? NAME : VALUE);
      token++;
    } else if (kind != CLOSE) {
      const int match = c == '"' ? wmrec_json_compare(text + token->start, text + token->end, name)
                                 : wmrec_json_primitive(text + token->start, text + token->end);

      if (match < 0)
        return false;
      i = token->end - (c != '"'); /* the closing quote, or the last byte */
      if (kind == NAME) {
        allowed = COLON;
        if (match && container_at(token, i) == tokens)
          *value = *value == NULL ? token + 1 : tokens;
      }
      token++;
    }
    if (i + 1 >= tokens->end)
      allowed = 0; /* after the root */
  }
  return allowed == 0;
}

int wmrec_json_member(struct wmrec_exchange *x, const char *name)
{
  /* After the body come a '\0' and, at the next address that is aligned for them, the tokens. */
  char *const text = x->buffer;
  char *const end = text + x->length;
  const size_t before_tokens = sizeof(int) - (uintptr_t)end % sizeof(int);
  const int room = (int)(x->size - x->length) - (int)before_tokens;
  const jsmntok_t *value = NULL;
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
  if (count < 0 || parser.pos != x->length || !is_json(text, tokens, name, &value))
    return WMREC_ERROR_JSON;
  if (value == NULL || value->type != JSMN_STRING)
    return WMREC_ERROR_NO_STATUS;
  x->offset = (size_t)value->start;
  x->number = (uint32_t)(value->end - value->start);
  return WMREC_OK;
}
