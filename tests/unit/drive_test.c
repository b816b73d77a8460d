/* port/drive.c, over a transport that follows a script.
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

/* Steps, as long as there is progress; what it then waits for, or the result. */
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

static void a_step_is_one_call_of_the_transport_at_most(void **state)
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

static void what_the_transport_waits_for_is_passed_on(void **state)
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

static void the_key_does_not_go_over_a_transport_that_is_not_verified_tls(void **state)
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

static void the_port_is_443_or_80_unless_the_target_says_another(void **state)
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

static void each_error_of_the_transport_ends_the_exchange_and_closes(void **state)
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

static void bytes_that_come_with_an_error_are_no_answer(void **state)
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

static void a_clean_end_completes_a_close_delimited_body_and_a_cut_one_does_not(void **state)
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

static void the_deadline_ends_the_exchange_at_each_point(void **state)
{
  static const struct fake_step steps[] = {{FAKE_OPEN, WMREC_WANT_READ, NULL, 0},
                                           {FAKE_OPEN, WMREC_OK, NULL, 0},
                                           {FAKE_SEND, WMREC_OK, NULL, 5},
                                           {FAKE_SEND, WMREC_OK, NULL, 0},
                                           {FAKE_RECEIVE, WMREC_OK, "HTTP/1.1 200 OK\r\n", 0},
                                           {FAKE_RECEIVE, WMREC_WANT_READ, NULL, 0}};

  (void)state;
  for (size_t count = 0; count <= sizeof steps / sizeof steps[0]; count++) {
    struct fake_step some[8] = {{FAKE_END, 0, NULL, 0}};

    memcpy(some, steps, count * sizeof steps[0]);
    some[count] = (struct fake_step){count == 0 ? FAKE_END : FAKE_CLOSE, 0, NULL, 0};
    some[count + 1] = (struct fake_step){FAKE_END, 0, NULL, 0};
    follow(some);
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

static void a_second_exchange_takes_the_open_and_silent_connection(void **state)
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

static void an_exchange_begun_before_the_last_one_ended_does_not_get_its_answer(void **state)
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

static void bytes_that_came_unasked_are_no_answer_to_the_next_request(void **state)
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

static void a_connection_that_turns_out_dead_is_replaced_once(void **state)
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

static void a_connection_that_stays_silent_is_replaced_when_half_of_the_time_is_over(void **state)
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

static void a_machine_that_slept_through_the_deadline_ends_the_exchange_and_the_next_one_connects_anew(void **state)
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

static void an_answer_that_has_begun_is_not_asked_for_again(void **state)
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

static void another_host_or_port_gets_a_connection_of_its_own(void **state)
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

static void closing_ends_an_exchange_that_is_under_way(void **state)
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
      cmocka_unit_test(a_step_is_one_call_of_the_transport_at_most),
      cmocka_unit_test(what_the_transport_waits_for_is_passed_on),
      cmocka_unit_test(the_key_does_not_go_over_a_transport_that_is_not_verified_tls),
      cmocka_unit_test(a_bad_target_opens_nothing),
      cmocka_unit_test(the_port_is_443_or_80_unless_the_target_says_another),
      cmocka_unit_test(each_error_of_the_transport_ends_the_exchange_and_closes),
      cmocka_unit_test(bytes_that_come_with_an_error_are_no_answer),
      cmocka_unit_test(a_clean_end_completes_a_close_delimited_body_and_a_cut_one_does_not),
      cmocka_unit_test(the_deadline_ends_the_exchange_at_each_point),
      cmocka_unit_test(the_deadline_holds_across_the_wrap_of_the_clock),
      cmocka_unit_test(a_second_exchange_takes_the_open_and_silent_connection),
      cmocka_unit_test(an_exchange_begun_before_the_last_one_ended_does_not_get_its_answer),
      cmocka_unit_test(bytes_that_came_unasked_are_no_answer_to_the_next_request),
      cmocka_unit_test(a_connection_that_turns_out_dead_is_replaced_once),
      cmocka_unit_test(a_connection_that_stays_silent_is_replaced_when_half_of_the_time_is_over),
      cmocka_unit_test(a_machine_that_slept_through_the_deadline_ends_the_exchange_and_the_next_one_connects_anew),
      cmocka_unit_test(an_answer_that_has_begun_is_not_asked_for_again),
      cmocka_unit_test(another_host_or_port_gets_a_connection_of_its_own),
      cmocka_unit_test(closing_ends_an_exchange_that_is_under_way),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
