/* The names, the texts and the numbers of results: users store, show and compare them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <string.h>

/* As released: lines may be added, but not changed. */
static const struct {
  int number;
  int result;
  const char *name;
} released[] = {
    {0, WMREC_OK, "ok"},
    {1, WMREC_WANT_WRITE, "want-write"},
    {2, WMREC_WANT_READ, "want-read"},
    {3, WMREC_WANT_CALL, "want-call"},
    {-1, WMREC_ERROR_BUFFER, "buffer"},
    {-2, WMREC_ERROR_HOST, "host"},
    {-3, WMREC_ERROR_MOCK_API_ID, "mock-api-id"},
    {-4, WMREC_ERROR_TOKEN, "token"},
    {-5, WMREC_ERROR_BASE_PATH, "base-path"},
    {-6, WMREC_ERROR_PLAIN_HTTP, "plain-http"},
    {-7, WMREC_ERROR_TRANSPORT, "transport"},
    {-10, WMREC_ERROR_NAME, "name"},
    {-11, WMREC_ERROR_CONNECT, "connect"},
    {-12, WMREC_ERROR_RESET, "reset"},
    {-13, WMREC_ERROR_CLOSED, "closed"},
    {-14, WMREC_ERROR_TRUNCATED, "truncated"},
    {-15, WMREC_ERROR_TIMEOUT, "timeout"},
    {-16, WMREC_ERROR_SYSTEM, "system"},
    {-20, WMREC_ERROR_TLS, "tls"},
    {-21, WMREC_ERROR_TLS_NOT_SPOKEN, "tls-not-spoken"},
    {-22, WMREC_ERROR_TLS_REFUSED, "tls-refused"},
    {-23, WMREC_ERROR_TLS_MEMORY, "tls-memory"},
    {-24, WMREC_ERROR_TLS_CLOCK, "tls-clock"},
    {-25, WMREC_ERROR_TLS_ROOTS, "tls-roots"},
    {-26, WMREC_ERROR_TLS_DOWNGRADE, "tls-downgrade"},
    {-27, WMREC_ERROR_TLS_SETUP, "tls-setup"},
    {-30, WMREC_ERROR_CERTIFICATE, "certificate"},
    {-31, WMREC_ERROR_CERTIFICATE_EXPIRED, "certificate-expired"},
    {-32, WMREC_ERROR_CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid"},
    {-33, WMREC_ERROR_CERTIFICATE_HOST, "certificate-host"},
    {-34, WMREC_ERROR_CERTIFICATE_ISSUER, "certificate-issuer"},
    {-35, WMREC_ERROR_CERTIFICATE_WEAK, "certificate-weak"},
    {-40, WMREC_ERROR_STATUS_LINE, "status-line"},
    {-41, WMREC_ERROR_HEADER, "header"},
    {-42, WMREC_ERROR_SECTION_LIMIT, "section-limit"},
    {-43, WMREC_ERROR_CONTENT_LENGTH, "content-length"},
    {-44, WMREC_ERROR_CODING, "coding"},
    {-45, WMREC_ERROR_CHUNK, "chunk"},
    {-46, WMREC_ERROR_BODY_LIMIT, "body-limit"},
    {-47, WMREC_ERROR_CONTENT_ENCODING, "content-encoding"},
    {-50, WMREC_ERROR_STATUS, "status"},
    {-51, WMREC_ERROR_REDIRECT, "redirect"},
    {-52, WMREC_ERROR_UNAUTHORIZED, "unauthorized"},
    {-53, WMREC_ERROR_FORBIDDEN, "forbidden"},
    {-54, WMREC_ERROR_NOT_FOUND, "not-found"},
    {-55, WMREC_ERROR_TOO_MANY_REQUESTS, "too-many-requests"},
    {-56, WMREC_ERROR_UNAVAILABLE, "unavailable"},
    {-57, WMREC_ERROR_CLIENT, "client"},
    {-58, WMREC_ERROR_SERVER, "server"},
    {-59, WMREC_ERROR_ASK_AGAIN, "ask-again"},
    {-60, WMREC_ERROR_JSON, "json"},
    {-61, WMREC_ERROR_TOKENS, "tokens"},
    {-62, WMREC_ERROR_NO_STATUS, "no-status"},
    {-63, WMREC_ERROR_UNKNOWN_STATUS, "unknown-status"},
};

static void every_result_has_the_number_that_was_released(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(released); i++)
    assert_int_equal(released[i].result, released[i].number);
}

