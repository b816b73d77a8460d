/* The public calls of an exchange in each state; the buffer, the key, the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY "{\"status\":\"Recording\"}"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" BODY
#define HEADER_LENGTH (sizeof ANSWER - sizeof BODY)

static void give(struct wmrec_exchange *x, const char *text)
{
  wmrec_received(x, text, strlen(text));
}

static void assert_zeros(const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    assert_int_equal(bytes[i], 0);
}

static void nothing_is_taken_before_the_request_is_sent(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  assert_int_equal(wmrec_received(&x, ANSWER, sizeof ANSWER - 1), 0);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_WRITE);
  wmrec_to_send(&x, &length);
  wmrec_sent(&x, length - 1);
  assert_int_equal(wmrec_received(&x, ANSWER, 1), 0);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_WRITE);
  assert_int_equal(wmrec_http_status(&x), 0);
  wmrec_sent(&x, 1);
  assert_int_equal(wmrec_received(&x, ANSWER, sizeof ANSWER - 1), sizeof ANSWER - 1);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
}

/* The bytes are not an answer to this request. */
static void a_server_that_speaks_first_ends_the_reuse(void **state)
{
  static const char *const before[] = {"", "HTTP/1.1 100 Continue\r\n\r\n"};
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  for (size_t i = 0; i < COUNT(before); i++) {
    assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
    assert_int_equal(wmrec_received(&x, "H", 1), 0);
    wmrec_to_send(&x, &length);
    wmrec_sent(&x, length);
    give(&x, before[i]);
    give(&x, ANSWER);
    assert_int_equal(wmrec_result(&x), WMREC_OK);
    assert_false(wmrec_keep_alive(&x));
  }
}

static void no_bytes_change_nothing(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  for (const char *next = ANSWER; *next != '\0'; next++) {
    assert_int_equal(wmrec_received(&x, next, 0), 0);
    assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
    assert_int_equal(wmrec_received(&x, next, 1), 1);
  }
  assert_int_equal(wmrec_received(&x, "", 0), 0);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  assert_true(wmrec_keep_alive(&x));
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  assert_int_equal(wmrec_received(&x, "", 0), 0);
  wmrec_closed(&x, true);
  assert_int_equal(wmrec_result(&x), WMREC_ERROR_CLOSED);
}

static void the_request_may_be_sent_a_byte_at_a_time(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE], copy[WMREC_BUFFER_SIZE];
  size_t whole, length;

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  memcpy(copy, wmrec_to_send(&x, &whole), sizeof copy);
  for (size_t i = 0; i < whole; i++) {
    assert_int_equal(wmrec_result(&x), WMREC_WANT_WRITE);
    wmrec_sent(&x, 0);
    assert_memory_equal(wmrec_to_send(&x, &length), copy + i, whole - i);
    assert_int_equal(length, whole - i);
    wmrec_sent(&x, 1);
  }
  wmrec_to_send(&x, &length);
  assert_int_equal(length, 0);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
  give(&x, ANSWER);
  assert_int_equal(wmrec_answer(&x), WMREC_RECORDING);
}

static void the_key_is_wiped_once_the_request_is_sent(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  for (size_t first = 0; first < 100; first += 7) {
    memset(buffer, 0, sizeof buffer);
    assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
    wmrec_to_send(&x, &length);
    assert_true(length > 100);
    wmrec_sent(&x, first);
    wmrec_sent(&x, length - first);
    assert_zeros(buffer, sizeof buffer);
  }
}

static void the_key_is_wiped_when_the_exchange_fails_before_it_is_sent(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  for (size_t i = 0; i < 6; i++) {
    memset(buffer, 0, sizeof buffer);
    assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
    wmrec_sent(&x, i / 3 * 90);
    if (i % 3 == 0)
      wmrec_fail(&x, WMREC_ERROR_TIMEOUT);
    else
      wmrec_closed(&x, i % 3 == 1);
    assert_int_equal(wmrec_result(&x), i % 3 == 0 ? WMREC_ERROR_TIMEOUT : WMREC_ERROR_CLOSED);
    assert_zeros(buffer, sizeof buffer);
  }
}

