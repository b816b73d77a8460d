/* lwIP without an operating system, on a serial line. SPDX-License-Identifier: Apache-2.0 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "pico/rand.h"

#define NO_SYS 1
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define MEM_ALIGNMENT 4
#define MEM_SIZE 8000
#define TCP_MSS 1460
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (2 * TCP_MSS)
#define MEMP_NUM_TCP_SEG 16
#define LWIP_HAVE_SLIPIF 1
#define SLIP_USE_RX_THREAD 0

/* port/lwip/README.md asks for these. */
#define LWIP_DHCP 1
#define LWIP_DHCP_GET_NTP_SRV 1
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1)
#define MEMP_NUM_UDP_PCB 6
#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port) get_rand_32()

#endif
