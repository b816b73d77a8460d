/* port/lwip, with a real lwIP that has only its loopback as a network, in virtual time. A server and a name server run
 * in the same stack. After each test, lwIP must have all of its memory back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <string.h>

#include <lwip/tcp.h>
#include <lwip/udp.h>

#include "drive.h"
#include "lwip.h"
#include "sntp.h"

enum { PORT = 8080, CLOSED_PORT = 8081 };

/* The server listens on HERE. REFUSING has the same stack, but no server; nobody has SILENT. */
#define HERE                                                                                                           \
  {                                                                                                                    \
    127, 0, 0, 1                                                                                                       \
  }
#define REFUSING                                                                                                       \
  {                                                                                                                    \
    10, 0, 0, 1                                                                                                        \
  }
#define SILENT                                                                                                         \
  {                                                                                                                    \
    127, 0, 0, 9                                                                                                       \
  }

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"status\":\"Recording\"}"

static struct wmrec_lwip tcp;
static struct wmrec_transport transport;

/* The server and the name server. */
static struct {
  struct tcp_pcb *listener;
  struct tcp_pcb *pcb;
  char received[8192];
  size_t length;
  bool is_ended;
  bool is_reading; /* false: received bytes stay unread, so that the window closes */
  struct udp_pcb *names;
  unsigned queries;
  unsigned char addresses[WMREC_RESOLVER_ADDRESSES][4]; /* of each known name */
  unsigned address_count;
  bool is_silent; /* the name server does not answer */
} server;

static int baseline; /* lwip_memory_in_use() without a connection */

/* Not called: these tests use no time server. */
bool wmrec_lwip_set_time(int64_t seconds)
{
  (void)seconds;
  return false;
}

static err_t server_received(void *context, struct tcp_pcb *pcb, struct pbuf *bytes, err_t error)
{
  (void)context;
  (void)error;
  if (bytes == NULL) {
    server.is_ended = true;
    return ERR_OK;
  }
  server.length +=
      pbuf_copy_partial(bytes, server.received + server.length, (u16_t)(sizeof server.received - server.length), 0);
  if (server.is_reading)
    tcp_recved(pcb, bytes->tot_len);
  pbuf_free(bytes);
  return ERR_OK;
}

static void server_failed(void *context, err_t error)
{
  (void)context;
  (void)error;
  server.pcb = NULL;
}

static void drop_connection(void)
{
  if (server.pcb == NULL)
    return;
  tcp_recv(server.pcb, NULL);
  tcp_err(server.pcb, NULL);
  tcp_abort(server.pcb);
  server.pcb = NULL;
}

static err_t accepted(void *context, struct tcp_pcb *pcb, err_t error)
{
  (void)context;
  assert_int_equal(error, ERR_OK);
  drop_connection();
  server.pcb = pcb;
  server.length = 0;
  server.is_ended = false;
  tcp_recv(pcb, server_received);
  tcp_err(pcb, server_failed);
  return ERR_OK;
}

/* Answers a query for a name that begins with 'k' (known) with server.addresses, and any other with "no such name". */
static void query_received(void *context, struct udp_pcb *pcb, struct pbuf *query, const ip_addr_t *from, u16_t port)
{
  static const unsigned char record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4};
  unsigned char bytes[512];
  u16_t length = pbuf_copy_partial(query, bytes, sizeof bytes, 0);
  const bool is_known = bytes[13] == 'k';
  struct pbuf *answer;

  (void)context;
  server.queries++;
  pbuf_free(query);
  bytes[2] = 0x81;
  bytes[3] = is_known ? 0x80 : 0x83;
  bytes[7] = is_known ? (unsigned char)server.address_count : 0;
  for (unsigned i = 0; i < bytes[7]; i++) {
    memcpy(bytes + length, record, sizeof record);
    memcpy(bytes + length + sizeof record, server.addresses[i], 4);
    length = (u16_t)(length + sizeof record + 4);
  }
  answer = pbuf_alloc(PBUF_TRANSPORT, length, PBUF_RAM);
  pbuf_take(answer, bytes, length);
  if (!server.is_silent)
    udp_sendto(pcb, answer, from, port);
  pbuf_free(answer);
}

static void set_addresses(const unsigned char (*addresses)[4], unsigned count)
{
  memcpy(server.addresses, addresses, count * sizeof *addresses);
  server.address_count = count;
}

