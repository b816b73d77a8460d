/* A transport that follows a script, one step for each call, for tests: any result at any call, without a network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FAKE_H
#define WMREC_FAKE_H

#include "transport.h"

/* One expected call, and what it returns. */
struct fake_step {
  enum { FAKE_OPEN, FAKE_SEND, FAKE_RECEIVE, FAKE_CLOSE, FAKE_END } call;
  int result;
  const char *bytes; /* of a receive: the bytes that it gives, also with an error; NULL: the end of the stream */
  size_t max_length; /* of a send: the maximum number of bytes that it takes; 0: all */
};

/* Zero it, and set steps. */
struct fake {
  const struct fake_step *steps; /* up to a FAKE_END, after which only a close of a closed transport may follow */

  /* Read only. */
  unsigned step;      /* the number of steps that were followed */
  bool is_off_script; /* there was a call that the script does not have */
  uint32_t time_left; /* as given to the last open */
  uint16_t port;      /* as given to the last open */
  char sent[4096];    /* all bytes that were sent */
  size_t sent_length;
  bool is_open;
};

struct wmrec_transport fake_transport(struct fake *fake, bool is_verified_tls);

#endif
