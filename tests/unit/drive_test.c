/* port/drive.c, with a transport that follows a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "drive.h"
#include "fake.h"

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"status\":\"Recording\"}"
#define CLOSING "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define BODY "{\"status\":\"Stopped\"}"

static const struct wmrec_target cloud = {.host = "cloud.test", .mock_api_id = "jjl8y", .token = "sesame"};
static const struct wmrec_target home = {.host = "home.test", .plain_http = true};

static struct fake fake;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static char buffer[WMREC_BUFFER_SIZE];

static void follow(const struct fake_step *steps)
{
  fake = (struct fake){.steps = steps};
  wmrec_drive_init(&drive, fake_transport(&fake, true), buffer, sizeof buffer);
}

static int begin(const struct wmrec_target *target)
{
  return wmrec_drive_begin(&drive, &exchange, target, 1000, 500);
}

/* Steps while the drive returns WMREC_WANT_CALL. Returns what it then waits for, or the result. */
static int run(uint32_t now)
{
  int result;
  int steps = 0;

  do {
    result = wmrec_drive_step(&drive, now);
    steps++;
  } while (result == WMREC_WANT_CALL && steps < 100);
  assert_false(fake.is_off_script);
  return result;
}

static void assert_script_is_done(void)
{
  assert_false(fake.is_off_script);
  assert_int_equal(fake.steps[fake.step].call, FAKE_END);
}

static void an_exchange_opens_sends_receives_and_keeps_the_connection(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  assert_int_equal(begin(&cloud), WMREC_OK);
  assert_int_equal(run(1000), WMREC_OK);
  assert_int_equal(wmrec_answer(&exchange), WMREC_RECORDING);
  assert_true(fake.is_open);
  assert_script_is_done();
}

static void a_step_calls_the_transport_at_most_once(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 1},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  for (unsigned i = 1; i <= 4; i++) {
    assert_int_equal(wmrec_drive_step(&drive, 1000), i == 4 ? WMREC_OK : WMREC_WANT_CALL);
    assert_int_equal(fake.step, i);
  }
  assert_script_is_done();
}

