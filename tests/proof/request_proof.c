/* The request: any target of up to 4 characters a string (11 an id), up to 256 bytes of room; nothing is injected
 *
 * replaced: put_byte:follow_byte put:follow_text wmrec_fail:follow_fail
 * options: --unwind 110 --unwindset any_string.0:12,put_checked.0:13,put_host.0:6,put_port.0:6,is_alphanumeric_or.0:21
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "exchange.c"
#include "request.c"

#include "proof.h"
#include "read_recording.h"

#define MAX_LENGTH 4
#define MAX_ID 11

/* The line ends and spaces of the project's own texts: there must be no others. */
static unsigned returns;
static unsigned feeds;
static unsigned spaces;

/* In the place of put_byte(); request_byte_proof.c has the real one. */
void follow_byte(struct wmrec_exchange *x, unsigned byte)
{
  assert(byte >= ' ' && byte < 0x7f);
  spaces += byte == ' ';
  if (x->length < x->size)
    x->length++;
  else
    x->outcome = WMREC_ERROR_BUFFER;
}

/* In the place of put(). */
void follow_text(struct wmrec_exchange *x, const char *text)
{
  const size_t length = strlen(text);

  for (size_t i = 0; i < length; i++) {
    assert((text[i] == '\n') == (i > 0 && text[i - 1] == '\r'));
    returns += text[i] == '\r';
    feeds += text[i] == '\n';
    spaces += text[i] == ' ';
  }
  if (length > x->size - x->length)
    x->outcome = WMREC_ERROR_BUFFER;
  x->length = length > x->size - x->length ? x->size : x->length + length;
}

/* In the place of wmrec_fail(); sent_proof.c has the real one. */
void follow_fail(struct wmrec_exchange *x, int error)
{
  assert(error == x->outcome && error < 0);
  x->result = (int8_t)error;
  x->length = 0;
}

void wmrec_response_begin(struct wmrec_exchange *x)
{
  x->outcome = WMREC_OK;
}

int main(void)
{
  struct wmrec_target target = {.host = any_string(MAX_LENGTH), .port = nondet_uint16(), .plain_http = nondet_bool()};
  const size_t size = nondet_size();
  struct wmrec_exchange x;
  void *buffer;
  int result;

  if (nondet_bool())
    target.mock_api_id = any_string(MAX_ID);
  if (nondet_bool())
    target.token = any_string(MAX_LENGTH);
  if (nondet_bool())
    target.scheme = any_string(MAX_LENGTH);
  if (nondet_bool())
    target.base_path = any_string(MAX_LENGTH);
  __CPROVER_assume(size <= 256);
  buffer = any_bytes(256);

  result = wmrec_begin(&x, &target, buffer, size);

  assert(x.buffer == buffer && x.size == size && x.length <= size && x.offset == 0);
  assert(result == WMREC_OK || (result <= WMREC_ERROR_BUFFER && result >= WMREC_ERROR_PLAIN_HTTP));
  assert(x.result == (result == WMREC_OK ? WMREC_WANT_WRITE : result));
  if (result == WMREC_OK) {
    const unsigned lines = target.token == NULL ? 7 : 8;

    assert(x.length > WORD_LIMIT);
    assert(returns == lines && feeds == lines);
    assert(spaces == lines + (target.token != NULL));
    assert(target.mock_api_id == NULL || (!target.plain_http && target.token != NULL));
  }
  reached(result == WMREC_OK && target.mock_api_id != NULL && target.base_path != NULL);
  reached(result == WMREC_ERROR_BUFFER);
}
