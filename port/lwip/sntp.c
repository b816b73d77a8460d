/* An SNTP client. Sections are those of RFC 4330.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sntp.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>

#include "lwip.h"
#include "resolver.h"

/* In ms. Section 10: at least 15 s between two requests. */
enum { RETRY_MIN = 15000, RETRY_MAX = 240000, INTERVAL = 3600000, LOOKUP_STEP = 100 };

/* Section 4: the size of a message, the offsets of its fields, and the size of a timestamp, in bytes. */
enum { SNTP_PORT = 123, MESSAGE = 48, STRATUM = 1, ORIGINATE = 24, TRANSMIT = 40, TIMESTAMP = 8 };
enum { VERSION_4 = 4 << 3, MODE = 7, MODE_CLIENT = 3, MODE_SERVER = 4, LEAP_ALARM = 3, STRATUM_MAX = 15 };

static struct {
  const char *name;                             /* of the server; NULL: those of DHCP are asked */
  struct wmrec_resolver resolver;               /* looks the name up */
  ip_addr_t servers[LWIP_DHCP_MAX_NTP_SERVERS]; /* named by DHCP */
  unsigned server_count;
  unsigned server;      /* the index of the server to ask, modulo the number of servers */
  uint32_t asked_at;    /* the time of the last request, by sys_now() */
  uint32_t retry_delay; /* from then to the next request, if no answer is accepted, in ms; 0: there was no request */
  struct udp_pcb *pcb;  /* NULL: no answer is awaited */
  uint32_t cookie[2];   /* the transmit timestamp of the request, which the answer must repeat; valid while pcb is */
  bool is_accepted;     /* the answer to the last request was accepted, and is not in doubt */
  void (*on_timer)(void);
} sntp;

void dhcp_set_ntp_servers(u8_t count, const ip4_addr_t *servers)
{
  sntp.server_count = count;
  for (unsigned i = 0; i < count; i++)
    ip_addr_copy_from_ip4(sntp.servers[i], servers[i]);
}

/* Removes the pcb, so that a second answer to the same request is ignored. */
static void end_request(void)
{
  if (sntp.pcb != NULL)
    udp_remove(sntp.pcb);
  sntp.pcb = NULL;
}

static uint32_t transmit_seconds(const uint8_t message[MESSAGE])
{
  uint32_t seconds;

  memcpy(&seconds, message + TRANSMIT, sizeof seconds);
  return lwip_ntohl(seconds);
}

/* Section 5. A stratum of 0 is a "kiss o' death": the server asks for fewer requests. */
static bool is_synchronised(const uint8_t message[MESSAGE])
{
  return message[0] >> 6 != LEAP_ALARM && message[STRATUM] != 0 && message[STRATUM] <= STRATUM_MAX &&
         transmit_seconds(message) != 0;
}

/* Section 3: with the highest bit set, seconds since 1900; without it, since 2036-02-07 06:28:16. */
static int64_t unix_time(const uint8_t message[MESSAGE])
{
  const uint32_t seconds = transmit_seconds(message);

  return seconds >> 31 != 0 ? seconds - INT64_C(2208988800) : seconds + INT64_C(2085978496);
}

/* A random delay between half of this one and all of it, but not below RETRY_MIN: devices that were powered up at the
 * same time do not ask at the same time for ever. */
static uint32_t spread(uint32_t delay)
{
  const uint32_t spread_delay = delay / 2 + wmrec_lwip_random() % (delay / 2 + 1);

  return spread_delay > RETRY_MIN ? spread_delay : RETRY_MIN;
}

static void on_timer(void *unused)
{
  (void)unused;
  sntp.on_timer();
}

static void start_timer(uint32_t delay, void (*function)(void))
{
  sys_untimeout(on_timer, NULL);
  sntp.on_timer = function;
  sys_timeout(delay, on_timer, NULL);
}

/* The time until `delay` has passed since the last request, in ms. */
static uint32_t time_until(uint32_t delay)
{
  const uint32_t passed = sys_now() - sntp.asked_at;

  return passed < delay ? delay - passed : 0;
}