static void a_step_returns_what_the_transport_waits_for(void **state)
{
  static const struct fake_step steps[] = {
      {FAKE_OPEN, WMREC_WANT_READ, NULL, 0}, {FAKE_OPEN, WMREC_WANT_WRITE, NULL, 0},
      {FAKE_OPEN, WMREC_OK, NULL, 0},        {FAKE_SEND, WMREC_WANT_READ, NULL, 0},
      {FAKE_SEND, WMREC_OK, NULL, 0},        {FAKE_RECEIVE, WMREC_WANT_WRITE, NULL, 0},
      {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},   {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_WANT_READ);
  assert_int_equal(run(1000), WMREC_WANT_WRITE);
  assert_int_equal(run(1000), WMREC_WANT_READ);
  assert_int_equal(run(1000), WMREC_WANT_WRITE);
  assert_int_equal(run(1000), WMREC_OK);
  assert_script_is_done();
}

static void the_key_is_not_sent_over_a_transport_that_is_not_verified_tls(void **state)
{
  static const struct fake_step steps[] = {{FAKE_END, 0, NULL, 0}};
  const struct wmrec_target tls_at_home = {.host = "home.test", .token = "sesame"};

  (void)state;
  follow(steps);
  wmrec_drive_init(&drive, fake_transport(&fake, false), buffer, sizeof buffer);
  assert_int_equal(begin(&cloud), WMREC_ERROR_PLAIN_HTTP);
  assert_int_equal(run(1000), WMREC_ERROR_PLAIN_HTTP);
  assert_int_equal(begin(&tls_at_home), WMREC_ERROR_PLAIN_HTTP);
  assert_int_equal(run(1000), WMREC_ERROR_PLAIN_HTTP);
  assert_int_equal(fake.step, 0);
  for (size_t i = 0; i + 6 <= sizeof buffer; i++)
    assert_memory_not_equal(buffer + i, "sesame", 6);
}

static void a_forgotten_transport_or_begin_is_an_error_that_says_so(void **state)
{
  const struct wmrec_transport none = {.functions = NULL};

  (void)state;
  drive = (struct wmrec_drive){.state = 0};
  assert_int_equal(begin(&cloud), WMREC_ERROR_BUFFER);
  wmrec_drive_init(&drive, none, buffer, sizeof buffer);
  assert_int_equal(wmrec_drive_step(&drive, 0), WMREC_ERROR_TRANSPORT);
  assert_int_equal(begin(&cloud), WMREC_ERROR_TRANSPORT);
  assert_int_equal(wmrec_drive_step(&drive, 0), WMREC_ERROR_TRANSPORT);
  assert_int_equal(begin(&home), WMREC_ERROR_TRANSPORT);
  wmrec_drive_close(&drive);
  for (size_t i = 0; i + 6 <= sizeof buffer; i++)
    assert_memory_not_equal(buffer + i, "sesame", 6);
}

static void a_bad_target_opens_nothing(void **state)
{
  static const struct fake_step steps[] = {{FAKE_END, 0, NULL, 0}};
  const struct wmrec_target bad = {.host = "cloud.test", .mock_api_id = "jjl8", .token = "sesame"};

  (void)state;
  follow(steps);
  assert_int_equal(begin(&bad), WMREC_ERROR_MOCK_API_ID);
  assert_int_equal(run(1000), WMREC_ERROR_MOCK_API_ID);
  assert_int_equal(fake.step, 0);
}

static void the_port_is_443_or_80_unless_the_target_has_another(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_ERROR_CONNECT, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_ERROR_CONNECT, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_ERROR_CONNECT, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_END, 0, NULL, 0}};
  const struct wmrec_target other = {.host = "home.test", .plain_http = true, .port = 8080};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_CONNECT);
  assert_int_equal(fake.port, 443);
  begin(&home);
  run(1000);
  assert_int_equal(fake.port, 80);
  begin(&other);
  run(1000);
  assert_int_equal(fake.port, 8080);
  assert_script_is_done();
}

static void each_error_of_the_transport_ends_the_exchange_and_closes_the_connection(void **state)
{
  static const struct fake_step in_open[] = {
      {FAKE_OPEN, WMREC_ERROR_CERTIFICATE_EXPIRED, NULL, 0}, {FAKE_CLOSE, 0, NULL, 0}, {FAKE_END, 0, NULL, 0}};
  static const struct fake_step in_send[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                             {FAKE_SEND, WMREC_ERROR_RESET, NULL, 0},
                                             {FAKE_CLOSE, 0, NULL, 0},
                                             {FAKE_END, 0, NULL, 0}};
  static const struct fake_step in_receive[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                                {FAKE_SEND, WMREC_OK, NULL, 0},
                                                {FAKE_RECEIVE, WMREC_OK, "HTTP/1.1 200", 0},
                                                {FAKE_RECEIVE, WMREC_ERROR_RESET, NULL, 0},
                                                {FAKE_CLOSE, 0, NULL, 0},
                                                {FAKE_END, 0, NULL, 0}};
  static const struct {
    const struct fake_step *steps;
    int result;
  } cases[] = {
      {in_open, WMREC_ERROR_CERTIFICATE_EXPIRED}, {in_send, WMREC_ERROR_RESET}, {in_receive, WMREC_ERROR_RESET}};

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    follow(cases[i].steps);
    begin(&cloud);
    assert_int_equal(run(1000), cases[i].result);
    assert_script_is_done();
  }
}

static void bytes_that_come_with_an_error_are_ignored(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_ERROR_RESET, ANSWER, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_RESET);
  assert_script_is_done();
}

