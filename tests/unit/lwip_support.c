/* A real lwIP with only its loopback as a network, in virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <stdio.h>
#include <stdlib.h>

#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/stats.h>
#include <lwip/timeouts.h>

#include "lwip.h"
#include "name_servers.h"

uint32_t lwip_time;

u32_t sys_now(void)
{
  return lwip_time;
}

uint32_t wmrec_lwip_random(void)
{
  static uint32_t random = 2463534242;

  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  return random;
}

void wmrec_lwip_assert_failed(unsigned line)
{
  fprintf(stderr, "lwIP: an assertion failed in line %u\n", line);
  abort();
}

/* Packets to another address are lost; lwIP keeps those to its own. */
static err_t lose_packet(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to)
{
  (void)netif;
  (void)packet;
  (void)to;
  return ERR_OK;
}

static err_t start_network(struct netif *netif)
{
  netif->output = lose_packet;
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

void lwip_start(void)
{
  static struct netif network;
  ip4_addr_t address;
  ip4_addr_t mask;

  IP4_ADDR(&address, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  lwip_init();
  netif_add(&network, &address, &mask, IP4_ADDR_ANY4, NULL, start_network, netif_input);
  netif_set_up(&network);
}

void lwip_set_name_server(unsigned number, const char *address)
{
  ip_addr_t server = *IP_ADDR_ANY;

  if (address != NULL)
    assert_true(ipaddr_aton(address, &server));
#if LWIP_DNS
  dns_setserver((u8_t)number, &server);
#else
  wmrec_name_server_set(number, &server);
#endif
}

void lwip_pass(uint32_t time)
{
  for (uint32_t end = lwip_time + time; lwip_time != end; lwip_time += 10) {
    for (int i = 0; i < 20; i++)
      netif_poll_all();
    sys_check_timeouts();
  }
}

int lwip_memory_in_use(void)
{
  int sum = (int)lwip_stats.mem.used;

  for (int i = 0; i < MEMP_MAX; i++)
    sum += lwip_stats.memp[i] == NULL ? 0 : (int)lwip_stats.memp[i]->used;
  return sum;
}
