/* Every kind of trouble at every call of the transport, every jump of the clock, every split: in exchanges that a
 * server answers by each of the golden responses, on a new connection and on one that was used before. (What the core
 * makes of every two pieces is held by run_every_way(), in the tests of the response and of JSON.)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"
#include "server.h"

#define COLUMNS 8
#define TIMEOUT 60000u
#define EXCHANGES 2
#define FIRST "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"status\":\"Stopped\"}"
#define LAST "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"status\":\"NeverStarted\"}"

/* One exchange, or two by the same drive, of which the second finds the connection as `used` says. */
struct scenario {
  const char *name;
  struct fake_answer answers[EXCHANGES];
  unsigned count;
  enum fake_used used;
};

struct end {
  int result;
  int http_status;
  enum wmrec_recording recording;
  uint32_t retry_after;
  unsigned opened; /* connections, so far */
  size_t body_length;
  char body[WMREC_BUFFER_SIZE];
};

/* What is wrong in a run. Zero: nothing. */
struct trouble {
  struct fake_server server; /* what is not to be read of it */
  uint32_t start;            /* of the clock */
  unsigned jump_call;        /* the clock jumps behind this call; 0: never */
  uint32_t jump;
};

static const struct fake_answer first = {FIRST, sizeof FIRST - 1, FAKE_STAYS};
static const struct fake_answer last = {LAST, sizeof LAST - 1, FAKE_STAYS};

static struct golden *golden;
static size_t golden_count;
static struct fence fence;
static char request[WMREC_BUFFER_SIZE];
static size_t request_length;

static struct fake_server server;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static uint32_t now;
static bool has_jumped;
static unsigned long runs;

static char *buffer(void)
{
  return fence_last(&fence, WMREC_BUFFER_SIZE);
}

/* Looked for everywhere: not only where the request was. */
static bool is_key_in_buffer(void)
{
  const size_t length = strlen(cloud.token);
  const char *const end = buffer() + WMREC_BUFFER_SIZE - length + 1;
  const char *byte = buffer();

  while ((byte = memchr(byte, cloud.token[0], (size_t)(end - byte))) != NULL)
    if (memcmp(byte++, cloud.token, length) == 0)
      return true;
  return false;
}

/* A millisecond; or as long as there is, where something is waited for in vain. */
static void pass_time(const struct trouble *trouble, int result)
{
  const bool is_in_vain = result > 0 && (server.is_hanging || (server.is_waiting && result != WMREC_WANT_CALL));

  now += is_in_vain ? wmrec_drive_time_left(&drive, now) : 1;
  if (trouble->jump_call != 0 && server.calls >= trouble->jump_call && !has_jumped) {
    has_jumped = true;
    now += trouble->jump;
  }
}

/* What holds for an exchange that has ended, whatever was in its way. */
static void assert_ended(int result)
{
  const unsigned calls = server.calls;
  const unsigned closed = server.closed;

  assert_null(server.fault);
  assert_int_equal(wmrec_drive_step(&drive, now), result);
  assert_int_equal(wmrec_result(&exchange), result);
  assert_int_equal(server.calls, calls);
  assert_int_equal(server.closed, closed);
  assert_int_equal(server.opened - server.closed, wmrec_keep_alive(&exchange));
  assert_true((wmrec_answer(&exchange) != WMREC_UNKNOWN) == (result == WMREC_OK));
  assert_false(is_key_in_buffer());
}

static void ask(const struct trouble *trouble, const struct fake_answer *answer, struct end *end)
{
  const size_t most = 64 + 4 * (request_length + answer->length);
  const char *body;
  int result;
  size_t steps = 0;

  memset(buffer(), 0xa5, WMREC_BUFFER_SIZE);
  memset(&exchange, 0xa5, sizeof exchange);
  fake_server_answers(&server, answer);
  assert_int_equal(wmrec_drive_begin(&drive, &exchange, &cloud, now, TIMEOUT), WMREC_OK);
  do {
    result = wmrec_drive_step(&drive, now);
    pass_time(trouble, result);
    steps++;
  } while (result > 0 && steps < most);
  assert_true(result <= 0);
  assert_ended(result);
  end->result = result;
  end->http_status = wmrec_http_status(&exchange);
  end->recording = wmrec_answer(&exchange);
  end->retry_after = wmrec_retry_after(&exchange);
  end->opened = server.opened;
  body = wmrec_body(&exchange, &end->body_length);
  memcpy(end->body, body, end->body_length);
}

