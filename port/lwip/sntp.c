/* An SNTP client. The sections named here are those of RFC 4330.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sntp.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>

#include "lwip.h"

/* Times in ms. Section 10: never more often than each 15 s. */
enum { RETRY_FIRST = 15000, RETRY_MAX = 240000, INTERVAL = 3600000 };

/* Section 4: the message, and where its fields are, in bytes. */
enum { SNTP_PORT = 123, MESSAGE = 48, STRATUM = 1, ORIGINATE = 24, TRANSMIT = 40, TIMESTAMP = 8 };
enum { VERSION_4 = 4 << 3, MODE = 7, MODE_CLIENT = 3, MODE_SERVER = 4, LEAP_ALARM = 3, STRATUM_MAX = 15 };

static struct {
  const char *name;                             /* of the server; NULL: those of DHCP are asked */
  ip_addr_t servers[LWIP_DHCP_MAX_NTP_SERVERS]; /* named by DHCP */
  unsigned server_count;
  unsigned next_server; /* which of them is asked next, modulo their number */
  uint32_t retry_delay; /* ms, from the next question to the one after it, if it gets no answer */
  struct udp_pcb *pcb;  /* NULL: no answer is awaited */
  uint32_t cookie[2];   /* what an answer to the question must repeat; valid while pcb is not NULL */
  bool is_running;
} sntp;

void dhcp_set_ntp_servers(u8_t count, const ip4_addr_t *servers)
{
  sntp.server_count = count;
  for (unsigned i = 0; i < count; i++)
    ip_addr_copy_from_ip4(sntp.servers[i], servers[i]);
}

/* An answer counts once: without the pcb, none arrives here. */
static void forget_question(void)
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

/* Section 5. A stratum of 0 is a "kiss o' death": the server wants to be asked less often. */
static bool is_synchronised(const uint8_t message[MESSAGE])
{
  return message[0] >> 6 != LEAP_ALARM && message[STRATUM] != 0 && message[STRATUM] <= STRATUM_MAX &&
         transmit_seconds(message) != 0;
}

/* Section 3: with the highest bit set, seconds since 1900; without it, since 2036-02-07 06:28:16. */
static int64_t date_of(const uint8_t message[MESSAGE])
{
  const uint32_t seconds = transmit_seconds(message);

  return seconds >> 31 != 0 ? seconds - INT64_C(2208988800) : seconds + INT64_C(2085978496);
}

static void ask(void *unused);

static void ask_after(uint32_t delay)
{
  sys_untimeout(ask, NULL);
  sys_timeout(delay, ask, NULL);
}

static void receive(void *context, struct udp_pcb *pcb, struct pbuf *answer, const ip_addr_t *from, u16_t port)
{
  uint8_t message[MESSAGE];
  const bool is_whole = pbuf_copy_partial(answer, message, MESSAGE, 0) == MESSAGE;

  (void)context;
  (void)pcb;
  (void)from; /* the pcb is connected: lwIP has compared address and port */
  (void)port;
  pbuf_free(answer);
  if (!is_whole || (message[0] & MODE) != MODE_SERVER || memcmp(message + ORIGINATE, sntp.cookie, TIMESTAMP) != 0)
    return; /* anybody's: the answer may still come */
  forget_question();
  if (is_synchronised(message) && wmrec_lwip_set_time(date_of(message))) {
    sntp.retry_delay = RETRY_FIRST;
    ask_after(INTERVAL);
  }
}

/* The transmit timestamp is a random number: the server only repeats it (section 5), and the date is no secret. */
static void fill_in(uint8_t *message)
{
  memset(message, 0, MESSAGE);
  message[0] = VERSION_4 | MODE_CLIENT;
  sntp.cookie[0] = wmrec_lwip_random();
  sntp.cookie[1] = wmrec_lwip_random();
  memcpy(message + TRANSMIT, sntp.cookie, TIMESTAMP);
}

/* Where something is missing, or the port is in use, the timer asks again. */
static void send_question(const ip_addr_t *server)
{
  struct pbuf *question = pbuf_alloc(PBUF_TRANSPORT, MESSAGE, PBUF_RAM);

  sntp.pcb = udp_new_ip_type(IP_GET_TYPE(server));
  if (question != NULL && sntp.pcb != NULL &&
      udp_bind(sntp.pcb, IP46_ADDR_ANY(IP_GET_TYPE(server)), wmrec_lwip_random_port()) == ERR_OK) {
    udp_recv(sntp.pcb, receive, NULL);
    udp_connect(sntp.pcb, server, SNTP_PORT);
    fill_in(question->payload);
    udp_send(sntp.pcb, question);
  }
  if (question != NULL)
    pbuf_free(question);
}

static void name_found(const char *name, const ip_addr_t *address, void *context)
{
  (void)name;
  (void)context;
  if (address != NULL && sntp.is_running && sntp.pcb == NULL)
    send_question(address);
}

static void ask(void *unused)
{
  ip_addr_t address;

  (void)unused;
  forget_question();
  ask_after(sntp.retry_delay);
  sntp.retry_delay = sntp.retry_delay < RETRY_MAX ? 2 * sntp.retry_delay : RETRY_MAX;
  if (sntp.name == NULL && sntp.server_count > 0)
    send_question(&sntp.servers[sntp.next_server++ % sntp.server_count]);
  else if (sntp.name != NULL && dns_gethostbyname(sntp.name, &address, name_found, NULL) == ERR_OK)
    send_question(&address);
}

void wmrec_sntp_start(const char *server)
{
  wmrec_sntp_stop();
  sntp.name = server;
  sntp.retry_delay = RETRY_FIRST;
  sntp.is_running = true;
  ask(NULL);
}

void wmrec_sntp_stop(void)
{
  sntp.is_running = false;
  sys_untimeout(ask, NULL);
  forget_question();
}
