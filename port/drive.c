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

static void close_connection(struct wmrec_drive *drive)
{
  drive->transport.functions->close(drive->transport.context);
  drive->state = STATE_CLOSED;
  drive->is_reused = false;
  drive->connected_host = NULL;
}

void wmrec_drive_init(struct wmrec_drive *drive, struct wmrec_transport transport, void *buffer, size_t size)
{
  *drive = (struct wmrec_drive){.transport = transport, .buffer = buffer, .size = size};
}

int wmrec_drive_begin(struct wmrec_drive *drive, struct wmrec_exchange *exchange, const struct wmrec_target *target,
                      uint32_t now, uint32_t timeout)
{
  uint16_t port = target->port;

  if (port == 0)
    port = target->plain_http ? 80 : 443;
  /* On an open connection that is not idle, the answer to an earlier request is still to come. */
  if (drive->state != STATE_IDLE || drive->connected_host != target->host || drive->port != port)
    close_connection(drive);
  else
    drive->state = STATE_PROBING;
  drive->exchange = exchange;
  drive->target = target;
  drive->began = now;
  drive->timeout = timeout;
  drive->port = port;

  wmrec_begin(exchange, target, drive->buffer, drive->size);
  if (!target->plain_http && !drive->transport.functions->is_verified_tls)
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
    drive->is_reused = result == WMREC_WANT_READ;
    if (drive->is_reused)
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

int wmrec_drive_step(struct wmrec_drive *drive, uint32_t now)
{
  struct wmrec_exchange *exchange = drive->exchange;
  int result = WMREC_ERROR_TIMEOUT;

  if (wmrec_result(exchange) > 0) {
    if (wmrec_drive_time_left(drive, now) > 0)
      result = call_transport(drive, now);
    if (result < 0 && drive->is_reused) {
      close_connection(drive);
      wmrec_begin(exchange, drive->target, drive->buffer, drive->size);
      return WMREC_WANT_CALL;
    }
    if (result < 0)
      wmrec_fail(exchange, result);
    else if (wmrec_result(exchange) > 0)
      return result;
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
