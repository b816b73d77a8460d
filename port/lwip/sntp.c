/* An SNTP client. Sections are those of RFC 4330.
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

/* In ms. Section 10: at least 15 s between two requests. */
enum { RETRY_MIN = 15000, RETRY_MAX = 240000, INTERVAL = 3600000 };

/* Section 4: the size of a message, the offsets of its fields, and the size of a timestamp, in bytes. */
enum { SNTP_PORT = 123, MESSAGE = 48, STRATUM = 1, ORIGINATE = 24, TRANSMIT = 40, TIMESTAMP = 8 };
enum { VERSION_4 = 4 << 3, MODE = 7, MODE_CLIENT = 3, MODE_SERVER = 4, LEAP_ALARM = 3, STRATUM_MAX = 15 };

static struct {
  const char *name;                             /* of the server; NULL: those of DHCP are asked */
  ip_addr_t servers[LWIP_DHCP_MAX_NTP_SERVERS]; /* named by DHCP */
  unsigned server_count;
  unsigned next_server; /* the index of the server to ask next, modulo server_count */
  uint32_t retry_delay; /* from the next request to the one after it, if no answer is accepted, in ms */
  struct udp_pcb *pcb;  /* NULL: no answer is awaited */
  uint32_t cookie[2];   /* the transmit timestamp of the request, which the answer must repeat; valid while pcb is */
  bool is_running;      /* started, and not stopped */
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

static void request_time(void *unused);

static void request_time_after(uint32_t delay)
{
  sys_untimeout(request_time, NULL);
  sys_timeout(delay, request_time, NULL);
}

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
    sntp.retry_delay = RETRY_MIN;
    request_time_after(INTERVAL);
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

static void dns_found(const char *name, const ip_addr_t *address, void *context)
{
  (void)name;
  (void)context;
  if (address != NULL && sntp.is_running && sntp.pcb == NULL)
    send_request(address);
}

static void request_time(void *unused)
{
  ip_addr_t address;

  (void)unused;
  end_request();
  request_time_after(sntp.retry_delay);
  sntp.retry_delay = sntp.retry_delay < RETRY_MAX ? 2 * sntp.retry_delay : RETRY_MAX;
  if (sntp.name == NULL && sntp.server_count > 0)
    send_request(&sntp.servers[sntp.next_server++ % sntp.server_count]);
  else if (sntp.name != NULL && dns_gethostbyname(sntp.name, &address, dns_found, NULL) == ERR_OK)
    send_request(&address);
}

void wmrec_sntp_start(const char *server)
{
  wmrec_sntp_stop();
  sntp.name = server;
  sntp.retry_delay = RETRY_MIN;
  sntp.is_running = true;
  request_time(NULL);
}

void wmrec_sntp_stop(void)
{
  sntp.is_running = false;
  sys_untimeout(request_time, NULL);
  end_request();
}
