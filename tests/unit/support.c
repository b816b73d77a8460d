/* SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const struct wmrec_target self_hosted = {.host = "h", .plain_http = true};
const struct wmrec_target cloud = {
    .host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = "wm_0123456789abcdef"};

/* A test that cannot be set up must fail. */
static void require(bool holds, const char *what)
{
  if (holds)
    return;
  perror(what);
  exit(EXIT_FAILURE);
}

void fence_open(struct fence *fence, size_t size)
{
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  unsigned char *pages;

  fence->size = (size / page + 1) * page;
  pages = mmap(NULL, fence->size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(pages != MAP_FAILED, "mmap");
  fence->start = pages + page;
  require(mprotect(fence->start, fence->size, PROT_READ | PROT_WRITE) == 0, "mprotect");
}

void fence_close(struct fence *fence)
{
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);

  require(munmap(fence->start - page, fence->size + 2 * page) == 0, "munmap");
}

void *fence_last(const struct fence *fence, size_t length)
{
  assert_true(length <= fence->size);
  return fence->start + fence->size - length;
}

void *fence_copy(const struct fence *fence, const void *bytes, size_t length)
{
  void *copy = fence_last(fence, length);

  if (length > 0)
    memcpy(copy, bytes, length);
  return copy;
}

bool is_fewer(void)
{
  return getenv("WMREC_FEWER") != NULL;
}

void begin_and_send(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size)
{
  size_t length;

  memset(x, 0xa5, sizeof *x); /* not zero, as memory on a stack */
  assert_int_equal(wmrec_begin(x, target, buffer, size), WMREC_OK);
  wmrec_to_send(x, &length);
  assert_true(length > 0);
  wmrec_sent(x, length);
  assert_int_equal(wmrec_result(x), WMREC_WANT_READ);
}

static bool has_text(int result)
{
  return result == WMREC_OK || result == WMREC_ERROR_UNKNOWN_STATUS;
}

/* Shown if a test fails. */
static struct run last_run;

/* As a C string, to be pasted into a test. */
static void print_last_run(void)
{
  const unsigned char *bytes = last_run.bytes;

  print_error("answer of %zu bytes: \"", last_run.length);
  for (size_t i = 0; i < last_run.length && i < 400; i++) {
    if (bytes[i] == '\r' || bytes[i] == '\n')
      print_error("\\%c", bytes[i] == '\r' ? 'r' : 'n');
    else if (bytes[i] < ' ' || bytes[i] > '~')
      print_error("\\%03o", (unsigned)bytes[i]);
    else
      print_error(bytes[i] == '"' || bytes[i] == '\\' ? "\\%c" : "%c", bytes[i]);
  }
  print_error("\"\n");
}

void assert_result(const struct outcome *outcome, int result)
{
  if (outcome->result != result)
    print_last_run();
  assert_string_equal(wmrec_result_name(outcome->result), wmrec_result_name(result));
}

/* Holds after any bytes, so every run asserts it. */
static void assert_rules(const struct outcome *outcome, const struct run *run)
{
  const int result = outcome->result;

  assert_true(outcome->taken <= run->length);
  assert_string_not_equal(wmrec_result_name(result), "unknown");
  assert_true((outcome->recording != WMREC_UNKNOWN) == (result == WMREC_OK));
  assert_true(has_text(result) || outcome->text_length == 0);
  assert_true(outcome->text_length <= outcome->body_length);
  if (result <= WMREC_ERROR_JSON || result == WMREC_OK)
    assert_int_equal(outcome->http_status, 200);
  if (result > 0 || run->ending != END_OPEN || outcome->taken < run->length)
    assert_false(outcome->keep_alive);
}

