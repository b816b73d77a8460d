/* The request, byte by byte, and the bytes that must never be sent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SELF_HOSTED "GET /__admin/recordings/status HTTP/1.1\r\nHost: "
#define ACCEPT                                                                                                         \
  "\r\nUser-Agent: wmrec/" WMREC_VERSION "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"               \
  "Cache-Control: no-cache\r\n\r\n"
#define CLOUD_FIELDS "Host: api.wiremock.cloud\r\nAuthorization: Token wm_0123456789abcdef" ACCEPT

static struct fence strings, buffers;

static int open_fences(void **state)
{
  (void)state;
  fence_open(&strings, 4096);
  fence_open(&buffers, 4096);
  return 0;
}

static int close_fences(void **state)
{
  (void)state;
  fence_close(&strings);
  fence_close(&buffers);
  return 0;
}

static void assert_request(const struct wmrec_target *target, const char *expected)
{
  struct wmrec_exchange x;
  size_t length;
  char *buffer = fence_last(&buffers, WMREC_BUFFER_SIZE);
  const char *request;

  assert_int_equal(wmrec_begin(&x, target, buffer, WMREC_BUFFER_SIZE), WMREC_OK);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_WRITE);
  request = wmrec_to_send(&x, &length);
  assert_int_equal(length, strlen(expected));
  assert_memory_equal(request, expected, length);
  assert_true(request >= buffer && request + length <= buffer + WMREC_BUFFER_SIZE);
}

/* No call sends a byte, and no byte of the request stays in the buffer. */
static void assert_refused(const struct wmrec_target *target, int error)
{
  struct wmrec_exchange x;
  size_t length = 1;
  unsigned char *buffer = fence_last(&buffers, WMREC_BUFFER_SIZE);

  memset(buffer, 0, WMREC_BUFFER_SIZE);
  assert_string_equal(wmrec_result_name(wmrec_begin(&x, target, buffer, WMREC_BUFFER_SIZE)), wmrec_result_name(error));
  assert_int_equal(wmrec_result(&x), error);
  wmrec_to_send(&x, &length);
  assert_int_equal(length, 0);
  wmrec_sent(&x, 0);
  assert_int_equal(wmrec_received(&x, "HTTP/1.1 200 OK\r\n", 17), 0);
  wmrec_closed(&x, true);
  assert_int_equal(wmrec_result(&x), error);
  assert_int_equal(wmrec_answer(&x), WMREC_UNKNOWN);
  assert_int_equal(wmrec_http_status(&x), 0);
  assert_false(wmrec_keep_alive(&x));
  for (size_t i = 0; i < WMREC_BUFFER_SIZE; i++)
    assert_int_equal(buffer[i], 0);
}

