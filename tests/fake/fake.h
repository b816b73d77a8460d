/* A transport that follows a script, one step a call, for tests: each kind of trouble at each point, with no network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FAKE_H
#define WMREC_FAKE_H

#include "transport.h"

/* One call that is expected, and what it returns. */
struct fake_step {
  enum { FAKE_OPEN, FAKE_SEND, FAKE_RECEIVE, FAKE_CLOSE, FAKE_END } call;
  int result;
  const char *bytes; /* of a receive: what comes, even if with an error; NULL: the end of the stream */
  size_t most;       /* of a send: how many bytes it takes at most; 0: all */
};

/* Zero it, and set what is not private. */
struct fake {
  const struct fake_step *steps; /* up to a FAKE_END, where a close is allowed still */

  /* To be read. */
  unsigned step;      /* how many were followed */
  bool is_off_script; /* another call came than the script has */
  uint32_t time_left; /* what the last open was given */
  uint16_t port;      /* the same */
  char sent[4096];    /* all that was sent */
  size_t sent_length;
  bool is_open;
};

struct wmrec_transport fake_transport(struct fake *fake, bool is_verified_tls);

#endif
