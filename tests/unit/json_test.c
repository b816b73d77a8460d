/* The body of a 200: RFC 8259, and the schema of the API. Tested by whole exchanges, as there is no other public call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 5
#define STATUS "\"status\":\"Recording\"}"
#define BODY_MOST 1024

/* Makes an answer with this body: with a Content-Length, or in chunks of one byte. Returns its length. */
static size_t put_answer(char *answer, const void *body, size_t length, bool is_chunked)
{
  const unsigned char *bytes = body;
  size_t end = (size_t)sprintf(answer, "HTTP/1.1 200 OK\r\n");

  if (!is_chunked) {
    end += (size_t)sprintf(answer + end, "Content-Length: %zu\r\n\r\n", length);
    memcpy(answer + end, bytes, length);
    return end + length;
  }
  end += (size_t)sprintf(answer + end, "Transfer-Encoding: chunked\r\n\r\n");
  for (size_t i = 0; i < length; i++) {
    end += (size_t)sprintf(answer + end, "1\r\n");
    answer[end++] = (char)bytes[i];
    end += (size_t)sprintf(answer + end, "\r\n");
  }
  return end + (size_t)sprintf(answer + end, "0\r\n\r\n");
}

/* Runs the body in one piece, in every two pieces, and in chunks of one byte: the outcome must be the same. */
static void run_body(const void *body, size_t length, struct outcome *outcome)
{
  static struct outcome other;
  char answer[64 + 6 * BODY_MOST];
  struct run run = {.bytes = answer, .buffer_size = RUN_BUFFER_MOST};

  assert_true(length <= BODY_MOST);
  run.length = put_answer(answer, body, length, true);
  run_exchange(&run, &other);
  run.length = put_answer(answer, body, length, false);
  run_every_way(&run, outcome);
  other.taken = outcome->taken;
  assert_same_outcome(outcome, &other);
  assert_int_equal(outcome->body_length, length);
  assert_memory_equal(outcome->body, body, length);
}

static void assert_body(const char *body, int result)
{
  static struct outcome outcome;

  run_body(body, strlen(body), &outcome);
  assert_result(&outcome, result);
}

/* A text that is cut short must not give a status, unless only white space is missing. */
static void assert_no_status_in_a_part(const void *body, size_t length)
{
  static struct outcome outcome;
  char answer[64 + BODY_MOST];

  for (size_t part = 0; part < length; part += is_fewer() ? 9 : 1) {
    const struct run run = {
        .bytes = answer, .length = put_answer(answer, body, part, false), .buffer_size = RUN_BUFFER_MOST};
    const unsigned char *rest = (const unsigned char *)body + part;
    size_t blanks = 0;

    while (blanks < length - part && rest[blanks] != '\0' && strchr(" \t\r\n", rest[blanks]) != NULL)
      blanks++;
    run_exchange(&run, &outcome);
    if (blanks < length - part)
      assert_true(outcome.result != WMREC_OK && outcome.result < 0);
  }
}

/* The size of the buffer must not change the answer, only the size of the body that is read. */
static void assert_same_in_every_buffer(const void *body, size_t length, const struct outcome *outcome)
{
  static struct outcome other;
  char answer[64 + BODY_MOST];
  struct run run = {.bytes = answer, .length = put_answer(answer, body, length, false)};
  bool was_same = false;

  for (run.buffer_size = 192; run.buffer_size < length + 2048; run.buffer_size += is_fewer() ? 61 : 1) {
    run_exchange(&run, &other);
    if (other.result == outcome->result && run.buffer_size > length + 16)
      was_same = true;
    else if (run.buffer_size < length)
      assert_result(&other, WMREC_ERROR_BODY_LIMIT);
    else
      assert_result(&other, WMREC_ERROR_TOKENS);
    if (was_same)
      assert_result(&other, outcome->result);
  }
  assert_true(was_same);
}