static void nothing_is_sent_after_a_failure(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length = 1;

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  wmrec_sent(&x, 10);
  wmrec_fail(&x, WMREC_ERROR_CERTIFICATE_HOST);
  wmrec_to_send(&x, &length);
  assert_int_equal(length, 0);
  wmrec_sent(&x, 0);
  assert_int_equal(wmrec_received(&x, ANSWER, sizeof ANSWER - 1), 0);
  assert_int_equal(wmrec_result(&x), WMREC_ERROR_CERTIFICATE_HOST);
  assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
  assert_false(wmrec_keep_alive(&x));
}

static void the_first_error_stays(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  for (size_t part = 0; part < sizeof ANSWER - 1; part++) {
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    wmrec_received(&x, ANSWER, part);
    wmrec_fail(&x, WMREC_ERROR_TIMEOUT);
    wmrec_fail(&x, WMREC_ERROR_RESET);
    wmrec_closed(&x, true);
    wmrec_closed(&x, false);
    assert_int_equal(wmrec_received(&x, ANSWER, sizeof ANSWER - 1), 0);
    wmrec_sent(&x, 0);
    assert_int_equal(wmrec_result(&x), WMREC_ERROR_TIMEOUT);
    assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
    assert_int_equal(wmrec_http_status(&x), part < 13 ? 0 : 200);
    assert_false(wmrec_keep_alive(&x));
  }
}

static void an_answer_stays_too(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  give(&x, ANSWER);
  wmrec_fail(&x, WMREC_ERROR_TIMEOUT);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  assert_true(wmrec_keep_alive(&x));
  assert_int_equal(wmrec_received(&x, "HTTP/1.1 500 X\r\n", 16), 0);
  assert_false(wmrec_keep_alive(&x));
  wmrec_closed(&x, false);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  assert_int_equal(wmrec_answer(&x), WMREC_RECORDING);
  assert_int_equal(wmrec_http_status(&x), 200);
  assert_memory_equal(wmrec_status_text(&x, &length), "Recording", 9);
  assert_int_equal(length, 9);
}

static void an_answer_is_read_once_and_then_the_buffer_is_free(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  give(&x, "HTTP/1.1 200 OK\r\n\r\n" BODY);
  wmrec_closed(&x, true);
  memset(buffer, 'x', sizeof buffer);
  wmrec_closed(&x, true);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  assert_int_equal(wmrec_answer(&x), WMREC_RECORDING);
}

static void a_broken_stream_is_not_the_end_of_a_body(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  for (int i = 0; i < 2; i++) {
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    give(&x, "HTTP/1.1 200 OK\r\n\r\n" BODY);
    wmrec_closed(&x, i == 0);
    assert_int_equal(wmrec_result(&x), i == 0 ? WMREC_OK : WMREC_ERROR_TRUNCATED);
    assert_int_equal(wmrec_answer(&x), i == 0 ? WMREC_RECORDING : WMREC_UNKNOWN);
  }
}

static void the_connection_is_not_kept_before_the_end(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  assert_false(wmrec_keep_alive(&x));
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  for (size_t i = 0; i < sizeof ANSWER - 1; i++) {
    assert_false(wmrec_keep_alive(&x));
    assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
    wmrec_received(&x, &ANSWER[i], 1);
  }
  assert_true(wmrec_keep_alive(&x));
}

static void the_body_can_be_read_as_it_comes(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length = 1;

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  wmrec_body(&x, &length);
  assert_int_equal(length, 0);
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  for (size_t i = 0; i < sizeof ANSWER; i++) {
    const char *body = wmrec_body(&x, &length);

    assert_int_equal(length, i < HEADER_LENGTH ? 0 : i - HEADER_LENGTH);
    assert_memory_equal(body, BODY, length);
    assert_true(body >= buffer && body + length <= buffer + sizeof buffer);
    wmrec_received(&x, &ANSWER[i], i < sizeof ANSWER - 1);
  }
}