/* Runs the scenario; then an exchange without trouble, which must not suffer from what was; then closes. */
static void run(const struct scenario *scenario, const struct trouble *trouble, struct end *ends)
{
  struct end after;

  runs++;
  server = trouble->server;
  server.request = request;
  server.request_length = request_length;
  server.used = scenario->used;
  now = trouble->start;
  has_jumped = false;
  wmrec_drive_init(&drive, fake_server_transport(&server), buffer(), WMREC_BUFFER_SIZE);
  for (unsigned i = 0; i < scenario->count; i++)
    ask(trouble, &scenario->answers[i], &ends[i]);

  server.from = 0;
  server.is_lasting = false;
  server.used = FAKE_ANSWERS;
  ask(&(struct trouble){.jump = 0}, &last, &after);
  assert_int_equal(after.result, WMREC_OK);
  assert_int_equal(after.recording, WMREC_NEVER_STARTED);
  wmrec_drive_close(&drive);
  assert_int_equal(server.opened, server.closed);
}

static bool is_same(const struct end *a, const struct end *b)
{
  return a->result == b->result && a->http_status == b->http_status && a->recording == b->recording &&
         a->retry_after == b->retry_after && a->body_length == b->body_length &&
         memcmp(a->body, b->body, a->body_length) == 0;
}

static void show(const struct scenario *scenario, const struct trouble *trouble, const struct end *end)
{
  print_error("%s, used %d, at most %zu and %zu bytes a call: %s; trouble %d (result %d) from call %u, the clock + %lu "
              "behind %u\n",
              scenario->name, (int)scenario->used, trouble->server.send_most, trouble->server.receive_most,
              wmrec_result_name(end->result), (int)trouble->server.trouble, trouble->server.trouble_result,
              trouble->server.from, (unsigned long)trouble->jump, trouble->jump_call);
}

/* By as many connections, too. */
static void assert_same(const struct scenario *scenario, const struct trouble *trouble, const struct end *expected)
{
  struct end ends[EXCHANGES];

  run(scenario, trouble, ends);
  for (unsigned i = 0; i < scenario->count; i++) {
    const bool is_as_expected = is_same(&ends[i], &expected[i]) && ends[i].opened == expected[i].opened;

    if (!is_as_expected)
      show(scenario, trouble, &ends[i]);
    assert_true(is_as_expected);
  }
}

static bool is_one_of(int result, const int *results)
{
  while (*results != WMREC_OK && *results != result)
    results++;
  return *results == result && result != WMREC_OK;
}

/* The exchange that has the trouble, and if it lasts those behind it, may end as it would have without, or with one of
 * these results, up to WMREC_OK. */
static void assert_ends_as(const struct scenario *scenario, const struct trouble *trouble, const struct end *expected,
                           const int *allowed)
{
  const bool is_lasting = trouble->server.is_lasting;
  struct end ends[EXCHANGES];
  unsigned differences = 0;

  run(scenario, trouble, ends);
  for (unsigned i = 0; i < scenario->count; i++) {
    const int result = ends[i].result;
    const bool is_allowed = is_one_of(result, allowed) || (result < 0 && result == expected[i].result);

    if (is_same(&ends[i], &expected[i]))
      continue;
    differences++;
    if (!is_allowed || (!is_lasting && (differences > 1 || server.is_spare)))
      show(scenario, trouble, &ends[i]);
    assert_true(is_allowed);
    assert_true(is_lasting || (differences == 1 && !server.is_spare));
  }
}

/* What becomes of a scenario's exchanges without trouble, and by how many calls. */
typedef void scenario_test(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                           unsigned calls);

