/* The drive, over any transport that keeps its contract, at any time, in any valid state: key wiped, connection closed
 *
 * sources: core/characters.c
 * replaced: wmrec_received:any_received
 * options: --unwind 10
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "exchange.c"

#include "drive.c"
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"
#include "receiving.h"

/* The drive does not depend on this limit: a short word makes the proof faster. */
#undef WORD_LIMIT
#define WORD_LIMIT 7

/* The maximum length of the request, in bytes; sent_proof.c proves it for any length. */
#define REQUEST_MAX 8

/* The state of the transport. */
static bool is_open;
static unsigned calls;
static unsigned closes;
static bool is_received; /* the last receive gave bytes */

/* True: wmrec_request() fails. It does so each time, or never: the target does not change. */
static bool is_bad_target;

/* Reads the first and the last byte, so that CBMC checks that they exist. */
static void touch(const void *bytes, size_t length)
{
  const char *all = bytes;
  const char first = all[0];
  const char last = all[length - 1];

  (void)first;
  (void)last;
}

static int any_result(void)
{
  const int result = nondet_int();

  __CPROVER_assume(result <= WMREC_WANT_CALL && result >= INT8_MIN);
  return result;
}

static int open_any(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  const int result = any_result();

  (void)context;
  calls++;
  assert(!is_open && host != NULL && port > 0 && time_left > 0);
  is_open = result == WMREC_OK;
  return result;
}

static int send_any(void *context, const void *bytes, size_t length, size_t *sent)
{
  const int result = any_result();

  (void)context;
  calls++;
  assert(is_open && length > 0);
  touch(bytes, length);
  *sent = nondet_size();
  __CPROVER_assume(result != WMREC_OK || (*sent > 0 && *sent <= length));
  return result;
}

static int receive_any(void *context, void *bytes, size_t size, size_t *received)
{
  const int result = any_result();

  (void)context;
  calls++;
  assert(is_open && size > 0);
  touch(bytes, size);
  *received = nondet_size();
  __CPROVER_assume(result != WMREC_OK || *received <= size);
  is_received = result == WMREC_OK && *received > 0;
  return result;
}

static void close_any(void *context)
{
  (void)context;
  closes++;
  is_open = false;
}

/* A model of wmrec_request(): request_proof.c proves what it assumes. */
void wmrec_request(struct wmrec_exchange *x, const struct wmrec_target *target)
{
  assert(target->host != NULL);
  x->length = nondet_size();
  __CPROVER_assume(x->length <= x->size);
  if (is_bad_target)
    x->outcome = WMREC_ERROR_BUFFER;
  else
    __CPROVER_assume(x->length > WORD_LIMIT);
}

/* A model of wmrec_received(): received_proof.c proves what it assumes. */
size_t any_received(struct wmrec_exchange *x, const void *bytes, size_t length)
{
  struct wmrec_exchange after = nondet_wmrec();

  assert(is_received && x->result == WMREC_WANT_READ && IS_RECEIVING(x));
  touch(bytes, length);
  after.buffer = x->buffer;
  after.size = x->size;
  after.is_answered = true;
  __CPROVER_assume(IS_RECEIVING(&after) || after.result <= WMREC_OK);
  *x = after;
  return after.result > 0 ? length : nondet_size() % (length + 1);
}

static uint32_t since(uint32_t now, uint32_t then)
{
  return now - then;
}

static bool is_valid(const struct wmrec_drive *drive)
{
  const struct wmrec_exchange *x = drive->exchange;
  const bool is_connected = drive->state >= STATE_OPEN;

  if (drive->state > STATE_PROBING || is_open != is_connected || (drive->is_reused && !drive->is_kept) ||
      (drive->is_kept && !is_connected) || (drive->is_reused && drive->state != STATE_OPEN))
    return false;
  if (x->result == WMREC_WANT_READ)
    return drive->state == STATE_OPEN && IS_RECEIVING(x) && !(drive->is_reused && x->is_answered);
  if (x->result == WMREC_WANT_WRITE)
    return x->outcome == WMREC_OK && x->recording == WMREC_UNKNOWN && x->length <= x->size && x->length > WORD_LIMIT &&
           x->offset < x->length && (drive->state == STATE_OPEN || x->offset == 0) && drive->state != STATE_IDLE &&
           !x->is_answered && x->section_left <= WMREC_SECTION_LIMIT && x->state == STATE_STATUS_LINE &&
           x->remaining == UNTIL_CLOSED && x->word_length == 0 && x->number == 0 && x->fault < 0 && x->http_status == 0;
  return x->result <= WMREC_OK && (drive->state == STATE_CLOSED || drive->state == STATE_IDLE || !wmrec_keep_alive(x));
}