static void ask(const struct wmrec_exchange *x, struct outcome *outcome)
{
  const char *bytes;

  outcome->result = wmrec_result(x);
  outcome->http_status = wmrec_http_status(x);
  outcome->recording = wmrec_answer(x);
  outcome->keep_alive = wmrec_keep_alive(x);
  outcome->retry_after = wmrec_retry_after(x);
  outcome->age = wmrec_answer_age(x);
  bytes = wmrec_body(x, &outcome->body_length);
  assert_true(outcome->body_length <= sizeof outcome->body);
  memcpy(outcome->body, bytes, outcome->body_length);
  bytes = wmrec_status_text(x, &outcome->text_length);
  assert_true(outcome->text_length <= sizeof outcome->text);
  memcpy(outcome->text, bytes, outcome->text_length);
}

void run_exchange(const struct run *run, struct outcome *outcome)
{
  static struct fence input, buffer;
  const size_t size = run->buffer_size != 0 ? run->buffer_size : WMREC_BUFFER_SIZE;
  const unsigned char *bytes = run->bytes;
  struct wmrec_exchange x;
  size_t start = 0;

  if (input.start == NULL) {
    fence_open(&input, 1 << 20);
    fence_open(&buffer, RUN_BUFFER_MOST);
  }
  begin_and_send(&x, &self_hosted, fence_last(&buffer, size), size);
  last_run = *run;
  outcome->taken = 0;
  for (size_t i = 0; start < run->length; i++) {
    size_t end = i < run->cut_count ? run->cuts[i % COUNT(run->cuts)] : run->length;

    if (run->cut_count == EVERY_BYTE)
      end = start + 1;
    outcome->taken += wmrec_received(&x, fence_copy(&input, bytes + start, end - start), end - start);
    start = end;
  }
  if (run->ending != END_OPEN)
    wmrec_closed(&x, run->ending == END_CLEAN);
  ask(&x, outcome);
  assert_rules(outcome, run);
}

void assert_same_outcome(const struct outcome *expected, const struct outcome *actual)
{
  assert_result(actual, expected->result);
  assert_int_equal(actual->http_status, expected->http_status);
  assert_int_equal(actual->recording, expected->recording);
  assert_int_equal(actual->keep_alive, expected->keep_alive);
  assert_int_equal(actual->retry_after, expected->retry_after);
  assert_int_equal(actual->age, expected->age);
  assert_int_equal(actual->taken, expected->taken);
  assert_int_equal(actual->body_length, expected->body_length);
  assert_memory_equal(actual->body, expected->body, expected->body_length);
  assert_int_equal(actual->text_length, expected->text_length);
  assert_memory_equal(actual->text, expected->text, expected->text_length);
}

static bool is_of_status(int result)
{
  return result <= WMREC_ERROR_STATUS && result >= WMREC_ERROR_ASK_AGAIN;
}

/* The first bytes of an answer must not give an answer. If the body ends with the stream, a clean end that comes too
 * early cannot be detected: then the JSON must be incomplete. */
static void assert_cut_short(const struct run *part, const struct outcome *whole, bool is_close_delimited)
{
  static struct outcome outcome;
  struct run run = *part;

  run.ending = END_OPEN;
  run_exchange(&run, &outcome);
  assert_int_equal(outcome.result, WMREC_WANT_READ);
  assert_int_equal(outcome.taken, run.length);
  for (run.ending = END_CLEAN; run.ending <= END_RESET; run.ending++) {
    run_exchange(&run, &outcome);
    assert_true(outcome.result <= 0);
    if (run.length == 0)
      assert_int_equal(outcome.result, WMREC_ERROR_CLOSED);
    else if (run.ending == END_RESET || !is_close_delimited)
      assert_true(outcome.result == WMREC_ERROR_TRUNCATED ||
                  (outcome.result == whole->result && is_of_status(whole->result)));
  }
}

