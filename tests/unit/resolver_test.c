/* port/lwip/resolver.c and name_servers.c, with a real lwIP in virtual time. Name servers and an attacker, who can send
 * anything, run in the same stack. After each test, lwIP must have all of its memory back.
 *
 * dual_test is this file, too, in another lwIP: with lwIP's own resolver, and with IPv6.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <string.h>

#include <lwip/ip.h>
#include <lwip/udp.h>

#include "name_servers.h"
#include "resolver.h"
#include "sntp.h"

enum { DNS = 53, OTHER_PORT = 54, A = 1, AAAA = 28, QUERIES = 32 };
enum { TRUNCATED = 0x02, NO_SUCH_NAME = 3, SERVER_FAILURE = 2, REFUSED = 5 };

/* The two name servers are on 127.0.0.1 and 10.0.0.1. Nobody has this address. */
#define SILENT "127.0.0.9"

/* How many queries of each address type a lookup makes if all is well. */
enum { TYPES = LWIP_IPV4 + LWIP_IPV6 };

static struct wmrec_resolver resolver;
static int baseline; /* lwip_memory_in_use() without a lookup */

static struct {
  struct udp_pcb *pcb;
  const char *silent;   /* this server does not answer; NULL: both do */
  const char *failing;  /* this one cannot answer, by `code` */
  unsigned char code;   /* for the response */
  unsigned char flags;  /* added to the first byte of the flags */
  unsigned count;       /* the addresses in an answer, 192.0.2.1 and so on; or 2001:db8::1 and so on */
  size_t padding;       /* bytes after the records */
  bool has_no_type[29]; /* the name has no address of this type */
  bool ignores_v6;      /* queries for IPv6 get no answer */

  unsigned queries;
  struct {
    char server[16]; /* that was asked */
    uint32_t at;     /* lwip_time */
    u16_t port;      /* of the client */
    unsigned id;
    unsigned type;
  } query[QUERIES];
  ip_addr_t client; /* of the last query */
  unsigned char bytes[1500];
  u16_t length; /* of the last query, in bytes */
} server;

/* Not called: these tests use no time server. */
bool wmrec_lwip_set_time(int64_t seconds)
{
  (void)seconds;
  return false;
}

static void send_from(struct udp_pcb *pcb, const void *bytes, size_t length, unsigned query)
{
  struct pbuf *message = pbuf_alloc(PBUF_TRANSPORT, (u16_t)length, PBUF_RAM);

  pbuf_take(message, bytes, (u16_t)length);
  udp_sendto(pcb, message, &server.client, server.query[query].port);
  pbuf_free(message);
}

static void add_record(unsigned char *bytes, size_t *length, unsigned type, unsigned char last)
{
  const unsigned char record[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0, 0, 60, 0, type == A ? 4 : 16};
  const unsigned char v4[] = {192, 0, 2, last};
  const unsigned char v6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};

  memcpy(bytes + *length, record, sizeof record);
  memcpy(bytes + *length + sizeof record, type == A ? v4 : v6, type == A ? sizeof v4 : sizeof v6);
  *length += sizeof record + record[11];
}

/* The answer to the last query. Returns its length in bytes. */
static size_t make_answer(unsigned char *bytes)
{
  const unsigned type = bytes[server.length - 3];
  const unsigned count = server.has_no_type[type] ? 0 : server.count;
  const unsigned last = server.queries - 1;
  size_t length = server.length;

  memcpy(bytes, server.bytes, server.length);
  bytes[2] = (unsigned char)(0x81 | server.flags);
  if (server.failing != NULL && strcmp(server.failing, server.query[last % QUERIES].server) == 0)
    bytes[3] = server.code;
  bytes[7] = (unsigned char)count;
  for (unsigned i = 1; i <= count; i++)
    add_record(bytes, &length, type, (unsigned char)i);
  memset(bytes + length, 0, server.padding);
  return length + server.padding;
}

