/* The request: any target of up to 2 characters a string (6 an id), any buffer; nothing is injected
 *
 * sources: core/exchange.c core/characters.c
 * options: --unwindset
 * wmrec_is_alphanumeric_or.0:20,any_string.0:7,put_id.0:8,put_checked.0:4,put_host.0:4,put.0:37,put_port.0:6,put_port.1:6,count.0:221,wmrec_sent.0:200,wmrec_received.0:1
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "request.c"

#include "proof.h"
#include "read_recording.h"

#define MOST 2
#define BUFFER 220

/* What sends and receives has proofs of its own. */
void wmrec_response_begin(struct wmrec *x)
{
  x->error = WMREC_OK;
}

void wmrec_response_byte(struct wmrec *x, unsigned c)
{
  (void)x;
  (void)c;
}

/* The buffer is the last part of it, so that a byte too far is outside, and a byte before is seen. */
static char memory[BUFFER];

static size_t count(size_t begin, size_t end, char c)
{
  size_t found = 0;

  for (size_t i = 0; i < BUFFER; i++)
    found += i >= begin && i < end && memory[i] == c;
  return found;
}

int main(void)
{
  struct wmrec_target target = {any_string(MOST), NULL, NULL, NULL, nondet_uint16(), nondet_bool()};
  const size_t size = nondet_size();
  const size_t place = nondet_size();
  struct wmrec x;
  size_t begin;
  int result;

  if (nondet_bool())
    target.mock_api_id = any_string(6);
  if (nondet_bool())
    target.token = any_string(MOST);
  if (nondet_bool())
    target.base_path = any_string(MOST);
  __CPROVER_assume(size <= BUFFER);
  begin = BUFFER - size;

  result = wmrec_begin(&x, &target, memory + begin, size);

  assert(x.buffer == memory + begin && x.size == size && x.length <= size && x.offset == 0);
  assert(place >= begin || memory[place] == '\0');
  assert(result == WMREC_OK || (result <= WMREC_ERROR_BUFFER && result >= WMREC_ERROR_PLAIN_HTTP));
  assert(x.result == (result == WMREC_OK ? WMREC_WANT_WRITE : result));
  if (result == WMREC_OK) {
    const size_t lines = target.token == NULL ? 4 : 5;

    assert(count(begin, begin + x.length, '\r') == lines && count(begin, begin + x.length, '\n') == lines);
    assert(count(begin, begin + x.length, ' ') == lines + (target.token != NULL));
    assert(target.mock_api_id == NULL || (!target.plain_http && target.token != NULL));
  } else {
    assert(x.length == 0 && count(begin, BUFFER, '\0') == size);
  }
  reached(result == WMREC_OK && target.mock_api_id != NULL && target.base_path != NULL);
  reached(result == WMREC_ERROR_BUFFER);
}
