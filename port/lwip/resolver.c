/* A stub resolver.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "resolver.h"

#include <string.h>

#include <lwip/pbuf.h>
#include <lwip/sys.h>
#include <lwip/udp.h>

#include "dns_message.h"
#include "lwip.h"
#include "name_servers.h"

enum { DNS_PORT = 53, SERVERS_MAX = 16 };
enum { FIRST_TIMEOUT = 1000, ROUNDS = 3 }; /* ms; doubled in each round over all servers */

enum { FIRST_TYPE = LWIP_IPV4 ? WMREC_DNS_A : WMREC_DNS_AAAA, LAST_TYPE = LWIP_IPV6 ? WMREC_DNS_AAAA : WMREC_DNS_A };
enum { ADDRESS_SIZE = LWIP_IPV6 ? 16 : 4 }; /* of the larger type, in bytes */

static void set_address(ip_addr_t *address, const uint8_t *bytes, unsigned type)
{
#if LWIP_IPV4
  ip4_addr_t v4;
#endif
#if LWIP_IPV6
  ip6_addr_p_t v6;

  if (type == WMREC_DNS_AAAA) {
    memcpy(&v6, bytes, sizeof v6);
    ip_addr_copy_from_ip6_packed(*address, v6);
    return;
  }
#endif
  (void)type;
#if LWIP_IPV4
  memcpy(&v4, bytes, sizeof v4);
  ip_addr_copy_from_ip4(*address, v4);
#endif
}

static unsigned count_servers(void)
{
  unsigned count = 0;

  while (count < SERVERS_MAX && !ip_addr_isany(wmrec_name_server(count)))
    count++;
  return count;
}

static size_t write_query(const struct wmrec_resolver *resolver, uint8_t query[WMREC_DNS_QUERY])
{
  return wmrec_dns_write_query(query, resolver->id, resolver->name, resolver->type);
}

static void end_query(struct wmrec_resolver *resolver)
{
  if (resolver->pcb != NULL)
    udp_remove(resolver->pcb);
  resolver->pcb = NULL;
}

static void end_lookup(struct wmrec_resolver *resolver)
{
  end_query(resolver);
  resolver->result = resolver->count > 0 ? WMREC_OK : WMREC_ERROR_NAME;
}

static void begin_type(struct wmrec_resolver *resolver, unsigned type)
{
  resolver->type = type;
  resolver->queries = 0;
  resolver->timeout = 0;
}

static void accept_addresses(struct wmrec_resolver *resolver, const uint8_t *bytes, int count)
{
  const size_t size = resolver->type == WMREC_DNS_A ? 4 : 16;

  for (; count > 0; count--, bytes += size)
    set_address(&resolver->addresses[resolver->count++], bytes, resolver->type);
  if (resolver->type == LAST_TYPE)
    end_lookup(resolver);
  else
    begin_type(resolver, LAST_TYPE);
}

static void received(void *context, struct udp_pcb *pcb, struct pbuf *answer, const ip_addr_t *from, u16_t port)
{
  struct wmrec_resolver *resolver = context;
  uint8_t addresses[WMREC_RESOLVER_ADDRESSES * ADDRESS_SIZE];
  uint8_t query[WMREC_DNS_QUERY];
  uint8_t bytes[WMREC_DNS_ANSWER];
  const size_t length = pbuf_copy_partial(answer, bytes, sizeof bytes, 0);
  int count;

  (void)pcb;
  (void)from; /* the pcb is connected: lwIP has checked the address and the port */
  (void)port;
  pbuf_free(answer);
  count =
      wmrec_dns_read_answer(bytes, length, query, write_query(resolver, query), addresses, WMREC_RESOLVER_ADDRESSES);
  if (count == WMREC_DNS_NOT_OURS)
    return;
  end_query(resolver); /* so that a second answer is ignored */
  if (count == WMREC_DNS_REFUSED)
    resolver->timeout = 0;
  else
    accept_addresses(resolver, addresses, count);
}

/* If memory is short, or the port is in use, nothing is sent, and the next query follows as after no answer. */
static void send_query(struct wmrec_resolver *resolver, const ip_addr_t *server)
{
  uint8_t query[WMREC_DNS_QUERY];
  const u16_t length = (u16_t)write_query(resolver, query);
  struct pbuf *message = pbuf_alloc(PBUF_TRANSPORT, length, PBUF_RAM);

  resolver->pcb = udp_new_ip_type(IP_GET_TYPE(server));
  if (message != NULL && resolver->pcb != NULL &&
      udp_bind(resolver->pcb, IP46_ADDR_ANY(IP_GET_TYPE(server)), wmrec_lwip_random_port()) == ERR_OK) {
    udp_recv(resolver->pcb, received, resolver);
    udp_connect(resolver->pcb, server, DNS_PORT);
    pbuf_take(message, query, length);
    udp_send(resolver->pcb, message);
  }
  if (message != NULL)
    pbuf_free(message);
}

/* If the name already has addresses of the other type, one round is enough: some name servers ignore queries for IPv6.
 */
static void ask_next_server(struct wmrec_resolver *resolver)
{
  const unsigned servers = count_servers();
  const unsigned rounds = resolver->count > 0 ? 1 : ROUNDS;

  end_query(resolver);
  if (resolver->queries >= rounds * servers) {
    end_lookup(resolver);
    return;
  }
  resolver->timeout = (uint32_t)FIRST_TIMEOUT << resolver->queries / servers;
  resolver->asked_at = sys_now();
  resolver->id = (uint16_t)wmrec_lwip_random();
  send_query(resolver, wmrec_name_server(resolver->queries++ % servers));
}

void wmrec_resolver_begin(struct wmrec_resolver *resolver, const char *name)
{
  uint8_t query[WMREC_DNS_QUERY];

  end_query(resolver);
  resolver->name = name;
  resolver->count = ipaddr_aton(name, &resolver->addresses[0]) ? 1 : 0;
  begin_type(resolver, FIRST_TYPE);
  resolver->result = WMREC_WANT_READ;
  if (resolver->count > 0 || write_query(resolver, query) == 0)
    end_lookup(resolver);
}

int wmrec_resolver_step(struct wmrec_resolver *resolver)
{
  if (resolver->result == WMREC_WANT_READ && sys_now() - resolver->asked_at >= resolver->timeout)
    ask_next_server(resolver);
  return resolver->result;
}

void wmrec_resolver_end(struct wmrec_resolver *resolver)
{
  end_query(resolver);
}