static void query_received(void *context, struct udp_pcb *pcb, struct pbuf *query, const ip_addr_t *from, u16_t port)
{
  unsigned char answer[sizeof server.bytes];
  const unsigned i = server.queries++ % QUERIES;

  (void)context;
  server.length = pbuf_copy_partial(query, server.bytes, sizeof server.bytes, 0);
  pbuf_free(query);
  memcpy(answer, server.bytes, server.length);
  ipaddr_ntoa_r(ip_current_dest_addr(), server.query[i].server, sizeof server.query[i].server);
  server.query[i].at = lwip_time;
  server.query[i].port = port;
  server.query[i].id = (unsigned)server.bytes[0] << 8 | server.bytes[1];
  server.query[i].type = server.bytes[server.length - 3];
  server.client = *from;
  if ((server.silent == NULL || strcmp(server.silent, server.query[i].server) != 0) &&
      !(server.ignores_v6 && server.query[i].type == AAAA))
    send_from(pcb, answer, make_answer(answer), i);
}

static int start(void **state)
{
  (void)state;
  lwip_start();
  server.pcb = udp_new();
  udp_bind(server.pcb, IP4_ADDR_ANY, DNS);
  udp_recv(server.pcb, query_received, NULL);
  return 0;
}

static int begin(void **state)
{
  struct udp_pcb *const pcb = server.pcb;

  (void)state;
  memset(&server, 0, sizeof server);
  server.pcb = pcb;
  server.count = 1;
  lwip_set_name_server(0, "127.0.0.1");
  lwip_set_name_server(1, NULL);
  memset(&resolver, 0, sizeof resolver);
  baseline = lwip_memory_in_use();
  return 0;
}

static int end(void **state)
{
  (void)state;
  wmrec_resolver_end(&resolver);
  lwip_pass(SECOND);
  assert_int_equal(lwip_memory_in_use(), baseline);
  return 0;
}

/* Looks a name up, for a minute at most. */
static int look_up(const char *name)
{
  const uint32_t deadline = lwip_time + 60 * SECOND;
  int result;

  wmrec_resolver_begin(&resolver, name);
  while ((result = wmrec_resolver_step(&resolver)) > 0 && lwip_time < deadline)
    lwip_pass(10);
  return result;
}

static void assert_address(unsigned i, const char *expected)
{
  assert_string_equal(ipaddr_ntoa(&resolver.addresses[i]), expected);
}

static void all_addresses_of_a_name_are_found_in_the_order_of_the_answer(void **state)
{
  static const char *const expected[] = {"192.0.2.1",   "192.0.2.2",   "192.0.2.3",
                                         "2001:DB8::1", "2001:DB8::2", "2001:DB8::3"};

  (void)state;
  server.count = 3;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_int_equal(resolver.count, 3 * TYPES);
  for (unsigned i = 0; i < resolver.count; i++)
    assert_address(i, expected[i]);
  assert_int_equal(server.queries, TYPES);
}

static void more_addresses_than_there_is_room_for_are_left_out(void **state)
{
  (void)state;
  server.count = 12;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_int_equal(resolver.count, TYPES * WMREC_RESOLVER_ADDRESSES);
  assert_address(0, "192.0.2.1");
  assert_address(WMREC_RESOLVER_ADDRESSES - 1, "192.0.2.8");
}

static void a_name_with_addresses_of_one_type_only_is_found(void **state)
{
  (void)state;
  server.has_no_type[AAAA] = true;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_int_equal(resolver.count, 1);
  assert_address(0, "192.0.2.1");
  server.has_no_type[AAAA] = false;
  server.has_no_type[A] = true;
  assert_int_equal(look_up("api.test"), LWIP_IPV6 ? WMREC_OK : WMREC_ERROR_NAME);
}

static void an_address_as_text_needs_no_name_server(void **state)
{
  (void)state;
  lwip_set_name_server(0, NULL);
  wmrec_resolver_begin(&resolver, "192.0.2.99");
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_OK);
  assert_int_equal(resolver.count, 1);
  assert_address(0, "192.0.2.99");
  assert_int_equal(server.queries, 0);
}

static void a_name_that_does_not_exist_or_has_no_address_is_an_error_after_one_answer(void **state)
{
  (void)state;
  server.failing = "127.0.0.1";
  server.code = NO_SUCH_NAME;
  lwip_set_name_server(1, "10.0.0.1");
  assert_int_equal(look_up("no.test"), WMREC_ERROR_NAME);
  assert_int_equal(server.queries, TYPES);
  server.failing = NULL;
  server.count = 0;
  assert_int_equal(look_up("no.test"), WMREC_ERROR_NAME);
  assert_int_equal(server.queries, 2 * TYPES);
}