/* Runs each value in a member that does not matter: the text is JSON, or it is not. */
static void assert_values(const char *const *values, size_t count, int result)
{
  char body[BODY_MOST];

  for (size_t i = 0; i < count; i++) {
    snprintf(body, sizeof body, "{\"v\":%s," STATUS, values[i]);
    assert_body(body, result);
    snprintf(body, sizeof body, "{\"v\":[ %s ,1]," STATUS, values[i]);
    assert_body(body, result);
    snprintf(body, sizeof body, "{\"status\":\"Recording\",\"v\":%s\n}", values[i]);
    assert_body(body, result);
  }
}

static void assert_strings(const char *const *strings, size_t count, int result)
{
  char body[BODY_MOST];

  for (size_t i = 0; i < count; i++) {
    snprintf(body, sizeof body, "{\"v\":\"%s\"," STATUS, strings[i]);
    assert_body(body, result);
    snprintf(body, sizeof body, "{\"v\":[\"x%sy\"]," STATUS, strings[i]);
    assert_body(body, result);
    snprintf(body, sizeof body, "{\"%s\":1," STATUS, strings[i]);
    assert_body(body, result);
    snprintf(body, sizeof body, "{\"status\":\"Recording%s\"}", strings[i]);
    assert_body(body, result == WMREC_OK ? WMREC_ERROR_UNKNOWN_STATUS : result);
  }
}

static void a_number_has_the_form_of_rfc_8259(void **state)
{
  static const char *const good[] = {"0",
                                     "-0",
                                     "1",
                                     "9",
                                     "10",
                                     "-12",
                                     "1234567890",
                                     "0.0",
                                     "-0.5",
                                     "1.25",
                                     "0e0",
                                     "1e5",
                                     "1E5",
                                     "1e+5",
                                     "1E-05",
                                     "0.1e1",
                                     "-1.0E+2",
                                     "1e00",
                                     "123456789012345678901234567890.5e-400"};
  static const char *const bad[] = {
      "01",  "-01",  "00",       "-",     "+1",    "--1",   "-+1",   ".5",       "-.5",       "1.", "1.e5",
      "1e",  "1e+",  "1E-",      "1e5.",  "1e.5",  "1e5e5", "1.2.3", "1..2",     "0x1",       "1x", "x1",
      "1_0", "1e5x", "1-",       "1+1",   "1e+-5", "0.",    "NaN",   "Infinity", "-Infinity", "-x", "1a",
      "1/2", "1:",   "\xd9\xa1", "1\x01", "0b1",   "1e 5",  "- 1",   "1 .5"};

  (void)state;
  assert_values(good, COUNT(good), WMREC_OK);
  assert_values(bad, COUNT(bad), WMREC_ERROR_JSON);
}

static void a_literal_is_true_false_or_null(void **state)
{
  static const char *const good[] = {"true", "false", "null"};
  static const char *const bad[] = {"tru",       "truee",     "truX",      "True",     "TRUE",  "t",    "fals",
                                    "falsey",    "falze",     "f",         "nul",      "nulll", "NULL", "n",
                                    "undefined", "truefalse", "true\"x\"", "nullnull", "true1", "x",    "none",
                                    "'x'",       "true/**/",  "rue",       "ull"};

  (void)state;
  assert_values(good, COUNT(good), WMREC_OK);
  assert_values(bad, COUNT(bad), WMREC_ERROR_JSON);
}

