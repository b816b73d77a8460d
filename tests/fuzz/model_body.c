/* Bodies: an object with or without a status, in one of many forms, or a text with one fault, which is not JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

/* A value of a member or of an array. */
static const char *const values[] = {"1",
                                     "null",
                                     "true",
                                     "false",
                                     "\"\"",
                                     "\"a\"",
                                     "-0",
                                     "0.5e+10",
                                     "-12E-3",
                                     "1e0",
                                     "{}",
                                     "[]",
                                     "{ \"status\" : \"Stopped\" }",
                                     "[{\"status\":\"Stopped\"},{\"status\":1}]",
                                     "[[[[1]], 2 ]]",
                                     "{\"a\":{\"b\":[{}]}}",
                                     "\"status\"",
                                     "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uD83d\\uDe00\\ud800\"",
                                     "\"]}[{,:\"",
                                     "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"",
                                     "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\x7f\""};

/* Texts that look like a value, but are not. */
static const char *const no_values[] = {"",
                                        "01",
                                        "-",
                                        "-01",
                                        "1.",
                                        ".5",
                                        "1.e1",
                                        "1e",
                                        "1e+",
                                        "+1",
                                        "0x1",
                                        "1 2",
                                        "nul",
                                        "nulll",
                                        "True",
                                        "NaN",
                                        "Infinity",
                                        "a",
                                        "'a'",
                                        "\"\\x\"",
                                        "\"\\u12g4\"",
                                        "\"\\u123\"",
                                        "\"\\U0041\"",
                                        "\"\t\"",
                                        "\"\x1f\"",
                                        "\"\n\"",
                                        "\"\x80\"",
                                        "\"\xc0\x80\"",
                                        "\"\xc1\xbf\"",
                                        "\"\xc2\"",
                                        "\"\xc2\xc2\x80\"",
                                        "\"\xe0\x9f\xbf\"",
                                        "\"\xe2\x82\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf0\x8f\xbf\xbf\"",
                                        "\"\xf4\x90\x80\x80\"",
                                        "\"\xf5\x80\x80\x80\"",
                                        "\"\xff\"",
                                        "[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "[1,,2]",
                                        "[1:2]",
                                        "[",
                                        "[1}",
                                        "{]",
                                        "{\"a\":1,}",
                                        "{,}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\" 1}",
                                        "{\"a\":1:2}",
                                        "{\"a\",1}",
                                        "{1:1}",
                                        "{a:1}",
                                        "{\"a\":1 \"b\":2}",
                                        "/**/1",
                                        "1//",
                                        "\xa0 1"};

/* Names that are not "status". */
static const char *const names[] = {
    "a",       "",          "Status",        "STATUS",       "statu",        "status2",
    "status ", " status",   "status\\u0000", "\\u0000",      "st\\u0061tUs", "\\nstatus",
    "state",   "recording", "\xc5\xbftatus", "\\u0173tatus", "status\\\"",   "tatus"};

static const char *const no_names[] = {"a", "1", "null", "'a'", "[]", "{}", "status"};

/* A status that the API does not have. */
static const char *const unknown[] = {
    "Paused",        "",           "recording", "Recordin", "Recording ",     "Recording\\u0000", "Stopped2",
    "Never Started", "\\nStopped", "\xd0\xaf",  "Unknown",  "\\u0152ecording"};

static void put(struct answer *answer, const char *text)
{
  const size_t length = strlen(text);

  require(length <= sizeof answer->body - answer->body_length, "the model's bodies are shorter");
  memcpy(answer->body + answer->body_length, text, length);
  answer->body_length += length;
}

static void put_space(struct choices *choices, struct fault *fault, struct answer *answer)
{
  static const char *const spaces[] = {"", "", "", " ", "\n  ", "\r\n\t"};
  static const char *const no_spaces[] = {"\f", "\v", "\xc2\xa0", "\xe2\x80\xa8", "\x01"};

  put(answer, spaces[choose(choices, COUNT(spaces))]);
  if (model_breaks(fault, BODY_WHITE_SPACE, answer))
    put(answer, no_spaces[choose(choices, COUNT(no_spaces))]);
}

/* A string of plain letters, any of which may be escaped. */
static void put_string(struct choices *choices, struct answer *answer, const char *text)
{
  const unsigned escaped = choose(choices, 4) == 0 ? choose(choices, 256) : 0;
  char escape[8];

  put(answer, "\"");
  for (size_t i = 0; text[i] != '\0'; i++) {
    snprintf(escape, sizeof escape, escaped >> i % 8 & 1 ? (escaped & 1 ? "\\u%04X" : "\\u%04x") : "%c", text[i]);
    put(answer, escape);
  }
  put(answer, "\"");
}

static void put_raw_string(struct answer *answer, const char *text)
{
  put(answer, "\"");
  put(answer, text);
  put(answer, "\"");
}

