/* port/trace.c and port/key.c: the lines that a trace reports, without the key in any spelling.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "trace.h"

/* A key with each character that JSON has a short escape for, and with text that looks like an escape of JSON (\\) and
 * of a URL (%25). */
#define KEY "wS/\"\\\\%25t"

enum { LONGEST = 6 * (sizeof KEY - 1), LARGE = 2 * 512 };

/* The inner transport: it moves `bytes` in three pieces, or each byte alone. */
static struct {
  const char *bytes;
  size_t length;
  size_t cuts[2]; /* ascending; EVERY_BYTE */
  size_t moved;
} stream;

static char shown[16384]; /* what the callback was given: "> text", a line each */
static char memory[LARGE];
static const char *password; /* of the trace; NULL: none */
static struct wmrec_trace trace;
static struct wmrec_transport transport;

static size_t piece(void)
{
  if (stream.cuts[0] == EVERY_BYTE)
    return stream.moved < stream.length;
  for (size_t i = 0; i < COUNT(stream.cuts); i++)
    if (stream.moved < stream.cuts[i])
      return stream.cuts[i] - stream.moved;
  return stream.length - stream.moved;
}

static int inner_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  (void)context;
  (void)host;
  (void)port;
  (void)time_left;
  return WMREC_OK;
}

static int inner_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  (void)context;
  assert_int_equal(length, stream.length - stream.moved);
  assert_memory_equal(bytes, stream.bytes + stream.moved, length);
  *sent = piece();
  return WMREC_OK;
}

static int inner_receive(void *context, void *bytes, size_t size, size_t *received)
{
  (void)context;
  *received = piece();
  assert_true(*received <= size);
  memcpy(bytes, stream.bytes + stream.moved, *received);
  return WMREC_OK;
}

static void inner_close(void *context)
{
  (void)context;
}

static void replace_all(char *text, const char *old, char new)
{
  for (char *place = strstr(text, old); place != NULL; place = strstr(place + 1, old)) {
    *place = new;
    memmove(place + 1, place + strlen(old), strlen(place + strlen(old)) + 1);
  }
}

/* Decodes the escapes of the key's characters: what a reader of JSON or of a URL makes of them. */
static void decode(char *text, const char *key, const char *format)
{
  for (; *key != '\0'; key++) {
    char escaped[8];

    snprintf(escaped, sizeof escaped, format, (unsigned char)*key);
    replace_all(text, escaped, *key);
  }
}

static void assert_no_key(const char *text, size_t length, const char *key)
{
  char decoded[LARGE];

  if (key == NULL || *key == '\0')
    return;
  snprintf(decoded, sizeof decoded, "%.*s", (int)length, text);
  assert_null(strstr(decoded, key));
  decode(decoded, key, "%%%02x");
  assert_null(strstr(decoded, key));
  snprintf(decoded, sizeof decoded, "%.*s", (int)length, text);
  decode(decoded, key, "\\u%04x");
  decode(decoded, "\"\\/", "\\%c");
  assert_null(strstr(decoded, key));
  decode(decoded, key, "%%%02x");
  assert_null(strstr(decoded, key));
}

static void show(void *context, char direction, const char *text, size_t length)
{
  const size_t end = strlen(shown);

  assert_ptr_equal(context, &trace);
  assert_true(direction == '*' || length <= trace.size / 2);
  for (size_t i = 0; i < length; i++)
    assert_in_range(text[i], ' ', '~');
  assert_no_key(text, length, trace.key);
  assert_true(end + length + 4 < sizeof shown);
  snprintf(shown + end, sizeof shown - end, "%c %.*s\n", direction, (int)length, text);
}

static void begin(struct wmrec_transport inner, const char *key, size_t size)
{
  shown[0] = '\0';
  memset(memory, 0, sizeof memory);
  trace = (struct wmrec_trace){.inner = inner,
                               .key = key,
                               .password = password,
                               .line = show,
                               .context = &trace,
                               .buffer = memory,
                               .size = size};
  transport = wmrec_trace_transport(&trace);
}

static void begin_stream(const char *key, size_t size)
{
  static const struct wmrec_transport_functions functions = {true, inner_open, inner_send, inner_receive, inner_close};

  begin((struct wmrec_transport){&functions, NULL}, key, size);
}