static void an_array_or_object_has_commas_between_its_values_only(void **state)
{
  static const char *const good[] = {"[]",
                                     "[ ]",
                                     "{}",
                                     "{ }",
                                     "[1]",
                                     "[1,2]",
                                     "[[],[]]",
                                     "[{},{}]",
                                     "{\"a\":{\"a\":[]}}",
                                     "[\"a\" , \"b\"]",
                                     "{\"a\":1,\"a\":2}",
                                     "[[[[[[[[]]]]]]]]",
                                     "[\"a\",1,true,{},[]]"};
  static const char *const bad[] = {"[,]",
                                    "[1,]",
                                    "[,1]",
                                    "[1,,3]",
                                    "[1 2]",
                                    "[\"a\":1]",
                                    "[\"a\"\"b\"]",
                                    "[{}{}]",
                                    "[[][]]",
                                    "[{}1]",
                                    "[1[]]",
                                    "[\"a\"[]]",
                                    "{,}",
                                    "{\"a\"}",
                                    "{\"a\":}",
                                    "{\"a\":1,}",
                                    "{,\"a\":1}",
                                    "{\"a\" 1}",
                                    "{\"a\",1}",
                                    "{\"a\":1 2}",
                                    "{\"a\"::1}",
                                    "{1:1}",
                                    "{null:1}",
                                    "{[]:1}",
                                    "{{}:1}",
                                    "{a:1}",
                                    "{\"a\":1:2}",
                                    "{:1}",
                                    "{:}",
                                    "{\"a\":1,,\"b\":2}",
                                    "[}",
                                    "{]",
                                    "[1}",
                                    "{\"a\":1]",
                                    "]",
                                    "}",
                                    "[",
                                    "{",
                                    "[]]",
                                    "{}}",
                                    "[:]",
                                    "[1:]",
                                    "[1,:]",
                                    ":",
                                    ",",
                                    "",
                                    "\"a\":1",
                                    "{\"a\":1\"b\":2}",
                                    "{\"a\":[}",
                                    "{\"a\":{]",
                                    "[[]",
                                    "{\"a\":,}",
                                    "{\"a\"1}",
                                    "{\"a\":\"b\"\"c\"}",
                                    "{\"a\"\"b\":1}",
                                    "{\"a\" \"b\":1}",
                                    "{\"a\":\"b\":\"c\"}",
                                    "{true}",
                                    "{1}",
                                    "{[1]}",
                                    "{\"a\":1,2}",
                                    "{\"a\":1,\"b\"}",
                                    "{\"a\":1,\"b\",\"c\":1}"};

  (void)state;
  assert_values(good, COUNT(good), WMREC_OK);
  assert_values(bad, COUNT(bad), WMREC_ERROR_JSON);
}

static void a_string_is_valid_utf_8(void **state)
{
  static const char *const good[] = {"\x7f",
                                     "\xc2\x80",
                                     "\xdf\xbf",
                                     "\xe0\xa0\x80",
                                     "\xe0\xbf\xbf",
                                     "\xe1\x80\x80",
                                     "\xec\xbf\xbf",
                                     "\xed\x80\x80",
                                     "\xed\x9f\xbf",
                                     "\xee\x80\x80",
                                     "\xef\xbb\xbf",
                                     "\xef\xbf\xbf",
                                     "\xf0\x90\x80\x80",
                                     "\xf0\xbf\xbf\xbf",
                                     "\xf1\x80\x80\x80",
                                     "\xf3\xbf\xbf\xbf",
                                     "\xf4\x80\x80\x80",
                                     "\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {"\x80",
                                    "\xbf",
                                    "\xc0\x80",
                                    "\xc0\xaf",
                                    "\xc1\xbf",
                                    "\xe0\x80\x80",
                                    "\xe0\x9f\xbf",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xed\xa0\xbd\xed\xb8\x80",
                                    "\xf0\x80\x80\x80",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80",
                                    "\xf4\xbf\xbf\xbf",
                                    "\xf5\x80\x80\x80",
                                    "\xf7\xbf\xbf\xbf",
                                    "\xf8\x88\x80\x80\x80",
                                    "\xfc\x84\x80\x80\x80\x80",
                                    "\xfe",
                                    "\xff",
                                    "\xc2",
                                    "\xc2x",
                                    "\xc2\x7f",
                                    "\xc2\xc0",
                                    "\xdf\xc2\x80",
                                    "\xe2\x82",
                                    "\xe2\x82x",
                                    "\xe2\x82\xc0",
                                    "\xe2x\x82",
                                    "\xe2\xc2\x82",
                                    "\xe2\x82\x7f",
                                    "\xf0\x9f\x98",
                                    "\xf0\x9f\x98x",
                                    "\xf0\x9f\x98\xc0",
                                    "\xf0\x9f\xc0\x80",
                                    "\xf0\xc0\x98\x80",
                                    "\xf0\x9f",
                                    "\xf0",
                                    "\xe0",
                                    "\xc2\x80\x80",
                                    "\xe2\x82\xac\x80",
                                    "caf\xe9",
                                    "\xf4",
                                    "\xf4\x8f",
                                    "\xed\x9f",
                                    "\xf3x\x80\x80",
                                    "\xe1\x80\\u0041"};

  (void)state;
  assert_strings(good, COUNT(good), WMREC_OK);
  assert_strings(bad, COUNT(bad), WMREC_ERROR_JSON);
}

