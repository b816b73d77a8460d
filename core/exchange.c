/* One exchange, from its request to its result: the public calls, in the order of their use.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

int wmrec_begin(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size)
{
  const size_t max_size = (unsigned)-1 >> 1; /* INT_MAX: jsmn counts in int */

  x->buffer = buffer;
  x->size = size < max_size ? size : max_size;
  x->length = 0;
  x->offset = 0;
  x->result = WMREC_WANT_WRITE;
  x->recording = WMREC_UNKNOWN;
  x->is_answered = false;
  x->is_closing = false;
  x->http_status = 0;
  wmrec_response_begin(x);

  wmrec_request(x, target);
  if (x->outcome != WMREC_OK)
    wmrec_fail(x, x->outcome);
  return x->outcome;
}

const char *wmrec_to_send(const struct wmrec_exchange *x, size_t *length)
{
  *length = x->result == WMREC_WANT_WRITE ? x->length - x->offset : 0;
  return x->buffer + x->offset;
}

void wmrec_sent(struct wmrec_exchange *x, size_t length)
{
  /* Volatile: a compiler may drop other stores to memory that is not read again. */
  volatile char *const buffer = x->buffer;

  if (x->result != WMREC_WANT_WRITE)
    return;
  x->offset += length;
  if (x->offset == x->length) {
    for (length = x->length; length > 0; length--)
      buffer[length - 1] = 0;
    x->length = 0;
    x->result = WMREC_WANT_READ;
  }
}

/* Takes over the end of the response that the reader has found. */
static void finish(struct wmrec_exchange *x)
{
  if (x->state == STATE_FAULT)
    wmrec_fail(x, x->fault);
  else
    x->result = (int8_t)(x->outcome == WMREC_OK ? wmrec_read_recording(x) : x->outcome);
}

size_t wmrec_received(struct wmrec_exchange *x, const void *bytes, size_t length)
{
  size_t taken = 0;

  if (x->result == WMREC_WANT_READ && length > 0) {
    x->is_answered = true;
    taken = wmrec_response_read(x, bytes, length);
    if (x->state >= STATE_COMPLETE)
      finish(x);
  }
  if (taken < length)
    x->is_closing = true;
  return taken;
}

void wmrec_closed(struct wmrec_exchange *x, bool clean)
{
  if (clean && x->state == STATE_BODY_UNTIL_CLOSED) {
    x->state = STATE_COMPLETE;
    finish(x);
  }
  wmrec_fail(x, x->is_answered ? WMREC_ERROR_TRUNCATED : WMREC_ERROR_CLOSED);
  x->is_closing = true;
}

void wmrec_fail(struct wmrec_exchange *x, int error)
{
  if (x->result <= 0)
    return;
  wmrec_sent(x, x->length - x->offset); /* wipes a request that is not sent yet */
  if (x->outcome == WMREC_OK)
    x->outcome = (int8_t)error;
  x->result = x->outcome;
}

int wmrec_result(const struct wmrec_exchange *x)
{
  return x->result;
}

enum wmrec_recording wmrec_answer(const struct wmrec_exchange *x)
{
  return (enum wmrec_recording)x->recording;
}

int wmrec_http_status(const struct wmrec_exchange *x)
{
  return x->http_status;
}

uint32_t wmrec_retry_after(const struct wmrec_exchange *x)
{
  return x->retry_after;
}

uint32_t wmrec_answer_age(const struct wmrec_exchange *x)
{
  return x->age;
}

bool wmrec_keep_alive(const struct wmrec_exchange *x)
{
  return x->state == STATE_COMPLETE && x->is_kept_alive && !x->is_closing;
}

const char *wmrec_body(const struct wmrec_exchange *x, size_t *length)
{
  *length = x->result == WMREC_WANT_WRITE ? 0 : x->length;
  return x->buffer;
}

const char *wmrec_status_text(const struct wmrec_exchange *x, size_t *length)
{
  const bool is_read = x->result == WMREC_OK || x->result == WMREC_ERROR_UNKNOWN_STATUS;

  *length = is_read ? x->number : 0;
  return x->buffer + x->offset;
}
