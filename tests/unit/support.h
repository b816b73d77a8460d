/* What the unit tests share: inputs and buffers whose end is watched, one way to run an exchange, the golden files.
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

/* Whole pages between two that are not mapped: a byte too far faults at either end, under any checker or none. */
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

/* How the stream ends after the bytes of a run: not at all, by a clean close, or broken. */
enum ending { END_OPEN, END_CLEAN, END_RESET };

/* The cuts of a run that gives each byte alone. */
#define EVERY_BYTE SIZE_MAX

/* The largest buffer of a run, in bytes. */
#define RUN_BUFFER_MOST 4096

/* An answer, and how it is served. The pieces are those between the cuts, which ascend. */
struct run {
  const void *bytes;
  size_t length;
  size_t buffer_size; /* 0: WMREC_BUFFER_SIZE */
  enum ending ending;
  size_t cut_count;
  size_t cuts[16];
};

/* All that the public calls say after a run. */
struct outcome {
  int result;
  int http_status;
  enum wmrec_recording recording;
  bool keep_alive;
  uint32_t retry_after;
  size_t taken;
  size_t body_length;
  size_t text_length;
  unsigned char body[RUN_BUFFER_MOST];
  char text[RUN_BUFFER_MOST];
};

/* Runs an exchange with a self-hosted server, and asserts what holds after any answer. */
void run_exchange(const struct run *run, struct outcome *outcome);

/* Shows the answer where the result is another one. */
void assert_result(const struct outcome *outcome, int result);

void assert_same_outcome(const struct outcome *expected, const struct outcome *actual);

/* Runs it whole, byte by byte and cut in two at every place: always the same outcome, which it gives. Then cut short
 * after every byte: never an answer, always an error once the stream has ended. The cuts of `run` are not used. */
void run_every_way(const struct run *run, struct outcome *outcome);

/* True if WMREC_FEWER is set in the environment: valgrind has no time for every split. */
bool is_fewer(void);

/* Begins an exchange and sends its request. */
void begin_and_send(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size);

/* A self-hosted server: the shortest request that there is. */
extern const struct wmrec_target self_hosted;

/* The Cloud, as the seed has it. */
extern const struct wmrec_target cloud;

/* A golden file, and what its line in the table says of it. */
struct golden {
  char *line; /* which the columns are in */
  char *columns[9];
  unsigned char *bytes;
  size_t length;
};

/* Loads a table of the golden folder, "bodies", with its files; a line of another number of columns ends the program.
 */
struct golden *golden_load(const char *table, size_t columns, size_t *count);
void golden_free(struct golden *cases, size_t count);

/* The enum value of a result's name; a name that there is not fails the test. */
int result_of_name(const char *name);

/* Runs `test` for each golden case, which is its *state and whose first and last column are its name; then `tests`.
 * Returns what main() shall. */
int run_group(const char *name, const struct CMUnitTest *tests, size_t test_count, struct golden *cases, size_t count,
              size_t columns, CMUnitTestFunction test);

#endif