static int start(void **state)
{
  ip_addr_t here;

  (void)state;
  IP_ADDR4(&here, 127, 0, 0, 1);
  lwip_start();
  lwip_set_name_server(0, "127.0.0.1");
  server.names = udp_new();
  udp_bind(server.names, &here, 53);
  udp_recv(server.names, query_received, NULL);
  server.listener = tcp_new();
  tcp_bind(server.listener, &here, PORT);
  server.listener = tcp_listen(server.listener);
  tcp_accept(server.listener, accepted);
  return 0;
}

static int begin(void **state)
{
  static const unsigned char here[][4] = {HERE};

  (void)state;
  set_addresses(here, 1);
  memset(&tcp, 0, sizeof tcp);
  transport = wmrec_lwip_transport(&tcp);
  server.is_reading = true;
  server.is_silent = false;
  server.queries = 0;
  server.pcb = NULL;
  baseline = lwip_memory_in_use();
  return 0;
}

/* Closes all connections, waits until TCP has ended them, and checks that no memory is in use. */
static int end(void **state)
{
  (void)state;
  transport.functions->close(&tcp);
  drop_connection();
  server.is_silent = false;
  lwip_pass(300 * SECOND);
  assert_int_equal(lwip_memory_in_use(), baseline);
  return 0;
}

/* Calls open until it returns a result, for a minute at most. */
static int open_within_a_minute(const char *host, uint16_t port)
{
  const uint32_t deadline = lwip_time + 60 * SECOND;
  int result;

  while ((result = transport.functions->open(&tcp, host, port, deadline - lwip_time)) > 0 && lwip_time < deadline)
    lwip_pass(10);
  return result;
}

static void open_connection(void)
{
  assert_int_equal(open_within_a_minute("127.0.0.1", PORT), WMREC_OK);
  lwip_pass(100);
  assert_non_null(server.pcb);
}