static void an_impossible_name_is_an_error_without_a_query(void **state)
{
  static const char *const names[] = {"", ".", "a..b",
                                      "0123456789012345678901234567890123456789012345678901234567890123.test"};

  (void)state;
  for (size_t i = 0; i < COUNT(names); i++)
    assert_int_equal(look_up(names[i]), WMREC_ERROR_NAME);
  assert_int_equal(server.queries, 0);
}

static void without_a_name_server_a_name_is_an_error_at_once(void **state)
{
  const uint32_t began = lwip_time;

  (void)state;
  lwip_set_name_server(0, NULL);
  assert_int_equal(look_up("api.test"), WMREC_ERROR_NAME);
  assert_int_equal(lwip_time, began);
}

static void assert_query(unsigned i, const char *name_server, uint32_t after)
{
  assert_string_equal(server.query[i].server, name_server);
  assert_in_range(server.query[i].at - server.query[0].at, after, after + 100);
}

static void a_silent_name_server_is_asked_again_after_1_and_2_s_and_given_up_after_4_s_more(void **state)
{
  const uint32_t began = lwip_time;

  (void)state;
  server.silent = "127.0.0.1";
  assert_int_equal(look_up("api.test"), WMREC_ERROR_NAME);
  assert_in_range(lwip_time - began, 7 * SECOND, 7 * SECOND + 200);
  assert_int_equal(server.queries, 3);
  assert_query(1, "127.0.0.1", SECOND);
  assert_query(2, "127.0.0.1", 3 * SECOND);
}

static void a_silent_name_server_is_followed_by_the_next_one_and_then_asked_again(void **state)
{
  (void)state;
  lwip_set_name_server(0, SILENT);
  lwip_set_name_server(1, "10.0.0.1");
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_query(0, "10.0.0.1", 0);
  server.queries = 0;
  lwip_set_name_server(0, "127.0.0.1");
  lwip_set_name_server(1, SILENT);
  server.silent = "127.0.0.1";
  wmrec_resolver_begin(&resolver, "api.test");
  for (int i = 0; i < 150; i++) {
    wmrec_resolver_step(&resolver);
    lwip_pass(10);
  }
  server.silent = NULL;
  while (wmrec_resolver_step(&resolver) > 0)
    lwip_pass(10);
  assert_int_equal(resolver.count, TYPES);
  assert_query(1, "127.0.0.1", 2 * SECOND);
}

static void a_name_server_that_ignores_queries_for_ipv6_delays_a_lookup_by_a_second_at_most(void **state)
{
  const uint32_t began = lwip_time;

  (void)state;
  server.ignores_v6 = true;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_in_range(lwip_time - began, 0, SECOND + 200);
  assert_int_equal(resolver.count, 1);
}

static void a_name_server_that_cannot_answer_is_followed_by_the_next_one_at_once(void **state)
{
  static const unsigned char codes[] = {1, SERVER_FAILURE, 4, REFUSED};

  (void)state;
  lwip_set_name_server(1, "10.0.0.1");
  server.failing = "127.0.0.1";
  for (size_t i = 0; i < COUNT(codes); i++) {
    server.queries = 0;
    server.code = codes[i];
    assert_int_equal(look_up("api.test"), WMREC_OK);
    assert_query(1, "10.0.0.1", 0);
  }
  server.queries = 0;
  lwip_set_name_server(1, NULL);
  assert_int_equal(look_up("api.test"), WMREC_ERROR_NAME);
  assert_int_equal(server.queries, 3); /* it is not asked for ever */
}

static void a_truncated_answer_gives_the_addresses_that_it_has(void **state)
{
  (void)state;
  server.flags = TRUNCATED;
  server.count = 2;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  assert_int_equal(resolver.count, 2 * TYPES);
  server.count = 0;
  assert_int_equal(look_up("api.test"), WMREC_ERROR_NAME);
}

static void an_answer_of_more_than_512_bytes_is_ignored_only_if_its_records_are_cut(void **state)
{
  (void)state;
  server.padding = 600;
  assert_int_equal(look_up("api.test"), WMREC_OK);
  server.padding = 0;
  server.count = 40;
  assert_int_equal(look_up("api.test"), WMREC_ERROR_NAME);
}