static void try_pieces(const struct scenario *scenario, size_t send_most, size_t receive_most, scenario_test *test)
{
  struct trouble trouble = {.server = {.send_most = send_most, .receive_most = receive_most}};
  struct end expected[EXCHANGES];

  run(scenario, &trouble, expected);
  test(scenario, &trouble, expected, server.calls);
}

static struct fake_answer answer_of(const struct golden *from)
{
  struct fake_answer answer = {from->bytes, from->length, FAKE_STAYS};

  if (strcmp(from->columns[6], "clean") == 0)
    answer.then = FAKE_CLOSES;
  if (strcmp(from->columns[6], "reset") == 0)
    answer.then = FAKE_IS_CUT;
  return answer;
}

static void for_each_scenario(scenario_test *test)
{
  runs = 0;
  for (size_t i = 0; i < golden_count; i += is_fewer() ? 10 : 1) {
    struct scenario one = {golden[i].columns[0], {answer_of(&golden[i])}, 1, FAKE_ANSWERS};
    struct scenario two = {golden[i].columns[0], {first, one.answers[0]}, 2, FAKE_ANSWERS};

    try_pieces(&one, 0, 0, test);
    if (i == 0) /* the request is always the same one */
      try_pieces(&one, 1, 0, test);
    if (!is_fewer())
      try_pieces(&one, 0, 1, test);
    for (; two.used <= FAKE_IS_SILENT; two.used++)
      try_pieces(&two, 0, 0, test);
  }
  printf("# %lu runs\n", runs);
}

/* Without trouble: what the core makes of a golden response, the drive passes on. For what the core would still wait
 * for, there is the deadline. */
static void check_golden(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                         unsigned calls)
{
  const struct end *end = &expected[scenario->count - 1];
  const struct golden *from = golden;
  int result;

  (void)calls;
  while (strcmp(from->columns[0], scenario->name) != 0)
    from++;
  result = result_of_name(from->columns[1]);
  if (result > 0)
    result = WMREC_ERROR_TIMEOUT;
  if (end->result != result)
    show(scenario, trouble, end);
  assert_string_equal(wmrec_result_name(end->result), wmrec_result_name(result));
  assert_int_equal(end->http_status, atoi(from->columns[2]));
  assert_string_equal(wmrec_recording_name(end->recording), from->columns[3]);
  if (scenario->count == 1 || (scenario->used == FAKE_ANSWERS && from->length > 0))
    assert_int_equal(end->opened, 1);
  else
    assert_int_equal(end->opened, 2);
}

static void a_golden_answer_comes_by_any_connection_and_in_single_bytes(void **state)
{
  (void)state;
  for_each_scenario(check_golden);
}

static void make_pass(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                      unsigned calls)
{
  for (unsigned from = 1; from <= calls; from++) {
    trouble->server.from = from;
    trouble->server.trouble = FAKE_RESULT;
    for (int want = WMREC_WANT_WRITE; want <= WMREC_WANT_CALL; want++) {
      trouble->server.trouble_result = want;
      assert_same(scenario, trouble, expected);
    }
    trouble->server.trouble = FAKE_ONE_BYTE;
    assert_same(scenario, trouble, expected);
    trouble->server.is_lasting = true;
    assert_same(scenario, trouble, expected);
    trouble->server.is_lasting = false;
  }
}

static void a_call_that_would_block_or_moves_one_byte_changes_nothing(void **state)
{
  (void)state;
  for_each_scenario(make_pass);
}

/* What happened to an exchange is what it ends with: never with an answer that the server has not given. What happens
 * to a connection that was used before, before a byte of the answer has come, is not noticed. */