static void an_escape_is_one_of_rfc_8259(void **state)
{
  static const char *const good[] = {
      "\\\"",           "\\\\",    "\\/",      "\\b",     "\\f",      "\\n",     "\\r",     "\\t",
      "\\u0000",        "\\u001f", "\\uABCD",  "\\uabcd", "\\uFfFf",  "\\u0123", "\\u4567", "\\u89aF",
      "\\ud83d\\ude00", "\\ud800", "\\udfffx", "\\\\x41", "\\\\\\\"", "\\u00410"};
  static const char *const bad[] = {
      "\\x41",   "\\u",     "\\u4",       "\\u41",   "\\u004",  "\\u004g", "\\u00g1", "\\u0g41", "\\ug041",
      "\\u004G", "\\u00/1", "\\u00:1",    "\\u00@1", "\\u00`1", "\\u 041", "\\u-041", "\\0",     "\\'",
      "\\a",     "\\e",     "\\v",        "\\N",     "\\U0041", "\\B",     "\\F",     "\\R",     "\\T",
      "\\ ",     "\\\n",    "\\\xc3\xa9", "\\x",     "\\c",     "\\s",     "\\-",     "\\1",     "\\&"};

  (void)state;
  assert_strings(good, COUNT(good), WMREC_OK);
  assert_strings(bad, COUNT(bad), WMREC_ERROR_JSON);
}

static void a_control_character_in_a_string_is_an_error(void **state)
{
  static struct outcome outcome;

  (void)state;
  for (int c = 0; c < 0x80; c++) {
    char body[] = "{\"v\":\"a?b\"," STATUS;

    body[7] = (char)c;
    if (c == '"' || c == '\\') /* the end of the string, and the escape \b */
      continue;
    run_body(body, sizeof body - 1, &outcome);
    assert_result(&outcome, c < ' ' ? WMREC_ERROR_JSON : WMREC_OK);
  }
}

/* In every place outside of strings. A digit or a minus could become part of a number, and is left out. */
static void only_white_space_stands_between_tokens(void **state)
{
  static const size_t places[] = {0, 2, 6, 8, 10, 12, 14, 16, 18, 20};
  static struct outcome outcome;

  (void)state;
  for (size_t i = 0; i < 256 * COUNT(places); i++) {
    char body[] = " { \"a\" : [ 1 , 2 ] , \"status\":\"Recording\"} ";
    const unsigned c = (unsigned)(i % 256);

    body[places[i / 256]] = (char)c;
    run_body(body, sizeof body - 1, &outcome);
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
      assert_result(&outcome, WMREC_OK);
    else if ((c > '9' || c < '0') && c != '-')
      assert_result(&outcome, WMREC_ERROR_JSON);
    body[places[i / 256]] = ' ';
    body[sizeof body - 2] = (char)c;
    run_body(body, sizeof body - 1, &outcome);
    assert_true((outcome.result == WMREC_OK) == (c == ' ' || c == '\t' || c == '\r' || c == '\n'));
  }
}

