/* TCP by lwIP's raw API (2.2, NO_SYS): a transport without an operating system.
 *
 *     struct wmrec_lwip tcp = {0};
 *     wmrec_drive_init(&drive, wmrec_lwip_transport(&tcp), buffer, sizeof buffer);
 *     ...
 *     give lwIP the frames that came, call sys_check_timeouts(), then wmrec_drive_step(): all from one loop
 *
 * What has come and is not read yet stays in lwIP's buffers, and closes the window: the server waits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_H
#define WMREC_LWIP_H

#include <lwip/err.h>
#include <lwip/ip_addr.h>

#include "transport.h"

enum wmrec_lwip_phase { WMREC_LWIP_LOOKUP, WMREC_LWIP_CONNECTING, WMREC_LWIP_CONNECTED };

struct wmrec_lwip {
  /* To be read, for messages; they stay until the next open. phase: how far it came. address: the host's, once it is
   * known. error: lwIP's, why the connection was not made or broke. */
  enum wmrec_lwip_phase phase;
  ip_addr_t address;
  err_t error;

  /* Private. */
  struct tcp_pcb *pcb;
  struct pbuf *received;
  const char *host;
  bool is_begun;
  bool is_lookup_over;
  bool is_found;
  bool is_ended; /* by a FIN */
};

/* The transport over *tcp, which is borrowed for good (lwIP cannot be told to forget a name that it looks up), and was
 * zeroed before the first. */
struct wmrec_transport wmrec_lwip_transport(struct wmrec_lwip *tcp);

/* To be defined by who uses this port: a number of a cryptographic generator. Ports, the identifiers of DNS and DHCP,
 * TCP's initial sequence numbers and SNTP's cookies are made of it: who can guess them can forge answers. lwIP asks for
 * one in lwip_init() already. */
uint32_t wmrec_lwip_random(void);

/* A random port of those for clients, 49152 to 65535 (RFC 6056, section 3.2); not for users. */
uint16_t wmrec_lwip_random_port(void);

#endif