static void make_fail(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                      unsigned calls)
{
  static const int errors[] = {WMREC_ERROR_RESET, WMREC_ERROR_TRUNCATED, WMREC_ERROR_TLS_REFUSED};

  trouble->server.trouble = FAKE_RESULT;
  for (trouble->server.from = 1; trouble->server.from <= calls; trouble->server.from++)
    for (size_t i = 0; i < 2 * COUNT(errors); i++) {
      const int allowed[] = {errors[i / 2], errors[i / 2] == WMREC_ERROR_TRUNCATED ? WMREC_ERROR_CLOSED : WMREC_OK,
                             WMREC_OK};

      trouble->server.trouble_result = errors[i / 2];
      trouble->server.is_lasting = i % 2 != 0;
      assert_ends_as(scenario, trouble, expected, allowed);
    }
}

static void an_error_of_any_call_is_the_result_but_of_a_used_connection_that_has_not_answered(void **state)
{
  (void)state;
  for_each_scenario(make_fail);
}

/* Whose body ends where the stream does: that it ends too early, nobody can tell. */
static bool is_close_delimited(const struct scenario *scenario)
{
  struct scenario other = *scenario;
  struct fake_answer *answer = &other.answers[other.count - 1];
  struct end stays[EXCHANGES], closes[EXCHANGES];

  answer->then = FAKE_STAYS;
  run(&other, &(struct trouble){.jump = 0}, stays);
  answer->then = FAKE_CLOSES;
  run(&other, &(struct trouble){.jump = 0}, closes);
  return stays[other.count - 1].result == WMREC_ERROR_TIMEOUT &&
         closes[other.count - 1].result != WMREC_ERROR_TRUNCATED &&
         closes[other.count - 1].result != WMREC_ERROR_CLOSED;
}

static void make_end(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                     unsigned calls)
{
  static const int allowed[] = {WMREC_ERROR_CLOSED, WMREC_ERROR_TRUNCATED, WMREC_OK};

  if (is_close_delimited(scenario))
    return;
  trouble->server.trouble = FAKE_STREAM_END;
  for (trouble->server.from = 1; trouble->server.from <= calls; trouble->server.from++)
    for (int i = 0; i < 2; i++) {
      trouble->server.is_lasting = i != 0;
      assert_ends_as(scenario, trouble, expected, allowed);
    }
}

static void a_stream_that_ends_at_any_call_gives_no_answer_that_has_not_come_whole(void **state)
{
  (void)state;
  for_each_scenario(make_end);
}

static void make_hang(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                      unsigned calls)
{
  static const int allowed[] = {WMREC_ERROR_TIMEOUT, WMREC_OK};

  trouble->server.trouble = FAKE_RESULT;
  trouble->server.is_lasting = true;
  for (trouble->server.from = 1; trouble->server.from <= calls; trouble->server.from++)
    for (int want = WMREC_WANT_WRITE; want <= WMREC_WANT_CALL; want++) {
      trouble->server.trouble_result = want;
      assert_ends_as(scenario, trouble, expected, allowed);
    }
}

static void a_transport_that_hangs_from_any_call_on_is_ended_by_the_deadline(void **state)
{
  (void)state;
  for_each_scenario(make_hang);
}

static void make_jump(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                      unsigned calls)
{
  static const uint32_t jumps[] = {TIMEOUT / 2, TIMEOUT, UINT32_MAX / 2 + 1, UINT32_MAX - TIMEOUT};
  static const int allowed[] = {WMREC_ERROR_TIMEOUT, WMREC_OK};

  for (trouble->jump_call = 1; trouble->jump_call <= calls; trouble->jump_call++)
    for (size_t i = 0; i < COUNT(jumps); i++) {
      trouble->jump = jumps[i];
      assert_ends_as(scenario, trouble, expected, allowed);
    }
}

static void a_clock_that_jumps_forward_at_any_call_ends_the_exchange_by_the_deadline_at_most(void **state)
{
  (void)state;
  for_each_scenario(make_jump);
}

static void make_wrap(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                      unsigned calls)
{
  for (uint32_t before = 0; before <= calls; before++) {
    trouble->start = UINT32_MAX - before;
    assert_same(scenario, trouble, expected);
  }
}

static void a_clock_that_wraps_at_any_call_changes_nothing(void **state)
{
  (void)state;
  for_each_scenario(make_wrap);
}

