/* A byte of the response: any byte in any valid state
 *
 * sources: core/exchange.c core/characters.c
 * options: --unwind 18 --unwindset read_number.0:65,wmrec_sent.0:2,wmrec_response_read.0:2,take_run.0:2,take_word.0:2
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"
#include "receiving.h"

static bool is_receiving(const struct wmrec_exchange *x)
{
  return IS_RECEIVING(x);
}

/* In a header section, not in trailers. */
static bool is_header(const struct wmrec_exchange *x)
{
  return IS_FIELD(x) && x->framing != FRAMING_TRAILER;
}

static bool ends_element(const struct wmrec_exchange *x, unsigned field, unsigned c)
{
  const bool is_value = STATE_OF(x) == STATE_FIELD_VALUE || STATE_OF(x) == STATE_FIELD_SPACE;

  return is_value && x->field == field && (x->state == STATE_LINE_END ? c == '\n' : c == ',');
}

/* Each byte of the body is stored and counted, once, as long as there is room. */
static void assert_body(const struct wmrec_exchange *before, const struct wmrec_exchange *x, unsigned c)
{
  const bool is_body = before->state == STATE_BODY || before->state == STATE_BODY_UNTIL_CLOSED;
  const bool is_stored = is_body && before->length < before->size;

  assert(x->length == before->length + is_stored);
  if (is_stored) {
    assert((x->buffer[before->length] & 0xff) == (int)c);
    assert(x->remaining == before->remaining - 1);
    assert(x->remaining > 0 ? x->state == before->state && x->result > 0
                            : x->state == (x->framing == FRAMING_CHUNKED ? STATE_CHUNK_END : STATE_COMPLETE) &&
                                  (x->result > 0) == (x->framing == FRAMING_CHUNKED));
  } else if (is_body) {
    assert(x->result < 0);
  }
}

/* With both a Content-Length and a Transfer-Encoding, the exchange fails at the latest when the header section ends.
 * Neither is forgotten before. */
static void assert_one_length(const struct wmrec_exchange *before, const struct wmrec_exchange *x, unsigned c)
{
  const bool has_length = before->remaining != UNTIL_CLOSED;
  const bool has_coding = before->framing == FRAMING_CHUNKED;

  if (is_header(before) && x->result > 0 && is_header(x)) {
    assert(!has_length || x->remaining == before->remaining);
    assert(!has_coding || x->framing == FRAMING_CHUNKED);
    assert(!ends_element(before, FIELD_CONTENT_LENGTH, c) || x->remaining != UNTIL_CLOSED);
    assert(!ends_element(before, FIELD_TRANSFER_ENCODING, c) || x->framing == FRAMING_CHUNKED);
  } else if (is_header(before) && has_length && has_coding) {
    assert(x->result < 0);
    reached(x->result == WMREC_ERROR_CONTENT_LENGTH);
  }
}

static void assert_chunk_size(const struct wmrec_exchange *before, const struct wmrec_exchange *x, unsigned c)
{
  const uint64_t size = before->state == STATE_CHUNK_SIZE ? before->remaining : 0;

  if ((before->state == STATE_CHUNK_START || before->state == STATE_CHUNK_SIZE) && x->result > 0 && c > ' ' && c != ';')
    assert(x->state == STATE_CHUNK_SIZE && x->remaining == size * 16 + wmrec_hex_digit(c));
}

/* A coded body of a 200 is never read, and an answer's Age only grows. */
static void assert_fields(const struct wmrec_exchange *before, const struct wmrec_exchange *x, unsigned c)
{
  if (is_header(before) && x->result > 0 && is_header(x)) {
    assert(x->age >= before->age);
    assert(!ends_element(before, FIELD_CONTENT_ENCODING, c) || before->http_status != 200 || before->word_length == 0 ||
           before->word_length == 8);
  }
  reached(x->result == WMREC_ERROR_CONTENT_ENCODING && before->http_status == 200);
  reached(x->result > 0 && x->age == WMREC_AGE_MAX && before->age == 5000);
}

static void assert_result(const struct wmrec_exchange *before, const struct wmrec_exchange *x)
{
  assert(x->is_answered);
  assert(x->result > 0 ? is_receiving(x)
                       : x->result != WMREC_OK || (x->http_status == 200 && before->outcome == WMREC_OK));
  assert(x->result == WMREC_OK || x->recording == WMREC_UNKNOWN);
  reached(x->result > 0);
  reached(x->result == WMREC_OK && x->framing == FRAMING_LENGTH);
  reached(x->result == WMREC_OK && x->framing == FRAMING_TRAILER);
  reached(x->result == WMREC_ERROR_BODY_LIMIT);
  reached(STATE_OF(before) == STATE_FIELD_NAME && x->state == STATE_STATUS_LINE);
}

int main(void)
{
  struct wmrec_exchange x = any_wmrec();
  const unsigned char c = nondet_byte();
  const size_t place = nondet_size();
  struct wmrec_exchange before;
  char kept;

  __CPROVER_assume(is_receiving(&x));
  before = x;
  kept = place < x.length ? x.buffer[place] : '\0';

  assert(wmrec_received(&x, &c, 1) == 1);

  assert_result(&before, &x);
  assert_body(&before, &x, c);
  assert_one_length(&before, &x, c);
  assert_chunk_size(&before, &x, c);
  assert_fields(&before, &x, c);
  assert(place >= before.length || x.buffer[place] == kept);
  assert(x.buffer == before.buffer && x.size == before.size);
}