static void nothing_follows_the_root(void **state)
{
  static const char *const others[] = {",",       ":",        "}",    "]",        "{",   "[",
                                       "{}",      "[]",       "\"\"", "\"",       "1",   "null",
                                       "x",       "/",        "//",   ",{}",      ":{}", " {\"status\":\"Recording\"}",
                                       "\"a\":1", ",\"a\":1", "\v",   "\xc2\xa0", "}}"};
  char body[BODY_MOST];

  (void)state;
  for (size_t i = 0; i < COUNT(others); i++) {
    snprintf(body, sizeof body, "{" STATUS "%s", others[i]);
    assert_body(body, WMREC_ERROR_JSON);
    snprintf(body, sizeof body, "%s{" STATUS, others[i]);
    assert_body(body, WMREC_ERROR_JSON);
  }
}

static void a_repeated_status_is_ambiguous(void **state)
{
  static const char *const others[] = {"\"Recording\"", "\"Stopped\"", "null", "1", "{}", "[\"status\"]", "\"\""};
  static const char *const names[] = {"status", "st\\u0061tus", "\\u0073\\u0074\\u0061\\u0074\\u0075\\u0073"};
  char body[BODY_MOST];

  (void)state;
  for (size_t i = 0; i < COUNT(others) * COUNT(names); i++) {
    const char *other = others[i % COUNT(others)];
    const char *name = names[i / COUNT(others)];

    snprintf(body, sizeof body, "{\"%s\":%s," STATUS, name, other);
    assert_body(body, WMREC_ERROR_NO_STATUS);
    snprintf(body, sizeof body, "{\"status\":\"Recording\",\"a\":[],\"%s\":%s}", name, other);
    assert_body(body, WMREC_ERROR_NO_STATUS);
    snprintf(body, sizeof body, "{\"%s\":%s,\"%s\":%s," STATUS, name, other, name, other);
    assert_body(body, WMREC_ERROR_NO_STATUS);
  }
}

static void a_name_that_is_nearly_status_is_another_name(void **state)
{
  static const char *const names[] = {"",
                                      "s",
                                      "statu",
                                      "statuss",
                                      "Status",
                                      "STATUS",
                                      "status ",
                                      " status",
                                      "status\\n",
                                      "status\\b",
                                      "status\\u0000",
                                      "status\\u0000x",
                                      "\\u0000status",
                                      "st\\u0161tus",
                                      "\\u0173tatus",
                                      "tatus",
                                      "stat us",
                                      "status\xcc\x81",
                                      "\xef\xbb\xbfstatus",
                                      "st\\u0041tus",
                                      "status\\/",
                                      "\\nstatus",
                                      "stat\xc3\xbcs",
                                      "\\tstatus",
                                      "s\\tatus",
                                      "sta\\tus",
                                      "status.",
                                      "$.status"};
  char body[BODY_MOST];

  (void)state;
  for (size_t i = 0; i < COUNT(names); i++) {
    snprintf(body, sizeof body, "{\"%s\":\"Stopped\"," STATUS, names[i]);
    assert_body(body, WMREC_OK);
    snprintf(body, sizeof body, "{\"%s\":\"Stopped\"}", names[i]);
    assert_body(body, WMREC_ERROR_NO_STATUS);
  }
}

