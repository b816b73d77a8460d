/* A body of up to 4 bytes, as jsmn cuts it into up to 3 tokens: the walk over both stays within them, and ends
 *
 * sources: core/characters.c
 * options: --unwind 6 --unwindset around.0:4,utf8_character.0:4,jsmn_parse.2:4,jsmn_parse.1:4,jsmn_parse.0:4,find.0:3
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"

#include "proof.h"

#define MOST 4
#define TOKENS 3

int main(void)
{
  const char *text = any_string(MOST);
  const unsigned room = nondet_byte();
  jsmntok_t tokens[TOKENS];
  jsmn_parser parser;
  int count;

  __CPROVER_assume(room > 0 && room <= TOKENS);
  jsmn_init(&parser);
  count = jsmn_parse(&parser, text, SIZE_MAX, tokens + TOKENS - room, room);
  if (count >= 0 && text[parser.pos] == '\0' && walk(text, tokens + TOKENS - room)) {
    const jsmntok_t *value = find(text, tokens + TOKENS - room, count, "");

    assert(count > 0);
    assert(value == NULL || (value > tokens && value < tokens + TOKENS && value->end <= MOST));
    reached(text[0] == '[' && count == 2);
    reached(text[0] == '"' && text[1] != '"');
    reached(text[0] == '{');
  }
}
