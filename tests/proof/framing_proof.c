/* A complete header section: any status has its result, and any framing its body, by RFC 9110 and RFC 9112
 *
 * sources: core/characters.c
 * replaced: wmrec_response_begin:count_begin
 * options: --unwind 17
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "proof.h"

struct wmrec_exchange nondet_wmrec(void);

static unsigned begun;

/* In the place of wmrec_response_begin(). */
void count_begin(struct wmrec_exchange *x)
{
  begun++;
  x->state = STATE_STATUS_LINE;
}

static bool is_error_right(unsigned status, int error)
{
  switch (status) {
  case 200:
    return error == WMREC_OK;
  case 401:
    return error == WMREC_ERROR_UNAUTHORIZED;
  case 403:
    return error == WMREC_ERROR_FORBIDDEN;
  case 404:
    return error == WMREC_ERROR_NOT_FOUND;
  case 408:
  case 421:
  case 425:
    return error == WMREC_ERROR_ASK_AGAIN;
  case 429:
    return error == WMREC_ERROR_TOO_MANY_REQUESTS;
  case 503:
    return error == WMREC_ERROR_UNAVAILABLE;
  }
  return error == (status < 100 || status > 499 ? WMREC_ERROR_SERVER
                   : status < 300               ? WMREC_ERROR_STATUS
                   : status < 400               ? WMREC_ERROR_REDIRECT
                                                : WMREC_ERROR_CLIENT);
}

int main(void)
{
  struct wmrec_exchange x = nondet_wmrec();
  const unsigned status = x.http_status;
  struct wmrec_exchange before;
  bool is_interim;
  bool is_good;

  __CPROVER_assume(x.framing <= FRAMING_TRAILER && x.result == WMREC_WANT_READ);
  __CPROVER_assume(x.framing != FRAMING_TRAILER || x.remaining == 0);
  x.state = STATE_BODY;
  before = x;
  is_interim = status >= 100 && status <= 199;

  is_good = end_of_section(&x);

  assert(is_good == (status != 101 && (before.framing != FRAMING_CHUNKED || before.remaining == UNTIL_CLOSED)));
  assert(x.fault < 0);
  assert(x.length == before.length && x.remaining == before.remaining && x.framing == before.framing);
  if (is_good) {
    assert(is_error_right(status, x.outcome));
    assert(begun == is_interim);
    if (!is_interim)
      assert(x.state == (status == 204 || status == 304 || before.remaining == 0 ? STATE_COMPLETE
                         : before.framing == FRAMING_CHUNKED                     ? STATE_CHUNK_START
                         : before.remaining == UNTIL_CLOSED                      ? STATE_BODY_UNTIL_CLOSED
                                                                                 : STATE_BODY));
  } else {
    assert(!begun && x.state != STATE_COMPLETE);
  }
  reached(is_good && x.outcome == WMREC_OK && x.state == STATE_COMPLETE);
  reached(is_good && x.state == STATE_BODY_UNTIL_CLOSED);
  reached(is_good && begun);
  reached(!is_good && x.fault == WMREC_ERROR_CONTENT_LENGTH);
}