static void make_cut(const struct scenario *scenario, struct trouble *trouble, const struct end *expected,
                     unsigned calls)
{
  (void)calls;
  if (scenario->used != FAKE_ANSWERS || trouble->server.receive_most != 0)
    return;
  for (size_t cut = 1; cut < scenario->answers[scenario->count - 1].length; cut++) {
    trouble->server.cut = cut;
    assert_same(scenario, trouble, expected);
  }
}

static void an_answer_that_comes_in_any_two_pieces_is_the_same(void **state)
{
  (void)state;
  for_each_scenario(make_cut);
}

/* Each number's bits are a set of places to cut at: that behind the first byte, behind the second, ... */
static void split_every_way(const void *bytes, size_t length, size_t start, enum ending ending)
{
  static struct outcome whole, parts;
  struct run run = {.bytes = bytes, .length = length, .ending = ending};
  const unsigned long sets = start + 1 < length ? 1ul << (length - start - 1) : 1;

  run_exchange(&run, &whole);
  for (unsigned long set = 0; set < sets; set++) {
    run.cuts[0] = start;
    run.cut_count = start > 0;
    for (size_t i = 0; start + i + 1 < length; i++)
      if (set >> i & 1)
        run.cuts[run.cut_count++] = start + i + 1;
    run_exchange(&run, &parts);
    assert_same_outcome(&whole, &parts);
    runs++;
  }
}

static void a_golden_response_of_up_to_16_bytes_is_the_same_in_all_splits(void **state)
{
  (void)state;
  runs = 0;
  for (size_t i = 0; i < golden_count; i++)
    for (enum ending ending = END_OPEN; ending <= END_RESET && golden[i].length <= 16; ending++)
      split_every_way(golden[i].bytes, golden[i].length, 0, ending);
  printf("# %lu runs\n", runs);
}

static void a_golden_body_of_up_to_16_bytes_is_the_same_in_all_splits(void **state)
{
  size_t count;
  struct golden *bodies = golden_load("bodies", 5, &count);

  (void)state;
  runs = 0;
  for (size_t i = 0; i < count; i++) {
    char answer[128];
    const size_t start = (size_t)sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", bodies[i].length);

    if (bodies[i].length > (is_fewer() ? 12 : 16))
      continue;
    memcpy(answer + start, bodies[i].bytes, bodies[i].length);
    split_every_way(answer, start + bodies[i].length, start, END_OPEN);
  }
  golden_free(bodies, count);
  printf("# %lu runs\n", runs);
}

static void write_request(void)
{
  const char *bytes;

  wmrec_begin(&exchange, &cloud, buffer(), WMREC_BUFFER_SIZE);
  bytes = wmrec_to_send(&exchange, &request_length);
  memcpy(request, bytes, request_length);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_golden_answer_comes_by_any_connection_and_in_single_bytes),
      cmocka_unit_test(a_call_that_would_block_or_moves_one_byte_changes_nothing),
      cmocka_unit_test(an_error_of_any_call_is_the_result_but_of_a_used_connection_that_has_not_answered),
      cmocka_unit_test(a_stream_that_ends_at_any_call_gives_no_answer_that_has_not_come_whole),
      cmocka_unit_test(a_transport_that_hangs_from_any_call_on_is_ended_by_the_deadline),
      cmocka_unit_test(a_clock_that_jumps_forward_at_any_call_ends_the_exchange_by_the_deadline_at_most),
      cmocka_unit_test(a_clock_that_wraps_at_any_call_changes_nothing),
      cmocka_unit_test(an_answer_that_comes_in_any_two_pieces_is_the_same),
      cmocka_unit_test(a_golden_response_of_up_to_16_bytes_is_the_same_in_all_splits),
      cmocka_unit_test(a_golden_body_of_up_to_16_bytes_is_the_same_in_all_splits),
  };
  int failed;

  fence_open(&fence, WMREC_BUFFER_SIZE);
  write_request();
  golden = golden_load("responses", COLUMNS, &golden_count);
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  golden_free(golden, golden_count);
  fence_close(&fence);
  return failed;
}