static void a_clean_end_completes_a_close_delimited_body_and_a_truncated_stream_does_not(void **state)
{
  static const struct fake_step clean[] = {
      {FAKE_OPEN, WMREC_OK, NULL, 0},    {FAKE_SEND, WMREC_OK, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, CLOSING BODY, 0},
      {FAKE_RECEIVE, WMREC_OK, NULL, 0}, {FAKE_CLOSE, 0, NULL, 0},       {FAKE_END, 0, NULL, 0}};
  static const struct fake_step cut[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                         {FAKE_SEND, WMREC_OK, NULL, 0},
                                         {FAKE_RECEIVE, WMREC_OK, CLOSING BODY, 0},
                                         {FAKE_RECEIVE, WMREC_ERROR_TRUNCATED, NULL, 0},
                                         {FAKE_CLOSE, 0, NULL, 0},
                                         {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(clean);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  assert_int_equal(wmrec_answer(&exchange), WMREC_STOPPED);
  assert_script_is_done();
  follow(cut);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_TRUNCATED);
  assert_script_is_done();
}

static void the_deadline_ends_the_exchange_at_any_step(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 5},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, "HTTP/1.1 200 OK\r\n", 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0}};

  (void)state;
  for (size_t count = 0; count <= sizeof steps / sizeof steps[0]; count++) {
    struct fake_step script[8] = {{FAKE_END, 0, NULL, 0}};

    memcpy(script, steps, count * sizeof steps[0]);
    script[count] = (struct fake_step){count == 0 ? FAKE_END : FAKE_CLOSE, 0, NULL, 0};
    script[count + 1] = (struct fake_step){FAKE_END, 0, NULL, 0};
    follow(script);
    begin(&cloud);
    for (size_t i = 0; i < count; i++)
      assert_true(wmrec_drive_step(&drive, 1499) > 0);
    assert_int_equal(wmrec_drive_step(&drive, 1500), WMREC_ERROR_TIMEOUT);
    assert_script_is_done();
    assert_int_equal(wmrec_drive_step(&drive, 1501), WMREC_ERROR_TIMEOUT);
  }
}

static void the_deadline_holds_across_the_wrap_of_the_clock(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_OPEN, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  wmrec_drive_begin(&drive, &exchange, &cloud, UINT32_MAX - 9, 100);
  assert_int_equal(wmrec_drive_step(&drive, UINT32_MAX), WMREC_WANT_READ);
  assert_int_equal(fake.time_left, 91);
  assert_int_equal(wmrec_drive_step(&drive, 89), WMREC_WANT_READ);
  assert_int_equal(fake.time_left, 1);
  assert_int_equal(wmrec_drive_step(&drive, 90), WMREC_ERROR_TIMEOUT);
  assert_script_is_done();
}

static void a_second_exchange_reuses_the_open_and_silent_connection(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  wmrec_drive_close(&drive);
  assert_script_is_done();
}

static void an_exchange_that_begins_before_the_previous_one_has_ended_does_not_get_its_answer(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0}, {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},       {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  wmrec_drive_step(&drive, 1000);
  wmrec_drive_step(&drive, 1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  assert_script_is_done();
}

static void unsolicited_bytes_are_not_taken_for_the_next_answer(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, CLOSING BODY, 0},
                                           {FAKE_RECEIVE, WMREC_OK, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  assert_int_equal(wmrec_answer(&exchange), WMREC_STOPPED);
  assert_script_is_done();
}

static void a_reused_connection_that_fails_is_replaced_once(void **state)
{
  static const struct fake_step deaths[] = {{FAKE_SEND, WMREC_ERROR_RESET, NULL, 0},
                                            {FAKE_RECEIVE, WMREC_OK, NULL, 0},
                                            {FAKE_RECEIVE, WMREC_ERROR_RESET, NULL, 0},
                                            {FAKE_RECEIVE, WMREC_ERROR_TRUNCATED, NULL, 0}};

  (void)state;
  for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
    struct fake_step steps[16] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                  {FAKE_SEND, WMREC_OK, NULL, 0},
                                  {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                  {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0}};
    size_t count = 4;

    if (deaths[i].call == FAKE_RECEIVE)
      steps[count++] = (struct fake_step){FAKE_SEND, WMREC_OK, NULL, 0};
    steps[count++] = deaths[i];
    steps[count++] = (struct fake_step){FAKE_CLOSE, 0, NULL, 0};
    steps[count++] = (struct fake_step){FAKE_OPEN, WMREC_OK, NULL, 0};
    steps[count++] = (struct fake_step){FAKE_SEND, WMREC_OK, NULL, 0};
    steps[count++] = (struct fake_step){FAKE_RECEIVE, WMREC_OK, NULL, 0};
    steps[count++] = (struct fake_step){FAKE_CLOSE, 0, NULL, 0};
    steps[count] = (struct fake_step){FAKE_END, 0, NULL, 0};
    follow(steps);
    begin(&cloud);
    run(1000);
    begin(&cloud);
    assert_int_equal(run(1000), WMREC_ERROR_CLOSED);
    assert_script_is_done();
  }
}