static void a_value_that_is_nearly_known_is_unknown(void **state)
{
  static const char *const formats[] = {"%s\\n",
                                        "%s\\u0000",
                                        "%s\\u0000\\u0000",
                                        "%s\\b\\f\\n\\r\\t",
                                        "%s ",
                                        " %s",
                                        "%sx",
                                        "\\n%s",
                                        "%s%s",
                                        "\\u0000%s",
                                        "%s\\u0000x",
                                        "%s.",
                                        "%s\xc2\x80",
                                        "\\\"%s\\\"",
                                        "%.6s",
                                        "%.1s",
                                        "%.0s"};
  static struct outcome outcome;
  char text[BODY_MOST], body[BODY_MOST + 16];

  (void)state;
  for (int i = 0; i < 4 * (int)COUNT(formats); i++) {
    const char *name = wmrec_recording_name((enum wmrec_recording)(i % 4));

    if (formats[i / 4][2] == '%')
      snprintf(text, sizeof text, "%s%s", name, name);
    else
      snprintf(text, sizeof text, formats[i / 4], name);
    snprintf(body, sizeof body, "{\"status\":\"%s\"}", text);
    run_body(body, strlen(body), &outcome);
    assert_result(&outcome, WMREC_ERROR_UNKNOWN_STATUS);
    assert_int_equal(outcome.text_length, strlen(text));
    assert_memory_equal(outcome.text, text, outcome.text_length);
  }
}

/* Each character of each value, escaped in upper or lower case, is that character; another character is not. */
static void an_escaped_value_is_the_value_that_it_means(void **state)
{
  static struct outcome outcome;
  char body[64];

  (void)state;
  for (int i = WMREC_NEVER_STARTED; i <= WMREC_STOPPED; i++) {
    const char *name = wmrec_recording_name((enum wmrec_recording)i);

    for (int place = 0; place < (int)strlen(name); place++) {
      for (unsigned added = 0; added <= 0x8000; added = added == 0 ? 1 : added * 2) {
        snprintf(body, sizeof body, added & 1 ? "{\"status\":\"%.*s\\u%04x%s\"}" : "{\"status\":\"%.*s\\u%04X%s\"}",
                 place, name, (unsigned)name[place] ^ added, name + place + 1);
        run_body(body, strlen(body), &outcome);
        assert_result(&outcome, added == 0 ? WMREC_OK : WMREC_ERROR_UNKNOWN_STATUS);
        assert_int_equal(outcome.recording, added == 0 ? i : WMREC_UNKNOWN);
      }
    }
  }
}

static void the_depth_is_bounded_by_the_buffer_only(void **state)
{
  static struct outcome outcome;
  char body[BODY_MOST];

  (void)state;
  for (size_t depth = 1; depth < 150; depth++) {
    size_t length = (size_t)sprintf(body, "{\"a\":");

    memset(body + length, '[', depth);
    memset(body + length + depth, ']', depth);
    sprintf(body + length + 2 * depth, "," STATUS);
    run_body(body, strlen(body), &outcome);
    assert_result(&outcome, WMREC_OK);
    body[length + depth] = '}';
    run_body(body, strlen(body), &outcome);
    assert_result(&outcome, WMREC_ERROR_JSON);
  }
}

/* By the manual: 16 bytes for each token after the body, and at most a NUL and padding besides. */
static void a_token_takes_16_bytes_of_the_buffer(void **state)
{
  static struct outcome outcome;
  char body[BODY_MOST], answer[BODY_MOST + 64];

  (void)state;
  for (int members = 0; members < 16; members++) {
    struct run run = {.bytes = answer};
    size_t length = (size_t)sprintf(body, "{%*s", 192 + members % 7, "");
    size_t needed;

    for (int i = 0; i < members; i++)
      length += (size_t)sprintf(body + length, "\"a\":1,");
    length += (size_t)sprintf(body + length, STATUS);
    run.length = put_answer(answer, body, length, false);
    needed = length + 16 * (size_t)(3 + 2 * members);
    for (run.buffer_size = 192; run.buffer_size < needed + 64; run.buffer_size++) {
      run_exchange(&run, &outcome);
      if (run.buffer_size < length)
        assert_result(&outcome, WMREC_ERROR_BODY_LIMIT);
      else if (run.buffer_size <= needed)
        assert_result(&outcome, WMREC_ERROR_TOKENS);
      else if (run.buffer_size >= needed + sizeof(int))
        assert_result(&outcome, WMREC_OK);
    }
  }
}