void run_every_way(const struct run *run, struct outcome *outcome)
{
  static struct outcome other;
  const size_t stride = is_fewer() ? 1 + run->length / 16 : 1;
  struct run part = *run;
  bool is_close_delimited;

  part.cut_count = 0;
  run_exchange(&part, outcome);
  part.cut_count = EVERY_BYTE;
  run_exchange(&part, &other);
  assert_same_outcome(outcome, &other);
  part.cut_count = 1;
  for (size_t cut = 0; cut <= run->length; cut += stride) {
    part.cuts[0] = cut;
    run_exchange(&part, &other);
    assert_same_outcome(outcome, &other);
  }

  part.cut_count = 0;
  part.ending = END_OPEN;
  run_exchange(&part, &other);
  is_close_delimited = other.result == WMREC_WANT_READ;
  part.ending = END_CLEAN;
  run_exchange(&part, &other);
  is_close_delimited &= other.result != WMREC_ERROR_TRUNCATED;
  for (part.length = 0; part.length < outcome->taken; part.length += stride)
    assert_cut_short(&part, outcome, is_close_delimited);
}

/* The whole file, and a NUL after it. */
static unsigned char *read_file(const char *path, size_t *length)
{
  unsigned char *bytes = NULL;
  size_t size = 0;
  FILE *file = fopen(path, "rb");

  require(file != NULL, path);
  *length = 0;
  do {
    size += 4096;
    bytes = realloc(bytes, size + 1);
    require(bytes != NULL, path);
    *length += fread(bytes + *length, 1, size - *length, file);
  } while (*length == size);
  require(ferror(file) == 0 && fclose(file) == 0, path);
  bytes[*length] = '\0';
  return bytes;
}

/* Splits a line of the table at its tabs, and reads its file. */
static void load_case(struct golden *golden, const char *table, const char *line, size_t columns)
{
  char path[512];
  char *next = strdup(line);

  require(next != NULL, "strdup");
  golden->line = next;
  for (size_t i = 0; i < columns; i++) {
    require(next != NULL, line);
    golden->columns[i] = next;
    next = strchr(next, '\t');
    if (next != NULL)
      *next++ = '\0';
  }
  require(next == NULL, line);
  snprintf(path, sizeof path, "%s/%s/%s", WMREC_GOLDEN, table, golden->columns[0]);
  golden->bytes = read_file(path, &golden->length);
}

struct golden *golden_load(const char *table, size_t columns, size_t *count)
{
  char path[512];
  size_t length;
  struct golden *cases = NULL;
  char *text, *next;

  snprintf(path, sizeof path, "%s/%s.tsv", WMREC_GOLDEN, table);
  text = (char *)read_file(path, &length);
  *count = 0;
  for (char *line = text; *line != '\0'; line = next) {
    next = strchr(line, '\n');
    require(next != NULL, path);
    *next++ = '\0';
    if (*line == '#')
      continue;
    cases = realloc(cases, (*count + 1) * sizeof *cases);
    require(cases != NULL, path);
    load_case(&cases[(*count)++], table, line, columns);
  }
  require(*count > 0, path);
  free(text);
  return cases;
}

void golden_free(struct golden *cases, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    free(cases[i].line);
    free(cases[i].bytes);
  }
  free(cases);
}

int result_of_name(const char *name)
{
  for (int result = WMREC_WANT_CALL; result >= INT8_MIN; result--)
    if (strcmp(wmrec_result_name(result), name) == 0)
      return result;
  fail_msg("there is no result \"%s\"", name);
  return 0;
}

int run_group(const char *name, const struct CMUnitTest *tests, size_t test_count, struct golden *cases, size_t count,
              size_t columns, CMUnitTestFunction test)
{
  struct CMUnitTest *all = calloc(test_count + count, sizeof *all);
  char(*names)[256] = calloc(count, sizeof *names);
  int failed;

  require(all != NULL && names != NULL, "calloc");
  memcpy(all + count, tests, test_count * sizeof *all);
  for (size_t i = 0; i < count; i++) {
    snprintf(names[i], sizeof names[i], "%s: %s", cases[i].columns[0], cases[i].columns[columns - 1]);
    all[i].name = names[i];
    all[i].test_func = test;
    all[i].initial_state = &cases[i];
  }
  failed = _cmocka_run_group_tests(name, all, test_count + count, NULL, NULL);
  free(names);
  free(all);
  golden_free(cases, count);
  return failed;
}