static void refresh(void);

static void receive(void *context, struct udp_pcb *pcb, struct pbuf *answer, const ip_addr_t *from, u16_t port)
{
  uint8_t message[MESSAGE];
  const bool is_complete = pbuf_copy_partial(answer, message, MESSAGE, 0) == MESSAGE;

  (void)context;
  (void)pcb;
  (void)from; /* the pcb is connected: lwIP has checked the address and the port */
  (void)port;
  pbuf_free(answer);
  if (!is_complete || (message[0] & MODE) != MODE_SERVER || memcmp(message + ORIGINATE, sntp.cookie, TIMESTAMP) != 0)
    return; /* not from our server: its answer may still come */
  end_request();
  if (is_synchronised(message) && wmrec_lwip_set_time(unix_time(message))) {
    sntp.is_accepted = true;
    start_timer(spread(INTERVAL), refresh);
  }
}

/* The transmit timestamp is a random number: the server only repeats it (section 5). */
static void write_request(uint8_t *message)
{
  memset(message, 0, MESSAGE);
  message[0] = VERSION_4 | MODE_CLIENT;
  sntp.cookie[0] = wmrec_lwip_random();
  sntp.cookie[1] = wmrec_lwip_random();
  memcpy(message + TRANSMIT, sntp.cookie, TIMESTAMP);
}

/* If memory is short, or the port is in use, nothing is sent, and the timer tries again. */
static void send_request(const ip_addr_t *server)
{
  struct pbuf *request = pbuf_alloc(PBUF_TRANSPORT, MESSAGE, PBUF_RAM);

  sntp.pcb = udp_new_ip_type(IP_GET_TYPE(server));
  if (request != NULL && sntp.pcb != NULL &&
      udp_bind(sntp.pcb, IP46_ADDR_ANY(IP_GET_TYPE(server)), wmrec_lwip_random_port()) == ERR_OK) {
    udp_recv(sntp.pcb, receive, NULL);
    udp_connect(sntp.pcb, server, SNTP_PORT);
    write_request(request->payload);
    udp_send(sntp.pcb, request);
  }
  if (request != NULL)
    pbuf_free(request);
}

static void retry(void);

static void ask_one_of(const ip_addr_t *servers, unsigned count)
{
  sntp.is_accepted = false;
  sntp.asked_at = sys_now();
  start_timer(spread(sntp.retry_delay), retry);
  if (count > 0)
    send_request(&servers[sntp.server % count]);
}

static void look_up(void)
{
  if (wmrec_resolver_step(&sntp.resolver) > 0)
    start_timer(LOOKUP_STEP, look_up);
  else
    ask_one_of(sntp.resolver.addresses, sntp.resolver.count);
}

static void request_time(void)
{
  end_request();
  if (sntp.name == NULL) {
    ask_one_of(sntp.servers, sntp.server_count);
    return;
  }
  wmrec_resolver_begin(&sntp.resolver, sntp.name);
  look_up();
}

/* Asks the next server. Section 8: after a "kiss o' death", "an alternate server", or an exponential backoff. */
static void retry(void)
{
  sntp.server++;
  sntp.retry_delay = sntp.retry_delay < RETRY_MAX ? 2 * sntp.retry_delay : RETRY_MAX;
  request_time();
}

static void refresh(void)
{
  sntp.retry_delay = RETRY_MIN;
  request_time();
}

void wmrec_sntp_start(const char *server)
{
  wmrec_sntp_stop();
  sntp.name = server;
  sntp.server = 0;
  start_timer(sntp.retry_delay == 0 ? 0 : time_until(RETRY_MIN), refresh);
}

void wmrec_sntp_doubt(void)
{
  if (!sntp.is_accepted)
    return; /* it asks again anyway */
  sntp.is_accepted = false;
  start_timer(time_until(spread(sntp.retry_delay)), retry);
}

void wmrec_sntp_stop(void)
{
  sntp.is_accepted = false;
  sys_untimeout(on_timer, NULL);
  end_request();
  wmrec_resolver_end(&sntp.resolver);
}