/* Sends ('>') or receives ('<') all bytes, in the pieces of `stream`; they must pass unchanged. */
static void move(char direction, const char *bytes, size_t length)
{
  stream.bytes = bytes;
  stream.length = length;
  stream.moved = 0;
  while (stream.moved < length) {
    char received[8192];
    size_t count = 0;
    const int result =
        direction == '>'
            ? transport.functions->send(transport.context, bytes + stream.moved, length - stream.moved, &count)
            : transport.functions->receive(transport.context, received, sizeof received, &count);

    assert_int_equal(result, WMREC_OK);
    assert_int_equal(count, piece());
    assert_true(direction == '>' || memcmp(received, bytes + stream.moved, count) == 0);
    stream.moved += count;
  }
}

static void set_cuts(size_t first, size_t second)
{
  stream.cuts[0] = first;
  stream.cuts[1] = second;
}

/* Moves text, and closes: what is shown. */
static const char *shown_of(char direction, const char *text, const char *key, size_t size)
{
  begin_stream(key, size);
  move(direction, text, strlen(text));
  transport.functions->close(transport.context);
  return shown;
}

/* In both directions, whole, in single bytes, and cut at every two places: `expected`, with directions as '>'. */
static void assert_shown(const char *text, const char *key, const char *expected)
{
  const size_t length = strlen(text);
  char received[1024];

  assert_true(strlen(expected) < sizeof received);
  strcpy(received, expected);
  for (size_t i = 0; received[i] != '\0'; i++)
    if (received[i] == '>' && (i == 0 || received[i - 1] == '\n'))
      received[i] = '<';
  set_cuts(EVERY_BYTE, EVERY_BYTE);
  assert_string_equal(shown_of('>', text, key, LARGE), expected);
  assert_string_equal(shown_of('<', text, key, LARGE), received);
  for (size_t first = 0; first <= length; first++)
    for (size_t second = first; second <= length; second += is_fewer() ? 7 : 1) {
      set_cuts(first, second);
      assert_string_equal(shown_of('>', text, key, LARGE), expected);
      assert_string_equal(shown_of('<', text, key, LARGE), received);
    }
}

static void a_line_is_reported_whole_in_whatever_pieces_it_comes(void **state)
{
  (void)state;
  assert_shown("GET / HTTP/1.1\r\nHost: h\r\n\r\n", KEY, "> GET / HTTP/1.1\n> Host: h\n> \n");
}

static void a_line_ends_in_LF_or_CRLF_and_any_other_CR_is_shown(void **state)
{
  (void)state;
  assert_shown("a\nb\r\n\n\rc\r\r\nd\re", KEY, "> a\n> b\n> \n> \\x0dc\\x0d\n> d\\x0de\n");
  assert_shown("a\r", KEY, "> a\n");
  assert_shown("\r", KEY, "> \n");
}

static void a_byte_that_is_not_printable_ASCII_is_written_as_xNN(void **state)
{
  (void)state;
  set_cuts(0, 0);
  for (int byte = 0; byte < 256; byte++) {
    const char text[] = {'a', (char)byte, 'b', '\n'};
    char expected[16];

    if (byte == '\n')
      continue;
    snprintf(expected, sizeof expected, byte >= ' ' && byte <= '~' ? "< a%cb\n" : "< a\\x%02xb\n", byte);
    begin_stream(KEY, LARGE);
    move('<', text, sizeof text);
    assert_string_equal(shown, expected);
  }
}

/* Writes the key: the characters from `from` up to `to` escaped by printf()'s format, the others only if they must be.
 */
static const char *spell(const char *format, size_t from, size_t to)
{
  static char text[LONGEST + 1];
  const char *must_be_escaped = format[0] == '\\' ? "\"\\" : "%";
  size_t length = 0;

  for (size_t i = 0; KEY[i] != '\0'; i++) {
    const bool is_escaped = (i >= from && i < to) || strchr(must_be_escaped, KEY[i]) != NULL;

    length += (size_t)snprintf(text + length, sizeof text - length, is_escaped ? format : "%c", KEY[i]);
  }
  return text;
}

enum { SPELLINGS = 13, MIXED = 12 };

/* The key, as JSON, a URL, or a URL in JSON can write it. */
static const char *spelling(size_t number)
{
  static const char *const formats[] = {"\\u%04x", "%%%02x", "\\u%04X", "%%%02X"};
  const char *format = formats[number % COUNT(formats)];
  const size_t all = strlen(KEY);

  if (number == MIXED)
    return "%77\\u0053\\/\\\"\\\\\\u005c%25%32\\u0035t";
  if (number < 4)
    return spell(format, 0, all);
  return number < 8 ? spell(format, 0, 1) : spell(format, all - 1, all);
}

