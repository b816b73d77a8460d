/* The response: RFC 9112's framing, the result of each status, and the golden answers in every split.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY "{\"status\":\"Recording\"}"
#define LENGTH "Content-Length: 22\r\n\r\n" BODY
#define LINE "HTTP/1.1 200 OK\r\n"
#define CHUNKED LINE "Transfer-Encoding: chunked\r\n\r\n"
#define COLUMNS 8

static struct golden *golden;
static size_t golden_count;

static void run_text(const char *text, enum ending ending, struct outcome *outcome)
{
  const struct run run = {.bytes = text, .length = strlen(text), .ending = ending};

  run_every_way(&run, outcome);
}

/* Runs an answer with this byte between two texts, whole and byte by byte. */
static void run_byte(const char *before, unsigned byte, const char *after, struct outcome *outcome)
{
  static struct outcome other;
  char bytes[512];
  struct run run = {.bytes = bytes, .ending = END_CLEAN};
  const size_t length = strlen(before);

  run.length = length + 1 + strlen(after);
  assert_true(run.length < sizeof bytes);
  memcpy(bytes, before, length);
  bytes[length] = (char)byte;
  memcpy(bytes + length + 1, after, run.length - length - 1);
  run_exchange(&run, outcome);
  run.cut_count = EVERY_BYTE;
  run_exchange(&run, &other);
  assert_same_outcome(outcome, &other);
}

static bool is_digit(unsigned c)
{
  return c >= '0' && c <= '9';
}

/* RFC 9110, section 5.6.2. */
static bool is_token(unsigned c)
{
  return c != 0 &&
         strchr("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", (int)c) != NULL;
}

/* RFC 9110, section 5.5: VCHAR, obs-text, SP and HTAB. */
static bool is_field_text(unsigned c)
{
  return c == '\t' || (c >= ' ' && c <= '~') || c >= 0x80;
}

static void any_other_byte_in_the_fixed_part_of_a_status_line_is_an_error(void **state)
{
  static const char line[] = "HTTP/1.1 200 ";
  static struct outcome outcome;

  (void)state;
  for (unsigned i = 0; i < 256 * (sizeof line - 1); i++) {
    const size_t place = i / 256;
    const bool is_number = place == 7 || (place >= 9 && place <= 11);
    char before[sizeof line] = "";

    memcpy(before, line, place);
    run_byte(before, i % 256, place == 12 ? "OK\r\n" LENGTH : " 200 OK\r\n" LENGTH, &outcome);
    const bool is_end = place == 12 && i % 256 == '\r';

    if (!is_number && !is_end && i % 256 != (unsigned char)line[place])
      assert_result(&outcome, WMREC_ERROR_STATUS_LINE);
  }
}

static void the_minor_version_is_one_digit(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    run_byte("HTTP/1.", c, " 200 OK\r\n" LENGTH, &outcome);
    assert_result(&outcome, is_digit(c) ? WMREC_OK : WMREC_ERROR_STATUS_LINE);
  }
}

static void a_status_has_digits_only(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    run_byte("HTTP/1.1 ", c, "00 OK\r\n" LENGTH, &outcome);
    assert_true((outcome.result == WMREC_ERROR_STATUS_LINE) == (!is_digit(c) || c == '1'));
    run_byte("HTTP/1.1 2", c, "0 OK\r\n" LENGTH, &outcome);
    assert_true((outcome.result == WMREC_ERROR_STATUS_LINE) == !is_digit(c));
    run_byte("HTTP/1.1 20", c, " OK\r\n" LENGTH, &outcome);
    assert_true((outcome.result == WMREC_ERROR_STATUS_LINE) == !is_digit(c));
  }
}

static int expected_of_status(int status)
{
  static const int own[][2] = {{101, WMREC_ERROR_STATUS},
                               {200, WMREC_OK},
                               {401, WMREC_ERROR_UNAUTHORIZED},
                               {403, WMREC_ERROR_FORBIDDEN},
                               {404, WMREC_ERROR_NOT_FOUND},
                               {408, WMREC_ERROR_ASK_AGAIN},
                               {421, WMREC_ERROR_ASK_AGAIN},
                               {425, WMREC_ERROR_ASK_AGAIN},
                               {429, WMREC_ERROR_TOO_MANY_REQUESTS},
                               {503, WMREC_ERROR_UNAVAILABLE}};
  static const int classes[] = {WMREC_ERROR_SERVER, WMREC_WANT_READ,    WMREC_ERROR_STATUS, WMREC_ERROR_REDIRECT,
                                WMREC_ERROR_CLIENT, WMREC_ERROR_SERVER, WMREC_ERROR_SERVER, WMREC_ERROR_SERVER,
                                WMREC_ERROR_SERVER, WMREC_ERROR_SERVER};

  for (size_t i = 0; i < COUNT(own); i++)
    if (own[i][0] == status)
      return own[i][1];
  return classes[status / 100];
}

static void every_status_from_000_to_999_has_its_outcome(void **state)
{
  static struct outcome outcome;
  char answer[128];

  (void)state;
  for (int status = 0; status <= 999; status++) {
    struct run run = {.bytes = answer, .ending = END_OPEN};
    const int expected = expected_of_status(status);
    const bool has_body = status / 100 != 1 && status != 204 && status != 304;

    snprintf(answer, sizeof answer, "HTTP/1.1 %03d X\r\nContent-Length: 22\r\n\r\n%s", status, has_body ? BODY : "");
    run.length = strlen(answer);
    run_exchange(&run, &outcome);
    assert_result(&outcome, expected);
    assert_int_equal(outcome.http_status, status);
    assert_int_equal(outcome.keep_alive, expected <= 0 && status != 101);
    assert_int_equal(outcome.body_length, has_body ? 22 : 0);
  }
}

