/* lwIP's options as with an RTOS: a thread of its own, sockets, and its own resolver. Others may be given by -D.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TEST_LWIPOPTS_H
#define WMREC_TEST_LWIPOPTS_H

#define NO_SYS 0
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_DNS 1
#ifndef LWIP_IPV6
#define LWIP_IPV6 1
#endif
#define LWIP_IPV6_FRAG 0
#define LWIP_IPV6_REASS 0
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1
#ifndef LWIP_PROVIDE_ERRNO
#define LWIP_ERRNO_STDINCLUDE 1
#endif

/* The system's memory, so that AddressSanitizer sees each block. */
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEMP_NUM_NETCONN 100
#define DEFAULT_ACCEPTMBOX_SIZE 16
#define DEFAULT_TCP_RECVMBOX_SIZE 64
#define DEFAULT_UDP_RECVMBOX_SIZE 64
#define TCPIP_MBOX_SIZE 64

/* lwIP calls it in each function that needs the lock: it ends the program unless the caller has it. */
#define LWIP_TCPIP_CORE_LOCKING 1
void sys_check_core_locking(void);
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()

#endif
