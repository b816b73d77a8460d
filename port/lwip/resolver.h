/* Looks up the addresses of a name by lwIP's raw API: a stub resolver (RFC 1035). lwIP's own returns only the first
 * address, and cannot be stopped.
 *
 *     static struct wmrec_resolver resolver;
 *
 *     wmrec_resolver_begin(&resolver, "api.wiremock.cloud");
 *     while ((result = wmrec_resolver_step(&resolver)) > 0)
 *         pass received frames to lwIP
 *     if (result == WMREC_OK)
 *         use resolver.addresses
 *     wmrec_resolver_end(&resolver);
 *
 * Nothing is remembered: each lookup asks a name server. It asks the servers of name_servers.h in turn: each for 1 s,
 * then each again for 2 s, then for 4 s. Each query has its own random identifier and its own random port, and only the
 * server that was asked can answer (RFC 5452): whoever cannot see the query has to guess both.
 *
 * Threads: as lwip.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_RESOLVER_H
#define WMREC_RESOLVER_H

#include <lwip/ip_addr.h>

#include "wmrec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The maximum number of a name's addresses of each type that are used. */
#define WMREC_RESOLVER_ADDRESSES 8

/* One lookup. Zero it before its first use. */
struct wmrec_resolver {
  /* Valid after WMREC_OK. */
  ip_addr_t addresses[(LWIP_IPV4 + LWIP_IPV6) * WMREC_RESOLVER_ADDRESSES]; /* IPv4 first */
  unsigned count;                                                          /* the number of addresses, at least 1 */

  /* Private. */
  const char *name;
  struct udp_pcb *pcb; /* NULL: no answer is awaited */
  uint32_t asked_at;   /* by sys_now() */
  uint32_t timeout;    /* from then to the next query, in ms */
  unsigned queries;    /* of this type, so far */
  uint16_t id;         /* of the last query */
  unsigned type;       /* of the addresses that are being looked up */
  int result;          /* what wmrec_resolver_step() returns */
};

/* Begins a lookup, in place of one that is under way. name: borrowed until wmrec_resolver_end(). An address as text
 * becomes the only address, without a query. */
void wmrec_resolver_begin(struct wmrec_resolver *resolver, const char *name);

/* Returns WMREC_WANT_READ: call it again when a frame has come, and some times a second, as it is also the timer; or
 * WMREC_OK; or WMREC_ERROR_NAME: the name has no address, or no name server answers. */
int wmrec_resolver_step(struct wmrec_resolver *resolver);

/* Stops a lookup, if one is under way. From then on, lwIP does not use *resolver any more. */
void wmrec_resolver_end(struct wmrec_resolver *resolver);

#ifdef __cplusplus
}
#endif

#endif