static void a_name_has_tchars_only(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    run_byte(LINE, c, "Y: z\r\n" LENGTH, &outcome);
    assert_result(&outcome, is_token(c) ? WMREC_OK : WMREC_ERROR_HEADER);
    run_byte(LINE "X", c, "Y: z\r\n" LENGTH, &outcome);
    assert_result(&outcome, is_token(c) || c == ':' ? WMREC_OK : WMREC_ERROR_HEADER);
    run_byte(CHUNKED "16\r\n" BODY "\r\n0\r\n", c, "Y: z\r\n\r\n", &outcome);
    assert_result(&outcome, is_token(c) ? WMREC_OK : WMREC_ERROR_HEADER);
  }
}

static void a_control_byte_in_a_text_is_an_error(void **state)
{
  static const struct {
    const char *before;
    const char *after;
    int error;
  } places[] = {
      {"HTTP/1.1 200 O", "K\r\n" LENGTH, WMREC_ERROR_HEADER},
      {LINE "X:", "a\r\n" LENGTH, WMREC_ERROR_HEADER},
      {LINE "X: a", "b\r\n" LENGTH, WMREC_ERROR_HEADER},
      {LINE "Connection: a", "b\r\n" LENGTH, WMREC_ERROR_HEADER},
      {LINE "Retry-After: 1", "2\r\n" LENGTH, WMREC_ERROR_HEADER},
      {CHUNKED "16;a", "b\r\n" BODY "\r\n0\r\n\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16\r\n" BODY "\r\n0;", "a\r\n\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16\r\n" BODY "\r\n0\r\nX: a", "b\r\n\r\n", WMREC_ERROR_HEADER},
  };
  static struct outcome outcome;

  (void)state;
  for (unsigned i = 0; i < 256 * COUNT(places); i++) {
    const size_t place = i / 256;

    run_byte(places[place].before, i % 256, places[place].after, &outcome);
    assert_result(&outcome, is_field_text(i % 256) ? WMREC_OK : places[place].error);
  }
}

static void only_a_line_feed_may_follow_a_carriage_return(void **state)
{
  static const struct {
    const char *before;
    const char *after;
    int error;
  } places[] = {
      {"HTTP/1.1 200 OK\r", LENGTH, WMREC_ERROR_HEADER},
      {LINE "X: y\r", LENGTH, WMREC_ERROR_HEADER},
      {LINE "Content-Length: 22\r\n\r", BODY, WMREC_ERROR_HEADER},
      {LINE "Transfer-Encoding: chunked\r\n\r", "16\r\n" BODY "\r\n0\r\n\r\n", WMREC_ERROR_HEADER},
      {"HTTP/1.1 100 X\r\n\r", LINE LENGTH, WMREC_ERROR_HEADER},
      {CHUNKED "16\r", BODY "\r\n0\r\n\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16;x\r", BODY "\r\n0\r\n\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16\r\n" BODY "\r", "0\r\n\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16\r\n" BODY "\r\n0\r", "\r\n", WMREC_ERROR_CHUNK},
      {CHUNKED "16\r\n" BODY "\r\n0\r\nX: y\r", "\r\n", WMREC_ERROR_HEADER},
      {CHUNKED "16\r\n" BODY "\r\n0\r\n\r", "", WMREC_ERROR_HEADER},
  };
  static struct outcome outcome;

  (void)state;
  for (unsigned i = 0; i < 256 * COUNT(places); i++) {
    const size_t place = i / 256;

    run_byte(places[place].before, i % 256, places[place].after, &outcome);
    assert_result(&outcome, i % 256 == '\n' ? WMREC_OK : places[place].error);
  }
}

static void a_chunk_size_is_hexadecimal_digits_only(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    const bool is_hex = c != 0 && strchr("0123456789abcdefABCDEF", (int)c) != NULL;

    run_byte(CHUNKED, c, "16\r\n" BODY "\r\n0\r\n\r\n", &outcome);
    assert_result(&outcome, c == '0' ? WMREC_OK : is_hex ? WMREC_ERROR_TRUNCATED : WMREC_ERROR_CHUNK);
    run_byte(CHUNKED "1", c, "\r\n" BODY "\r\n0\r\n\r\n", &outcome);
    if (c == ';' || c == '6')
      assert_true((outcome.result == WMREC_OK) == (c == '6'));
    else if (!is_hex)
      assert_result(&outcome, WMREC_ERROR_CHUNK);
    else
      assert_true(outcome.result == WMREC_ERROR_CHUNK || outcome.result == WMREC_ERROR_TRUNCATED);
    run_byte(CHUNKED "16", c, "\r\n" BODY "\r\n0\r\n\r\n", &outcome);
    assert_result(&outcome, c == ';' ? WMREC_OK : is_hex ? WMREC_ERROR_TRUNCATED : WMREC_ERROR_CHUNK);
    run_byte(CHUNKED "16\r\n" BODY "\r\n", c, "\r\n\r\n                ", &outcome);
    assert_result(&outcome, c == '0' ? WMREC_OK : WMREC_ERROR_CHUNK);
    run_byte(CHUNKED "16 ", c, "\r\n" BODY "\r\n0\r\n\r\n", &outcome);
    assert_result(&outcome, c == ';' ? WMREC_OK : WMREC_ERROR_CHUNK);
  }
}