static void the_body_of_an_error_can_be_read(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  give(&x, "HTTP/1.1 401 X\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nno s\r\n6\r\nuch ke\r\n1\r\ny\r\n0\r\n\r\n");
  assert_int_equal(wmrec_result(&x), WMREC_ERROR_UNAUTHORIZED);
  assert_memory_equal(wmrec_body(&x, &length), "no such key", 11);
  assert_int_equal(length, 11);
  wmrec_status_text(&x, &length);
  assert_int_equal(length, 0);
}

static void the_body_that_came_before_a_failure_can_be_read(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length;

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  wmrec_received(&x, ANSWER, sizeof ANSWER - 3);
  wmrec_fail(&x, WMREC_ERROR_RESET);
  assert_memory_equal(wmrec_body(&x, &length), BODY, 20);
  assert_int_equal(length, 20);
}

static void the_status_text_is_there_once_it_is_known(void **state)
{
  static const struct {
    const char *answer;
    const char *text;
  } answers[] = {
      {ANSWER, "Recording"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{\"a\":1,\"status\":\"Rec\\n\"}", ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"a\":1,\"status\":\"Rec\\n\"}", "Rec\\n"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"status\":1}", ""},
      {"HTTP/1.1 404 X\r\nContent-Length: 22\r\n\r\n" BODY, ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" BODY, ""},
  };
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  size_t length = 1;

  (void)state;
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  wmrec_status_text(&x, &length);
  assert_int_equal(length, 0);
  for (size_t i = 0; i < COUNT(answers); i++) {
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    give(&x, answers[i].answer);
    assert_memory_equal(wmrec_status_text(&x, &length), answers[i].text, strlen(answers[i].text));
    assert_int_equal(length, strlen(answers[i].text));
  }
}

static void nothing_is_known_before_the_answer(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  memset(&x, 0xff, sizeof x);
  assert_int_equal(wmrec_begin(&x, &cloud, buffer, sizeof buffer), WMREC_OK);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_WRITE);
  assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
  assert_int_equal(wmrec_http_status(&x), 0);
  assert_int_equal(wmrec_retry_after(&x), WMREC_RETRY_AFTER_NONE);
}

static void a_struct_can_be_used_again_after_any_end(void **state)
{
  static const char *const answers[] = {
      "HTTP/1.1 503 X\r\nRetry-After: 9\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "HTTP/1.0 200 OK\r\nA: b",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff", "x", ANSWER};
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];

  (void)state;
  for (size_t i = 0; i < COUNT(answers); i++) {
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    give(&x, answers[i]);
    wmrec_closed(&x, false);
    assert_int_equal(wmrec_begin(&x, &self_hosted, buffer, sizeof buffer), WMREC_OK);
    assert_int_equal(wmrec_http_status(&x), 0);
    assert_int_equal(wmrec_retry_after(&x), WMREC_RETRY_AFTER_NONE);
    assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
    wmrec_fail(&x, WMREC_ERROR_NAME);
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    give(&x, ANSWER);
    assert_int_equal(wmrec_result(&x), WMREC_OK);
    assert_true(wmrec_keep_alive(&x));
  }
}

static void an_exchange_may_be_moved_between_calls(void **state)
{
  struct wmrec_exchange places[2];
  char buffer[WMREC_BUFFER_SIZE];
  const char *text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n" BODY "\r\n0\r\nX: y\r\n\r\n";
  const size_t length = strlen(text);

  (void)state;
  begin_and_send(&places[0], &self_hosted, buffer, sizeof buffer);
  for (size_t i = 0; i < length; i++) {
    struct wmrec_exchange *from = &places[i % 2], *to = &places[(i + 1) % 2];

    assert_int_equal(wmrec_received(from, text + i, 1), 1);
    *to = *from;
    memset(from, 0xa5, sizeof *from);
  }
  assert_int_equal(wmrec_result(&places[length % 2]), WMREC_OK);
  assert_int_equal(wmrec_answer(&places[length % 2]), WMREC_RECORDING);
}

