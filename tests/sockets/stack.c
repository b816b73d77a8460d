/* lwIP in a thread of its own, by the port for Unix in lwIP's source.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stack.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwip/dns.h>
#include <lwip/netif.h>
#include <lwip/sys.h>
#include <lwip/tcpip.h>
#include <netif/tapif.h>

#include "lwip.h"
#include "posix.h"
#include "sntp.h"

uint32_t wmrec_lwip_random(void)
{
  uint32_t number;

  if (getentropy(&number, sizeof number) != 0)
    abort();
  return number;
}

bool wmrec_lwip_set_time(int64_t seconds)
{
  return seconds > 0;
}

static void must(bool holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "%s failed\n", what);
  exit(EXIT_FAILURE);
}

static ip4_addr_t ipv4(const char *text)
{
  ip4_addr_t address;

  must(ip4addr_aton(text, &address) == 1, text);
  return address;
}

/* Runs in lwIP's thread. */
static void begin(void *name_server)
{
  static struct netif netif;
  const ip4_addr_t address = ipv4("10.0.9.2");
  const ip4_addr_t mask = ipv4("255.255.255.0");
  const ip4_addr_t gateway = ipv4("10.0.9.1");
  ip6_addr_t address6;
  ip_addr_t server;
  s8_t index = 0;

  must(netif_add(&netif, &address, &mask, &gateway, NULL, tapif_init, tcpip_input) != NULL, "netif_add");
  netif_set_default(&netif);
  netif_set_up(&netif);
  must(ip6addr_aton("fd00:9::2", &address6) == 1 && netif_add_ip6_address(&netif, &address6, &index) == ERR_OK, "IPv6");
  netif_ip6_addr_set_state(&netif, index, IP6_ADDR_PREFERRED);
  must(ipaddr_aton(name_server, &server) == 1, "the name server");
  dns_setserver(0, &server);
}

struct start {
  const char *name_server;
  sys_sem_t is_done;
};

static void initialised(void *context)
{
  struct start *start = context;

  begin((void *)(uintptr_t)start->name_server);
  sys_sem_signal(&start->is_done);
}

void stack_start(const char *name_server)
{
  struct start start = {.name_server = name_server};

  must(sys_sem_new(&start.is_done, 0) == ERR_OK, "sys_sem_new");
  tcpip_init(initialised, &start);
  sys_sem_wait(&start.is_done);
  sys_sem_free(&start.is_done);
}
