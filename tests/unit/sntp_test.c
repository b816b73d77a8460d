/* port/lwip/sntp.c, with a real lwIP in virtual time. A time server and an attacker, who can send anything, run in the
 * same stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/ip.h>
#include <lwip/udp.h>

#include "sntp.h"

enum { NTP = 123, DNS = 53, OTHER_PORT = 124, MESSAGE = 48, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* 2026-11-27 00:00:00, in seconds since 1900 and since 1970. */
#define NOW_NTP UINT32_C(4004726400)
#define NOW_UNIX INT64_C(1795737600)

static struct {
  struct udp_pcb *pcb;
  uint8_t answer[MESSAGE]; /* if its originate timestamp is zero, that of the request is filled in */
  bool is_silent;
  const char *kissing; /* this address of the server answers with a "kiss o' death"; NULL: none does */
  unsigned requests;
  uint32_t requested_at[64]; /* lwip_time at each request */
  char asked[32][16];        /* the address of the server that was asked */
  uint8_t request[MESSAGE];
  ip_addr_t client;
  u16_t client_port;
  unsigned queries; /* to the name server */
  bool has_no_name; /* it says that there is no such name */
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
  if (server.kissing != NULL && strcmp(server.kissing, server.asked[(server.requests - 1) % 32]) == 0)
    message[1] = 0;
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
  ipaddr_ntoa_r(ip_current_dest_addr(), server.asked[server.requests % 32], 16);
  server.requested_at[server.requests++ % 64] = lwip_time;
  server.client = *from;
  server.client_port = port;
  if (!server.is_silent)
    send_answer();
}

/* The name server: every name has the addresses 127.0.0.9, where nobody is, and 10.0.0.1. */
static void query_received(void *context, struct udp_pcb *pcb, struct pbuf *query, const ip_addr_t *from, u16_t port)
{
  static const uint8_t records[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 9,
                                    0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10,  0, 0, 1};
  uint8_t bytes[512];
  const u16_t length = pbuf_copy_partial(query, bytes, sizeof bytes, 0);
  struct pbuf *answer = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(length + sizeof records), PBUF_RAM);

  (void)context;
  pbuf_free(query);
  server.queries++;
  bytes[2] = 0x81;
  bytes[3] = server.has_no_name ? 0x83 : 0x80;
  bytes[7] = 2;
  memcpy(bytes + length, records, sizeof records);
  pbuf_take(answer, bytes, (u16_t)(length + sizeof records));
  udp_sendto(pcb, answer, from, port);
  pbuf_free(answer);
}

static void set_seconds(uint32_t seconds)
{
  for (int i = 0; i < 4; i++)
    server.answer[40 + i] = (uint8_t)(seconds >> (24 - 8 * i));
}

static int start(void **state)
{
  struct udp_pcb *names;

  (void)state;
  lwip_start();
  lwip_set_name_server(0, "127.0.0.1");
  server.pcb = udp_new();
  udp_bind(server.pcb, IP4_ADDR_ANY, NTP);
  udp_recv(server.pcb, request_received, NULL);
  names = udp_new();
  udp_bind(names, IP4_ADDR_ANY, DNS);
  udp_recv(names, query_received, NULL);
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
  server.kissing = NULL;
  server.has_no_name = false;
  server.requests = 0;
  server.queries = 0;
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
  lwip_pass(15 * SECOND);
  return 0;
}

static void the_date_of_an_answer_is_set_and_requested_again_after_half_an_hour_to_an_hour(void **state)
{
  uint32_t shortest = UINT32_MAX;
  uint32_t longest = 0;

  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  assert_int_equal(date, NOW_UNIX);
  lwip_pass(10 * HOUR);
  assert_in_range(server.requests, 10, 21);
  assert_int_equal(dates, server.requests);
  for (unsigned i = 1; i < server.requests; i++) {
    const uint32_t interval = server.requested_at[i] - server.requested_at[i - 1];

    shortest = interval < shortest ? interval : shortest;
    longest = interval > longest ? interval : longest;
  }
  assert_in_range(shortest, HOUR / 2, HOUR / 2 + HOUR / 4);
  assert_in_range(longest, HOUR / 2 + HOUR / 4, HOUR + SECOND);
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
    assert_true(server.client_port >= 1024);
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
    end(NULL);
  }
}