static void every_result_has_the_name_that_was_released(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(released); i++)
    assert_string_equal(wmrec_result_name(released[i].number), released[i].name);
}

static void an_unknown_number_has_its_own_name_and_text(void **state)
{
  static const int others[] = {-128, -64, -49, -48, -36, -28, -17, -8, 4, 127, -256, 256, INT32_MIN, INT32_MAX};

  (void)state;
  for (size_t i = 0; i < COUNT(others); i++) {
    assert_string_equal(wmrec_result_name(others[i]), "unknown");
    assert_true(strlen(wmrec_result_text(others[i])) > 0);
  }
}

static void no_two_results_share_a_name_or_a_text(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(released); i++) {
    assert_string_not_equal(wmrec_result_name(released[i].number), "unknown");
    assert_string_not_equal(wmrec_result_text(released[i].number), wmrec_result_text(INT32_MIN));
    for (size_t j = 0; j < i; j++) {
      assert_string_not_equal(wmrec_result_name(released[i].number), wmrec_result_name(released[j].number));
      assert_string_not_equal(wmrec_result_text(released[i].number), wmrec_result_text(released[j].number));
    }
  }
}

static void a_name_has_lower_case_letters_and_hyphens_only(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(released); i++) {
    const char *name = wmrec_result_name(released[i].number);

    assert_true(strlen(name) > 0 && strlen(name) <= 31);
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
  }
}

static void a_text_is_one_line_without_a_full_stop(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(released); i++) {
    const char *text = wmrec_result_text(released[i].number);
    const size_t length = strlen(text);

    assert_true(length > 0 && length <= 100);
    assert_int_equal(strcspn(text, "\r\n\t"), length);
    assert_true(text[length - 1] != '.' && text[length - 1] != ' ');
  }
}

static void a_recording_has_the_number_and_the_name_that_the_api_gives_it(void **state)
{
  (void)state;
  assert_int_equal(WMREC_UNKNOWN, 0);
  assert_int_equal(WMREC_NEVER_STARTED, 1);
  assert_int_equal(WMREC_RECORDING, 2);
  assert_int_equal(WMREC_STOPPED, 3);
  assert_string_equal(wmrec_recording_name(WMREC_UNKNOWN), "Unknown");
  assert_string_equal(wmrec_recording_name(WMREC_NEVER_STARTED), "NeverStarted");
  assert_string_equal(wmrec_recording_name(WMREC_RECORDING), "Recording");
  assert_string_equal(wmrec_recording_name(WMREC_STOPPED), "Stopped");
}

static void any_other_recording_is_called_unknown(void **state)
{
  (void)state;
  for (int value = WMREC_STOPPED + 1; value < 256; value++)
    assert_string_equal(wmrec_recording_name((enum wmrec_recording)value), "Unknown");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_result_has_the_number_that_was_released),
      cmocka_unit_test(every_result_has_the_name_that_was_released),
      cmocka_unit_test(an_unknown_number_has_its_own_name_and_text),
      cmocka_unit_test(no_two_results_share_a_name_or_a_text),
      cmocka_unit_test(a_name_has_lower_case_letters_and_hyphens_only),
      cmocka_unit_test(a_text_is_one_line_without_a_full_stop),
      cmocka_unit_test(a_recording_has_the_number_and_the_name_that_the_api_gives_it),
      cmocka_unit_test(any_other_recording_is_called_unknown),
  };

  return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