static void a_chunk_is_closed_by_crlf_and_nothing_else(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    run_byte(CHUNKED "16\r\n" BODY, c, "\n0\r\n\r\n", &outcome);
    assert_result(&outcome, c == '\r' ? WMREC_OK : WMREC_ERROR_CHUNK);
    run_byte(CHUNKED "16\r\n" BODY, c, "\r\n0\r\n\r\n", &outcome);
    assert_result(&outcome, WMREC_ERROR_CHUNK);
  }
}

static void a_chunk_size_of_every_digit_counts_that_many_bytes(void **state)
{
  static struct outcome outcome;
  static char spaces[256];
  char answer[1024];
  struct run run = {.bytes = answer, .ending = END_OPEN, .buffer_size = RUN_BUFFER_MOST};

  (void)state;
  memset(spaces, ' ', sizeof spaces);
  for (int size = 1; size < 256; size++) {
    run.length =
        (size_t)snprintf(answer, sizeof answer, CHUNKED "%x\r\n%.*s\r\n0016\r\n" BODY "\r\n%X\r\n%.*s\r\n0\r\n\r\n",
                         size, size, spaces, size, size, spaces);
    run_exchange(&run, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_int_equal(outcome.body_length, 22 + 2 * size);
  }
}

/* A row of the tables below: the value of a field, and the expected figure. */
struct row {
  const char *value;
  uint32_t expected;
};

static void a_content_length_that_is_not_a_number_is_an_error(void **state)
{
  static const char *const values[] = {
      "",
      " ",
      "22,",
      ",22",
      "22,,22",
      "22, ,22",
      "+22",
      "-22",
      "-0",
      "0x16",
      "22x",
      "x22",
      "22.0",
      "2 2",
      "22;",
      "\"22\"",
      "22\xa0",
      "22:",
      "1e1",
      "22/1",
      "22\t22",
      "4294967295",
      "99999999999999999999999999999999999999999999",
      "4294967296",
      "4294967318",
      "42949672960000000000000000000022",
      "18446744073709551616",
      "18446744073709551638",
      "5000000",
      "23, 22",
      "22, 23",
      "22, x",
      "x, 22",
      "22 22",
  };
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(values); i++) {
    snprintf(answer, sizeof answer, LINE "Content-Length: %s\r\n\r\n" BODY, values[i]);
    run_text(answer, END_CLEAN, &outcome);
    assert_result(&outcome, WMREC_ERROR_CONTENT_LENGTH);
    snprintf(answer, sizeof answer, LINE "Content-Length: 22\r\nContent-Length:%s\r\n\r\n" BODY, values[i]);
    run_text(answer, END_CLEAN, &outcome);
    assert_result(&outcome, WMREC_ERROR_CONTENT_LENGTH);
  }
}

static void only_white_space_stands_around_a_content_length(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (unsigned c = 0; c < 256; c++) {
    const int expected = c == '\t' || c == ' ' ? WMREC_OK
                         : is_field_text(c)    ? WMREC_ERROR_CONTENT_LENGTH
                                               : WMREC_ERROR_HEADER;

    if (is_digit(c))
      continue;
    run_byte(LINE "Content-Length: ", c, "22\r\n\r\n" BODY, &outcome);
    assert_result(&outcome, expected);
    run_byte(LINE "Content-Length: 22", c, "\r\n\r\n" BODY, &outcome);
    assert_result(&outcome, expected);
    run_byte(LINE "Content-Length: 22 ", c, "\r\n\r\n" BODY, &outcome);
    assert_result(&outcome, expected);
  }
}

static void a_content_length_of_every_size_counts_that_many_bytes(void **state)
{
  static struct outcome outcome;
  char answer[2048];

  (void)state;
  for (int spaces = 0; spaces < 1100; spaces++) {
    struct run run = {.bytes = answer, .ending = END_OPEN, .buffer_size = RUN_BUFFER_MOST};

    run.length =
        (size_t)snprintf(answer, sizeof answer, LINE "Content-Length: %d\r\n\r\n" BODY "%*s", 22 + spaces, spaces, "");
    run_exchange(&run, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_true(outcome.keep_alive);
    assert_int_equal(outcome.body_length, 22 + spaces);
  }
}

static void a_transfer_coding_other_than_one_chunked_is_an_error(void **state)
{
  static const char *const values[] = {
      "",
      "gzip",
      "gzip, chunked",
      "chunked, gzip",
      "chunked, chunked",
      "identity",
      "chunke",
      "chunkedd",
      "xchunked",
      "chunked;",
      "chunked;q=1",
      "chunked x",
      "x chunked",
      "chun ked",
      "chunked,",
      ", chunked",
      ",",
      "\"chunked\"",
      "close",
      "connection",
      "keep-alive",
      "0",
      "chunked:",
      "c",
      "chunked, identity",
      "identity, chunked",
      "chunked\t\tchunked",
      "chunked/1",
      "retry-after",
      "transfer-encoding",
  };
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(values); i++) {
    snprintf(answer, sizeof answer, LINE "Transfer-Encoding: %s\r\n\r\n16\r\n" BODY "\r\n0\r\n\r\n", values[i]);
    run_text(answer, END_CLEAN, &outcome);
    assert_result(&outcome, WMREC_ERROR_CODING);
    snprintf(answer, sizeof answer,
             LINE "Transfer-Encoding: chunked\r\nTransfer-Encoding:%s\r\n\r\n16\r\n" BODY "\r\n0\r\n\r\n", values[i]);
    run_text(answer, END_CLEAN, &outcome);
    assert_result(&outcome, WMREC_ERROR_CODING);
  }
}