static void a_reused_connection_that_stays_silent_is_replaced_after_half_of_the_time(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_WANT_READ);
  assert_int_equal(wmrec_drive_time_left(&drive, 1249), 1);
  assert_int_equal(wmrec_drive_time_left(&drive, 1250), 0);
  assert_int_equal(run(1250), WMREC_WANT_READ);
  assert_int_equal(fake.time_left, 250);
  assert_int_equal(run(1499), WMREC_OK);
  assert_script_is_done();
}

static void after_a_sleep_beyond_the_deadline_the_exchange_times_out_and_the_next_one_opens_a_connection(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
                                           {FAKE_END, 0, NULL, 0}};
  const uint32_t an_hour_later = 1000 + 3600000;

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_WANT_READ);
  assert_int_equal(run(an_hour_later), WMREC_ERROR_TIMEOUT);
  wmrec_drive_begin(&drive, &exchange, &cloud, an_hour_later, 500);
  assert_int_equal(run(an_hour_later), WMREC_OK);
  assert_script_is_done();
}

static void a_request_is_not_repeated_once_its_answer_has_begun(void **state)
{
  static const struct fake_step steps[] = {
      {FAKE_OPEN, WMREC_OK, NULL, 0},           {FAKE_SEND, WMREC_OK, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},
      {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0}, {FAKE_SEND, WMREC_OK, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, "H", 0},
      {FAKE_RECEIVE, WMREC_OK, NULL, 0},        {FAKE_CLOSE, 0, NULL, 0},       {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_TRUNCATED);
  assert_script_is_done();
}

static void another_host_or_port_gets_a_new_connection(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_OK, NULL, 0},      {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0}, {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},      {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0}, {FAKE_CLOSE, 0, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},      {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, ANSWER, 0}, {FAKE_END, 0, NULL, 0}};
  const struct wmrec_target other_host = {.host = "other.test", .mock_api_id = "jjl8y", .token = "sesame"};
  const struct wmrec_target other_port = {
      .host = other_host.host, .port = 8443, .mock_api_id = "jjl8y", .token = "sesame"};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&other_host);
  run(1000);
  begin(&other_port);
  assert_int_equal(run(1000), WMREC_OK);
  assert_script_is_done();
}

#define KEPT(last_answer)                                                                                              \
  {FAKE_OPEN, WMREC_OK, NULL, 0}, {FAKE_SEND, WMREC_OK, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, ANSWER, 0},                 \
      {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0}, {FAKE_SEND, WMREC_OK, NULL, 0},                                        \
  {                                                                                                                    \
    FAKE_RECEIVE, WMREC_OK, last_answer, 0                                                                             \
  }
#define NEW(answer)                                                                                                    \
  {FAKE_OPEN, WMREC_OK, NULL, 0}, {FAKE_SEND, WMREC_OK, NULL, 0},                                                      \
  {                                                                                                                    \
    FAKE_RECEIVE, WMREC_OK, answer, 0                                                                                  \
  }
#define STATUS(status) "HTTP/1.1 " status " X\r\nContent-Length: 0\r\n\r\n"
#define CLOSE                                                                                                          \
  {                                                                                                                    \
    FAKE_CLOSE, 0, NULL, 0                                                                                             \
  }
#define END                                                                                                            \
  {                                                                                                                    \
    FAKE_END, 0, NULL, 0                                                                                               \
  }

