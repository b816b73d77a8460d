/* A body of up to 4 bytes and the up to 3 tokens of jsmn: the walk over both stays within them, and ends
 *
 * sources: core/json_scalar.c core/characters.c
 * options: --unwind 6 --unwindset container_at.0:4,utf8_character.0:4,jsmn_parse.2:4,jsmn_parse.1:4,jsmn_parse.0:4
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"

#include "proof.h"

#define MAX_LENGTH 4
#define TOKENS 3

int main(void)
{
  const char *text = any_string(MAX_LENGTH);
  const unsigned room = nondet_byte();
  jsmntok_t tokens[TOKENS];
  const jsmntok_t *value = NULL;
  jsmntok_t *root;
  jsmn_parser parser;
  int count;

  __CPROVER_assume(room > 0 && room <= TOKENS);
  jsmn_init(&parser);
  root = tokens + TOKENS - room;
  count = jsmn_parse(&parser, text, SIZE_MAX, root, room);
  if (count >= 0 && text[parser.pos] == '\0' && is_json(text, root, "", &value)) {
    assert(count > 0);
    assert(value == NULL || (value >= root && value < tokens + TOKENS && value->end <= MAX_LENGTH));
    assert(value != root || root->type != JSMN_STRING);
    reached(text[0] == '[' && count == 2);
    reached(text[0] == '"' && text[1] != '"');
    reached(text[0] == '{');
  }
}
