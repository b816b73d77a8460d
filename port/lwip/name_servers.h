/* The name servers, which resolver.c asks. With LWIP_DNS 1 they are lwIP's: see dns_setserver(). With LWIP_DNS 0, lwIP
 * has no list of them: then it is here, and lwipopts.h must connect it with DHCP, as config/lwipopts.h does.
 *
 * Threads: as lwip.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_NAME_SERVERS_H
#define WMREC_NAME_SERVERS_H

#include <lwip/ip_addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the address of a name server, numbered from 0; the address "any": there is none with this number. Servers
 * after that one do not count. */
const ip_addr_t *wmrec_name_server(unsigned number);

/* The functions below are there only with LWIP_DNS 0. */

#define WMREC_NAME_SERVERS 3 /* the maximum number */

/* Sets a server. number: others than 0 to WMREC_NAME_SERVERS - 1 are ignored. server: copied. */
void wmrec_name_server_set(unsigned number, const ip_addr_t *server);

/* Takes the servers from an option of a DHCP message, if it is that option; lwIP calls it
 * (LWIP_HOOK_DHCP_PARSE_OPTION). type: of the message; 0: not known yet. Offers are ignored: another one may be
 * accepted. length: of the option, in bytes. message, offset: where it begins. */
struct pbuf;
void wmrec_name_servers_from_dhcp(unsigned type, unsigned option, unsigned length, const struct pbuf *message,
                                  unsigned offset);

#ifdef __cplusplus
}
#endif

#endif