static void each_query_has_a_random_identifier_and_a_random_port(void **state)
{
  unsigned larger = 0;

  (void)state;
  lwip_set_name_server(1, "10.0.0.1");
  server.failing = "127.0.0.1";
  server.code = REFUSED;
  for (unsigned i = 0; i < 8; i++)
    assert_int_equal(look_up("api.test"), WMREC_OK);
  for (unsigned i = 1; i < 16; i++) {
    const u16_t step = (u16_t)(server.query[i].port - server.query[i - 1].port);

    assert_true(server.query[i].port >= 1024);
    assert_true(step > 8);
    assert_int_not_equal(server.query[i].id, server.query[i - 1].id);
    assert_int_not_equal(server.query[i].id, server.query[i].port);
    larger += server.query[i].id > server.query[i - 1].id;
  }
  assert_in_range(larger, 2, 13);
}

/* Begins a lookup that nobody answers, and makes the right answer to it. Returns its length. */
static size_t begin_and_answer(unsigned char *answer)
{
  server.silent = "127.0.0.1";
  wmrec_resolver_begin(&resolver, "api.test");
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_WANT_READ);
  lwip_pass(100);
  memcpy(answer, server.bytes, server.length);
  return make_answer(answer);
}

static void assert_still_waits(void)
{
  lwip_pass(100);
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_WANT_READ);
  assert_int_equal(resolver.count, 0);
}

static void a_forged_answer_is_ignored_and_the_right_one_is_still_accepted(void **state)
{
  static const unsigned wrong[] = {0, 1, 5, 13, 20, 24, 26}; /* identifier, number of questions, question */
  unsigned char answer[1500];
  const size_t length = begin_and_answer(answer);
  struct udp_pcb *attacker = udp_new();

  (void)state;
  for (size_t i = 0; i < COUNT(wrong); i++) {
    answer[wrong[i]] ^= 1;
    send_from(server.pcb, answer, length, 0);
    answer[wrong[i]] ^= 1;
  }
  assert_still_waits();
  send_from(server.pcb, answer, length - 1, 0); /* cut */
  assert_still_waits();
  udp_bind(attacker, IP4_ADDR_ANY, OTHER_PORT);
  send_from(attacker, answer, length, 0);
  udp_remove(attacker);
  assert_still_waits();
  send_from(server.pcb, answer, length, 0);
  lwip_pass(100);
  assert_int_equal(resolver.count, 1);
  assert_address(0, "192.0.2.1");
}

static void an_answer_from_another_address_is_ignored(void **state)
{
  unsigned char answer[1500];
  const size_t length = begin_and_answer(answer);
  struct udp_pcb *attacker = udp_new();
  ip_addr_t other;

  (void)state;
  assert_true(ipaddr_aton("10.0.0.1", &other));
  ip_set_option(attacker, SOF_REUSEADDR);
  udp_bind(attacker, &other, DNS);
  send_from(attacker, answer, length, 0);
  udp_remove(attacker);
  assert_still_waits();
}

static void only_the_first_answer_counts_and_none_after_the_end(void **state)
{
  unsigned char answer[1500];
  const size_t length = begin_and_answer(answer);

  (void)state;
  for (int i = 0; i < 3; i++)
    send_from(server.pcb, answer, length, 0);
  lwip_pass(100);
  assert_int_equal(resolver.count, 1);
  begin_and_answer(answer);
  wmrec_resolver_end(&resolver);
  memset(&resolver, 0xa5, sizeof resolver); /* as if its memory were used for something else */
  send_from(server.pcb, answer, length, server.queries - 1);
  lwip_pass(20 * SECOND);
  for (size_t i = 0; i < sizeof resolver; i++)
    assert_int_equal(((unsigned char *)&resolver)[i], 0xa5);
  memset(&resolver, 0, sizeof resolver);
}

static void after_an_answer_that_is_a_refusal_no_other_one_to_the_same_query_counts(void **state)
{
  unsigned char answer[1500];
  const size_t length = begin_and_answer(answer);

  (void)state;
  answer[3] |= REFUSED;
  send_from(server.pcb, answer, length, 0);
  answer[3] ^= REFUSED;
  send_from(server.pcb, answer, length, 0);
  lwip_pass(100);
  assert_int_equal(resolver.count, 0);
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_WANT_READ);
}

static void a_lookup_that_begins_again_forgets_the_one_before(void **state)
{
  unsigned char answer[1500];
  const size_t length = begin_and_answer(answer);

  (void)state;
  wmrec_resolver_begin(&resolver, "other.test");
  send_from(server.pcb, answer, length, 0);
  lwip_pass(100);
  assert_int_equal(resolver.count, 0);
  server.silent = NULL;
  assert_int_equal(look_up("other.test"), WMREC_OK);
}