static void two_exchanges_know_nothing_of_each_other(void **state)
{
  static const char other[] = "HTTP/1.0 200 K\r\nContent-Length:  20\r\n\r\n{\"status\":\"Stopped\"}";
  struct wmrec_exchange x, y;
  char x_buffer[WMREC_BUFFER_SIZE], y_buffer[WMREC_BUFFER_SIZE];

  (void)state;
  begin_and_send(&x, &self_hosted, x_buffer, sizeof x_buffer);
  begin_and_send(&y, &cloud, y_buffer, sizeof y_buffer);
  for (size_t i = 0; i < sizeof ANSWER - 1 || i < sizeof other - 1; i++) {
    if (i < sizeof ANSWER - 1)
      wmrec_received(&x, &ANSWER[i], 1);
    if (i < sizeof other - 1)
      wmrec_received(&y, &other[i], 1);
  }
  assert_int_equal(wmrec_answer(&x), WMREC_RECORDING);
  assert_int_equal(wmrec_answer(&y), WMREC_STOPPED);
  assert_true(wmrec_keep_alive(&x));
  assert_false(wmrec_keep_alive(&y));
}

static void a_buffer_may_have_any_alignment(void **state)
{
  struct fence fence;
  struct wmrec_exchange x;

  (void)state;
  fence_open(&fence, 4096);
  for (size_t size = 192; size < 224; size++) {
    for (size_t place = 0; place < 32; place++) {
      unsigned char *buffer = fence.start + place;

      memset(fence.start, 0x55, fence.size);
      begin_and_send(&x, &self_hosted, buffer, size);
      give(&x, ANSWER);
      assert_int_equal(wmrec_result(&x), WMREC_OK);
      assert_int_equal(wmrec_answer(&x), WMREC_RECORDING);
      for (size_t i = 0; i < place; i++)
        assert_int_equal(fence.start[i], 0x55);
      for (size_t i = size; i < size + 32; i++)
        assert_int_equal(buffer[i], 0x55);
    }
  }
  fence_close(&fence);
}

/* The buffer is at the start of the fence, so a read before it faults. */
static void nothing_before_the_buffer_is_read(void **state)
{
  static const char *const bodies[] = {"[1]", "{}", "1", "{\"a\":1}", ""};
  struct fence fence;
  struct wmrec_exchange x;

  (void)state;
  fence_open(&fence, 4096);
  for (size_t i = 0; i < COUNT(bodies); i++) {
    char answer[64];

    sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(bodies[i]), bodies[i]);
    begin_and_send(&x, &self_hosted, fence.start, fence.size);
    give(&x, answer);
    assert_int_equal(wmrec_result(&x), *bodies[i] == '\0' ? WMREC_ERROR_JSON : WMREC_ERROR_NO_STATUS);
  }
  fence_close(&fence);
}

static void a_buffer_is_used_up_to_int_max(void **state)
{
  struct wmrec_exchange x;
  char *buffer = calloc(1, 4096);

  (void)state;
  assert_non_null(buffer);
  begin_and_send(&x, &self_hosted, buffer, SIZE_MAX);
  give(&x, ANSWER);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  free(buffer);
}

