/* One way to run an exchange, and all that can be seen of it, for fuzzing: nothing is allocated.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_OBSERVE_H
#define WMREC_FUZZ_OBSERVE_H

#include "wmrec.h"

/* The largest buffer of an exchange, in bytes. */
#define OBSERVED_BUFFER_MOST 20480

/* How the stream ends after the bytes: not at all, by a clean close, or broken. */
enum ending { END_OPEN, END_CLEAN, END_RESET };

/* An answer, and how it is served: in pieces of `piece` bytes, behind a first one of `first`. */
struct served {
  const void *bytes;
  size_t length;
  size_t first; /* 0: none of its own */
  size_t piece; /* at least 1; SIZE_MAX: the rest */
  enum ending ending;
  size_t buffer_size; /* at least 100, for the request */
};

/* All that the public calls say afterwards. */
struct observed {
  int result;
  int http_status;
  enum wmrec_recording recording;
  bool keep_alive;
  uint32_t retry_after;
  size_t taken;
  size_t body_length;
  size_t text_length;
  const char *body; /* static, until the second next observe() */
  const char *text;
};

/* Runs an exchange with a self-hosted server, and requires what holds after any answer. */
void observe(const struct served *served, struct observed *observed);

/* Asks an exchange all there is, but for `taken`, which it leaves. */
void observe_calls(const struct wmrec_exchange *x, struct observed *observed);

/* Requires that all is the same. */
void require_same(const struct observed *expected, const struct observed *actual);

/* A rule that does not hold ends the program, as a sanitizer does. */
void require(bool holds, const char *rule);

/* Requires results to be the same, and names both where they are not. */
void require_result(int actual, int expected, const char *rule);

/* Makes an exchange ready for the answer, in the last `size` bytes of one of two static buffers: what is written behind
 * them, AddressSanitizer sees. */
void begin_and_send(struct wmrec_exchange *x, unsigned which, size_t size);

#endif
