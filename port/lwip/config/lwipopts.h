/* lwIP's options for wmrec: one loop, no operating system, IPv4, one connection at a time and little memory. A board or
 * a test overrides those in #ifndef by -D.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIPOPTS_H
#define WMREC_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0 /* no interrupt calls lwIP */
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAW 0
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS 1 /* no macros with the names of functions of <netinet/in.h> */
#ifndef LWIP_STATS
#define LWIP_STATS 0
#endif
#define LWIP_IPV4 1
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif
#define LWIP_DHCP 1
#define LWIP_ACD 0 /* the DHCP server makes sure that an address is free (RFC 2131, section 2.2) */
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_ARP 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_LINK_CALLBACK 1
#define LWIP_NETIF_STATUS_CALLBACK 1

/* resolver.c is the resolver. Without lwIP's own, DHCP neither asks for name servers nor reads them: so it does here.
 */
#ifndef LWIP_DNS
#define LWIP_DNS 0
#endif
#if !LWIP_DNS
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS , 6 /* RFC 2132, section 3.8 */
#define LWIP_HOOK_FILENAME "name_servers.h"
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, message, type, option, length, part, offset)                   \
  ((void)(message), wmrec_name_servers_from_dhcp(type, option, length, part, offset))
#endif

#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 4
#endif
#ifndef MEM_SIZE
#define MEM_SIZE 3000 /* for bytes that are to be sent, or were not acknowledged yet */
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 15 /* for bytes that were received, and were not read yet */
#endif
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE 256
#endif
#define TCP_MSS 1460
#ifndef TCP_WND
#define TCP_WND (2 * TCP_MSS)
#endif
#define TCP_SND_BUF (2 * TCP_MSS)
#define TCP_OVERSIZE 0 /* no spare memory in a segment: with Nagle's algorithm off, nothing would be added to it */
#define TCP_SND_QUEUELEN 8
#define MEMP_NUM_TCP_SEG 8
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB 3 /* one open, and two that are closing */
#endif
#ifndef MEMP_NUM_TCP_PCB_LISTEN
#define MEMP_NUM_TCP_PCB_LISTEN 1
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 4 /* DHCP, DNS, SNTP, and a spare one */
#endif
#define MEMP_NUM_ARP_QUEUE 2
#define ARP_TABLE_SIZE 4
#define ARP_MAXAGE 60 /* s: "on the order of a minute" (RFC 1122, section 2.3.2.1) */
#define LWIP_TCP_KEEPALIVE 0
/* Random initial sequence numbers: an attacker who cannot see the connection cannot send a valid segment (RFC 6528).
 * The RFC adds a clock, for a new connection between the same two ports; ours have random ports. */
#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port) wmrec_lwip_random()
#define TCP_QUEUE_OOSEQ 0 /* a segment out of order is dropped, and the server sends it again */
#define IP_REASSEMBLY 0   /* nothing that we ask for needs fragments */
#define IP_FRAG 0

/* For sntp.c. */
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1)
#define LWIP_DHCP_GET_NTP_SRV 1
#define LWIP_DHCP_MAX_NTP_SERVERS 3

#endif