static void a_connection_of_ten_minutes_or_of_the_caller_s_limit_is_replaced(void **state)
{
  static const struct fake_step kept[] = {KEPT(ANSWER), END};
  static const struct fake_step replaced[] = {NEW(ANSWER), CLOSE, NEW(ANSWER), END};
  static const struct {
    uint32_t max_age;
    uint32_t age;
    bool is_replaced;
  } rows[] = {{0, 599999, false},
              {0, 600000, true},
              {0, INT32_MAX, true},
              {1, 0, false},
              {1, 1, true},
              {5000, 4999, false},
              {5000, 5000, true},
              {UINT32_MAX, 0, false},
              {3600000, 600000, false},
              {3600000, 3600000, true},
              {UINT32_MAX, 1u << 31, false}};

  (void)state;
  for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
    const uint32_t now = i % 2 == 0 ? 1000 : UINT32_MAX; /* the second clock wraps */

    follow(rows[i / 2].is_replaced ? replaced : kept);
    drive.max_connection_age = rows[i / 2].max_age;
    wmrec_drive_begin(&drive, &exchange, &cloud, now, 500);
    assert_int_equal(run(now), WMREC_OK);
    wmrec_drive_begin(&drive, &exchange, &cloud, now + rows[i / 2].age, 500);
    assert_int_equal(run(now + rows[i / 2].age), WMREC_OK);
    assert_script_is_done();
  }
}

static void the_age_of_a_connection_counts_from_its_opening_and_not_from_its_last_use(void **state)
{
  static const struct fake_step steps[] = {KEPT(ANSWER), CLOSE, NEW(ANSWER), END};

  (void)state;
  follow(steps);
  for (uint32_t now = 0; now <= 600000; now += 300000) {
    wmrec_drive_begin(&drive, &exchange, &cloud, now, 500);
    assert_int_equal(run(now), WMREC_OK);
  }
  assert_script_is_done();
}

static void a_408_on_a_used_connection_is_asked_again_on_a_new_one(void **state)
{
  static const struct fake_step steps[] = {KEPT(STATUS("408")), CLOSE, NEW(ANSWER), END};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  assert_int_equal(wmrec_answer(&exchange), WMREC_RECORDING);
  assert_script_is_done();
}

static void a_408_on_a_new_connection_is_the_result(void **state)
{
  static const struct fake_step first[] = {NEW(STATUS("408")), END};
  static const struct fake_step second[] = {KEPT(STATUS("408")), CLOSE, NEW(STATUS("408")), END};

  (void)state;
  follow(first);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_ASK_AGAIN);
  assert_int_equal(wmrec_http_status(&exchange), 408);
  assert_script_is_done();
  follow(second);
  begin(&cloud);
  run(1000);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_ERROR_ASK_AGAIN);
  assert_script_is_done();
}

static void a_421_or_425_is_asked_again_on_a_new_connection_once(void **state)
{
  static const struct fake_step answered[] = {NEW(STATUS("421")), CLOSE, NEW(ANSWER), END};
  static const struct fake_step early[] = {NEW(STATUS("425")), CLOSE, NEW(ANSWER), END};
  static const struct fake_step kept[] = {KEPT(STATUS("421")), CLOSE, NEW(ANSWER), END};
  static const struct fake_step again[] = {NEW(STATUS("421")), CLOSE, NEW(STATUS("425")), END};
  static const struct {
    const struct fake_step *steps;
    int exchanges;
    int result;
  } rows[] = {{answered, 1, WMREC_OK}, {early, 1, WMREC_OK}, {kept, 2, WMREC_OK}, {again, 1, WMREC_ERROR_ASK_AGAIN}};

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int result = WMREC_OK;

    follow(rows[i].steps);
    for (int count = 0; count < rows[i].exchanges; count++) {
      begin(&cloud);
      result = run(1000);
    }
    assert_int_equal(result, rows[i].result);
    assert_script_is_done();
  }
}

static void each_exchange_may_be_asked_again_once(void **state)
{
  static const struct fake_step steps[] = {NEW(STATUS("421")), CLOSE, KEPT(STATUS("421")), CLOSE, NEW(ANSWER), END};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  begin(&cloud);
  assert_int_equal(run(1000), WMREC_OK);
  assert_script_is_done();
}