static void the_cloud_is_asked_as_its_api_is_documented(void **state)
{
  (void)state;
  assert_request(&cloud, "GET /v1/mock-apis/jjl8y/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS);
}

static void a_self_hosted_server_is_asked_under_admin(void **state)
{
  struct wmrec_target target = self_hosted;

  (void)state;
  assert_request(&target, SELF_HOSTED "h" ACCEPT);
  target.plain_http = false;
  assert_request(&target, SELF_HOSTED "h" ACCEPT);
  target.token = "k";
  assert_request(&target, SELF_HOSTED "h\r\nAuthorization: Token k" ACCEPT);
}

static void a_base_path_stands_before_the_path(void **state)
{
  static const struct {
    const char *base_path;
    const char *put;
  } paths[] = {{NULL, ""},       {"", ""},      {"/", ""},
               {"/a", "/a"},     {"/a/", "/a"}, {"/wiremock/x%20y;v=1", "/wiremock/x%20y;v=1"},
               {"/a/b/", "/a/b"}};
  char expected[WMREC_BUFFER_SIZE];
  struct wmrec_target target = self_hosted;

  (void)state;
  for (size_t i = 0; i < COUNT(paths); i++) {
    target.base_path = paths[i].base_path;
    snprintf(expected, sizeof expected, "GET %s/__admin/recordings/status HTTP/1.1\r\nHost: h" ACCEPT, paths[i].put);
    assert_request(&target, expected);
  }
  target = cloud;
  target.base_path = "/proxy/";
  assert_request(&target, "GET /proxy/v1/mock-apis/jjl8y/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS);
}

static void a_base_path_without_a_leading_slash_is_an_error(void **state)
{
  struct wmrec_target target = self_hosted;

  (void)state;
  target.base_path = "a";
  assert_refused(&target, WMREC_ERROR_BASE_PATH);
  target.base_path = "a/b";
  assert_refused(&target, WMREC_ERROR_BASE_PATH);
  target.base_path = "%2Fa";
  assert_refused(&target, WMREC_ERROR_BASE_PATH);
}

static void every_port_except_the_default_one_is_in_host(void **state)
{
  char expected[WMREC_BUFFER_SIZE];
  struct wmrec_target target = self_hosted;

  (void)state;
  for (unsigned i = 0; i < 2 * 65536; i++) {
    const unsigned port = i >> 1;

    target.plain_http = i & 1;
    target.port = (uint16_t)port;
    snprintf(expected, sizeof expected, SELF_HOSTED "h:%u" ACCEPT, port);
    if (port == 0 || port == (target.plain_http ? 80 : 443))
      snprintf(expected, sizeof expected, SELF_HOSTED "h" ACCEPT);
    assert_request(&target, expected);
  }
}

static void an_ipv6_address_stands_in_brackets(void **state)
{
  struct wmrec_target target = self_hosted;

  (void)state;
  target.host = "::1";
  assert_request(&target, SELF_HOSTED "[::1]" ACCEPT);
  target.port = 8080;
  assert_request(&target, SELF_HOSTED "[::1]:8080" ACCEPT);
  target.host = "2001:DB8::192.0.2.1";
  assert_request(&target, SELF_HOSTED "[2001:DB8::192.0.2.1]:8080" ACCEPT);
  target.host = "192.0.2.1";
  assert_request(&target, SELF_HOSTED "192.0.2.1:8080" ACCEPT);
}

static void an_id_is_percent_encoded_where_it_must_be(void **state)
{
  static const char *const ids[][2] = {
      {"azAZ09", "azAZ09"},   {"-._~-", "-._~-"},     {".....", "....."},     {"a/b/c", "a%2Fb%2Fc"},
      {"a b?c", "a%20b%3Fc"}, {"100%25", "100%2525"}, {"a#b&c", "a%23b%26c"}, {"../../v2/x", "..%2F..%2Fv2%2Fx"},
  };
  char expected[WMREC_BUFFER_SIZE];
  struct wmrec_target target = cloud;

  (void)state;
  for (size_t i = 0; i < COUNT(ids); i++) {
    target.mock_api_id = ids[i][0];
    snprintf(expected, sizeof expected, "GET /v1/mock-apis/%s/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS, ids[i][1]);
    assert_request(&target, expected);
  }
}

static void an_id_has_5_to_10_characters(void **state)
{
  struct wmrec_target target = cloud;

  (void)state;
  for (size_t length = 0; length <= 300; length++) {
    char id[301];
    char expected[WMREC_BUFFER_SIZE];

    memset(id, 'x', length);
    id[length] = '\0';
    target.mock_api_id = fence_copy(&strings, id, length + 1);
    snprintf(expected, sizeof expected, "GET /v1/mock-apis/%.10s/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS, id);
    if (length >= 5 && length <= 10)
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_MOCK_API_ID);
  }
}

/* An encoded character counts as one. */
static void an_id_of_delimiters_has_5_to_10_characters_too(void **state)
{
  struct wmrec_target target = cloud;

  (void)state;
  target.mock_api_id = "//////////";
  assert_request(&target,
                 "GET /v1/mock-apis/%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS);
  target.mock_api_id = "///////////";
  assert_refused(&target, WMREC_ERROR_MOCK_API_ID);
  target.mock_api_id = "////";
  assert_refused(&target, WMREC_ERROR_MOCK_API_ID);
}

static bool is_unreserved(unsigned c)
{
  return c != 0 && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~", (int)c) != NULL;
}

/* A text of six bytes with this byte at its start, middle or end. A NUL ends it there. */
static char *text_with(unsigned c, size_t place)
{
  char text[] = "/bcdef";

  if (place == 1)
    text[3] = (char)c;
  else
    text[place == 0 ? 0 : 5] = (char)c;
  return fence_copy(&strings, text, strlen(text) + 1);
}

static void each_byte_of_an_id_is_sent_encoded_or_refused(void **state)
{
  struct wmrec_target target = cloud;

  (void)state;
  for (unsigned i = 0; i < 256 * 3; i++) {
    const unsigned c = i / 3;
    char put[4] = {(char)c};
    char expected[WMREC_BUFFER_SIZE];
    const char *id = text_with(c, i % 3);

    target.mock_api_id = id;
    if (!is_unreserved(c) && c != 0)
      snprintf(put, sizeof put, "%%%02X", c);
    snprintf(expected, sizeof expected, "GET /v1/mock-apis/%s%s%s%s%s/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS,
             i % 3 == 0 ? put : "%2F", i % 3 == 1 ? "bc" : "bcde", i % 3 == 1 ? put : "", i % 3 == 1 ? "ef" : "",
             i % 3 == 2   ? put
             : i % 3 == 0 ? "f"
                          : "");
    if ((c >= ' ' && c <= '~') || (c == 0 && i % 3 == 2))
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_MOCK_API_ID);
  }
}

static void each_byte_of_a_host_is_one_of_a_name_or_an_address_or_refused(void **state)
{
  struct wmrec_target target = self_hosted;
  char expected[WMREC_BUFFER_SIZE];

  (void)state;
  for (unsigned i = 0; i < 256 * 3; i++) {
    const unsigned c = i / 3;
    char *host = text_with(c, i % 3);

    if (i % 3 != 0)
      host[0] = 'a';
    target.host = host;
    snprintf(expected, sizeof expected, c == ':' ? SELF_HOSTED "[%s]" ACCEPT : SELF_HOSTED "%s" ACCEPT, host);
    if (is_unreserved(c) || c == ':' || (c == 0 && i % 3 != 0))
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_HOST);
  }
}

static void each_byte_of_a_token_is_visible_ascii_or_refused(void **state)
{
  struct wmrec_target target = cloud;
  char expected[WMREC_BUFFER_SIZE];

  (void)state;
  for (unsigned i = 0; i < 256 * 3; i++) {
    const unsigned c = i / 3;

    target.token = text_with(c, i % 3);
    snprintf(expected, sizeof expected,
             "GET /v1/mock-apis/jjl8y/recordings/status HTTP/1.1\r\nHost: api.wiremock.cloud\r\n"
             "Authorization: Token %s" ACCEPT,
             target.token);
    if ((c > ' ' && c <= '~') || (c == 0 && i % 3 != 0))
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_TOKEN);
  }
}

/* RFC 3986, section 3.3: pchar and the slash. A percent sign is allowed, as the path is encoded already. */
static void each_byte_of_a_base_path_is_one_of_a_path_or_refused(void **state)
{
  struct wmrec_target target = self_hosted;
  char expected[WMREC_BUFFER_SIZE];

  (void)state;
  for (unsigned i = 0; i < 256 * 2; i++) {
    const unsigned c = i / 2;
    const char *path = text_with(c, 1 + i % 2);

    target.base_path = path;
    snprintf(expected, sizeof expected, "GET %.*s/__admin/recordings/status HTTP/1.1\r\nHost: h" ACCEPT,
             (int)strlen(path) - (c == '/' && i % 2 == 1), path);
    if (c == 0 || is_unreserved(c) || strchr("!$&'()*+,;=:@/%", (int)c) != NULL)
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_BASE_PATH);
  }
}

