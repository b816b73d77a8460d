/* Runs an exchange for fuzzing, and returns the results of all public calls. Allocates nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_OBSERVE_H
#define WMREC_FUZZ_OBSERVE_H

#include "wmrec.h"

/* The largest buffer of an exchange, in bytes. */
#define OBSERVED_BUFFER_MOST 20480

/* The end of the stream after the bytes: none, a clean close, or a reset. */
enum ending { END_OPEN, END_CLEAN, END_RESET };

/* An answer, and its pieces: a first one of `first` bytes, then pieces of `piece` bytes. */
struct served {
  const void *bytes;
  size_t length;
  size_t first; /* 0: no separate first piece */
  size_t piece; /* at least 1; SIZE_MAX: all remaining bytes */
  enum ending ending;
  size_t buffer_size; /* at least 192, for the request */
};

/* The results of all public calls afterwards. */
struct observed {
  int result;
  int http_status;
  enum wmrec_recording recording;
  bool keep_alive;
  uint32_t retry_after;
  uint32_t age;
  size_t taken;
  size_t body_length;
  size_t text_length;
  const char *body; /* static; valid until the second observe() after this one */
  const char *text;
};

/* Runs an exchange with a self-hosted server, and requires the rules that hold after any answer. */
void observe(const struct served *served, struct observed *observed);

/* Sets all fields except `taken`. */
void observe_calls(const struct wmrec_exchange *x, struct observed *observed);

/* Requires all fields to be equal. */
void require_same(const struct observed *expected, const struct observed *actual);

/* A rule that does not hold ends the program, as a sanitizer does. */
void require(bool holds, const char *rule);

/* Requires results to be equal; names both if they are not. */
void require_result(int actual, int expected, const char *rule);

/* Begins an exchange and sends its request, in the last `size` bytes of one of two static buffers, so that
 * AddressSanitizer detects a write after them. */
void begin_and_send(struct wmrec_exchange *x, unsigned which, size_t size);

#endif