static void an_exchange_that_is_asked_again_keeps_its_deadline_and_wipes_its_key(void **state)
{
  static const struct fake_step steps[] = {
      NEW(STATUS("421")), CLOSE, {FAKE_OPEN, WMREC_WANT_READ, NULL, 0}, CLOSE, END};

  (void)state;
  follow(steps);
  begin(&cloud);
  assert_int_equal(run(1400), WMREC_WANT_READ);
  assert_int_equal(fake.time_left, 100);
  assert_int_equal(run(1500), WMREC_ERROR_TIMEOUT);
  for (size_t i = 0; i + 6 <= sizeof buffer; i++)
    assert_memory_not_equal(buffer + i, "sesame", 6);
  assert_script_is_done();
}

static void close_ends_an_exchange_that_is_under_way(void **state)
{
  static const struct fake_step steps[] = {
      {FAKE_OPEN, WMREC_WANT_READ, NULL, 0}, {FAKE_CLOSE, 0, NULL, 0}, {FAKE_END, 0, NULL, 0}};

  (void)state;
  follow(steps);
  begin(&cloud);
  run(1000);
  wmrec_drive_close(&drive);
  assert_int_equal(wmrec_result(&exchange), WMREC_ERROR_CLOSED);
  wmrec_drive_close(&drive);
  assert_script_is_done();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_exchange_opens_sends_receives_and_keeps_the_connection),
      cmocka_unit_test(a_step_calls_the_transport_at_most_once),
      cmocka_unit_test(a_step_returns_what_the_transport_waits_for),
      cmocka_unit_test(the_key_is_not_sent_over_a_transport_that_is_not_verified_tls),
      cmocka_unit_test(a_forgotten_transport_or_begin_is_an_error_that_says_so),
      cmocka_unit_test(a_bad_target_opens_nothing),
      cmocka_unit_test(the_port_is_443_or_80_unless_the_target_has_another),
      cmocka_unit_test(each_error_of_the_transport_ends_the_exchange_and_closes_the_connection),
      cmocka_unit_test(bytes_that_come_with_an_error_are_ignored),
      cmocka_unit_test(a_clean_end_completes_a_close_delimited_body_and_a_truncated_stream_does_not),
      cmocka_unit_test(the_deadline_ends_the_exchange_at_any_step),
      cmocka_unit_test(the_deadline_holds_across_the_wrap_of_the_clock),
      cmocka_unit_test(a_second_exchange_reuses_the_open_and_silent_connection),
      cmocka_unit_test(an_exchange_that_begins_before_the_previous_one_has_ended_does_not_get_its_answer),
      cmocka_unit_test(unsolicited_bytes_are_not_taken_for_the_next_answer),
      cmocka_unit_test(a_reused_connection_that_fails_is_replaced_once),
      cmocka_unit_test(a_reused_connection_that_stays_silent_is_replaced_after_half_of_the_time),
      cmocka_unit_test(after_a_sleep_beyond_the_deadline_the_exchange_times_out_and_the_next_one_opens_a_connection),
      cmocka_unit_test(a_request_is_not_repeated_once_its_answer_has_begun),
      cmocka_unit_test(another_host_or_port_gets_a_new_connection),
      cmocka_unit_test(a_connection_of_ten_minutes_or_of_the_caller_s_limit_is_replaced),
      cmocka_unit_test(the_age_of_a_connection_counts_from_its_opening_and_not_from_its_last_use),
      cmocka_unit_test(a_408_on_a_used_connection_is_asked_again_on_a_new_one),
      cmocka_unit_test(a_408_on_a_new_connection_is_the_result),
      cmocka_unit_test(a_421_or_425_is_asked_again_on_a_new_connection_once),
      cmocka_unit_test(each_exchange_may_be_asked_again_once),
      cmocka_unit_test(an_exchange_that_is_asked_again_keeps_its_deadline_and_wipes_its_key),
      cmocka_unit_test(close_ends_an_exchange_that_is_under_way),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