static void a_control_byte_in_the_token_is_an_error_and_nothing_is_sent(void **state)
{
  static const char *const tokens[] = {"a\r\nX: y", "a\n", "\ra", "a b", "a\t", "a\x7f", "\x01", "k\xc3\xa9y"};
  struct wmrec_target target = self_hosted;

  (void)state;
  for (size_t i = 0; i < COUNT(tokens); i++) {
    target.token = tokens[i];
    assert_refused(&target, WMREC_ERROR_TOKEN);
  }
}

static void an_empty_host_token_or_id_is_an_error(void **state)
{
  struct wmrec_target target = cloud;

  (void)state;
  target.host = fence_copy(&strings, "", 1);
  assert_refused(&target, WMREC_ERROR_HOST);
  target = cloud;
  target.token = fence_copy(&strings, "", 1);
  assert_refused(&target, WMREC_ERROR_TOKEN);
  target = self_hosted;
  target.token = fence_copy(&strings, "", 1);
  assert_refused(&target, WMREC_ERROR_TOKEN);
  target = cloud;
  target.mock_api_id = fence_copy(&strings, "", 1);
  assert_refused(&target, WMREC_ERROR_MOCK_API_ID);
}

static void the_cloud_needs_a_token_and_tls(void **state)
{
  struct wmrec_target target = cloud;

  (void)state;
  target.token = NULL;
  assert_refused(&target, WMREC_ERROR_TOKEN);
  target = cloud;
  target.plain_http = true;
  assert_refused(&target, WMREC_ERROR_PLAIN_HTTP);
}

