/* Pumps an exchange over a transport.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drive.h"

enum {
  STATE_CLOSED,
  STATE_OPENING,
  STATE_OPEN,
  STATE_IDLE,   /* the connection is open, and the exchange has ended */
  STATE_PROBING /* it is open from the previous exchange: it must have nothing to receive */
};

/* RFC 9110, section 15.5.9. The core has one result for the statuses that ask for a new connection. */
enum { REQUEST_TIMEOUT = 408 };

static const uint32_t default_max_connection_age = 600000;

static void close_connection(struct wmrec_drive *drive)
{
  if (drive->transport.functions != NULL)
    drive->transport.functions->close(drive->transport.context);
  drive->state = STATE_CLOSED;
  drive->is_kept = false;
  drive->is_reused = false;
  drive->connected_host = NULL;
}

void wmrec_drive_init(struct wmrec_drive *drive, struct wmrec_transport transport, void *buffer, size_t size)
{
  *drive = (struct wmrec_drive){.transport = transport, .buffer = buffer, .size = size};
}

static bool is_too_old(const struct wmrec_drive *drive, uint32_t now)
{
  const uint32_t max_age = drive->max_connection_age;

  return now - drive->connected_at >= (max_age != 0 ? max_age : default_max_connection_age);
}

int wmrec_drive_begin(struct wmrec_drive *drive, struct wmrec_exchange *exchange, const struct wmrec_target *target,
                      uint32_t now, uint32_t timeout)
{
  uint16_t port = target->port;

  if (port == 0)
    port = target->plain_http ? 80 : 443;
  /* On an open connection that is not idle, the answer to an earlier request is still to come. */
  if (drive->state != STATE_IDLE || drive->connected_host != target->host || drive->port != port ||
      is_too_old(drive, now))
    close_connection(drive);
  else
    drive->state = STATE_PROBING;
  drive->exchange = exchange;
  drive->target = target;
  drive->began = now;
  drive->timeout = timeout;
  drive->port = port;
  drive->is_asked_again = false;

  wmrec_begin(exchange, target, drive->buffer, drive->size);
  if (drive->transport.functions == NULL)
    wmrec_fail(exchange, WMREC_ERROR_TRANSPORT);
  else if (!target->plain_http && !drive->transport.functions->is_verified_tls)
    wmrec_fail(exchange, WMREC_ERROR_PLAIN_HTTP);
  return wmrec_result(exchange) < 0 ? wmrec_result(exchange) : WMREC_OK;
}

/* A reused connection may be dead: it gets half of the time, and a new connection gets the rest. */
uint32_t wmrec_drive_time_left(const struct wmrec_drive *drive, uint32_t now)
{
  const uint32_t passed = now - drive->began; /* correct even if the clock has wrapped */
  const uint32_t allowed = drive->is_reused ? drive->timeout / 2 : drive->timeout;

  return passed < allowed ? allowed - passed : 0;
}

static int open_connection(struct wmrec_drive *drive, uint32_t now)
{
  const struct wmrec_transport transport = drive->transport;
  int result;

  drive->state = STATE_OPENING;
  result =
      transport.functions->open(transport.context, drive->target->host, drive->port, wmrec_drive_time_left(drive, now));
  if (result != WMREC_OK)
    return result;
  drive->state = STATE_OPEN;
  drive->connected_host = drive->target->host;
  drive->connected_at = now;
  return WMREC_WANT_CALL;
}

static int send_request(struct wmrec_drive *drive)
{
  const struct wmrec_transport transport = drive->transport;
  size_t length;
  size_t sent = 0;
  const char *bytes = wmrec_to_send(drive->exchange, &length);
  const int result = transport.functions->send(transport.context, bytes, length, &sent);

  if (result != WMREC_OK)
    return result;
  wmrec_sent(drive->exchange, sent);
  return WMREC_WANT_CALL;
}

static int receive_answer(struct wmrec_drive *drive)
{
  const struct wmrec_transport transport = drive->transport;
  unsigned char bytes[WMREC_DRIVE_CHUNK];
  size_t received = 0;
  int result = transport.functions->receive(transport.context, bytes, sizeof bytes, &received);

  /* Bytes on an idle connection are unsolicited: the next exchange would take them for its answer. */
  if (drive->state == STATE_PROBING) {
    drive->is_kept = drive->is_reused = result == WMREC_WANT_READ;
    if (drive->is_kept)
      drive->state = STATE_OPEN;
    else if (result <= WMREC_OK)
      close_connection(drive);
    return WMREC_WANT_CALL;
  }
  if (result > WMREC_OK)
    return result;
  if (result == WMREC_OK && received > 0) {
    drive->is_reused = false;
    wmrec_received(drive->exchange, bytes, received);
  } else if (drive->is_reused) {
    return WMREC_ERROR_CLOSED;
  } else if (result == WMREC_OK || result == WMREC_ERROR_TRUNCATED) {
    wmrec_closed(drive->exchange, result == WMREC_OK);
    result = WMREC_OK;
  }
  return result < 0 ? result : WMREC_WANT_CALL;
}

static int call_transport(struct wmrec_drive *drive, uint32_t now)
{
  if (drive->state == STATE_CLOSED || drive->state == STATE_OPENING)
    return open_connection(drive, now);
  if (drive->state == STATE_OPEN && wmrec_result(drive->exchange) == WMREC_WANT_WRITE)
    return send_request(drive);
  return receive_answer(drive);
}

/* The server has answered that it wants to be asked on a new connection. A 408 on a new one says that the network is
 * slow: the next try is a matter of the schedule. */
static bool must_ask_again(const struct wmrec_drive *drive)
{
  if (wmrec_result(drive->exchange) != WMREC_ERROR_ASK_AGAIN)
    return false;
  return !drive->is_asked_again && (drive->is_kept || wmrec_http_status(drive->exchange) != REQUEST_TIMEOUT);
}

static int begin_again(struct wmrec_drive *drive)
{
  close_connection(drive);
  wmrec_begin(drive->exchange, drive->target, drive->buffer, drive->size);
  return WMREC_WANT_CALL;
}

int wmrec_drive_step(struct wmrec_drive *drive, uint32_t now)
{
  struct wmrec_exchange *exchange = drive->exchange;
  int result = WMREC_ERROR_TIMEOUT;

  if (exchange == NULL)
    return WMREC_ERROR_TRANSPORT;
  if (wmrec_result(exchange) > 0) {
    if (wmrec_drive_time_left(drive, now) > 0)
      result = call_transport(drive, now);
    if (result < 0 && drive->is_reused)
      return begin_again(drive);
    if (result < 0)
      wmrec_fail(exchange, result);
    else if (wmrec_result(exchange) > 0)
      return result;
    if (must_ask_again(drive)) {
      drive->is_asked_again = true;
      return begin_again(drive);
    }
  }
  if (!wmrec_keep_alive(exchange))
    close_connection(drive);
  else if (drive->state == STATE_OPEN)
    drive->state = STATE_IDLE;
  return wmrec_result(exchange);
}

void wmrec_drive_close(struct wmrec_drive *drive)
{
  if (drive->exchange != NULL)
    wmrec_fail(drive->exchange, WMREC_ERROR_CLOSED);
  close_connection(drive);
}
