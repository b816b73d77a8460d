/* The name servers: lwIP's list, or one that DHCP fills.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "name_servers.h"

#include <lwip/dns.h>
#include <lwip/pbuf.h>

#if LWIP_DNS

const ip_addr_t *wmrec_name_server(unsigned number)
{
  return dns_getserver(number <= UINT8_MAX ? (u8_t)number : UINT8_MAX);
}

#else

enum { DHCP_NAME_SERVERS = 6, ADDRESS = 4, DHCP_TYPE_OFFER = 2 }; /* RFC 2132, sections 3.8 and 9.6 */

static ip_addr_t servers[WMREC_NAME_SERVERS];

const ip_addr_t *wmrec_name_server(unsigned number)
{
  return number < WMREC_NAME_SERVERS ? &servers[number] : IP_ADDR_ANY;
}

void wmrec_name_server_set(unsigned number, const ip_addr_t *server)
{
  if (number < WMREC_NAME_SERVERS)
    servers[number] = *server;
}

void wmrec_name_servers_from_dhcp(unsigned type, unsigned option, unsigned length, const struct pbuf *message,
                                  unsigned offset)
{
  if (type == DHCP_TYPE_OFFER || option != DHCP_NAME_SERVERS)
    return;
  for (unsigned i = 0; i < WMREC_NAME_SERVERS; i++) {
    ip4_addr_t server = {0};

    if ((i + 1) * ADDRESS <= length)
      pbuf_copy_partial(message, &server, ADDRESS, (u16_t)(offset + i * ADDRESS));
    ip_addr_copy_from_ip4(servers[i], server);
  }
}

#endif