static void serve(const char *bytes, size_t length)
{
  assert_int_equal(tcp_write(server.pcb, bytes, (u16_t)length, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(server.pcb);
}

static int receive(char *bytes, size_t size, size_t *length)
{
  return transport.functions->receive(&tcp, bytes, size, length);
}

static void an_exchange_over_lwip_gets_its_answer_and_keeps_the_connection(void **state)
{
  char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_drive drive;
  struct wmrec_exchange exchange;
  const struct wmrec_target target = {.host = "known.test", .port = PORT, .plain_http = true};

  (void)state;
  wmrec_drive_init(&drive, transport, buffer, sizeof buffer);
  for (int i = 0; i < 2; i++) {
    int result;

    server.length = 0;
    wmrec_drive_begin(&drive, &exchange, &target, lwip_time, 10 * SECOND);
    while ((result = wmrec_drive_step(&drive, lwip_time)) > 0) {
      lwip_pass(10);
      if (server.length > 4 && memcmp(server.received + server.length - 4, "\r\n\r\n", 4) == 0) {
        serve(ANSWER, strlen(ANSWER));
        server.length = 0;
      }
    }
    assert_int_equal(result, WMREC_OK);
    assert_int_equal(wmrec_answer(&exchange), WMREC_RECORDING);
  }
  assert_int_equal(server.queries, 1);
  wmrec_drive_close(&drive);
}

static void a_name_is_looked_up_and_an_address_is_not(void **state)
{
  (void)state;
  assert_int_equal(open_within_a_minute("127.0.0.1", PORT), WMREC_OK);
  assert_int_equal(server.queries, 0);
  transport.functions->close(&tcp);
  assert_int_equal(open_within_a_minute("k2.test", PORT), WMREC_OK);
  assert_int_equal(server.queries, 1);
}

static void an_unknown_name_and_an_impossible_name_and_a_silent_name_server_are_name_errors(void **state)
{
  char long_name[300];

  (void)state;
  memset(long_name, 'k', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  assert_int_equal(open_within_a_minute("unknown.test", PORT), WMREC_ERROR_NAME);
  transport.functions->close(&tcp);
  assert_int_equal(open_within_a_minute(long_name, PORT), WMREC_ERROR_NAME);
  transport.functions->close(&tcp);
  server.is_silent = true;
  assert_int_equal(open_within_a_minute("k-silent.test", PORT), WMREC_ERROR_NAME);
}

static void a_lookup_that_was_given_up_leaves_nothing_behind(void **state)
{
  (void)state;
  server.is_silent = true;
  assert_true(transport.functions->open(&tcp, "unknown-a.test", PORT, SECOND) > 0);
  assert_true(transport.functions->open(&tcp, "unknown-a.test", PORT, SECOND) > 0);
  lwip_pass(100);
  assert_int_equal(server.queries, 1);
  transport.functions->close(&tcp);
  assert_int_equal(lwip_memory_in_use(), baseline);
  memset(&tcp, 0xa5, sizeof tcp); /* as if its memory were used for something else */
  lwip_pass(20 * SECOND);
  for (size_t i = 0; i < sizeof tcp; i++)
    assert_int_equal(((unsigned char *)&tcp)[i], 0xa5);
  assert_int_equal(server.queries, 1);
  memset(&tcp, 0, sizeof tcp);
}

static void each_connection_looks_the_name_up_again(void **state)
{
  (void)state;
  for (unsigned queries = 1; queries <= 3; queries++) {
    assert_int_equal(open_within_a_minute("k3.test", PORT), WMREC_OK);
    assert_int_equal(server.queries, queries);
    transport.functions->close(&tcp);
  }
}

/* The time that open takes, in virtual ms. */
static uint32_t time_to_open(void)
{
  const uint32_t began = lwip_time;

  assert_int_equal(open_within_a_minute("k6.test", PORT), WMREC_OK);
  assert_true(ip_addr_cmp(&tcp.address, &server.pcb->local_ip));
  return lwip_time - began;
}

static void an_address_that_does_not_answer_leaves_time_for_the_next_one(void **state)
{
  static const unsigned char addresses[][4] = {SILENT, SILENT, HERE};

  (void)state;
  set_addresses(addresses, 3);
  assert_in_range(time_to_open(), 2 * WMREC_LWIP_ATTEMPT, 2 * WMREC_LWIP_ATTEMPT + SECOND);
  assert_int_equal(tcp.next, 3);
}

static void an_address_that_refuses_is_followed_by_the_next_one_at_once(void **state)
{
  static const unsigned char addresses[][4] = {REFUSING, REFUSING, REFUSING, HERE};

  (void)state;
  set_addresses(addresses, 4);
  assert_in_range(time_to_open(), 0, SECOND);
  assert_int_equal(tcp.next, 4);
}

static void an_address_that_lwip_cannot_route_to_is_followed_by_the_next_one_at_once(void **state)
{
  static const unsigned char addresses[][4] = {{192, 0, 2, 1}, HERE};

  (void)state;
  set_addresses(addresses, 2);
  assert_in_range(time_to_open(), 0, SECOND);
}

static void if_time_is_short_each_address_gets_an_equal_share_of_it_and_the_last_one_all(void **state)
{
  static const unsigned char addresses[][4] = {SILENT, SILENT, SILENT};
  uint32_t tried_at[4] = {0};
  unsigned tried = 0;
  const uint32_t end = lwip_time + 6 * SECOND;
  int result = WMREC_WANT_CALL;

  (void)state;
  set_addresses(addresses, 3);
  while (lwip_time < end && result > 0) {
    result = transport.functions->open(&tcp, "k7.test", PORT, end - lwip_time);
    if (tcp.next > tried)
      tried_at[tried++] = end - lwip_time;
    lwip_pass(10);
  }
  assert_true(result > 0); /* the deadline is the drive's */
  assert_int_equal(tried, 3);
  assert_in_range(tried_at[0] - tried_at[1], 1900, 2100);
  assert_in_range(tried_at[1] - tried_at[2], 1900, 2100);
}

static void if_no_address_accepts_it_is_a_connect_error_with_the_cause_of_the_last_one(void **state)
{
  static const unsigned char addresses[][4] = {SILENT, REFUSING};

  (void)state;
  set_addresses(addresses, 2);
  assert_int_equal(open_within_a_minute("k8.test", PORT), WMREC_ERROR_CONNECT);
  assert_int_equal(tcp.error, ERR_RST);
  assert_int_equal(tcp.next, 2);
}

static void the_next_connection_begins_with_the_first_address_again(void **state)
{
  static const unsigned char addresses[][4] = {REFUSING, HERE};

  (void)state;
  set_addresses(addresses, 2);
  for (int i = 0; i < 2; i++) {
    time_to_open();
    assert_int_equal(tcp.next, 2);
    transport.functions->close(&tcp);
  }
}

static void a_closed_port_is_a_connect_error(void **state)
{
  (void)state;
  assert_int_equal(open_within_a_minute("127.0.0.1", CLOSED_PORT), WMREC_ERROR_CONNECT);
  assert_int_equal(tcp.phase, WMREC_LWIP_CONNECTING);
  assert_int_equal(tcp.error, ERR_RST);
}

static void unread_bytes_make_the_server_wait_and_no_byte_is_lost(void **state)
{
  char sent[3 * TCP_WND];
  char bytes[sizeof sent];
  size_t served = 0;
  size_t read = 0;

  (void)state;
  for (size_t i = 0; i < sizeof sent; i++)
    sent[i] = (char)(i * 7 + i / 251);
  open_connection();
  for (int turns = 0; turns < 2000 && read < sizeof sent; turns++) {
    const size_t room = tcp_sndbuf(server.pcb);
    const size_t left = sizeof sent - served;
    const size_t count = left < room ? left : room;
    size_t length;

    if (count > 0) {
      serve(sent + served, count);
      served += count;
    }
    lwip_pass(50);
    assert_true(served - read <= TCP_WND + TCP_SND_BUF);
    if (turns > 50 && turns % 3 == 0 && receive(bytes + read, 100 + (size_t)turns % 300, &length) == WMREC_OK)
      read += length;
    if (turns == 50)
      assert_int_equal(served, TCP_WND + TCP_SND_BUF); /* the window is closed, and the server's buffer is full */
  }
  assert_int_equal(read, sizeof sent);
  assert_memory_equal(bytes, sent, sizeof sent);
}

static void bytes_before_a_fin_are_received_and_then_the_end(void **state)
{
  char bytes[16];
  size_t length;

  (void)state;
  open_connection();
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_WANT_READ);
  serve("0123456789", 10);
  tcp_recv(server.pcb, NULL);
  tcp_err(server.pcb, NULL);
  tcp_close(server.pcb);
  server.pcb = NULL;
  lwip_pass(SECOND);
  assert_int_equal(receive(bytes, 4, &length), WMREC_OK);
  assert_int_equal(length, 4);
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_OK);
  assert_memory_equal(bytes, "456789", 6);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_OK);
    assert_int_equal(length, 0);
  }
}