static void the_key_is_shown_as_a_mark_in_any_spelling_and_in_whatever_pieces_it_comes(void **state)
{
  char text[2 * LONGEST + 8];

  (void)state;
  assert_shown("x " KEY " y" KEY "\n", KEY, "> x [key] y[key]\n");
  assert_shown("x wS\\/\\\"\\\\\\\\%25t y\r\n", KEY, "> x [key] y\n");
  for (size_t number = 0; number < SPELLINGS; number++) {
    snprintf(text, sizeof text, "x %s y\r\n", spelling(number));
    assert_shown(text, KEY, "> x [key] y\n");
  }
}

static void a_key_shorter_than_the_mark_is_found(void **state)
{
  (void)state;
  assert_shown("xzz\\u007ay\n", "z", "> x[key][key][key]y\n");
}

static void a_key_that_follows_a_part_of_itself_is_found(void **state)
{
  (void)state;
  assert_shown("aaab aab\n", "aab", "> a[key] [key]\n");
  assert_shown("\\u006\\u0061ab\n", "aab", "> \\u006[key]\n");
}

static void text_that_begins_as_the_key_does_and_goes_on_otherwise_is_shown(void **state)
{
  (void)state;
  assert_shown("x sesam sesamE \\u0073esa\\u006d\nsesam\r\n", "sesame",
               "> x sesam sesamE \\u0073esa\\u006d\n> sesam\n");
}

static void a_password_is_not_shown_either(void **state)
{
  (void)state;
  password = "sesame";
  assert_shown("a dTpz b sesame dTpzesame \\u0073esame ses dTp\n", "dTpz",
               "> a [key] b [key] [key]esame [key] ses dTp\n");
  assert_shown("a sesame dTpz\n", NULL, "> a [key] dTpz\n");
  password = NULL;
}

static void without_a_key_all_is_shown(void **state)
{
  (void)state;
  assert_shown("Token " KEY "\n", NULL, "> Token " KEY "\n");
  assert_shown("Token " KEY "\n", "", "> Token " KEY "\n");
}

static void a_key_that_the_end_of_the_stream_cuts_is_not_shown_in_part(void **state)
{
  const size_t length = strlen(spelling(0));
  char text[LONGEST + 8];

  (void)state;
  for (size_t part = 1; part <= length; part += is_fewer() ? 7 : 1) {
    snprintf(text, sizeof text, "x %.*s", (int)part, spelling(0));
    assert_shown(text, KEY, "> x [key]\n");
  }
}

/* Joins the parts of a line: removes the line end and the direction between them. */
static const char *joined(const char *parts)
{
  static char text[sizeof shown];
  size_t length = 0;

  for (size_t i = 2; parts[i] != '\0'; i++)
    if (parts[i] == '\n' && parts[i + 1] != '\0')
      i += 2;
    else
      text[length++] = parts[i];
  text[length] = '\0';
  return text;
}

static void with_a_buffer_of_any_size_and_the_key_at_any_place_it_is_never_shown(void **state)
{
  static const char before[] = "................";
  char text[LONGEST + 64];
  char expected[64];

  (void)state;
  for (size_t number = 0; number < SPELLINGS; number++)
    for (size_t half = WMREC_TRACE_SIZE_MIN / 2; half < LONGEST + 20; half += is_fewer() ? 19 : 1)
      for (size_t place = 0; place < sizeof before; place++) {
        const bool fits = strlen(spelling(number)) + 4 <= half;

        snprintf(text, sizeof text, "%.*s%s-------\r\n", (int)place, before, spelling(number));
        snprintf(expected, sizeof expected, "%.*s[key]%s\n", (int)place, before, fits ? "-------" : "");
        for (size_t cut = 0; cut <= strlen(text); cut += 7) {
          set_cuts(cut, cut + 1);
          assert_string_equal(joined(shown_of('>', text, KEY, 2 * half)), expected);
        }
        set_cuts(EVERY_BYTE, EVERY_BYTE);
        assert_string_equal(joined(shown_of('>', text, KEY, 2 * half)), expected);
      }
}

static void after_a_key_that_does_not_fit_the_next_line_is_shown(void **state)
{
  (void)state;
  set_cuts(0, 0);
  assert_string_equal(shown_of('<', "x " KEY " left out\r\nnext\n", KEY, 2 * 8), "< x \n< [key]\n< next\n");
}

