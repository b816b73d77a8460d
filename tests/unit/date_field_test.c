/* examples/lamp/date_field.c: the transport that reads the Date field of answers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "date_field.h"

/* The bytes that the inner transport receives, at most `piece` of them in each call. */
static struct {
  const char *text;
  size_t piece;
} inner;

static int inner_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  (void)context;
  (void)host;
  (void)port;
  (void)time_left;
  return WMREC_OK;
}

static int inner_receive(void *context, void *bytes, size_t size, size_t *received)
{
  (void)context;
  *received = strlen(inner.text) < inner.piece ? strlen(inner.text) : inner.piece;
  assert_true(*received <= size);
  memcpy(bytes, inner.text, *received);
  inner.text += *received;
  return WMREC_OK;
}

static int inner_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  (void)context;
  (void)bytes;
  *sent = length;
  return WMREC_OK;
}

static void inner_close(void *context)
{
  (void)context;
}

/* Receives an answer with these header lines, in pieces of this size, and returns the date that was read. */
static int64_t date_of(const char *lines, size_t piece)
{
  static const struct wmrec_transport_functions functions = {
      .is_verified_tls = true, .open = inner_open, .send = inner_send, .receive = inner_receive, .close = inner_close};
  struct date_field field = {.inner = {.functions = &functions}};
  const struct wmrec_transport transport = date_field_transport(&field);
  char answer[500];
  char bytes[500];
  size_t length;
  int64_t date;

  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%s\r\n\r\n{}", lines);
  inner.text = answer;
  inner.piece = piece;
  assert_true(transport.functions->is_verified_tls);
  assert_int_equal(transport.functions->open(transport.context, "host", 443, 1000), WMREC_OK);
  assert_int_equal(transport.functions->send(transport.context, "request", 7, &length), WMREC_OK);
  assert_int_equal(length, 7);
  do
    assert_int_equal(transport.functions->receive(transport.context, bytes, sizeof bytes, &length), WMREC_OK);
  while (length > 0);
  date = field.date;
  transport.functions->close(transport.context);
  transport.functions->open(transport.context, "host", 443, 1000);
  assert_int_equal(field.date, 0); /* a new connection starts without a date */
  return date;
}

static void the_date_field_is_read_in_pieces_of_any_size_at_any_place(void **state)
{
  static const char *const lines[] = {
      "Date: Sun, 06 Nov 1994 08:49:37 GMT", "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: x",
      "Server: x\r\nDATE: Sun, 06 Nov 1994 08:49:37 GMT", "Dat\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: \r\n"};

  (void)state;
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    for (size_t piece = 1; piece < 100; piece++)
      assert_int_equal(date_of(lines[i], piece), 784111777);
}

static void a_malformed_date_and_other_fields_are_ignored(void **state)
{
  static const char *const lines[] = {"Server: x",
                                      "X-Date: Sun, 06 Nov 1994 08:49:37 GMT",
                                      "Server: Date: Sun, 06 Nov 1994 08:49:37 GMT",
                                      "Date: Sunday, 06-Nov-94 08:49:37 GMT",
                                      "Date: Sun Nov  6 08:49:37 1994     ",
                                      "Date: Sun, 06 Nov 1994 08:49:37 CET",
                                      "Date: Sun, 06 nov 1994 08:49:37 GMT",
                                      "Date: Sun, 32 Nov 1994 08:49:37 GMT",
                                      "Date: Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Date: Sun, 06 Nov 1994 08:60:37 GMT",
                                      "Date: Sun, 06 Nov 1994 08:49:61 GMT",
                                      "Date: Sun, 06 Nov 19x4 08:49:37 GMT",
                                      "Date: Sun, 06 Nov -994 08:49:37 GMT",
                                      "Date: "};

  (void)state;
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    assert_int_equal(date_of(lines[i], 500), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_date_field_is_read_in_pieces_of_any_size_at_any_place),
      cmocka_unit_test(a_malformed_date_and_other_fields_are_ignored),
  };

  return cmocka_run_group_tests_name("date_field", tests, NULL, NULL);
}
