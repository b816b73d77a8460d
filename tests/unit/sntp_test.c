/* port/lwip/sntp.c, with a real lwIP in virtual time. A time server and an attacker, who can send anything, run in the
 * same stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/init.h>
#include <lwip/udp.h>

#include "sntp.h"

enum { NTP = 123, OTHER_PORT = 124, MESSAGE = 48, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* 2026-11-27 00:00:00, in seconds since 1900 and since 1970. */
#define NOW_NTP UINT32_C(4004726400)
#define NOW_UNIX INT64_C(1795737600)

static struct {
  struct udp_pcb *pcb;
  uint8_t answer[MESSAGE]; /* if its originate timestamp is zero, that of the request is filled in */
  bool is_silent;
  unsigned requests;
  uint32_t requested_at[32]; /* lwip_time at each request */
  uint8_t request[MESSAGE];
  ip_addr_t client;
  u16_t client_port;
} server;

static int64_t date;   /* the last that was set; 0: none was */
static unsigned dates; /* the number that was set */
static bool is_refused;

bool wmrec_lwip_set_time(int64_t seconds)
{
  date = seconds;
  dates++;
  return !is_refused;
}

static void send_from(struct udp_pcb *pcb, const void *bytes, u16_t length)
{
  struct pbuf *message = pbuf_alloc(PBUF_TRANSPORT, length, PBUF_RAM);

  pbuf_take(message, bytes, length);
  udp_sendto(pcb, message, &server.client, server.client_port);
  pbuf_free(message);
}

static void send_answer(void)
{
  static const uint8_t zero[8];
  uint8_t message[MESSAGE];

  memcpy(message, server.answer, MESSAGE);
  if (memcmp(message + 24, zero, sizeof zero) == 0)
    memcpy(message + 24, server.request + 40, 8);
  send_from(server.pcb, message, MESSAGE);
}

static void request_received(void *context, struct udp_pcb *pcb, struct pbuf *request, const ip_addr_t *from,
                             u16_t port)
{
  (void)context;
  (void)pcb;
  assert_int_equal(request->tot_len, MESSAGE);
  pbuf_copy_partial(request, server.request, MESSAGE, 0);
  pbuf_free(request);
  server.requested_at[server.requests++ % 32] = lwip_time;
  server.client = *from;
  server.client_port = port;
  if (!server.is_silent)
    send_answer();
}

static void set_seconds(uint32_t seconds)
{
  for (int i = 0; i < 4; i++)
    server.answer[40 + i] = (uint8_t)(seconds >> (24 - 8 * i));
}

static int start(void **state)
{
  (void)state;
  lwip_init();
  server.pcb = udp_new();
  udp_bind(server.pcb, IP4_ADDR_ANY, NTP);
  udp_recv(server.pcb, request_received, NULL);
  return 0;
}

static int begin(void **state)
{
  (void)state;
  memset(server.answer, 0, sizeof server.answer);
  server.answer[0] = 4 << 3 | 4; /* version 4, a server */
  server.answer[1] = 2;          /* stratum */
  set_seconds(NOW_NTP);
  server.is_silent = false;
  server.requests = 0;
  dhcp_set_ntp_servers(0, NULL);
  date = 0;
  dates = 0;
  is_refused = false;
  return 0;
}

static int end(void **state)
{
  (void)state;
  wmrec_sntp_stop();
  lwip_pass(SECOND);
  return 0;
}

static void the_date_of_an_answer_is_set_and_requested_again_after_an_hour(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  assert_int_equal(date, NOW_UNIX);
  lwip_pass(HOUR - 2 * SECOND);
  assert_int_equal(server.requests, 1);
  lwip_pass(2 * SECOND);
  assert_int_equal(server.requests, 2);
  assert_int_equal(dates, 2);
}

static void a_date_after_2036_is_correct(void **state)
{
  (void)state;
  set_seconds(86400); /* RFC 4330, section 3: of the era that begins on 2036-02-07, at 06:28:16 */
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  assert_int_equal(date, INT64_C(2085978496) + 86400);
}

static void a_request_contains_only_a_random_number(void **state)
{
  static const uint8_t zero[39];
  uint8_t before[8] = {0};

  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 5; i++) {
    lwip_pass(4 * MINUTE);
    assert_int_equal(server.request[0], 4 << 3 | 3);
    assert_memory_equal(server.request + 1, zero, sizeof zero);
    assert_memory_not_equal(server.request + 40, before, 4);
    assert_memory_not_equal(server.request + 44, before + 4, 4);
    memcpy(before, server.request + 40, sizeof before);
  }
}

static void each_request_comes_from_a_random_port(void **state)
{
  u16_t before = 0;

  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 5; i++) {
    lwip_pass(4 * MINUTE);
    assert_true(server.client_port >= 0xc000);
    assert_true((u16_t)(server.client_port - before) > 8);
    before = server.client_port;
  }
}