/* A line of `length` bytes or keys, with a buffer of any small size: it comes in parts, none of which is empty. */
static void assert_shown_in_parts(const char *one, const char *key, const char *expected_one, size_t length)
{
  char text[256] = "";
  char expected[256] = "";

  for (size_t i = 0; i < length; i++) {
    strcat(text, one);
    strcat(expected, expected_one);
  }
  strcat(text, "\r\n");
  strcat(expected, "\n");
  for (size_t half = WMREC_TRACE_SIZE_MIN / 2; half < 24; half++)
    for (size_t cut = 0; cut < strlen(text); cut += 5) {
      set_cuts(cut, strlen(text) - 1);
      assert_string_equal(joined(shown_of('<', text, key, 2 * half)), expected);
      assert_null(strstr(shown, "< \n"));
    }
}

static void a_line_longer_than_the_buffer_is_reported_in_parts_none_of_which_is_empty(void **state)
{
  (void)state;
  for (size_t length = 1; length < 40; length += is_fewer() ? 7 : 1) {
    assert_shown_in_parts("x", KEY, "x", length);
    assert_shown_in_parts("\x1b", KEY, "\\x1b", length);
    assert_shown_in_parts("z", "z", "[key]", length);
  }
}

static void each_direction_has_its_own_line(void **state)
{
  (void)state;
  set_cuts(0, 0);
  begin_stream(KEY, LARGE);
  move('>', "GET /", 5);
  move('<', "HTTP/", 5);
  move('<', "1.1 200\r\n", 9);
  move('>', "x\r\n", 3);
  assert_string_equal(shown, "< HTTP/1.1 200\n> GET /x\n");
}

static void an_answer_without_a_line_end_is_reported_with_the_next_request_or_by_close(void **state)
{
  (void)state;
  set_cuts(0, 0);
  begin_stream(KEY, LARGE);
  move('<', "{}", 2);
  assert_string_equal(shown, "");
  move('>', "GET\r\n", 5);
  assert_string_equal(shown, "< {}\n> GET\n");
  move('<', "[]", 2);
  transport.functions->close(transport.context);
  assert_string_equal(shown, "< {}\n> GET\n< []\n");
}

static void the_next_request_does_not_end_an_answer_within_the_key(void **state)
{
  (void)state;
  set_cuts(0, 0);
  begin_stream("sesame", LARGE);
  move('<', "x sesa", 6);
  move('>', "GET\r\n", 5);
  move('<', "me y\r\n", 6);
  assert_string_equal(shown, "> GET\n< x [key] y\n");
}

static void the_next_connection_begins_a_new_line(void **state)
{
  (void)state;
  set_cuts(0, 0);
  begin_stream(KEY, 2 * 8);
  move('<', "x " KEY " left out", strlen("x " KEY " left out"));
  transport.functions->close(transport.context);
  assert_int_equal(transport.functions->open(transport.context, "h", 80, 1), WMREC_OK);
  move('<', "next\n", 5);
  assert_string_equal(shown, "< x \n< [key]\n* connected\n< next\n");
}

static bool is_in_memory(const char *bytes, size_t length)
{
  for (size_t i = 0; i + length <= sizeof memory; i++)
    if (memcmp(memory + i, bytes, length) == 0)
      return true;
  return false;
}

static void nothing_of_the_key_stays_in_memory_once_all_of_it_has_come(void **state)
{
  char text[LARGE];

  (void)state;
  for (size_t number = 0; number < SPELLINGS; number++)
    for (size_t half = 16; half < 2 * LONGEST; half += 3) {
      const size_t before = half - 10; /* the buffer is full before all of the key has come */
      const size_t length = (size_t)snprintf(text, sizeof text, "%*s%s", (int)before, "", spelling(number));

      set_cuts(before + 5, before + 5);
      begin_stream(KEY, 2 * half);
      move('>', text, length);
      for (size_t i = before; i + 3 <= length; i++)
        assert_false(is_in_memory(text + i, 3));
    }
}