static void both_a_length_and_a_coding_are_an_error(void **state)
{
  static const char *const fields[] = {"Content-Length: 22\r\nTransfer-Encoding: chunked\r\n",
                                       "Transfer-Encoding: chunked\r\nContent-Length: 22\r\n",
                                       "Content-Length: 0\r\nX: y\r\ntransfer-encoding:chunked\r\n"};
  static const char *const lines[] = {"HTTP/1.1 200", "HTTP/1.1 100", "HTTP/1.1 204", "HTTP/1.1 304", "HTTP/1.1 404"};
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(fields) * COUNT(lines); i++) {
    snprintf(answer, sizeof answer, "%s X\r\n%s\r\n16\r\n" BODY "\r\n0\r\n\r\n", lines[i / COUNT(fields)],
             fields[i % COUNT(fields)]);
    run_text(answer, END_CLEAN, &outcome);
    assert_result(&outcome, WMREC_ERROR_CONTENT_LENGTH);
  }
}

static void retry_after_is_seconds_or_a_date_or_none(void **state)
{
  static const struct row rows[] = {
      {" 0", 0},
      {"5", 5000},
      {"\t 007 \t", 7000},
      {" 429495", 429495000},
      {" 429496", 429496000},
      {" 4294949", 4294949000},
      {" 4294958", 4294958000},
      {" 4294959", 4294959000},
      {" 4294960", 4294960000},
      {" 4294966", 4294966000},
      {" 4294967", 4294967000},
      {" 4294968", 4294967000},
      {" 4294970", 4294967000},
      {" 42949670", 4294967000},
      {" 4294967296", 4294967000},
      {" 4294967301", 4294967000},
      {" 18446744073709551621", 4294967000},
      {" 9999999999999999999999999999999999999999999999", 4294967000},
      {" Sun, 06 Nov 1994 08:49:37 GMT", WMREC_RETRY_AFTER_DATE},
      {"Fri, 31 Dec 9999 23:59:59 GMT ", WMREC_RETRY_AFTER_DATE},
      {" Sunday, 06-Nov-94 08:49:37 GMT", WMREC_RETRY_AFTER_DATE},
      {" Wednesday, 09-Sep-26 00:00:00 GMT", WMREC_RETRY_AFTER_DATE},
      {" Sun Nov  6 08:49:37 1994", WMREC_RETRY_AFTER_DATE},
      {" Fri, 03 Jul 2026 08:40:37 GMT", WMREC_RETRY_AFTER_DATE},
      {"", WMREC_RETRY_AFTER_NONE},
      {" \t ", WMREC_RETRY_AFTER_NONE},
      {" -5", WMREC_RETRY_AFTER_NONE},
      {" +5", WMREC_RETRY_AFTER_NONE},
      {" 1.5", WMREC_RETRY_AFTER_NONE},
      {" 5s", WMREC_RETRY_AFTER_NONE},
      {" s5", WMREC_RETRY_AFTER_NONE},
      {" 5 s", WMREC_RETRY_AFTER_NONE},
      {" 5 6", WMREC_RETRY_AFTER_NONE},
      {" 5 9", WMREC_RETRY_AFTER_NONE},
      {" 5\t6", WMREC_RETRY_AFTER_NONE},
      {" 5, 6", 6000}, /* as two fields: the last one counts */
      {" 5,", 5000},
      {" ,5", 5000},
      {" \"5\"", WMREC_RETRY_AFTER_NONE},
      {" soon", WMREC_RETRY_AFTER_NONE},
      {" 5\xb5", WMREC_RETRY_AFTER_NONE},
      {" 99999999999999999999x", WMREC_RETRY_AFTER_NONE},
      {" 12:30", WMREC_RETRY_AFTER_NONE},
  };
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    snprintf(answer, sizeof answer, "HTTP/1.1 503 X\r\nretry-After:%s\r\nContent-Length: 0\r\n\r\n", rows[i].value);
    run_text(answer, END_OPEN, &outcome);
    assert_result(&outcome, WMREC_ERROR_UNAVAILABLE);
    assert_int_equal(outcome.retry_after, rows[i].expected);
  }
}

static void age_is_seconds_or_unknown(void **state)
{
  static const struct {
    const char *fields;
    uint32_t expected;
  } rows[] = {
      {"", 0},
      {"Age: 0\r\n", 0},
      {"Age: 1\r\n", 1000},
      {"AGE:\t 17 \t\r\n", 17000},
      {"Age: 0059\r\n", 59000},
      {"Age: 4294966\r\n", 4294966000},
      {"Age: 2147483648\r\n", 4294967000}, /* RFC 9111, section 1.2.2: the value of an overflow */
      {"Age: 99999999999999999999\r\n", 4294967000},
      {"Age: 5\r\nAge: 700\r\n", 700000}, /* of several values, the largest */
      {"Age: 700\r\nAge: 5\r\n", 700000},
      {"Age: 5, 700, 6\r\n", 700000},
      {"Age:\r\n", WMREC_AGE_MAX},
      {"Age: \r\nAge: 5\r\n", WMREC_AGE_MAX},
      {"Age: 5,\r\n", WMREC_AGE_MAX},
      {"Age: -1\r\n", WMREC_AGE_MAX},
      {"Age: +1\r\n", WMREC_AGE_MAX},
      {"Age: 1.5\r\n", WMREC_AGE_MAX},
      {"Age: 1 2\r\n", WMREC_AGE_MAX},
      {"Age: 0x10\r\n", WMREC_AGE_MAX},
      {"Age: \"1\"\r\n", WMREC_AGE_MAX},
      {"Age: soon\r\n", WMREC_AGE_MAX},
      {"Age: Mon, 01 Jan 2024 00:00:00 GMT\r\n", WMREC_AGE_MAX},
      {"Aged: 5\r\nX-Age: 5\r\n", 0},
  };
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    snprintf(answer, sizeof answer, LINE "%s" LENGTH, rows[i].fields);
    run_text(answer, END_OPEN, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_int_equal(outcome.age, rows[i].expected);
  }
}