static void assert_every_size(const struct wmrec_target *target, size_t needed)
{
  for (size_t size = 0; size < needed + 8; size++) {
    unsigned char *const places[] = {fence_last(&buffers, size), buffers.start};

    for (size_t i = 0; i < COUNT(places); i++) {
      struct wmrec_exchange x;
      size_t length;
      const int expected = size < needed ? WMREC_ERROR_BUFFER : WMREC_OK;

      memset(buffers.start, 0x55, buffers.size);
      assert_int_equal(wmrec_begin(&x, target, places[i], size), expected);
      wmrec_to_send(&x, &length);
      assert_int_equal(length, expected == WMREC_OK ? needed : 0);
      if (i == 1)
        assert_int_equal(places[i][size], 0x55);
      for (size_t j = 0; j < size && expected != WMREC_OK; j++)
        assert_true(places[i][j] == 0 || places[i][j] == 0x55);
    }
  }
}

static void a_buffer_of_every_size_up_to_the_exact_one_is_too_small(void **state)
{
  struct wmrec_target target = cloud;
  size_t length;
  char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange x;

  (void)state;
  assert_every_size(&cloud, strlen("GET /v1/mock-apis/jjl8y/recordings/status HTTP/1.1\r\n" CLOUD_FIELDS));
  target.mock_api_id = "a/b c";
  target.base_path = "/wiremock/";
  target.host = "::1";
  target.port = 8443;
  assert_int_equal(wmrec_begin(&x, &target, buffer, sizeof buffer), WMREC_OK);
  wmrec_to_send(&x, &length);
  assert_every_size(&target, length);
  target = self_hosted;
  target.base_path = "/";
  assert_every_size(&target, strlen(SELF_HOSTED "h" ACCEPT));
}

static void the_buffer_of_the_manual_takes_a_key_of_300_characters(void **state)
{
  char token[301];
  char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange x;
  struct wmrec_target target = cloud;

  (void)state;
  memset(token, 'k', sizeof token - 1);
  token[300] = '\0';
  target.token = token;
  target.mock_api_id = "//////////";
  assert_int_equal(wmrec_begin(&x, &target, buffer, sizeof buffer), WMREC_OK);
}

