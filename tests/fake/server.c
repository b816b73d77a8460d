/* A transport with a server behind it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server.h"

#include <string.h>

static void require(struct fake_server *server, bool holds, const char *rule)
{
  if (!holds && server->fault == NULL)
    server->fault = rule;
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

static int fail(struct fake_server *server, int error)
{
  server->state = FAKE_IS_BROKEN;
  return error;
}

static int wait(struct fake_server *server)
{
  server->is_waiting = true;
  return WMREC_WANT_READ;
}

/* How many bytes of this length a call moves. */
static size_t some(size_t length, size_t most, bool has_trouble)
{
  const size_t limit = has_trouble ? 1 : most;

  return limit != 0 ? least(limit, length) : length;
}

/* Begins a call: true if it has the trouble. */
static bool is_troubled(struct fake_server *server)
{
  const bool is_first = ++server->calls == server->from;

  require(server, server->state != FAKE_IS_BROKEN, "after an error, close is called and nothing else");
  server->is_waiting = false;
  server->is_hanging = false;
  if (is_first)
    server->is_spare = server->was_used && server->given == 0;
  return is_first || (server->is_lasting && server->from != 0 && server->calls > server->from);
}

/* The result of a call that has a trouble other than FAKE_ONE_BYTE. */
static int trouble(struct fake_server *server)
{
  if (server->trouble == FAKE_STREAM_END)
    return fail(server, WMREC_ERROR_CLOSED);
  if (server->trouble_result < 0)
    return fail(server, server->trouble_result);
  server->is_hanging = server->is_lasting;
  return server->trouble_result;
}

static int server_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct fake_server *server = context;
  const bool has_trouble = is_troubled(server);

  (void)host;
  require(server, port != 0, "a port is 1..65535");
  require(server, time_left > 0, "nothing is opened when the time is over");
  require(server, server->state != FAKE_IS_OPEN, "open is not called once it has returned WMREC_OK");
  if (server->state == FAKE_IS_CLOSED)
    server->opened++;
  server->state = FAKE_IS_OPENING;
  if (has_trouble && server->trouble != FAKE_ONE_BYTE)
    return trouble(server);
  server->state = FAKE_IS_OPEN;
  return WMREC_OK;
}

static int server_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct fake_server *server = context;
  const bool has_trouble = is_troubled(server);
  const size_t left = server->request_length - server->sent;

  require(server, server->state == FAKE_IS_OPEN, "nothing is sent before open has returned WMREC_OK");
  require(server, length > 0, "something is sent");
  require(server, length <= left && memcmp(bytes, server->request + server->sent, least(length, left)) == 0,
          "the request is sent, and nothing else");
  if (has_trouble && server->trouble != FAKE_ONE_BYTE)
    return trouble(server);
  if (server->was_used && server->used == FAKE_RESETS_SEND)
    return fail(server, WMREC_ERROR_RESET);
  *sent = some(length, server->send_most, has_trouble);
  server->sent += *sent;
  return WMREC_OK;
}

/* What a receive finds where there are no bytes. */
static int receive_none(struct fake_server *server, size_t *received)
{
  const bool is_asked = server->sent == server->request_length;

  *received = 0;
  if (server->has_ended ||
      (server->was_used && (server->used == FAKE_HAS_CLOSED || (is_asked && server->used == FAKE_CLOSES_UNANSWERED))))
    return WMREC_OK;
  if (is_asked && server->was_used && server->used == FAKE_RESETS_RECEIVE)
    return fail(server, WMREC_ERROR_RESET);
  if (!is_asked || (server->was_used && server->used != FAKE_ANSWERS) || server->answer.then == FAKE_STAYS)
    return wait(server);
  return server->answer.then == FAKE_CLOSES ? WMREC_OK : fail(server, WMREC_ERROR_TRUNCATED);
}

/* How many bytes of the answer have come, and are not given yet. */
static size_t bytes_left(const struct fake_server *server)
{
  const bool is_answering =
      server->sent == server->request_length && !(server->was_used && server->used != FAKE_ANSWERS);
  const size_t end = server->given < server->cut ? least(server->cut, server->answer.length) : server->answer.length;

  return is_answering ? end - server->given : 0;
}

static int server_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct fake_server *server = context;
  const bool has_trouble = is_troubled(server);
  const size_t count = some(least(bytes_left(server), size), server->receive_most, has_trouble);

  require(server, server->state == FAKE_IS_OPEN, "nothing is received before open has returned WMREC_OK");
  require(server, size > 0, "something can be received");
  *received = 0;
  if (has_trouble && server->trouble == FAKE_STREAM_END) {
    server->has_ended = true;
    return WMREC_OK;
  }
  if (has_trouble && server->trouble == FAKE_RESULT)
    return trouble(server);
  if (count == 0)
    return receive_none(server, received);
  memcpy(bytes, (const char *)server->answer.bytes + server->given, count);
  server->given += count;
  *received = count;
  return WMREC_OK;
}

static void server_close(void *context)
{
  struct fake_server *server = context;

  server->closed += server->state != FAKE_IS_CLOSED;
  server->state = FAKE_IS_CLOSED;
  server->was_used = false;
  server->has_ended = false;
  server->sent = 0;
  server->given = 0;
}

struct wmrec_transport fake_server_transport(struct fake_server *server)
{
  static const struct wmrec_transport_functions functions = {true, server_open, server_send, server_receive,
                                                             server_close};

  return (struct wmrec_transport){&functions, server};
}

void fake_server_answers(struct fake_server *server, const struct fake_answer *answer)
{
  if (server->state == FAKE_IS_OPEN) {
    server->was_used = true;
    server->has_ended = server->answer.then != FAKE_STAYS;
  }
  server->answer = *answer;
  server->sent = 0;
  server->given = 0;
}
