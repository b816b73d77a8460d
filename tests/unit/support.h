/* Shared by the unit tests: memory between guard pages, a way to run an exchange, the golden files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_SUPPORT_H
#define WMREC_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wmrec.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whole pages between two pages that are not mapped: an access outside of them faults, also without a sanitizer. */
struct fence {
  unsigned char *start;
  size_t size;
};

void fence_open(struct fence *fence, size_t size);
void fence_close(struct fence *fence);

/* The last `length` bytes of the fence. */
void *fence_last(const struct fence *fence, size_t length);

/* A copy of `length` bytes that ends where the fence ends. */
void *fence_copy(const struct fence *fence, const void *bytes, size_t length);

/* The end of the stream after the bytes of a run: none, a clean close, or a reset. */
enum ending { END_OPEN, END_CLEAN, END_RESET };

/* As cut_count: the run gives each byte alone. */
#define EVERY_BYTE SIZE_MAX

/* The largest buffer of a run, in bytes. */
#define RUN_BUFFER_MOST 4096

/* An answer, and the pieces in which it comes: those between the cuts, in ascending order. */
struct run {
  const void *bytes;
  size_t length;
  size_t buffer_size; /* 0: WMREC_BUFFER_SIZE */
  enum ending ending;
  size_t cut_count;
  size_t cuts[16];
};

/* The results of all public calls after a run. */
struct outcome {
  int result;
  int http_status;
  enum wmrec_recording recording;
  bool keep_alive;
  uint32_t retry_after;
  uint32_t age;
  size_t taken;
  size_t body_length;
  size_t text_length;
  unsigned char body[RUN_BUFFER_MOST];
  char text[RUN_BUFFER_MOST];
};

/* Runs an exchange with a self-hosted server, and asserts what holds after any answer. */
void run_exchange(const struct run *run, struct outcome *outcome);

/* Asserts the result; shows the answer if it is another one. */
void assert_result(const struct outcome *outcome, int result);

void assert_same_outcome(const struct outcome *expected, const struct outcome *actual);

/* Runs it whole, byte by byte, and cut in two at every place: the outcome must be the same, and is stored. Then runs it
 * cut short after every byte: there must be no answer, and an error after the end of the stream. The cuts of `run` are
 * not used. */
void run_every_way(const struct run *run, struct outcome *outcome);

/* True if WMREC_FEWER is set in the environment: fewer splits, for slow checkers. */
bool is_fewer(void);

/* Begins an exchange and sends its request. */
void begin_and_send(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size);

/* A self-hosted server, with the shortest possible request. */
extern const struct wmrec_target self_hosted;

/* The Cloud, with a mock API and a key. */
extern const struct wmrec_target cloud;

/* A golden file, and its line in the table. */
struct golden {
  char *line; /* the columns point into it */
  char *columns[11];
  unsigned char *bytes;
  size_t length;
};

/* Loads a table of the golden folder, such as "bodies", and its files. Ends the program if a line has another number of
 * columns. */
struct golden *golden_load(const char *table, size_t columns, size_t *count);
void golden_free(struct golden *cases, size_t count);

/* The number of a result, by its name; an unknown name fails the test. */
int result_of_name(const char *name);

/* Runs `test` for each golden case, which is its *state; the first and the last column are the name of the test. Then
 * runs `tests`. Returns the value for main() to return. */
int run_group(const char *name, const struct CMUnitTest *tests, size_t test_count, struct golden *cases, size_t count,
              size_t columns, CMUnitTestFunction test);

#endif