static void after_the_end_of_a_connection_the_next_one_is_open(void **state)
{
  char bytes[16];
  size_t length;

  (void)state;
  open_connection();
  tcp_recv(server.pcb, NULL);
  tcp_err(server.pcb, NULL);
  tcp_close(server.pcb);
  server.pcb = NULL;
  lwip_pass(SECOND);
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_OK);
  transport.functions->close(&tcp);
  open_connection();
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_WANT_READ);
}

static void a_reset_is_an_error_and_not_the_end(void **state)
{
  char bytes[16];
  size_t length;

  (void)state;
  open_connection();
  serve("01", 2);
  lwip_pass(100);
  drop_connection();
  lwip_pass(100);
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_OK);
  assert_int_equal(length, 2);
  assert_int_equal(receive(bytes, sizeof bytes, &length), WMREC_ERROR_RESET);
  assert_int_equal(transport.functions->send(&tcp, "x", 1, &length), WMREC_ERROR_RESET);
  assert_int_equal(tcp.error, ERR_RST);
}

static void bytes_that_do_not_fit_the_send_buffer_wait_and_all_bytes_arrive_in_order(void **state)
{
  char sent[6000];
  size_t total = 0;
  bool has_waited = false;

  (void)state;
  for (size_t i = 0; i < sizeof sent; i++)
    sent[i] = (char)(i * 5 + i / 253);
  open_connection();
  for (int turns = 0; turns < 1000 && total < sizeof sent; turns++) {
    size_t count = 0;
    const int result = transport.functions->send(&tcp, sent + total, sizeof sent - total, &count);

    assert_true(result == WMREC_OK ? count > 0 : result == WMREC_WANT_WRITE);
    has_waited |= result == WMREC_WANT_WRITE;
    total += count;
    if (result != WMREC_OK)
      lwip_pass(10);
  }
  lwip_pass(SECOND);
  assert_true(has_waited);
  assert_int_equal(server.length, sizeof sent);
  assert_memory_equal(server.received, sent, sizeof sent);
}