static void results_of_the_inner_transport_pass_and_nothing_is_shown_of_bytes_that_did_not(void **state)
{
  static const struct fake_step steps[] = {
      {FAKE_OPEN, WMREC_WANT_WRITE, NULL, 0},   {FAKE_OPEN, WMREC_ERROR_CONNECT, NULL, 0},
      {FAKE_OPEN, WMREC_OK, NULL, 0},           {FAKE_SEND, WMREC_WANT_READ, NULL, 0},
      {FAKE_SEND, WMREC_OK, NULL, 4},           {FAKE_SEND, WMREC_ERROR_RESET, NULL, 0},
      {FAKE_RECEIVE, WMREC_WANT_CALL, NULL, 0}, {FAKE_RECEIVE, WMREC_OK, "b\n", 0},
      {FAKE_RECEIVE, WMREC_OK, NULL, 0},        {FAKE_RECEIVE, WMREC_ERROR_TRUNCATED, "no answer\n", 0},
      {FAKE_CLOSE, WMREC_OK, NULL, 0},          {FAKE_END, 0, NULL, 0}};
  static const int sends[] = {WMREC_WANT_READ, WMREC_OK, WMREC_ERROR_RESET};
  static const int receives[] = {WMREC_WANT_CALL, WMREC_OK, WMREC_OK, WMREC_ERROR_TRUNCATED};
  struct fake fake = {.steps = steps};
  char bytes[100];

  (void)state;
  begin(fake_transport(&fake, false), NULL, LARGE);
  assert_int_equal(transport.functions->open(transport.context, "h", 4711, 60000), WMREC_WANT_WRITE);
  assert_int_equal(transport.functions->open(transport.context, "h", 4711, 60000), WMREC_ERROR_CONNECT);
  assert_string_equal(shown, "");
  assert_int_equal(transport.functions->open(transport.context, "h", 4711, 60000), WMREC_OK);
  assert_int_equal(fake.port, 4711);
  assert_int_equal(fake.time_left, 60000);
  for (size_t i = 0, count = 0; i < COUNT(sends); i++, count = 0)
    assert_int_equal(transport.functions->send(transport.context, "one\ntwo\n", 8, &count), sends[i]);
  assert_int_equal(fake.sent_length, 4);
  for (size_t i = 0, count = 0; i < COUNT(receives); i++, count = 0)
    assert_int_equal(transport.functions->receive(transport.context, bytes, sizeof bytes, &count), receives[i]);
  assert_string_equal(shown, "* connected\n> one\n< b\n");
  transport.functions->close(transport.context);
  assert_false(fake.is_open);
  assert_false(fake.is_off_script);
  assert_string_equal(shown, "* connected\n> one\n< b\n");
}

static void it_is_verified_TLS_if_the_inner_transport_is(void **state)
{
  struct fake fake = {0};

  (void)state;
  for (int is_tls = 0; is_tls < 2; is_tls++) {
    begin(fake_transport(&fake, is_tls), NULL, LARGE);
    assert_int_equal(transport.functions->is_verified_tls, is_tls);
  }
}

static void without_an_inner_transport_there_is_none(void **state)
{
  struct wmrec_trace empty = {.size = 0};

  (void)state;
  assert_null(wmrec_trace_transport(&empty).functions);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_is_reported_whole_in_whatever_pieces_it_comes),
      cmocka_unit_test(a_line_ends_in_LF_or_CRLF_and_any_other_CR_is_shown),
      cmocka_unit_test(a_byte_that_is_not_printable_ASCII_is_written_as_xNN),
      cmocka_unit_test(the_key_is_shown_as_a_mark_in_any_spelling_and_in_whatever_pieces_it_comes),
      cmocka_unit_test(a_key_shorter_than_the_mark_is_found),
      cmocka_unit_test(a_key_that_follows_a_part_of_itself_is_found),
      cmocka_unit_test(text_that_begins_as_the_key_does_and_goes_on_otherwise_is_shown),
      cmocka_unit_test(a_password_is_not_shown_either),
      cmocka_unit_test(without_a_key_all_is_shown),
      cmocka_unit_test(a_key_that_the_end_of_the_stream_cuts_is_not_shown_in_part),
      cmocka_unit_test(with_a_buffer_of_any_size_and_the_key_at_any_place_it_is_never_shown),
      cmocka_unit_test(after_a_key_that_does_not_fit_the_next_line_is_shown),
      cmocka_unit_test(a_line_longer_than_the_buffer_is_reported_in_parts_none_of_which_is_empty),
      cmocka_unit_test(each_direction_has_its_own_line),
      cmocka_unit_test(an_answer_without_a_line_end_is_reported_with_the_next_request_or_by_close),
      cmocka_unit_test(the_next_request_does_not_end_an_answer_within_the_key),
      cmocka_unit_test(the_next_connection_begins_a_new_line),
      cmocka_unit_test(nothing_of_the_key_stays_in_memory_once_all_of_it_has_come),
      cmocka_unit_test(results_of_the_inner_transport_pass_and_nothing_is_shown_of_bytes_that_did_not),
      cmocka_unit_test(it_is_verified_TLS_if_the_inner_transport_is),
      cmocka_unit_test(without_an_inner_transport_there_is_none),
  };

  return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
