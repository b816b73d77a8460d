/* The tokens after a body: any byte that jsmn may write is in the buffer, aligned, and not in the body
 *
 * sources: core/json_scalar.c core/characters.c
 * replaced: jsmn_parse:any_parse
 * options: --unwind 2
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"

#include "any_wmrec.h"
#include "proof.h"

/* The largest buffer, in bytes. */
#define MAX_SIZE 80

static size_t body_length;

/* Writes as much memory as jsmn_parse() may. json_tokens_proof.c has the real one. */
int any_parse(jsmn_parser *parser, const char *text, size_t length, jsmntok_t *tokens, unsigned count)
{
  const unsigned token = nondet_uint32();

  (void)length;
  assert(count > 0 && text[body_length] == '\0' && (uintptr_t)tokens % sizeof(int) == 0);
  __CPROVER_assume(token < count);
  tokens[token].type = JSMN_STRING;
  tokens[token].size = nondet_int();
  parser->pos = nondet_uint32();
  reached(token == 3);
  return JSMN_ERROR_NOMEM + (nondet_byte() % 3 - 2);
}

int main(void)
{
  struct wmrec_exchange x = any_wmrec_up_to(MAX_SIZE);
  const size_t place = nondet_size();
  struct wmrec_exchange before;
  char kept;
  int result;

  __CPROVER_assume(x.length <= x.size);
  body_length = x.length;
  before = x;
  kept = place < x.length ? x.buffer[place] : '\0';

  result = wmrec_json_member(&x, "status");

  assert(place >= x.length || x.buffer[place] == kept);
  assert(x.length == before.length && x.size == before.size && x.buffer == before.buffer);
  assert(result == WMREC_ERROR_JSON || result == WMREC_ERROR_TOKENS);
  reached(result == WMREC_ERROR_JSON);
  reached(result == WMREC_ERROR_TOKENS && x.length == x.size);
}