/* Serves a 200 whose body is 1 MB of white space before the status. */
static int result_of_large_body(char *buffer, size_t size)
{
  static const char header[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000022\r\n\r\n";
  static char spaces[1000];
  struct wmrec_exchange x;

  memset(spaces, ' ', sizeof spaces);
  begin_and_send(&x, &self_hosted, buffer, size);
  give(&x, header);
  for (int i = 0; i < 1000; i++)
    wmrec_received(&x, spaces, sizeof spaces);
  give(&x, BODY);
  return wmrec_result(&x);
}

static void a_large_body_is_read_if_the_buffer_has_room_for_it(void **state)
{
  const size_t needed = 1000022 + 3 * 16 + sizeof(int);
  char *buffer = malloc(needed);

  (void)state;
  assert_non_null(buffer);
  assert_int_equal(result_of_large_body(buffer, WMREC_BUFFER_SIZE), WMREC_ERROR_BODY_LIMIT);
  assert_int_equal(result_of_large_body(buffer, 1000021), WMREC_ERROR_BODY_LIMIT);
  assert_int_equal(result_of_large_body(buffer, 1000022), WMREC_ERROR_TOKENS);
  assert_int_equal(result_of_large_body(buffer, needed), WMREC_OK);
  free(buffer);
}

/* With a Content-Length, in chunks, and up to the end of the stream. */
static void a_body_over_the_buffer_is_an_error_at_its_first_byte_without_room(void **state)
{
  static const char *const headers[] = {"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfa0\r\n",
                                        "HTTP/1.1 200 OK\r\n\r\n"};
  struct wmrec_exchange x;
  char spaces[300], buffer[256];
  size_t length;

  (void)state;
  memset(spaces, ' ', sizeof spaces);
  for (size_t i = 0; i < COUNT(headers) * 2; i++) {
    begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
    give(&x, headers[i / 2]);
    if (i % 2 == 0) {
      assert_int_equal(wmrec_received(&x, spaces, sizeof buffer), sizeof buffer);
      assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
      assert_int_equal(wmrec_received(&x, spaces, 1), 1);
    } else {
      assert_int_equal(wmrec_received(&x, spaces, sizeof spaces), sizeof buffer + 1);
    }
    assert_int_equal(wmrec_result(&x), WMREC_ERROR_BODY_LIMIT);
    wmrec_body(&x, &length);
    assert_int_equal(length, sizeof buffer);
    assert_false(wmrec_keep_alive(&x));
  }
}

static void an_error_with_a_large_body_is_still_that_error(void **state)
{
  struct wmrec_exchange x;
  char spaces[300], buffer[256];

  (void)state;
  memset(spaces, ' ', sizeof spaces);
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  give(&x, "HTTP/1.1 403 X\r\nContent-Length: 300\r\n\r\n");
  wmrec_received(&x, spaces, sizeof spaces);
  assert_int_equal(wmrec_result(&x), WMREC_ERROR_FORBIDDEN);
  assert_false(wmrec_keep_alive(&x));
}

/* Each single chunk fits. */
static void chunks_that_together_are_over_the_buffer_are_an_error(void **state)
{
  struct wmrec_exchange x;
  char buffer[256];

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  give(&x, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 16; i++) {
    assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
    give(&x, "10\r\n                \r\n");
  }
  give(&x, "1\r\n \r\n");
  assert_int_equal(wmrec_result(&x), WMREC_ERROR_BODY_LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_taken_before_the_request_is_sent),
      cmocka_unit_test(a_server_that_speaks_first_ends_the_reuse),
      cmocka_unit_test(no_bytes_change_nothing),
      cmocka_unit_test(the_request_may_be_sent_a_byte_at_a_time),
      cmocka_unit_test(the_key_is_wiped_once_the_request_is_sent),
      cmocka_unit_test(the_key_is_wiped_when_the_exchange_fails_before_it_is_sent),
      cmocka_unit_test(nothing_is_sent_after_a_failure),
      cmocka_unit_test(the_first_error_stays),
      cmocka_unit_test(an_answer_stays_too),
      cmocka_unit_test(an_answer_is_read_once_and_then_the_buffer_is_free),
      cmocka_unit_test(a_broken_stream_is_not_the_end_of_a_body),
      cmocka_unit_test(the_connection_is_not_kept_before_the_end),
      cmocka_unit_test(the_body_can_be_read_as_it_comes),
      cmocka_unit_test(the_body_of_an_error_can_be_read),
      cmocka_unit_test(the_body_that_came_before_a_failure_can_be_read),
      cmocka_unit_test(the_status_text_is_there_once_it_is_known),
      cmocka_unit_test(nothing_is_known_before_the_answer),
      cmocka_unit_test(a_struct_can_be_used_again_after_any_end),
      cmocka_unit_test(an_exchange_may_be_moved_between_calls),
      cmocka_unit_test(two_exchanges_know_nothing_of_each_other),
      cmocka_unit_test(a_buffer_may_have_any_alignment),
      cmocka_unit_test(nothing_before_the_buffer_is_read),
      cmocka_unit_test(a_buffer_is_used_up_to_int_max),
      cmocka_unit_test(a_large_body_is_read_if_the_buffer_has_room_for_it),
      cmocka_unit_test(a_body_over_the_buffer_is_an_error_at_its_first_byte_without_room),
      cmocka_unit_test(an_error_with_a_large_body_is_still_that_error),
      cmocka_unit_test(chunks_that_together_are_over_the_buffer_are_an_error),
  };

  return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