static void an_age_counts_in_the_header_section_of_the_final_response_only(void **state)
{
  static struct outcome outcome;

  (void)state;
  run_text("HTTP/1.1 103 Early\r\nAge: 5\r\n\r\n" LINE LENGTH, END_OPEN, &outcome);
  assert_result(&outcome, WMREC_OK);
  assert_int_equal(outcome.age, 0);
  run_text(CHUNKED "16\r\n" BODY "\r\n0\r\nAge: 5\r\n\r\n", END_OPEN, &outcome);
  assert_result(&outcome, WMREC_OK);
  assert_int_equal(outcome.age, 0);
}

static void connection_is_a_list_of_words_in_any_case(void **state)
{
  /* Bit 0: kept alive in HTTP/1.1; bit 1: kept alive in HTTP/1.0. */
  static const struct row rows[] = {
      {"close", 0},
      {" CLOse ", 0},
      {"a,close", 0},
      {",, close ,", 0},
      {"close,keep-alive", 0},
      {"keep-alive, close", 0},
      {"", 1},
      {"upgrade", 1},
      {"closed", 1},
      {"clos", 1},
      {"xclose", 1},
      {"close x", 1},
      {"x close", 1},
      {"cl ose", 1},
      {"close;x", 1},
      {"\"close\"", 1},
      {"close=1", 1},
      {"c", 1},
      {"chunked", 1},
      {"connection", 1},
      {"keep-aliv", 1},
      {"keep-alivee", 1},
      {"keep alive", 1},
      {"keep-alive x", 1},
      {"0", 1},
      {"content-length", 1},
      {"retry-after", 1},
      {"transfer-encoding", 1},
      {"keep-alive", 3},
      {" TE\t,\tKEEP-Alive\t", 3},
      {"keep-alive,keep-alive", 3},
      {"x,,keep-alive,y", 3},
  };
  static struct outcome outcome;
  char answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(rows) * 2; i++) {
    const struct row *row = &rows[i / 2];

    snprintf(answer, sizeof answer, "HTTP/1.%d 200 OK\r\nConnection:%s\r\n" LENGTH, i % 2 == 0, row->value);
    run_text(answer, END_OPEN, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_int_equal(outcome.keep_alive, row->expected >> (i % 2) & 1);
  }
}

static void close_in_any_of_several_lines_ends_the_reuse(void **state)
{
  static struct outcome outcome;

  (void)state;
  run_text(LINE "Connection: close\r\nConnection: keep-alive\r\n" LENGTH, END_OPEN, &outcome);
  assert_false(outcome.keep_alive);
  run_text(LINE "Connection: keep-alive\r\nConnection:\r\nConnection: close\r\n" LENGTH, END_OPEN, &outcome);
  assert_false(outcome.keep_alive);
  run_text("HTTP/1.0 200 OK\r\nConnection: x\r\nConnection: keep-alive\r\n" LENGTH, END_OPEN, &outcome);
  assert_true(outcome.keep_alive);
  run_text(LINE "Proxy-Connection: close\r\nKeep-Alive: close\r\nClose: close\r\n" LENGTH, END_OPEN, &outcome);
  assert_true(outcome.keep_alive);
}

static void a_field_counts_under_its_whole_name_only(void **state)
{
  static const char *const names[] = {"Connection", "Content-Length", "Retry-After", "Transfer-Encoding"};
  static struct outcome outcome;
  char answer[512];

  (void)state;
  for (size_t i = 0; i < COUNT(names); i++) {
    const int length = (int)strlen(names[i]);

    for (int part = 1; part < length; part++) {
      snprintf(answer, sizeof answer,
               LINE "%.*s: close\r\n%s%.*s: close\r\n%.*s_%s: close\r\n%.*sx%s: close\r\n%s: close\r\n" LENGTH, part,
               names[i], names[i], part, names[i], part, names[i], names[i] + part + 1, part, names[i], names[i] + part,
               names[i] + part);
      run_text(answer, END_OPEN, &outcome);
      assert_result(&outcome, WMREC_OK);
      assert_true(outcome.keep_alive);
      assert_int_equal(outcome.retry_after, WMREC_RETRY_AFTER_NONE);
    }
  }
}

/* One letter of the name is replaced, by each letter in turn. */
static void a_field_with_one_other_letter_in_its_name_does_not_count(void **state)
{
  static const char *const names[] = {"connection", "content-length", "retry-after", "transfer-encoding"};
  static const char letters[] = "abcdefghiklnoprstuvy-_";
  static struct outcome outcome;
  char name[32], answer[256];

  (void)state;
  for (size_t i = 0; i < COUNT(names); i++) {
    for (size_t place = 0; place < strlen(names[i]) * COUNT(letters); place++) {
      struct run run = {.bytes = answer};

      strcpy(name, names[i]);
      if (name[place / COUNT(letters)] == letters[place % COUNT(letters)] || letters[place % COUNT(letters)] == '\0')
        continue;
      name[place / COUNT(letters)] = letters[place % COUNT(letters)];
      run.length = (size_t)snprintf(answer, sizeof answer, LINE "%s: close\r\n%s: 5\r\n" LENGTH, name, name);
      run_exchange(&run, &outcome);
      assert_result(&outcome, WMREC_OK);
      assert_true(outcome.keep_alive);
      assert_int_equal(outcome.retry_after, WMREC_RETRY_AFTER_NONE);
    }
  }
}

