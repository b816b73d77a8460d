/* A transport to a server, with faults that are injected.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server.h"

#include <string.h>

static void require(struct fake_server *server, bool holds, const char *rule)
{
  if (!holds && server->violation == NULL)
    server->violation = rule;
}

static size_t min(size_t a, size_t b)
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

/* Returns how many of these bytes a call moves; max: 0 for no limit. */
static size_t moved(size_t length, size_t max, bool is_faulty)
{
  const size_t limit = is_faulty ? 1 : max;

  return limit != 0 ? min(limit, length) : length;
}

/* Begins a call. Returns true if it has the fault. */
static bool begin_call(struct fake_server *server)
{
  const bool is_first = ++server->calls == server->fault_call;

  require(server, server->state != FAKE_IS_BROKEN, "after an error, only close is called");
  server->is_waiting = false;
  server->is_hanging = false;
  if (is_first)
    server->is_on_reused = server->was_used && server->given == 0;
  return is_first || (server->is_lasting && server->fault_call != 0 && server->calls > server->fault_call);
}

/* The result of a call that has a fault other than FAKE_ONE_BYTE. */
static int faulty_result(struct fake_server *server)
{
  if (server->fault == FAKE_STREAM_END)
    return fail(server, WMREC_ERROR_CLOSED);
  if (server->fault_result < 0)
    return fail(server, server->fault_result);
  server->is_hanging = server->is_lasting;
  return server->fault_result;
}

static int server_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct fake_server *server = context;
  const bool is_faulty = begin_call(server);

  (void)host;
  require(server, port != 0, "the port is not 0");
  require(server, time_left > 0, "open is not called after the deadline");
  require(server, server->state != FAKE_IS_OPEN, "open is not called once it has returned WMREC_OK");
  if (server->state == FAKE_IS_CLOSED)
    server->opened++;
  server->state = FAKE_IS_OPENING;
  if (is_faulty && server->fault != FAKE_ONE_BYTE)
    return faulty_result(server);
  server->state = FAKE_IS_OPEN;
  return WMREC_OK;
}

static int server_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct fake_server *server = context;
  const bool is_faulty = begin_call(server);
  const size_t left = server->request_length - server->sent;

  require(server, server->state == FAKE_IS_OPEN, "nothing is sent before open has returned WMREC_OK");
  require(server, length > 0, "a send has at least one byte");
  require(server, length <= left && memcmp(bytes, server->request + server->sent, min(length, left)) == 0,
          "only the request is sent");
  if (is_faulty && server->fault != FAKE_ONE_BYTE)
    return faulty_result(server);
  if (server->was_used && server->used == FAKE_RESETS_SEND)
    return fail(server, WMREC_ERROR_RESET);
  *sent = moved(length, server->send_max, is_faulty);
  server->sent += *sent;
  return WMREC_OK;
}

/* The result of a receive if there are no bytes. */
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

/* Returns how many bytes of the answer can be received now. */
static size_t bytes_left(const struct fake_server *server)
{
  const bool is_answering =
      server->sent == server->request_length && !(server->was_used && server->used != FAKE_ANSWERS);
  const size_t end =
      server->given < server->split_at ? min(server->split_at, server->answer.length) : server->answer.length;

  return is_answering ? end - server->given : 0;
}

static int server_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct fake_server *server = context;
  const bool is_faulty = begin_call(server);
  const size_t count = moved(min(bytes_left(server), size), server->receive_max, is_faulty);

  require(server, server->state == FAKE_IS_OPEN, "nothing is received before open has returned WMREC_OK");
  require(server, size > 0, "a receive has room for at least one byte");
  *received = 0;
  if (is_faulty && server->fault == FAKE_STREAM_END) {
    server->has_ended = true;
    return WMREC_OK;
  }
  if (is_faulty && server->fault == FAKE_RESULT)
    return faulty_result(server);
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
  static const struct wmrec_transport_functions functions = {.is_verified_tls = true,
                                                             .open = server_open,
                                                             .send = server_send,
                                                             .receive = server_receive,
                                                             .close = server_close};

  return (struct wmrec_transport){.functions = &functions, .context = server};
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