static void a_scheme_stands_before_the_token(void **state)
{
  static const char *const schemes[] = {"Token", "Basic", "Bearer", "X-Own"};
  char expected[WMREC_BUFFER_SIZE];
  struct wmrec_target target = self_hosted;

  (void)state;
  target.token = "dXNlcjpwYXNz";
  for (size_t i = 0; i < COUNT(schemes); i++) {
    target.scheme = schemes[i];
    snprintf(expected, sizeof expected, SELF_HOSTED "h\r\nAuthorization: %s dXNlcjpwYXNz" ACCEPT, schemes[i]);
    assert_request(&target, expected);
  }
  target.token = NULL; /* then there is no field for it */
  assert_request(&target, SELF_HOSTED "h" ACCEPT);
}

static void each_byte_of_a_scheme_is_visible_ascii_or_refused(void **state)
{
  struct wmrec_target target = self_hosted;

  (void)state;
  target.token = "k";
  target.scheme = "";
  assert_refused(&target, WMREC_ERROR_TOKEN);
  for (unsigned i = 0; i < 256 * 3; i++) {
    const unsigned c = i / 3;
    char expected[WMREC_BUFFER_SIZE];

    target.scheme = text_with(c, i % 3);
    snprintf(expected, sizeof expected, SELF_HOSTED "h\r\nAuthorization: %s k" ACCEPT, target.scheme);
    if ((c > ' ' && c <= '~') || (c == 0 && i % 3 != 0))
      assert_request(&target, expected);
    else
      assert_refused(&target, WMREC_ERROR_TOKEN);
  }
}

static void the_target_is_not_read_after_begin(void **state)
{
  struct wmrec_exchange x;
  char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_target *target = malloc(sizeof *target);
  char *token = malloc(4);
  size_t length;

  (void)state;
  assert_non_null(target);
  assert_non_null(token);
  *target = cloud;
  memcpy(token, "key", 4);
  target->token = token;
  assert_int_equal(wmrec_begin(&x, target, buffer, sizeof buffer), WMREC_OK);
  memset(token, 0, 4);
  free(token);
  free(target);
  assert_non_null(strstr(wmrec_to_send(&x, &length), "Token key\r\n"));
  wmrec_sent(&x, length);
  assert_int_equal(wmrec_result(&x), WMREC_WANT_READ);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cloud_is_asked_as_its_api_is_documented),
      cmocka_unit_test(a_self_hosted_server_is_asked_under_admin),
      cmocka_unit_test(a_base_path_stands_before_the_path),
      cmocka_unit_test(a_base_path_without_a_leading_slash_is_an_error),
      cmocka_unit_test(every_port_except_the_default_one_is_in_host),
      cmocka_unit_test(an_ipv6_address_stands_in_brackets),
      cmocka_unit_test(an_id_is_percent_encoded_where_it_must_be),
      cmocka_unit_test(an_id_has_5_to_10_characters),
      cmocka_unit_test(an_id_of_delimiters_has_5_to_10_characters_too),
      cmocka_unit_test(each_byte_of_an_id_is_sent_encoded_or_refused),
      cmocka_unit_test(each_byte_of_a_host_is_one_of_a_name_or_an_address_or_refused),
      cmocka_unit_test(each_byte_of_a_token_is_visible_ascii_or_refused),
      cmocka_unit_test(a_scheme_stands_before_the_token),
      cmocka_unit_test(each_byte_of_a_scheme_is_visible_ascii_or_refused),
      cmocka_unit_test(each_byte_of_a_base_path_is_one_of_a_path_or_refused),
      cmocka_unit_test(a_control_byte_in_the_token_is_an_error_and_nothing_is_sent),
      cmocka_unit_test(an_empty_host_token_or_id_is_an_error),
      cmocka_unit_test(the_cloud_needs_a_token_and_tls),
      cmocka_unit_test(a_buffer_of_every_size_up_to_the_exact_one_is_too_small),
      cmocka_unit_test(the_buffer_of_the_manual_takes_a_key_of_300_characters),
      cmocka_unit_test(the_target_is_not_read_after_begin),
  };

  return cmocka_run_group_tests_name("request", tests, open_fences, close_fences);
}
