/* A body of up to 4 bytes, any buffer: jsmn and what is around it write behind the body and nowhere else
 *
 * sources: core/characters.c
 * options: --unwind 7
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"

#include "any_wmrec.h"
#include "proof.h"

#define MOST 4

int main(void)
{
  struct wmrec x = any_wmrec_up_to(MOST + sizeof(int) + 3 * sizeof(jsmntok_t));
  const size_t place = nondet_size();
  struct wmrec before;
  char kept;
  int result;

  __CPROVER_assume(x.length <= MOST && x.length <= x.size);
  before = x;
  kept = place < x.length ? x.buffer[place] : '\0';

  result = wmrec_json_member(&x, "a");

  assert(place >= x.length || x.buffer[place] == kept);
  assert(x.length == before.length && x.size == before.size && x.buffer == before.buffer);
  assert(result == WMREC_ERROR_JSON || result == WMREC_ERROR_TOKENS || result == WMREC_ERROR_NO_STATUS);
  reached(result == WMREC_ERROR_NO_STATUS && x.buffer[1] == '"');
  reached(result == WMREC_ERROR_NO_STATUS && x.buffer[0] == '{');
  reached(result == WMREC_ERROR_TOKENS && x.size > 20);
}