/* The delays before the next requests. */
static void assert_retries(void)
{
  static const struct {
    uint32_t least;
    uint32_t most; /* in s */
  } expected[] = {{15, 15}, {15, 30}, {30, 60}, {60, 120}, {120, 240}, {120, 240}, {120, 240}, {120, 240}};

  for (size_t i = 0; i < COUNT(expected); i++) {
    const uint32_t delay = server.requested_at[i + 1] - server.requested_at[i];

    assert_in_range(delay, expected[i].least * SECOND, expected[i].most * SECOND + 200);
  }
}

static void without_an_answer_the_next_requests_follow_after_15_s_then_ever_later_up_to_4_minutes(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(30 * MINUTE);
  assert_retries();
}

static void after_a_date_that_was_refused_the_next_requests_follow_as_after_no_answer(void **state)
{
  (void)state;
  is_refused = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(30 * MINUTE);
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

static void devices_that_start_at_the_same_time_do_not_ask_at_the_same_time_for_ever(void **state)
{
  uint32_t before = 0;

  (void)state;
  server.is_silent = true;
  for (int i = 0; i < 4; i++) {
    server.requests = 0;
    wmrec_sntp_start("127.0.0.1");
    lwip_pass(5 * MINUTE);
    wmrec_sntp_stop();
    assert_true(server.requests >= 4);
    assert_int_not_equal(server.requested_at[3] - server.requested_at[0], before);
    before = server.requested_at[3] - server.requested_at[0];
  }
}

static void a_restart_does_not_request_a_date_before_15_s_have_passed(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 14; i++) {
    lwip_pass(SECOND);
    wmrec_sntp_stop();
    wmrec_sntp_start("127.0.0.1");
  }
  assert_int_equal(server.requests, 1);
  lwip_pass(2 * SECOND);
  assert_int_equal(server.requests, 2);
}

static void start_with_two_servers(void)
{
  ip4_addr_t servers[2];

  IP4_ADDR(&servers[0], 127, 0, 0, 1);
  IP4_ADDR(&servers[1], 10, 0, 0, 1);
  dhcp_set_ntp_servers(2, servers);
  wmrec_sntp_start(NULL);
}

static void after_a_kiss_of_death_that_server_is_left_for_another_one(void **state)
{
  (void)state;
  server.kissing = "127.0.0.1";
  start_with_two_servers();
  lwip_pass(4 * HOUR);
  assert_true(dates >= 4);
  for (unsigned i = server.requests - dates; i < server.requests; i++)
    assert_string_equal(server.asked[i], "10.0.0.1");
  assert_in_range(server.requests - dates, 0, 1);
}

static void after_a_kiss_of_death_of_the_only_server_the_next_requests_follow_as_after_no_answer(void **state)
{
  (void)state;
  server.kissing = "127.0.0.1";
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(30 * MINUTE);
  assert_retries();
  assert_int_equal(dates, 0);
}

static void the_addresses_of_a_named_server_are_asked_in_turn(void **state)
{
  (void)state;
  wmrec_sntp_start("ntp.test");
  lwip_pass(20 * SECOND);
  assert_int_equal(date, NOW_UNIX);
  assert_string_equal(server.asked[0], "10.0.0.1");
  assert_int_equal(server.queries, 2);
  lwip_pass(2 * HOUR);
  assert_int_equal(dates, server.requests); /* it goes on with the address that works */
  assert_int_equal(server.queries, server.requests + 1);
}

static void a_name_that_is_not_found_is_looked_up_again_as_after_no_answer(void **state)
{
  (void)state;
  server.has_no_name = true;
  wmrec_sntp_start("ntp.test");
  lwip_pass(14 * SECOND);
  assert_int_equal(server.queries, 1);
  lwip_pass(2 * SECOND);
  assert_int_equal(server.queries, 2);
  lwip_pass(HOUR);
  assert_in_range(server.queries, HOUR / (4 * MINUTE), HOUR / (2 * MINUTE) + 5);
  assert_int_equal(server.requests, 0);
}

static void a_name_that_is_being_looked_up_at_a_stop_leaves_nothing_behind(void **state)
{
  int baseline;

  (void)state;
  lwip_set_name_server(0, "127.0.0.9");
  baseline = lwip_memory_in_use();
  wmrec_sntp_start("ntp.test");
  lwip_pass(SECOND / 2);
  assert_int_not_equal(lwip_memory_in_use(), baseline);
  wmrec_sntp_stop();
  assert_int_equal(lwip_memory_in_use(), baseline);
  lwip_set_name_server(0, "127.0.0.1");
  lwip_pass(HOUR);
  assert_int_equal(server.queries + server.requests, 0);
}