static void only_the_first_answer_to_a_request_is_accepted(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  for (int i = 0; i < 3; i++) {
    send_answer();
    lwip_pass(SECOND);
  }
  assert_int_equal(dates, 1);
}

static void an_answer_without_our_random_number_is_ignored_and_the_right_one_is_still_accepted(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  for (int byte = 24; byte < 32; byte++) {
    memcpy(server.answer + 24, server.request + 40, 8);
    server.answer[byte] ^= 1;
    send_answer();
  }
  memset(server.answer + 24, 0, 8);
  lwip_pass(SECOND);
  assert_int_equal(dates, 0);
  send_answer();
  lwip_pass(SECOND);
  assert_int_equal(date, NOW_UNIX);
}

static void an_answer_from_another_port_and_a_short_answer_are_ignored(void **state)
{
  struct udp_pcb *attacker = udp_new();

  (void)state;
  udp_bind(attacker, IP4_ADDR_ANY, OTHER_PORT);
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  memcpy(server.answer + 24, server.request + 40, 8);
  send_from(attacker, server.answer, MESSAGE);
  send_from(server.pcb, server.answer, MESSAGE - 1);
  lwip_pass(SECOND);
  assert_int_equal(dates, 0);
  udp_remove(attacker);
}

static void an_answer_of_a_server_that_is_not_synchronised_is_not_accepted(void **state)
{
  static const struct {
    int at;
    uint8_t byte;
  } wrong[] = {{0, 3 << 6 | 4 << 3 | 4}, /* the leap indicator says that its clock is not set */
               {0, 4 << 3 | 3},
               {0, 4 << 3 | 5}, /* mode: client, broadcast */
               {1, 0},
               {1, 16},
               {1, 255},      /* stratum */
               {MESSAGE, 0}}; /* a date of zero, set below */

  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    begin(NULL);
    if (wrong[i].at == MESSAGE)
      set_seconds(0);
    else
      server.answer[wrong[i].at] = wrong[i].byte;
    wmrec_sntp_start("127.0.0.1");
    lwip_pass(14 * SECOND);
    assert_int_equal(server.requests, 1);
    assert_int_equal(dates, 0);
    lwip_pass(2 * SECOND);
    assert_int_equal(server.requests, 2);
  }
}

/* The delays before the next requests, in s. */
static void assert_retries(void)
{
  static const uint32_t expected[] = {15, 30, 60, 120, 240, 240, 240};

  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    const uint32_t delay = server.requested_at[i + 1] - server.requested_at[i];

    assert_in_range(delay, expected[i] * SECOND, expected[i] * SECOND + 100);
  }
}

static void without_an_answer_the_next_requests_follow_after_15_s_doubled_each_time_up_to_4_minutes(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(20 * MINUTE);
  assert_retries();
}

static void after_a_date_that_was_refused_the_next_requests_follow_as_after_no_answer(void **state)
{
  (void)state;
  is_refused = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(20 * MINUTE);
  assert_retries();
}

static void the_servers_that_dhcp_names_are_asked_in_turn(void **state)
{
  ip4_addr_t servers[2];

  (void)state;
  IP4_ADDR(&servers[0], 127, 0, 0, 2); /* no server has it */
  IP4_ADDR(&servers[1], 127, 0, 0, 1);
  dhcp_set_ntp_servers(2, servers);
  wmrec_sntp_start(NULL);
  lwip_pass(10 * SECOND);
  assert_int_equal(dates, 0);
  lwip_pass(10 * SECOND);
  assert_int_equal(date, NOW_UNIX);
}

static void an_answer_after_stop_is_ignored(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  wmrec_sntp_stop();
  send_answer();
  lwip_pass(HOUR);
  assert_int_equal(dates, 0);
  assert_int_equal(server.requests, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_date_of_an_answer_is_set_and_requested_again_after_an_hour),
      TEST(a_date_after_2036_is_correct),
      TEST(a_request_contains_only_a_random_number),
      TEST(each_request_comes_from_a_random_port),
      TEST(only_the_first_answer_to_a_request_is_accepted),
      TEST(an_answer_without_our_random_number_is_ignored_and_the_right_one_is_still_accepted),
      TEST(an_answer_from_another_port_and_a_short_answer_are_ignored),
      TEST(an_answer_of_a_server_that_is_not_synchronised_is_not_accepted),
      TEST(without_an_answer_the_next_requests_follow_after_15_s_doubled_each_time_up_to_4_minutes),
      TEST(after_a_date_that_was_refused_the_next_requests_follow_as_after_no_answer),
      TEST(the_servers_that_dhcp_names_are_asked_in_turn),
      TEST(an_answer_after_stop_is_ignored),
  };

  return cmocka_run_group_tests_name("sntp", tests, start, NULL);
}
