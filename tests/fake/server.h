/* A transport to a server, for tests: the server answers requests, and a fault can be injected at any one call, or from
 * one call on. It detects violations of transport.h's contract, and bytes that are not the request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FAKE_SERVER_H
#define WMREC_FAKE_SERVER_H

#include "transport.h"

/* The server's answer to a request, and what happens to the stream after it. */
struct fake_answer {
  const void *bytes;
  size_t length;
  enum { FAKE_STAYS, FAKE_CLOSES, FAKE_IS_CUT } then; /* it stays open, ends cleanly, or is truncated */
};

/* How a reused connection behaves. */
enum fake_used {
  FAKE_ANSWERS,
  FAKE_HAS_CLOSED, /* before the request was sent */
  FAKE_RESETS_SEND,
  FAKE_CLOSES_UNANSWERED,
  FAKE_RESETS_RECEIVE,
  FAKE_IS_SILENT
};

enum fake_fault {
  FAKE_RESULT,    /* the call does nothing, and returns fault_result: a WMREC_WANT_*, or an error */
  FAKE_ONE_BYTE,  /* the call takes or gives one byte at most */
  FAKE_STREAM_END /* a receive finds the end of the stream; any other call fails with WMREC_ERROR_CLOSED */
};

/* Zero it, and set the fields of the first group. */
struct fake_server {
  const char *request; /* the expected request */
  size_t request_length;
  enum fake_used used;
  size_t send_max;     /* the maximum number of bytes that a send takes; 0: all */
  size_t receive_max;  /* the maximum number of bytes that a receive gives; 0: as many as there is room for */
  size_t split_at;     /* a receive does not give bytes from before and after this offset of an answer; 0: no split */
  unsigned fault_call; /* the number of the call that has the fault, from 1; close does not count; 0: none has */
  bool is_lasting;     /* all calls after that one have the fault as well */
  enum fake_fault fault;
  int fault_result;

  /* Read only. */
  unsigned calls;
  unsigned opened;       /* the number of connections, counted by their first call of open, ... */
  unsigned closed;       /* ... and the number of them that were closed */
  bool is_waiting;       /* the last call returned WMREC_WANT_READ, and nothing will come */
  bool is_hanging;       /* the last call returned a WMREC_WANT_*, and all later ones will */
  bool is_on_reused;     /* the fault was on a reused connection, before a byte of the new answer */
  const char *violation; /* the rule of the contract that was violated first; NULL: none */

  /* Private. */
  struct fake_answer answer;
  enum { FAKE_IS_CLOSED, FAKE_IS_OPENING, FAKE_IS_OPEN, FAKE_IS_BROKEN } state;
  bool was_used; /* the connection has carried an exchange before */
  bool has_ended;
  size_t sent;  /* the bytes of the request that were sent */
  size_t given; /* the bytes of the answer that were received */
};

struct wmrec_transport fake_server_transport(struct fake_server *server);

/* Sets the answer to the next request, on whatever connection that comes; borrowed. */
void fake_server_answers(struct fake_server *server, const struct fake_answer *answer);

#endif