static void a_date_in_doubt_is_requested_again_15_s_after_the_last_request(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(5 * SECOND);
  wmrec_sntp_doubt();
  wmrec_sntp_doubt();
  lwip_pass(9 * SECOND);
  assert_int_equal(server.requests, 1);
  lwip_pass(2 * SECOND);
  assert_int_equal(server.requests, 2);
  assert_int_equal(dates, 2);
}

static void a_date_in_doubt_is_requested_again_at_once_if_the_last_request_was_long_ago(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(20 * MINUTE);
  wmrec_sntp_doubt();
  lwip_pass(SECOND);
  assert_int_equal(dates, 2);
}

static void a_date_in_doubt_for_ever_is_requested_ever_more_rarely_but_never_not(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < HOUR / SECOND; i++) {
    wmrec_sntp_doubt();
    lwip_pass(SECOND);
  }
  assert_retries();
  assert_in_range(server.requests, HOUR / (4 * MINUTE), HOUR / (2 * MINUTE) + 5);
  assert_int_equal(dates, server.requests);
}

static void a_date_in_doubt_is_requested_soon_again_after_an_hour_without_a_doubt(void **state)
{
  unsigned before;

  (void)state;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 10 * MINUTE / SECOND; i++) {
    wmrec_sntp_doubt();
    lwip_pass(SECOND);
  }
  before = server.requests;
  while (server.requests < before + 2)
    lwip_pass(SECOND);
  before = server.requests;
  wmrec_sntp_doubt();
  lwip_pass(16 * SECOND);
  assert_int_equal(server.requests, before + 1);
}

static void a_doubt_while_no_date_is_set_or_after_stop_requests_nothing(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 30 * MINUTE / SECOND; i++) {
    wmrec_sntp_doubt();
    lwip_pass(SECOND);
  }
  assert_retries();
  wmrec_sntp_stop();
  server.requests = 0;
  wmrec_sntp_doubt();
  lwip_pass(HOUR);
  assert_int_equal(server.requests, 0);
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
      TEST(the_date_of_an_answer_is_set_and_requested_again_after_half_an_hour_to_an_hour),
      TEST(a_date_after_2036_is_correct),
      TEST(a_request_contains_only_a_random_number),
      TEST(each_request_comes_from_a_random_port),
      TEST(only_the_first_answer_to_a_request_is_accepted),
      TEST(an_answer_without_our_random_number_is_ignored_and_the_right_one_is_still_accepted),
      TEST(an_answer_from_another_port_and_a_short_answer_are_ignored),
      TEST(an_answer_of_a_server_that_is_not_synchronised_is_not_accepted),
      TEST(without_an_answer_the_next_requests_follow_after_15_s_then_ever_later_up_to_4_minutes),
      TEST(after_a_date_that_was_refused_the_next_requests_follow_as_after_no_answer),
      TEST(the_servers_that_dhcp_names_are_asked_in_turn),
      TEST(devices_that_start_at_the_same_time_do_not_ask_at_the_same_time_for_ever),
      TEST(a_restart_does_not_request_a_date_before_15_s_have_passed),
      TEST(after_a_kiss_of_death_that_server_is_left_for_another_one),
      TEST(after_a_kiss_of_death_of_the_only_server_the_next_requests_follow_as_after_no_answer),
      TEST(the_addresses_of_a_named_server_are_asked_in_turn),
      TEST(a_name_that_is_not_found_is_looked_up_again_as_after_no_answer),
      TEST(a_name_that_is_being_looked_up_at_a_stop_leaves_nothing_behind),
      TEST(a_date_in_doubt_is_requested_again_15_s_after_the_last_request),
      TEST(a_date_in_doubt_is_requested_again_at_once_if_the_last_request_was_long_ago),
      TEST(a_date_in_doubt_for_ever_is_requested_ever_more_rarely_but_never_not),
      TEST(a_date_in_doubt_is_requested_soon_again_after_an_hour_without_a_doubt),
      TEST(a_doubt_while_no_date_is_set_or_after_stop_requests_nothing),
      TEST(an_answer_after_stop_is_ignored),
  };

  return cmocka_run_group_tests_name("sntp", tests, start, NULL);
}