/* The value of a "status". Returns the expected result if it is the only one. */
static int put_status(struct choices *choices, struct answer *answer)
{
  const unsigned choice = choose(choices, 8);

  if (choice < 5) {
    answer->recording = (enum wmrec_recording)(WMREC_NEVER_STARTED + choice % 3);
    put_string(choices, answer, wmrec_recording_name(answer->recording));
    return WMREC_OK;
  }
  if (choice == 5) {
    static const char *const no_strings[] = {"null", "1", "true", "[\"Recording\"]", "{\"status\":\"Recording\"}",
                                             "[]",   "{}"};

    put(answer, no_strings[choose(choices, COUNT(no_strings))]);
    return WMREC_ERROR_NO_STATUS;
  }
  put_raw_string(answer, unknown[choose(choices, COUNT(unknown))]);
  return WMREC_ERROR_UNKNOWN_STATUS;
}

/* A name and its colon. */
static void put_name(struct choices *choices, struct fault *fault, struct answer *answer, bool is_status)
{
  if (model_breaks(fault, BODY_NAME, answer))
    put(answer, no_names[choose(choices, COUNT(no_names))]);
  else if (is_status)
    put_string(choices, answer, "status");
  else
    put_raw_string(answer, names[choose(choices, COUNT(names))]);
  put_space(choices, fault, answer);
  if (!model_breaks(fault, BODY_MISSING_COLON, answer))
    put(answer, ":");
  put_space(choices, fault, answer);
}

static void put_value(struct choices *choices, struct fault *fault, struct answer *answer)
{
  if (model_breaks(fault, BODY_VALUE, answer))
    put(answer, no_values[choose(choices, COUNT(no_values))]);
  else
    put(answer, values[choose(choices, COUNT(values))]);
}

static void put_comma(struct choices *choices, struct fault *fault, struct answer *answer)
{
  put_space(choices, fault, answer);
  put(answer, model_breaks(fault, BODY_MISSING_COMMA, answer) ? " " : ",");
  put_space(choices, fault, answer);
}

/* Any members, with `count` of "status" among them. Returns the expected result. */
static int put_members(struct choices *choices, struct fault *fault, struct answer *answer, unsigned statuses)
{
  const unsigned members = statuses + choose(choices, 4);
  unsigned left = statuses;
  int result = WMREC_ERROR_NO_STATUS;

  for (unsigned i = 0; i < members; i++) {
    const bool is_status = left > 0 && (members - i == left || choose(choices, 2) == 0);

    if (i > 0)
      put_comma(choices, fault, answer);
    put_name(choices, fault, answer, is_status);
    if (is_status && !(left-- > 0 && model_breaks(fault, BODY_VALUE, answer)))
      result = put_status(choices, answer);
    else if (is_status)
      put(answer, no_values[choose(choices, COUNT(no_values))]);
    else
      put_value(choices, fault, answer);
  }
  put_space(choices, fault, answer);
  if (model_breaks(fault, BODY_TRAILING_COMMA, answer))
    put(answer, ",");
  return statuses == 1 ? result : WMREC_ERROR_NO_STATUS;
}

static int put_object(struct choices *choices, struct fault *fault, struct answer *answer)
{
  const unsigned choice = choose(choices, 8);
  const unsigned statuses = choice < 6 ? 1 : choice == 6 ? 2 : 0;
  int result;

  answer->has_trait[STATUS_MEMBER_TWICE] = statuses == 2;
  put(answer, "{");
  put_space(choices, fault, answer);
  result = put_members(choices, fault, answer, statuses);
  if (model_breaks(fault, BODY_CLOSED_WRONG, answer))
    put(answer, "]");
  else if (!model_breaks(fault, BODY_UNCLOSED, answer))
    put(answer, "}");
  return result;
}

/* A body that is not an object. */
static void put_other_root(struct choices *choices, struct fault *fault, struct answer *answer)
{
  static const char *const roots[] = {"1", "null", "\"status\"", "[]", "[{\"status\":\"Recording\"}]", "-0.0e-0"};

  if (model_breaks(fault, BODY_VALUE, answer))
    put(answer, no_values[choose(choices, COUNT(no_values))]);
  else
    put(answer, roots[choose(choices, COUNT(roots))]);
}

int model_body(struct choices *choices, struct fault *fault, struct answer *answer)
{
  static const char *const more[] = {",", "}", "]", "{}", "1", "null", "\"\"", ":", "x", "{\"status\":\"Recording\"}"};
  int result = WMREC_ERROR_NO_STATUS;

  answer->recording = WMREC_UNKNOWN;
  answer->body_length = 0;
  if (model_breaks(fault, BODY_EMPTY, answer))
    return WMREC_ERROR_JSON;
  if (model_breaks(fault, BODY_BYTE_ORDER_MARK, answer))
    put(answer, "\xef\xbb\xbf");
  put_space(choices, fault, answer);
  if (choose(choices, 8) == 7) {
    put_other_root(choices, fault, answer);
    put(answer, " "); /* a digit after a number would belong to it */
  } else {
    result = put_object(choices, fault, answer);
  }
  put_space(choices, fault, answer);
  if (model_breaks(fault, BODY_MORE_AFTER, answer))
    put(answer, more[choose(choices, COUNT(more))]);
  for (int trait = FIRST_BODY_FAULT; trait < TRAIT_COUNT; trait++)
    if (answer->has_trait[trait])
      result = WMREC_ERROR_JSON;
  if (result != WMREC_OK)
    answer->recording = WMREC_UNKNOWN;
  return result;
}
