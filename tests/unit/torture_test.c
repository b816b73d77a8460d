/* Every kind of fault at every call of the transport, every jump of the clock, every split of an answer: with each of
 * the golden responses, on a new connection and on a reused one. (run_every_way(), in the tests of responses and of
 * JSON, shows that the core gives the same result for an answer in any two pieces.)
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

/* One exchange, or two with the same drive. `used` says what the connection does in the second. */
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
  unsigned opened; /* the number of connections so far */
  size_t body_length;
  char body[WMREC_BUFFER_SIZE];
};

/* The faults of a run. Zero: none. */
struct fault {
  struct fake_server server; /* the fields that a test sets */
  uint32_t start;            /* the time at which the clock starts */
  unsigned jump_call;        /* the clock jumps after this call; 0: never */
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

/* Searches the whole buffer, not only where the request was. */
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

/* Passes 1 ms; or all the time that is left, if the drive waits for something that will not come. */
static void pass_time(const struct fault *fault, int result)
{
  const bool is_in_vain = result > 0 && (server.is_hanging || (server.is_waiting && result != WMREC_WANT_CALL));

  now += is_in_vain ? wmrec_drive_time_left(&drive, now) : 1;
  if (fault->jump_call != 0 && server.calls >= fault->jump_call && !has_jumped) {
    has_jumped = true;
    now += fault->jump;
  }
}

/* What must hold after any exchange, whatever its faults. */
static void assert_ended(int result)
{
  const unsigned calls = server.calls;
  const unsigned closed = server.closed;

  assert_null(server.violation);
  assert_int_equal(wmrec_drive_step(&drive, now), result);
  assert_int_equal(wmrec_result(&exchange), result);
  assert_int_equal(server.calls, calls);
  assert_int_equal(server.closed, closed);
  assert_int_equal(server.opened - server.closed, wmrec_keep_alive(&exchange));
  assert_true((wmrec_answer(&exchange) != WMREC_UNKNOWN) == (result == WMREC_OK));
  assert_false(is_key_in_buffer());
}

static void ask(const struct fault *fault, const struct fake_answer *answer, struct end *end)
{
  const size_t max_steps = 64 + 4 * (request_length + answer->length);
  const char *body;
  int result;
  size_t steps = 0;

  memset(buffer(), 0xa5, WMREC_BUFFER_SIZE);
  memset(&exchange, 0xa5, sizeof exchange);
  fake_server_answers(&server, answer);
  assert_int_equal(wmrec_drive_begin(&drive, &exchange, &cloud, now, TIMEOUT), WMREC_OK);
  do {
    result = wmrec_drive_step(&drive, now);
    pass_time(fault, result);
    steps++;
  } while (result > 0 && steps < max_steps);
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

/* Runs the scenario; then an exchange without a fault, which must succeed; then closes. */
static void run(const struct scenario *scenario, const struct fault *fault, struct end *ends)
{
  struct end after;

  runs++;
  server = fault->server;
  server.request = request;
  server.request_length = request_length;
  server.used = scenario->used;
  now = fault->start;
  has_jumped = false;
  wmrec_drive_init(&drive, fake_server_transport(&server), buffer(), WMREC_BUFFER_SIZE);
  for (unsigned i = 0; i < scenario->count; i++)
    ask(fault, &scenario->answers[i], &ends[i]);

  server.fault_call = 0;
  server.is_lasting = false;
  server.used = FAKE_ANSWERS;
  ask(&(struct fault){.jump = 0}, &last, &after);
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

static void show(const struct scenario *scenario, const struct fault *fault, const struct end *end)
{
  print_error("%s, used %d, at most %zu and %zu bytes a call: %s; fault %d (result %d) from call %u, the clock + %lu "
              "after call %u\n",
              scenario->name, (int)scenario->used, fault->server.send_max, fault->server.receive_max,
              wmrec_result_name(end->result), (int)fault->server.fault, fault->server.fault_result,
              fault->server.fault_call, (unsigned long)fault->jump, fault->jump_call);
}

/* The result must be as expected, and so must the number of connections. */
static void assert_same(const struct scenario *scenario, const struct fault *fault, const struct end *expected)
{
  struct end ends[EXCHANGES];

  run(scenario, fault, ends);
  for (unsigned i = 0; i < scenario->count; i++) {
    const bool is_as_expected = is_same(&ends[i], &expected[i]) && ends[i].opened == expected[i].opened;

    if (!is_as_expected)
      show(scenario, fault, &ends[i]);
    assert_true(is_as_expected);
  }
}

static bool is_one_of(int result, const int *results)
{
  while (*results != WMREC_OK && *results != result)
    results++;
  return *results == result && result != WMREC_OK;
}

/* The exchange that has the fault (and, if it lasts, each later one) must end as without the fault, or with one of the
 * allowed results; this list ends with WMREC_OK. */
static void assert_ends_as(const struct scenario *scenario, const struct fault *fault, const struct end *expected,
                           const int *allowed)
{
  const bool is_lasting = fault->server.is_lasting;
  struct end ends[EXCHANGES];
  unsigned differences = 0;

  run(scenario, fault, ends);
  for (unsigned i = 0; i < scenario->count; i++) {
    const int result = ends[i].result;
    const bool is_allowed = is_one_of(result, allowed) || (result < 0 && result == expected[i].result);

    if (is_same(&ends[i], &expected[i]))
      continue;
    differences++;
    if (!is_allowed || (!is_lasting && (differences > 1 || server.is_on_reused)))
      show(scenario, fault, &ends[i]);
    assert_true(is_allowed);
    assert_true(is_lasting || (differences == 1 && !server.is_on_reused));
  }
}

/* expected, calls: the results of the scenario's exchanges without a fault, and the number of calls. */
typedef void scenario_test(const struct scenario *scenario, struct fault *fault, const struct end *expected,
                           unsigned calls);

static void try_pieces(const struct scenario *scenario, size_t send_max, size_t receive_max, scenario_test *test)
{
  struct fault fault = {.server = {.send_max = send_max, .receive_max = receive_max}};
  struct end expected[EXCHANGES];

  run(scenario, &fault, expected);
  test(scenario, &fault, expected, server.calls);
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
    if (i == 0) /* the request is always the same */
      try_pieces(&one, 1, 0, test);
    if (!is_fewer())
      try_pieces(&one, 0, 1, test);
    for (; two.used <= FAKE_IS_SILENT; two.used++)
      try_pieces(&two, 0, 0, test);
  }
  printf("# %lu runs\n", runs);
}

/* How many connections an exchange and the one before it need: a new one if the old one is dead, and once more a new
 * one if the server asks for it. */
static unsigned connections(const struct scenario *scenario, const struct golden *from, const struct end *end)
{
  const bool is_kept = scenario->count > 1 && scenario->used == FAKE_ANSWERS;
  const bool is_replaced = scenario->count > 1 && !(is_kept && from->length > 0);
  const bool is_asked_again = end->result == WMREC_ERROR_ASK_AGAIN && (is_kept || end->http_status != 408);

  return 1u + (is_replaced ? 1 : 0) + (is_asked_again ? 1 : 0);
}

/* Without a fault, the drive returns what the core makes of a golden response. If the core still waits for more, the
 * deadline ends the exchange. */
static void check_golden(const struct scenario *scenario, struct fault *fault, const struct end *expected,
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
    show(scenario, fault, end);
  assert_string_equal(wmrec_result_name(end->result), wmrec_result_name(result));
  assert_int_equal(end->http_status, atoi(from->columns[2]));
  assert_string_equal(wmrec_recording_name(end->recording), from->columns[3]);
  assert_int_equal(end->opened, connections(scenario, from, end));
}

static void a_golden_answer_is_received_on_any_connection_and_byte_by_byte(void **state)
{
  (void)state;
  for_each_scenario(check_golden);
}

static void inject_delay(const struct scenario *scenario, struct fault *fault, const struct end *expected,
                         unsigned calls)
{
  for (unsigned from = 1; from <= calls; from++) {
    fault->server.fault_call = from;
    fault->server.fault = FAKE_RESULT;
    for (int want = WMREC_WANT_WRITE; want <= WMREC_WANT_CALL; want++) {
      fault->server.fault_result = want;
      assert_same(scenario, fault, expected);
    }
    fault->server.fault = FAKE_ONE_BYTE;
    assert_same(scenario, fault, expected);
    fault->server.is_lasting = true;
    assert_same(scenario, fault, expected);
    fault->server.is_lasting = false;
  }
}

static void a_call_that_would_block_or_moves_one_byte_does_not_change_the_result(void **state)
{
  (void)state;
  for_each_scenario(inject_delay);
}

/* An exchange with an error must end with this error: never with an answer that the server has not given. An error on a
 * reused connection, before a byte of the answer has come, must have no effect. */
static void inject_error(const struct scenario *scenario, struct fault *fault, const struct end *expected,
                         unsigned calls)
{
  static const int errors[] = {WMREC_ERROR_RESET, WMREC_ERROR_TRUNCATED, WMREC_ERROR_TLS_REFUSED};

  fault->server.fault = FAKE_RESULT;
  for (fault->server.fault_call = 1; fault->server.fault_call <= calls; fault->server.fault_call++)
    for (size_t i = 0; i < 2 * COUNT(errors); i++) {
      const int allowed[] = {errors[i / 2], errors[i / 2] == WMREC_ERROR_TRUNCATED ? WMREC_ERROR_CLOSED : WMREC_OK,
                             WMREC_OK};

      fault->server.fault_result = errors[i / 2];
      fault->server.is_lasting = i % 2 != 0;
      assert_ends_as(scenario, fault, expected, allowed);
    }
}

static void an_error_of_any_call_is_the_result_except_on_a_reused_connection_before_its_answer(void **state)
{
  (void)state;
  for_each_scenario(inject_error);
}

/* True if the body ends with the stream: then nobody can detect that it ended too early. */
static bool is_close_delimited(const struct scenario *scenario)
{
  struct scenario other = *scenario;
  struct fake_answer *answer = &other.answers[other.count - 1];
  struct end stays[EXCHANGES], closes[EXCHANGES];

  answer->then = FAKE_STAYS;
  run(&other, &(struct fault){.jump = 0}, stays);
  answer->then = FAKE_CLOSES;
  run(&other, &(struct fault){.jump = 0}, closes);
  return stays[other.count - 1].result == WMREC_ERROR_TIMEOUT &&
         closes[other.count - 1].result != WMREC_ERROR_TRUNCATED &&
         closes[other.count - 1].result != WMREC_ERROR_CLOSED;
}

static void inject_end(const struct scenario *scenario, struct fault *fault, const struct end *expected, unsigned calls)
{
  static const int allowed[] = {WMREC_ERROR_CLOSED, WMREC_ERROR_TRUNCATED, WMREC_OK};

  if (is_close_delimited(scenario))
    return;
  fault->server.fault = FAKE_STREAM_END;
  for (fault->server.fault_call = 1; fault->server.fault_call <= calls; fault->server.fault_call++)
    for (int i = 0; i < 2; i++) {
      fault->server.is_lasting = i != 0;
      assert_ends_as(scenario, fault, expected, allowed);
    }
}

static void a_stream_that_ends_at_any_call_never_gives_an_incomplete_answer(void **state)
{
  (void)state;
  for_each_scenario(inject_end);
}

static void inject_hang(const struct scenario *scenario, struct fault *fault, const struct end *expected,
                        unsigned calls)
{
  static const int allowed[] = {WMREC_ERROR_TIMEOUT, WMREC_OK};

  fault->server.fault = FAKE_RESULT;
  fault->server.is_lasting = true;
  for (fault->server.fault_call = 1; fault->server.fault_call <= calls; fault->server.fault_call++)
    for (int want = WMREC_WANT_WRITE; want <= WMREC_WANT_CALL; want++) {
      fault->server.fault_result = want;
      assert_ends_as(scenario, fault, expected, allowed);
    }
}

static void the_deadline_ends_an_exchange_whose_transport_hangs_from_any_call_on(void **state)
{
  (void)state;
  for_each_scenario(inject_hang);
}

static void jump_clock(const struct scenario *scenario, struct fault *fault, const struct end *expected, unsigned calls)
{
  static const uint32_t jumps[] = {TIMEOUT / 2, TIMEOUT, UINT32_MAX / 2 + 1, UINT32_MAX - TIMEOUT};
  static const int allowed[] = {WMREC_ERROR_TIMEOUT, WMREC_OK};

  for (fault->jump_call = 1; fault->jump_call <= calls; fault->jump_call++)
    for (size_t i = 0; i < COUNT(jumps); i++) {
      fault->jump = jumps[i];
      assert_ends_as(scenario, fault, expected, allowed);
    }
}

static void a_clock_that_jumps_forward_at_any_call_causes_a_timeout_or_nothing(void **state)
{
  (void)state;
  for_each_scenario(jump_clock);
}

static void wrap_clock(const struct scenario *scenario, struct fault *fault, const struct end *expected, unsigned calls)
{
  for (uint32_t before = 0; before <= calls; before++) {
    fault->start = UINT32_MAX - before;
    assert_same(scenario, fault, expected);
  }
}

static void a_clock_that_wraps_at_any_call_does_not_change_the_result(void **state)
{
  (void)state;
  for_each_scenario(wrap_clock);
}

static void split_answer(const struct scenario *scenario, struct fault *fault, const struct end *expected,
                         unsigned calls)
{
  (void)calls;
  if (scenario->used != FAKE_ANSWERS || fault->server.receive_max != 0)
    return;
  for (size_t cut = 1; cut < scenario->answers[scenario->count - 1].length; cut++) {
    fault->server.split_at = cut;
    assert_same(scenario, fault, expected);
  }
}

static void an_answer_in_any_two_pieces_gives_the_same_result(void **state)
{
  (void)state;
  for_each_scenario(split_answer);
}

/* The bits of `set` are the places to cut at: bit 0 is after the first byte, bit 1 after the second, ... */
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

static void a_golden_response_of_up_to_16_bytes_gives_the_same_result_in_all_splits(void **state)
{
  (void)state;
  runs = 0;
  for (size_t i = 0; i < golden_count; i++)
    for (enum ending ending = END_OPEN; ending <= END_RESET && golden[i].length <= 16; ending++)
      split_every_way(golden[i].bytes, golden[i].length, 0, ending);
  printf("# %lu runs\n", runs);
}

static void a_golden_body_of_up_to_16_bytes_gives_the_same_result_in_all_splits(void **state)
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
      cmocka_unit_test(a_golden_answer_is_received_on_any_connection_and_byte_by_byte),
      cmocka_unit_test(a_call_that_would_block_or_moves_one_byte_does_not_change_the_result),
      cmocka_unit_test(an_error_of_any_call_is_the_result_except_on_a_reused_connection_before_its_answer),
      cmocka_unit_test(a_stream_that_ends_at_any_call_never_gives_an_incomplete_answer),
      cmocka_unit_test(the_deadline_ends_an_exchange_whose_transport_hangs_from_any_call_on),
      cmocka_unit_test(a_clock_that_jumps_forward_at_any_call_causes_a_timeout_or_nothing),
      cmocka_unit_test(a_clock_that_wraps_at_any_call_does_not_change_the_result),
      cmocka_unit_test(an_answer_in_any_two_pieces_gives_the_same_result),
      cmocka_unit_test(a_golden_response_of_up_to_16_bytes_gives_the_same_result_in_all_splits),
      cmocka_unit_test(a_golden_body_of_up_to_16_bytes_gives_the_same_result_in_all_splits),
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