static void assert_step(struct wmrec_drive *drive, uint32_t now, size_t place)
{
  struct wmrec_exchange *x = drive->exchange;
  const struct wmrec_exchange before = *x;
  const bool was_reused = drive->is_reused;
  const bool was_asked_again = drive->is_asked_again;
  const bool is_over = wmrec_drive_time_left(drive, now) == 0;
  const int result = wmrec_drive_step(drive, now);

  assert(calls <= 1 && closes <= 1);
  assert(result > 0 ? result <= WMREC_WANT_CALL && x->result > 0 : result == x->result);
  assert(is_valid(drive));
  if (before.result <= 0)
    assert(calls == 0 && result == before.result && x->length == before.length);
  else if (is_over)
    assert(calls == 0 && (was_reused ? result == WMREC_WANT_CALL || result < 0
                                     : result == WMREC_ERROR_TIMEOUT || before.outcome < 0));
  if (result <= 0)
    assert(wmrec_keep_alive(x) ? closes == 0 : closes == 1 && !is_open);
  if (before.result == WMREC_WANT_WRITE && x->result != WMREC_WANT_WRITE)
    assert(place >= before.length || x->buffer[place] == 0);
  assert(drive->is_asked_again || !was_asked_again);
  if (before.result == WMREC_WANT_READ && !was_reused && result == WMREC_WANT_CALL && closes > 0)
    assert(drive->is_asked_again && !was_asked_again);
  if (drive->is_asked_again != was_asked_again)
    assert(result == WMREC_WANT_CALL && !is_open);
  reached(drive->is_asked_again && !was_asked_again);
  reached(result == WMREC_OK);
  reached(result == WMREC_ERROR_TRUNCATED && before.result > 0);
  reached(result == WMREC_WANT_CALL && was_reused && closes == 1 && x->offset == 0);
  reached(result < 0 && before.result == WMREC_WANT_WRITE && place < before.length);
}

static void assert_begin(struct wmrec_drive *drive, const struct wmrec_target *target, uint32_t now)
{
  const size_t size = nondet_size();
  struct wmrec_exchange x;
  int result;

  is_bad_target = nondet_bool();
  drive->exchange = NULL; /* the previous exchange may not exist any more */
  drive->buffer = any_bytes_up_to(REQUEST_MAX, size);
  drive->size = size;
  result = wmrec_drive_begin(drive, &x, target, now, nondet_uint32());
  assert(calls == 0 && closes <= 1 && is_valid(drive) && drive->port > 0);
  assert(result == (x.result < 0 ? x.result : WMREC_OK) && x.result != WMREC_OK);
  assert(target->plain_http || drive->transport.functions->is_verified_tls || x.result < 0);
  assert(drive->state != STATE_PROBING ||
         since(now, drive->connected_at) < (drive->max_connection_age == 0 ? 600000 : drive->max_connection_age));
  reached(drive->state == STATE_PROBING && result == WMREC_OK);
}

static void assert_close(struct wmrec_drive *drive, size_t place)
{
  struct wmrec_exchange *x = drive->exchange;
  const struct wmrec_exchange before = *x;

  wmrec_drive_close(drive);
  assert(calls == 0 && closes == 1 && !is_open && is_valid(drive) && x->result <= 0);
  assert(before.result != WMREC_WANT_WRITE || place >= before.length || x->buffer[place] == 0);
  reached(x->result == WMREC_ERROR_CLOSED && before.result == WMREC_WANT_READ);
}

int main(void)
{
  const struct wmrec_transport_functions functions = {
      .is_verified_tls = nondet_bool(), .open = open_any, .send = send_any, .receive = receive_any, .close = close_any};
  const struct wmrec_target target = {.host = "a", .port = nondet_uint16(), .plain_http = nondet_bool()};
  const size_t place = nondet_size();
  struct wmrec_exchange x = any_wmrec_up_to(REQUEST_MAX);
  struct wmrec_drive drive;

  wmrec_drive_init(&drive, (struct wmrec_transport){.functions = &functions}, x.buffer, x.size);
  drive.target = &target;
  drive.exchange = &x;
  drive.connected_host = nondet_bool() ? target.host : NULL;
  drive.began = nondet_uint32();
  drive.timeout = nondet_uint32();
  drive.port = nondet_uint16();
  drive.state = nondet_byte();
  drive.is_reused = nondet_bool();
  drive.is_kept = nondet_bool();
  drive.is_asked_again = nondet_bool();
  drive.connected_at = nondet_uint32();
  drive.max_connection_age = nondet_uint32();
  is_open = nondet_bool();
  __CPROVER_assume(drive.port > 0 && is_valid(&drive));

  if (nondet_bool())
    assert_step(&drive, nondet_uint32(), place);
  else if (nondet_bool())
    assert_begin(&drive, &target, nondet_uint32());
  else
    assert_close(&drive, place);
}
