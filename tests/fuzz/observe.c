/* SPDX-License-Identifier: Apache-2.0
 */
#include "observe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void require(bool holds, const char *rule)
{
  if (holds)
    return;
  fprintf(stderr, "this does not hold: %s\n", rule);
  abort();
}

void require_result(int actual, int expected, const char *rule)
{
  if (actual != expected)
    fprintf(stderr, "it is %s, not %s\n", wmrec_result_name(actual), wmrec_result_name(expected));
  require(actual == expected, rule);
}

void begin_and_send(struct wmrec_exchange *x, unsigned which, size_t size)
{
  static const struct wmrec_target self_hosted = {.host = "h", .plain_http = true};
  static char buffers[2][OBSERVED_BUFFER_MOST];
  static struct wmrec_exchange sent[2]; /* kept, as the size is usually the same as last time */
  size_t length;

  if (sent[which].size != size) {
    char *const end = buffers[which] + sizeof buffers[which];

    require(wmrec_begin(x, &self_hosted, end - size, size) == WMREC_OK, "the request fits the buffer");
    wmrec_to_send(x, &length);
    wmrec_sent(x, length);
    sent[which] = *x;
  }
  *x = sent[which];
}

void observe_calls(const struct wmrec_exchange *x, struct observed *observed)
{
  observed->result = wmrec_result(x);
  observed->http_status = wmrec_http_status(x);
  observed->recording = wmrec_answer(x);
  observed->keep_alive = wmrec_keep_alive(x);
  observed->retry_after = wmrec_retry_after(x);
  observed->age = wmrec_answer_age(x);
  observed->body = wmrec_body(x, &observed->body_length);
  observed->text = wmrec_status_text(x, &observed->text_length);
}

static void require_rules(const struct served *served, const struct observed *observed)
{
  const int result = observed->result;

  require(observed->taken <= served->length, "at most the given bytes are taken");
  require((observed->recording != WMREC_UNKNOWN) == (result == WMREC_OK),
          "a recording is known by OK, and by nothing else");
  require(observed->text_length == 0 || result == WMREC_OK || result == WMREC_ERROR_UNKNOWN_STATUS,
          "there is a text only where there is a status");
  require(observed->body_length <= served->buffer_size, "the body is in the buffer");
  if (observed->text_length > 0)
    require(observed->text >= observed->body &&
                observed->text + observed->text_length <= observed->body + observed->body_length,
            "the text is in the body");
  if (result == WMREC_OK || result <= WMREC_ERROR_JSON)
    require(observed->http_status == 200, "only a 200 has a status");
  if (result > 0 || served->ending != END_OPEN || observed->taken < served->length)
    require(!observed->keep_alive, "the connection can be kept only after a complete answer without more bytes");
}

void observe(const struct served *served, struct observed *observed)
{
  static unsigned which;
  const char *bytes = served->bytes;
  size_t piece = served->first;
  struct wmrec_exchange x;

  which ^= 1;
  begin_and_send(&x, which, served->buffer_size);
  observed->taken = 0;
  for (size_t start = 0; start < served->length; start += piece, piece = served->piece) {
    const size_t left = served->length - start;

    if (piece > left)
      piece = left;
    observed->taken += wmrec_received(&x, bytes + start, piece);
  }
  if (served->ending != END_OPEN)
    wmrec_closed(&x, served->ending == END_CLEAN);
  observe_calls(&x, observed);
  require_rules(served, observed);
  if (observed->result <= 0) {
    wmrec_fail(&x, WMREC_ERROR_TIMEOUT);
    require(wmrec_result(&x) == observed->result, "the first result stays");
  }
}

void require_same(const struct observed *expected, const struct observed *actual)
{
  require_result(actual->result, expected->result, "the result is the same");
  require(actual->http_status == expected->http_status, "the HTTP status is the same");
  require(actual->recording == expected->recording, "the recording is the same");
  require(actual->keep_alive == expected->keep_alive, "keep-alive is the same");
  require(actual->retry_after == expected->retry_after, "Retry-After is the same");
  require(actual->age == expected->age, "Age is the same");
  require(actual->taken == expected->taken, "the number of bytes taken is the same");
  require(actual->body_length == expected->body_length &&
              memcmp(actual->body, expected->body, expected->body_length) == 0,
          "the body is the same");
  require(actual->text_length == expected->text_length &&
              memcmp(actual->text, expected->text, expected->text_length) == 0,
          "the text is the same");
}