static void without_memory_for_a_query_the_next_one_is_tried_in_time(void **state)
{
  struct udp_pcb *pcbs[100];
  size_t count = 0;

  (void)state;
  while (count < COUNT(pcbs) && (pcbs[count] = udp_new()) != NULL)
    count++;
  wmrec_resolver_begin(&resolver, "api.test");
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_WANT_READ);
  lwip_pass(500);
  while (count > 0)
    udp_remove(pcbs[--count]);
  while (wmrec_resolver_step(&resolver) > 0)
    lwip_pass(10);
  assert_int_equal(wmrec_resolver_step(&resolver), WMREC_OK);
}

#if !LWIP_DNS
enum { OFFER = 2, ACK = 5 };

/* Passes an option of this length to name_servers.c: the addresses 192.0.2.1, 192.0.2.2 and so on. */
static void receive_option(unsigned type, unsigned option, unsigned length)
{
  unsigned char bytes[64] = {0};
  struct pbuf *message = pbuf_alloc(PBUF_TRANSPORT, sizeof bytes, PBUF_RAM);

  for (unsigned i = 0; i < length; i++)
    bytes[7 + i] = (const unsigned char[]){192, 0, 2, (unsigned char)(1 + i / 4)}[i % 4];
  pbuf_take(message, bytes, sizeof bytes);
  wmrec_name_servers_from_dhcp(type, option, length, message, 7);
  pbuf_free(message);
}

static void assert_name_servers(unsigned count)
{
  for (unsigned i = 0; i < WMREC_NAME_SERVERS + 2; i++) {
    const char *const expected[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};

    assert_string_equal(ipaddr_ntoa(wmrec_name_server(i)), i < count ? expected[i] : "0.0.0.0");
  }
}

static void an_acknowledgement_of_dhcp_replaces_all_name_servers_and_an_offer_none(void **state)
{
  (void)state;
  receive_option(ACK, 6, 4);
  assert_name_servers(1);
  receive_option(ACK, 6, 12);
  assert_name_servers(3);
  receive_option(ACK, 42, 4);
  assert_name_servers(3);
  receive_option(OFFER, 6, 4);
  assert_name_servers(3);
  receive_option(ACK, 6, 20);
  assert_name_servers(3);
  receive_option(ACK, 6, 8);
  assert_name_servers(2);
  receive_option(ACK, 6, 7); /* RFC 2132, section 3.8: a multiple of 4 */
  assert_name_servers(1);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(all_addresses_of_a_name_are_found_in_the_order_of_the_answer),
    TEST(more_addresses_than_there_is_room_for_are_left_out),
    TEST(a_name_with_addresses_of_one_type_only_is_found),
    TEST(an_address_as_text_needs_no_name_server),
    TEST(a_name_that_does_not_exist_or_has_no_address_is_an_error_after_one_answer),
    TEST(an_impossible_name_is_an_error_without_a_query),
    TEST(without_a_name_server_a_name_is_an_error_at_once),
    TEST(a_silent_name_server_is_asked_again_after_1_and_2_s_and_given_up_after_4_s_more),
    TEST(a_silent_name_server_is_followed_by_the_next_one_and_then_asked_again),
    TEST(a_name_server_that_ignores_queries_for_ipv6_delays_a_lookup_by_a_second_at_most),
    TEST(a_name_server_that_cannot_answer_is_followed_by_the_next_one_at_once),
    TEST(a_truncated_answer_gives_the_addresses_that_it_has),
    TEST(an_answer_of_more_than_512_bytes_is_ignored_only_if_its_records_are_cut),
    TEST(each_query_has_a_random_identifier_and_a_random_port),
    TEST(a_forged_answer_is_ignored_and_the_right_one_is_still_accepted),
    TEST(an_answer_from_another_address_is_ignored),
    TEST(only_the_first_answer_counts_and_none_after_the_end),
    TEST(after_an_answer_that_is_a_refusal_no_other_one_to_the_same_query_counts),
    TEST(a_lookup_that_begins_again_forgets_the_one_before),
    TEST(without_memory_for_a_query_the_next_one_is_tried_in_time),
#if !LWIP_DNS
    TEST(an_acknowledgement_of_dhcp_replaces_all_name_servers_and_an_offer_none),
#endif
  };

  return cmocka_run_group_tests_name("resolver", tests, start, NULL);
}
