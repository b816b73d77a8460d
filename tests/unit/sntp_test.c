/* port/lwip/sntp.c, over a real lwIP in virtual time: a time server of the same stack, and an attacker who sends
 * whatever comes to mind, are at the other end.
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

/* 2026-11-27 00:00:00, since 1900 and since 1970, in seconds. */
#define NOW_NTP UINT32_C(4004726400)
#define NOW_UNIX INT64_C(1795737600)

static struct {
  struct udp_pcb *pcb;
  uint8_t answer[MESSAGE]; /* what it answers; the originate timestamp is filled in, if it is zero */
  bool is_silent;
  unsigned questions;
  uint32_t asked_at[32]; /* by lwip_time, each of the questions */
  uint8_t question[MESSAGE];
  ip_addr_t client;
  u16_t client_port;
} server;

static int64_t date;   /* that was told last; 0: none was */
static unsigned dates; /* how many were told */
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
    memcpy(message + 24, server.question + 40, 8);
  send_from(server.pcb, message, MESSAGE);
}

static void asked(void *context, struct udp_pcb *pcb, struct pbuf *question, const ip_addr_t *from, u16_t port)
{
  (void)context;
  (void)pcb;
  assert_int_equal(question->tot_len, MESSAGE);
  pbuf_copy_partial(question, server.question, MESSAGE, 0);
  pbuf_free(question);
  server.asked_at[server.questions++ % 32] = lwip_time;
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
  udp_recv(server.pcb, asked, NULL);
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
  server.questions = 0;
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

static void the_date_of_the_answer_is_told_and_asked_for_again_after_an_hour(void **state)
{
  (void)state;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  assert_int_equal(date, NOW_UNIX);
  lwip_pass(HOUR - 2 * SECOND);
  assert_int_equal(server.questions, 1);
  lwip_pass(2 * SECOND);
  assert_int_equal(server.questions, 2);
  assert_int_equal(dates, 2);
}

static void a_date_after_2036_is_right(void **state)
{
  (void)state;
  set_seconds(86400); /* RFC 4330, section 3: of the era that begins on 2036-02-07, at 06:28:16 */
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  assert_int_equal(date, INT64_C(2085978496) + 86400);
}

static void the_question_says_nothing_but_a_number_that_is_another_one_each_time(void **state)
{
  static const uint8_t zero[39];
  uint8_t before[8] = {0};

  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  for (int i = 0; i < 5; i++) {
    lwip_pass(4 * MINUTE);
    assert_int_equal(server.question[0], 4 << 3 | 3);
    assert_memory_equal(server.question + 1, zero, sizeof zero);
    assert_memory_not_equal(server.question + 40, before, 4);
    assert_memory_not_equal(server.question + 44, before + 4, 4);
    memcpy(before, server.question + 40, sizeof before);
  }
}

static void each_question_comes_from_a_random_port(void **state)
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

static void an_answer_counts_once(void **state)
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

static void an_answer_that_does_not_repeat_our_number_changes_nothing_and_the_right_one_still_counts(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  for (int byte = 24; byte < 32; byte++) {
    memcpy(server.answer + 24, server.question + 40, 8);
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

static void an_answer_of_another_port_or_that_is_too_short_changes_nothing(void **state)
{
  struct udp_pcb *attacker = udp_new();

  (void)state;
  udp_bind(attacker, IP4_ADDR_ANY, OTHER_PORT);
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  memcpy(server.answer + 24, server.question + 40, 8);
  send_from(attacker, server.answer, MESSAGE);
  send_from(server.pcb, server.answer, MESSAGE - 1);
  lwip_pass(SECOND);
  assert_int_equal(dates, 0);
  udp_remove(attacker);
}

static void a_server_that_does_not_know_the_date_is_not_believed(void **state)
{
  static const struct {
    int at;
    uint8_t byte;
  } wrong[] = {{0, 3 << 6 | 4 << 3 | 4}, /* its clock is not set: after a power cut */
               {0, 4 << 3 | 3},
               {0, 4 << 3 | 5}, /* a client; a broadcast */
               {1, 0},
               {1, 16},
               {1, 255},
               {MESSAGE, 0 /* see below */}}; /* stratum */

  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    begin(NULL);
    if (wrong[i].at == MESSAGE)
      set_seconds(0); /* no date at all */
    else
      server.answer[wrong[i].at] = wrong[i].byte;
    wmrec_sntp_start("127.0.0.1");
    lwip_pass(14 * SECOND);
    assert_int_equal(server.questions, 1);
    assert_int_equal(dates, 0);
    lwip_pass(2 * SECOND);
    assert_int_equal(server.questions, 2);
  }
}

/* What goes wrong is tried again after these times, in s. */
static void assert_retries(void)
{
  static const uint32_t expected[] = {15, 30, 60, 120, 240, 240, 240};

  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    const uint32_t delay = server.asked_at[i + 1] - server.asked_at[i];

    assert_in_range(delay, expected[i] * SECOND, expected[i] * SECOND + 100);
  }
}

static void without_an_answer_it_is_asked_again_after_15_s_then_ever_more_rarely_up_to_4_minutes(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(20 * MINUTE);
  assert_retries();
}

static void after_a_date_that_is_refused_it_is_asked_again_as_after_no_answer(void **state)
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
  IP4_ADDR(&servers[0], 127, 0, 0, 2); /* which nobody has */
  IP4_ADDR(&servers[1], 127, 0, 0, 1);
  dhcp_set_ntp_servers(2, servers);
  wmrec_sntp_start(NULL);
  lwip_pass(10 * SECOND);
  assert_int_equal(dates, 0);
  lwip_pass(10 * SECOND);
  assert_int_equal(date, NOW_UNIX);
}

static void nothing_is_believed_after_stop(void **state)
{
  (void)state;
  server.is_silent = true;
  wmrec_sntp_start("127.0.0.1");
  lwip_pass(SECOND);
  wmrec_sntp_stop();
  send_answer();
  lwip_pass(HOUR);
  assert_int_equal(dates, 0);
  assert_int_equal(server.questions, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_date_of_the_answer_is_told_and_asked_for_again_after_an_hour),
      TEST(a_date_after_2036_is_right),
      TEST(the_question_says_nothing_but_a_number_that_is_another_one_each_time),
      TEST(each_question_comes_from_a_random_port),
      TEST(an_answer_counts_once),
      TEST(an_answer_that_does_not_repeat_our_number_changes_nothing_and_the_right_one_still_counts),
      TEST(an_answer_of_another_port_or_that_is_too_short_changes_nothing),
      TEST(a_server_that_does_not_know_the_date_is_not_believed),
      TEST(without_an_answer_it_is_asked_again_after_15_s_then_ever_more_rarely_up_to_4_minutes),
      TEST(after_a_date_that_is_refused_it_is_asked_again_as_after_no_answer),
      TEST(the_servers_that_dhcp_names_are_asked_in_turn),
      TEST(nothing_is_believed_after_stop),
  };

  return cmocka_run_group_tests_name("sntp", tests, start, NULL);
}