/* Runs an answer with this byte, `count` times, between two texts. */
static void run_long(const char *before, char byte, int count, const char *after, struct outcome *outcome)
{
  char answer[512], bytes[256];
  struct run run = {.bytes = answer};
  static struct outcome other;

  assert_true(count < (int)sizeof bytes);
  memset(bytes, byte, sizeof bytes);
  run.length = (size_t)snprintf(answer, sizeof answer, "%s%.*s%s", before, count, bytes, after);
  assert_true(run.length < sizeof answer);
  run_exchange(&run, outcome);
  run.cut_count = EVERY_BYTE;
  run_exchange(&run, &other);
  assert_same_outcome(outcome, &other);
}

static void names_and_elements_of_any_length_are_taken_and_match_no_other(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (int count = 1; count < 200; count++) {
    run_long(LINE "Content-Length", 'h', count, ": 5\r\n" LENGTH, &outcome);
    assert_result(&outcome, WMREC_OK);
    run_long(LINE "Connection: close", 'e', count, "\r\n" LENGTH, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_true(outcome.keep_alive);
    run_long(CHUNKED "16\r\n" BODY "\r\n0\r\n", 'x', count, ": 5\r\n\r\n", &outcome);
    assert_result(&outcome, WMREC_OK);
    run_long(CHUNKED "0\r\n", 'x', count, ": 5\r\n\r\n", &outcome);
    assert_result(&outcome, WMREC_ERROR_JSON);
  }
}

/* Neither by its name, nor by bytes of the body, which stand where names of the header section were. */
static void a_trailer_does_not_count_as_a_header_field(void **state)
{
  static const char *const answers[] = {CHUNKED "0\r\nConnection: close\r\n\r\n",
                                        CHUNKED "0\r\nContent-Length: x\r\nTransfer-Encoding: x\r\n\r\n",
                                        CHUNKED "a\r\nconnection\r\n0\r\nx-trailers: close\r\n\r\n",
                                        CHUNKED "e\r\ncontent-length\r\n0\r\nx-trailer-name: 5\r\n\r\n"};
  static struct outcome outcome;

  (void)state;
  for (size_t i = 0; i < COUNT(answers); i++) {
    run_text(answers[i], END_OPEN, &outcome);
    assert_result(&outcome, WMREC_ERROR_JSON);
    assert_true(outcome.keep_alive);
  }
}

static void a_number_has_63_digits_at_most(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (int zeros = 0; zeros < 200; zeros++) {
    const bool is_number = zeros + 2 <= 63;

    run_long(LINE "Content-Length: ", '0', zeros, "22\r\n\r\n" BODY, &outcome);
    assert_result(&outcome, is_number ? WMREC_OK : WMREC_ERROR_CONTENT_LENGTH);
    run_long(LINE "Retry-After: ", '0', zeros, "22\r\n" LENGTH, &outcome);
    assert_result(&outcome, WMREC_OK);
    assert_int_equal(outcome.retry_after, is_number ? 22000 : WMREC_RETRY_AFTER_NONE);
  }
}

/* The beginning of one word with the end of another is not a word. */
static void a_word_made_of_parts_of_two_words_does_not_count(void **state)
{
  static const char *const words[] = {
      "age",      "chunked",    "close",       "connection",       "content-encoding", "content-length",
      "identity", "keep-alive", "retry-after", "transfer-encoding"};
  static struct outcome outcome;
  char word[64], answer[256];
  struct run run = {.bytes = answer};

  (void)state;
  for (size_t i = 0; i < COUNT(words) * COUNT(words); i++) {
    const char *first = words[i / COUNT(words)], *last = words[i % COUNT(words)];

    for (size_t place = 0; place < 32 * 32; place += is_fewer() ? 5 : 1) {
      bool is_word = place / 32 > strlen(first) || place % 32 > strlen(last);

      snprintf(word, sizeof word, "x%.*s%s", (int)(place / 32), first, is_word ? "" : last + place % 32);
      for (size_t j = 0; j < COUNT(words); j++)
        is_word |= strcmp(word + 1, words[j]) == 0;
      if (is_word || word[1] == '\0')
        continue;
      run.length =
          (size_t)snprintf(answer, sizeof answer, LINE "%s: close\r\nConnection: %s\r\n" LENGTH, word + 1, word + 1);
      run_exchange(&run, &outcome);
      assert_result(&outcome, WMREC_OK);
      assert_true(outcome.keep_alive);
      assert_int_equal(outcome.retry_after, WMREC_RETRY_AFTER_NONE);
    }
  }
}

/* An answer with one long section: `before`, `filler` as often as needed, and `after`. */
struct section {
  const char *prefix; /* the part of the answer before the section */
  const char *before; /* in the section */
  const char *filler;
  const char *after;  /* in the section */
  const char *suffix; /* the part of the answer after the section */
};

static const struct section sections[] = {
    {"", LINE "X: ", "a", "\r\nContent-Length: 22\r\n\r\n", BODY},
    {"", LINE "Content-Length: 22\r\nX", "x", ": \r\n\r\n", BODY},
    {"", LINE "Content-Length: 22\r\nConnection:", " ", "\r\n\r\n", BODY},
    {"", LINE "Content-Length: 22\r\nConnection:", "clos,", "\r\n\r\n", BODY},
    {"", LINE "Content-Length: 22\r\n", "A:\r\n", "\r\n", BODY},
    {"", "HTTP/1.1 200 ", "O", "\r\nContent-Length: 22\r\n\r\n", BODY},
    {"", LINE "Transfer-Encoding: chunked\r\nX: ", "a", "\r\n\r\n", "16\r\n" BODY "\r\n0\r\n\r\n"},
    {"", "HTTP/1.1 100 ", "C", "\r\n\r\n", LINE LENGTH},
    {"HTTP/1.1 100 C\r\nX: y\r\n\r\n", LINE "X: ", "a", "\r\nContent-Length: 22\r\n\r\n", BODY},
    {CHUNKED, "16;", "x", "\r\n", BODY "\r\n0\r\n\r\n"},
    {CHUNKED, "", "0", "16\r\n", BODY "\r\n0\r\n\r\n"},
    {CHUNKED, "16", " ", ";\r\n", BODY "\r\n0\r\n\r\n"},
    {CHUNKED "1\r\n \r\n", "16;", "x", "\r\n", BODY "\r\n0\r\n\r\n"},
    {CHUNKED "1;yyyyy\r\n \r\n1\r\n \r\n", "", "0", "16\r\n", BODY "\r\n0\r\n\r\n"},
    {CHUNKED "16\r\n" BODY "\r\n", "0;", "x", "\r\n", "\r\n"},
    {CHUNKED "16\r\n" BODY "\r\n0;yyyyy\r\n", "X: ", "a", "\r\n\r\n", ""},
    {CHUNKED "16\r\n" BODY "\r\n0;yyyyy\r\n", "X: ", "a", "\r\nY: z\r\n\r\n", ""},
    {CHUNKED "16\r\n" BODY "\r\n0\r\n", "", "A:\r\n", "\r\n", ""},
};

/* Makes the answer with a section of `size` bytes, or less by up to one filler; returns its length. */
static size_t put_section(char *answer, const struct section *section, size_t size)
{
  size_t length = (size_t)sprintf(answer, "%s", section->prefix);
  const size_t filler = strlen(section->filler);

  size -= strlen(section->after);
  size += length;
  length += (size_t)sprintf(answer + length, "%s", section->before);
  for (; length + filler <= size; length += filler)
    memcpy(answer + length, section->filler, filler);
  return length + (size_t)sprintf(answer + length, "%s%s", section->after, section->suffix);
}

static void run_section(const struct section *section, size_t size, struct outcome *outcome)
{
  static struct outcome other;
  static char answer[WMREC_SECTION_LIMIT + 4096];
  struct run run = {.bytes = answer, .ending = END_OPEN};

  run.length = put_section(answer, section, size);
  run_exchange(&run, outcome);
  run.cut_count = EVERY_BYTE;
  run_exchange(&run, &other);
  assert_same_outcome(outcome, &other);
  run.cut_count = 2;
  for (size_t cut = 1; cut <= 64; cut += is_fewer() ? 21 : 1) {
    run.cuts[0] = cut;
    run.cuts[1] = run.length - cut;
    run_exchange(&run, &other);
    assert_same_outcome(outcome, &other);
  }
}

static void a_section_of_65536_bytes_is_not_too_long(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (size_t i = 0; i < COUNT(sections); i++) {
    run_section(&sections[i], WMREC_SECTION_LIMIT, &outcome);
    assert_result(&outcome, WMREC_OK);
  }
}

static void a_section_of_65537_bytes_is_too_long(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (size_t i = 0; i < COUNT(sections); i++) {
    run_section(&sections[i], WMREC_SECTION_LIMIT + strlen(sections[i].filler), &outcome);
    assert_result(&outcome, WMREC_ERROR_SECTION_LIMIT);
    assert_false(outcome.keep_alive);
    run_section(&sections[i], WMREC_SECTION_LIMIT + 3000, &outcome);
    assert_result(&outcome, WMREC_ERROR_SECTION_LIMIT);
  }
}

static void any_number_of_1xx_may_come_each_with_its_own_section(void **state)
{
  static const char final[] = LINE LENGTH;
  const size_t count = is_fewer() ? 3000 : 20000;
  char early[128], buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange x;

  (void)state;
  begin_and_send(&x, &self_hosted, buffer, sizeof buffer);
  for (size_t i = 0; i < count; i++) {
    /* not 101, which ends the exchange */
    const size_t length = (size_t)sprintf(early, "HTTP/1.1 %u Early\r\nLink: </a>\r\nConnection: close\r\n\r\n",
                                          i == 0 ? 100 : 102 + (unsigned)i % 98);

    assert_int_equal(wmrec_received(&x, early, length), length);
    assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
  }
  assert_int_equal(wmrec_received(&x, final, sizeof final - 1), sizeof final - 1);
  assert_int_equal(wmrec_result(&x), WMREC_OK);
  assert_true(wmrec_keep_alive(&x));
}

static uint32_t next_random(void)
{
  static uint32_t seed = 0x5eed1234;

  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

/* Changes a byte, drops some, or takes some from another answer. */
static size_t mutate(unsigned char *bytes, size_t length, size_t most)
{
  static const unsigned char favourites[] = "\r\n :;,\t0123456789\"{}[]\\\x7f\xff";
  const struct golden *other = &golden[next_random() % golden_count];
  const size_t place = length > 0 ? next_random() % length : 0;
  size_t count = 1 + next_random() % 8;

  if (length > 0 && next_random() % 2 == 0) {
    bytes[place] = (unsigned char)(next_random() % 2 ? favourites[next_random() % sizeof favourites] : next_random());
    return length;
  }
  if (next_random() % 2 == 0) {
    count = count < length - place ? count : length - place;
    memmove(bytes + place, bytes + place + count, length - place - count);
    return length - count;
  }
  if (length + count > most || other->length < count)
    return length;
  memmove(bytes + place + count, bytes + place, length - place);
  memcpy(bytes + place, other->bytes + next_random() % (other->length - count + 1), count);
  return length + count;
}

static void cut_at_random(struct run *run)
{
  run->cut_count = 1 + next_random() % COUNT(run->cuts);
  for (size_t i = 0; i < run->cut_count; i++) {
    size_t cut = run->length > 0 ? next_random() % run->length : 0;

    for (size_t j = 0; j < i; j++)
      if (run->cuts[j] > cut) {
        const size_t larger = run->cuts[j];

        run->cuts[j] = cut;
        cut = larger;
      }
    run->cuts[i] = cut;
  }
}

/* 20,000 pseudo-random answers, the same in every run. */
static void a_mutated_answer_gives_the_same_in_any_pieces(void **state)
{
  static struct outcome whole, split;
  static unsigned char bytes[8192];
  const int count = is_fewer() ? 1000 : 20000;

  (void)state;
  for (int i = 0; i < count; i++) {
    const struct golden *from = &golden[next_random() % golden_count];
    struct run run = {.bytes = bytes, .length = from->length};

    memcpy(bytes, from->bytes, from->length);
    for (uint32_t edits = 1 + next_random() % 4; edits > 0; edits--)
      run.length = mutate(bytes, run.length, sizeof bytes);
    run.ending = (enum ending)(next_random() % 3);
    run_exchange(&run, &whole);
    cut_at_random(&run);
    run_exchange(&run, &split);
    assert_same_outcome(&whole, &split);
    run.cut_count = EVERY_BYTE;
    run_exchange(&run, &split);
    assert_same_outcome(&whole, &split);
  }
}

static uint32_t retry_after_of(const char *text)
{
  if (strcmp(text, "none") == 0)
    return WMREC_RETRY_AFTER_NONE;
  if (strcmp(text, "date") == 0)
    return WMREC_RETRY_AFTER_DATE;
  return (uint32_t)strtoul(text, NULL, 10);
}

static void a_golden_answer_gives_what_its_line_says(void **state)
{
  static const char *const endings[] = {"open", "clean", "reset"};
  static struct outcome outcome;
  const struct golden *answer = *state;
  struct run run = {.bytes = answer->bytes, .length = answer->length};

  while (strcmp(answer->columns[6], endings[run.ending]) != 0) {
    assert_true(run.ending < END_RESET);
    run.ending++;
  }
  run_every_way(&run, &outcome);
  assert_result(&outcome, result_of_name(answer->columns[1]));
  assert_int_equal(outcome.http_status, atoi(answer->columns[2]));
  assert_string_equal(wmrec_recording_name(outcome.recording), answer->columns[3]);
  assert_string_equal(outcome.keep_alive ? "yes" : "no", answer->columns[4]);
  assert_int_equal(outcome.retry_after, retry_after_of(answer->columns[5]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_other_byte_in_the_fixed_part_of_a_status_line_is_an_error),
      cmocka_unit_test(the_minor_version_is_one_digit),
      cmocka_unit_test(a_status_has_digits_only),
      cmocka_unit_test(every_status_from_000_to_999_has_its_outcome),
      cmocka_unit_test(a_name_has_tchars_only),
      cmocka_unit_test(a_control_byte_in_a_text_is_an_error),
      cmocka_unit_test(only_a_line_feed_may_follow_a_carriage_return),
      cmocka_unit_test(a_chunk_size_is_hexadecimal_digits_only),
      cmocka_unit_test(a_chunk_is_closed_by_crlf_and_nothing_else),
      cmocka_unit_test(a_chunk_size_of_every_digit_counts_that_many_bytes),
      cmocka_unit_test(a_content_length_that_is_not_a_number_is_an_error),
      cmocka_unit_test(only_white_space_stands_around_a_content_length),
      cmocka_unit_test(a_content_length_of_every_size_counts_that_many_bytes),
      cmocka_unit_test(a_transfer_coding_other_than_one_chunked_is_an_error),
      cmocka_unit_test(both_a_length_and_a_coding_are_an_error),
      cmocka_unit_test(retry_after_is_seconds_or_a_date_or_none),
      cmocka_unit_test(age_is_seconds_or_unknown),
      cmocka_unit_test(an_age_counts_in_the_header_section_of_the_final_response_only),
      cmocka_unit_test(connection_is_a_list_of_words_in_any_case),
      cmocka_unit_test(close_in_any_of_several_lines_ends_the_reuse),
      cmocka_unit_test(a_field_counts_under_its_whole_name_only),
      cmocka_unit_test(a_field_with_one_other_letter_in_its_name_does_not_count),
      cmocka_unit_test(names_and_elements_of_any_length_are_taken_and_match_no_other),
      cmocka_unit_test(a_trailer_does_not_count_as_a_header_field),
      cmocka_unit_test(a_number_has_63_digits_at_most),
      cmocka_unit_test(a_word_made_of_parts_of_two_words_does_not_count),
      cmocka_unit_test(a_section_of_65536_bytes_is_not_too_long),
      cmocka_unit_test(a_section_of_65537_bytes_is_too_long),
      cmocka_unit_test(any_number_of_1xx_may_come_each_with_its_own_section),
      cmocka_unit_test(a_mutated_answer_gives_the_same_in_any_pieces),
  };

  golden = golden_load("responses", COLUMNS, &golden_count);
  return run_group("response", tests, COUNT(tests), golden, golden_count, COLUMNS,
                   a_golden_answer_gives_what_its_line_says);
}
