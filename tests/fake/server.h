/* A transport with a server behind it, for tests: it answers requests, and has trouble at any one call, or from one on.
 * It finds out who breaks transport.h's contract, or sends another thing than the request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FAKE_SERVER_H
#define WMREC_FAKE_SERVER_H

#include "transport.h"

/* What the server says to a request, and how the stream ends behind it. */
struct fake_answer {
  const void *bytes;
  size_t length;
  enum { FAKE_STAYS, FAKE_CLOSES, FAKE_IS_CUT } then;
};

/* What becomes of a connection that was used before. */
enum fake_used {
  FAKE_ANSWERS,
  FAKE_HAS_CLOSED, /* before the request was sent */
  FAKE_RESETS_SEND,
  FAKE_CLOSES_UNANSWERED,
  FAKE_RESETS_RECEIVE,
  FAKE_IS_SILENT
};

enum fake_trouble {
  FAKE_RESULT,    /* the call does nothing, and returns `trouble_result`: a WMREC_WANT_*, or an error */
  FAKE_ONE_BYTE,  /* it takes, or gives, one byte at most */
  FAKE_STREAM_END /* a receive finds the end of the stream; any other call fails with WMREC_ERROR_CLOSED */
};

/* Zero it, and set what is not to be read. */
struct fake_server {
  const char *request; /* that is to come */
  size_t request_length;
  enum fake_used used;
  size_t send_most;    /* how many bytes a send takes; 0: all */
  size_t receive_most; /* how many bytes a receive gives; 0: all that there is room for */
  size_t cut;          /* no receive goes across this place of an answer; 0: across any */
  unsigned from; /* the call that has the trouble: the first one's number is 1, and close does not count; 0: none has */
  bool is_lasting; /* all calls behind that have it as well */
  enum fake_trouble trouble;
  int trouble_result;

  /* To be read. */
  unsigned calls;
  unsigned opened;   /* connections, by the first call of open, ... */
  unsigned closed;   /* ... and how many of them were closed */
  bool is_waiting;   /* the last call returned WMREC_WANT_READ, and nothing will come */
  bool is_hanging;   /* the last call returned a WMREC_WANT_*, and so will all others */
  bool is_spare;     /* the trouble came to a connection that was used before, and before a byte of the new answer */
  const char *fault; /* what was done to it that may not be; NULL: nothing */

  /* Private. */
  struct fake_answer answer;
  enum { FAKE_IS_CLOSED, FAKE_IS_OPENING, FAKE_IS_OPEN, FAKE_IS_BROKEN } state;
  bool was_used;
  bool has_ended;
  size_t sent;
  size_t given;
};

struct wmrec_transport fake_server_transport(struct fake_server *server);

/* What it says to the next request, by whatever connection that comes; borrowed. */
void fake_server_answers(struct fake_server *server, const struct fake_answer *answer);

#endif