static void one_token_needs_room_for_one_token(void **state)
{
  static struct outcome outcome;
  char body[BODY_MOST], answer[BODY_MOST + 64];
  struct run run = {.bytes = answer};

  (void)state;
  for (size_t length = 192; length < 200; length++) {
    memset(body, ' ', length);
    body[length - 1] = '1';
    run.length = put_answer(answer, body, length, false);
    for (run.buffer_size = length; run.buffer_size < length + 40; run.buffer_size++) {
      run_exchange(&run, &outcome);
      if (run.buffer_size <= length + 16)
        assert_result(&outcome, WMREC_ERROR_TOKENS);
      else if (run.buffer_size >= length + 16 + sizeof(int))
        assert_result(&outcome, WMREC_ERROR_NO_STATUS);
    }
  }
}

static void the_buffer_of_the_manual_takes_some_twenty_members(void **state)
{
  static struct outcome outcome;
  char answer[256];
  const char *body = "{\"status\":\"Recording\"}";
  const struct run run = {.bytes = answer, .length = put_answer(answer, body, 22, false)};
  const char *members = "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":0," STATUS;
  struct run full = {.bytes = answer};

  (void)state;
  run_exchange(&run, &outcome);
  assert_result(&outcome, WMREC_OK);
  full.length = put_answer(answer, members, strlen(members), false);
  run_exchange(&full, &outcome);
  assert_result(&outcome, WMREC_OK);
}

static void a_golden_body_says_what_its_line_says(void **state)
{
  static struct outcome outcome;
  const struct golden *body = *state;
  const char *text = body->columns[3];
  const size_t length = strlen(text);

  run_body(body->bytes, body->length, &outcome);
  assert_result(&outcome, result_of_name(body->columns[1]));
  assert_string_equal(wmrec_recording_name(outcome.recording), body->columns[2]);
  if (strcmp(text, "-") == 0) {
    assert_int_equal(outcome.text_length, 0);
  } else {
    assert_int_equal(outcome.text_length, length - 2);
    assert_memory_equal(outcome.text, text + 1, length - 2);
  }
  if (outcome.text_length > 0)
    assert_no_status_in_a_part(body->bytes, body->length);
  assert_same_in_every_buffer(body->bytes, body->length, &outcome);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_number_has_the_form_of_rfc_8259),
      cmocka_unit_test(a_literal_is_true_false_or_null),
      cmocka_unit_test(an_array_or_object_has_commas_between_its_values_only),
      cmocka_unit_test(a_string_is_valid_utf_8),
      cmocka_unit_test(an_escape_is_one_of_rfc_8259),
      cmocka_unit_test(a_control_character_in_a_string_is_an_error),
      cmocka_unit_test(only_white_space_stands_between_tokens),
      cmocka_unit_test(nothing_follows_the_root),
      cmocka_unit_test(a_repeated_status_is_ambiguous),
      cmocka_unit_test(a_name_that_is_nearly_status_is_another_name),
      cmocka_unit_test(a_value_that_is_nearly_known_is_unknown),
      cmocka_unit_test(an_escaped_value_is_the_value_that_it_means),
      cmocka_unit_test(the_depth_is_bounded_by_the_buffer_only),
      cmocka_unit_test(a_token_takes_16_bytes_of_the_buffer),
      cmocka_unit_test(one_token_needs_room_for_one_token),
      cmocka_unit_test(the_buffer_of_the_manual_takes_some_twenty_members),
  };
  size_t count;
  struct golden *cases = golden_load("bodies", COLUMNS, &count);

  return run_group("json", tests, COUNT(tests), cases, count, COLUMNS, a_golden_body_says_what_its_line_says);
}