static void a_send_to_a_server_that_does_not_read_waits_and_close_frees_its_memory(void **state)
{
  char sent[TCP_WND + TCP_SND_BUF + 2000];
  size_t count = 0;
  int result = WMREC_OK;

  (void)state;
  memset(sent, 'x', sizeof sent);
  open_connection();
  server.is_reading = false;
  for (int turns = 0; turns < 300; turns++) {
    result = transport.functions->send(&tcp, sent, 1000, &count);
    lwip_pass(10);
  }
  assert_int_equal(result, WMREC_WANT_WRITE);
}

static void close_in_any_phase_frees_all_memory(void **state)
{
  static const unsigned char addresses[][4] = {SILENT, HERE};

  (void)state;
  transport.functions->close(&tcp);
  transport.functions->close(&tcp);
  set_addresses(addresses, 2);
  for (uint32_t time = 0; time < 6 * SECOND; time += time < 300 ? 10 : 300) {
    const uint32_t started_at = lwip_time;

    while (lwip_time - started_at < time && transport.functions->open(&tcp, "k4.test", PORT, 60 * SECOND) > 0)
      lwip_pass(10);
    if (time % 20 == 0 && tcp.pcb != NULL && server.pcb != NULL)
      serve("unread", 6);
    lwip_pass(20);
    transport.functions->close(&tcp);
    transport.functions->close(&tcp);
    lwip_pass(SECOND);
    drop_connection();
  }
}

static void close_with_unread_bytes_resets_the_connection(void **state)
{
  (void)state;
  open_connection();
  serve("unread", 6);
  lwip_pass(100);
  transport.functions->close(&tcp);
  lwip_pass(100);
  assert_null(server.pcb);
  assert_false(server.is_ended);
}

static void close_without_unread_bytes_sends_a_fin(void **state)
{
  (void)state;
  open_connection();
  transport.functions->close(&tcp);
  lwip_pass(100);
  assert_non_null(server.pcb);
  assert_true(server.is_ended);
}

static void each_connection_has_a_random_port_and_a_random_initial_sequence_number(void **state)
{
  uint16_t port = 0;
  uint32_t number = 0;

  (void)state;
  for (int i = 0; i < 20; i++) {
    open_connection();
    assert_true(server.pcb->remote_port >= 1024);
    assert_true((uint16_t)(server.pcb->remote_port - port) > 8);
    assert_true(server.pcb->rcv_nxt - number > 1 << 16);
    port = server.pcb->remote_port;
    number = server.pcb->rcv_nxt;
    transport.functions->close(&tcp);
    lwip_pass(SECOND);
    drop_connection();
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_exchange_over_lwip_gets_its_answer_and_keeps_the_connection),
      TEST(a_name_is_looked_up_and_an_address_is_not),
      TEST(an_unknown_name_and_an_impossible_name_and_a_silent_name_server_are_name_errors),
      TEST(a_lookup_that_was_given_up_leaves_nothing_behind),
      TEST(each_connection_looks_the_name_up_again),
      TEST(an_address_that_does_not_answer_leaves_time_for_the_next_one),
      TEST(an_address_that_refuses_is_followed_by_the_next_one_at_once),
      TEST(an_address_that_lwip_cannot_route_to_is_followed_by_the_next_one_at_once),
      TEST(if_time_is_short_each_address_gets_an_equal_share_of_it_and_the_last_one_all),
      TEST(if_no_address_accepts_it_is_a_connect_error_with_the_cause_of_the_last_one),
      TEST(the_next_connection_begins_with_the_first_address_again),
      TEST(a_closed_port_is_a_connect_error),
      TEST(unread_bytes_make_the_server_wait_and_no_byte_is_lost),
      TEST(bytes_before_a_fin_are_received_and_then_the_end),
      TEST(after_the_end_of_a_connection_the_next_one_is_open),
      TEST(a_reset_is_an_error_and_not_the_end),
      TEST(bytes_that_do_not_fit_the_send_buffer_wait_and_all_bytes_arrive_in_order),
      TEST(a_send_to_a_server_that_does_not_read_waits_and_close_frees_its_memory),
      TEST(close_in_any_phase_frees_all_memory),
      TEST(close_with_unread_bytes_resets_the_connection),
      TEST(close_without_unread_bytes_sends_a_fin),
      TEST(each_connection_has_a_random_port_and_a_random_initial_sequence_number),
  };

  return cmocka_run_group_tests_name("lwip", tests, start, NULL);
}
