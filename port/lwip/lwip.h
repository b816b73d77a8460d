/* TCP by lwIP's raw API (2.2): a transport that needs no operating system.
 *
 *     static struct wmrec_lwip tcp;
 *
 *     wmrec_drive_init(&drive, wmrec_lwip_transport(&tcp), buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &exchange, &target, sys_now(), 10000);
 *     for (;;)
 *         pass received frames to lwIP, call sys_check_timeouts(), then wmrec_drive_step(&drive, sys_now())
 *
 * The step is also the timer: for the next address of the host, and for the next query to a name server. Call it some
 * times a second, even if no frame has come.
 *
 * Received bytes that were not read yet stay in lwIP's buffers and close the TCP window, so that the server waits.
 *
 * Threads: the raw API is not thread-safe, and neither is this port. With NO_SYS 1, call it from the one main loop.
 * With an operating system (NO_SYS 0), call it in lwIP's thread; or in another thread, with lwIP's core lock, which
 * needs LWIP_TCPIP_CORE_LOCKING 1. wmrec_lwip_locked_transport() takes the lock for each call:
 *
 *     static struct wmrec_lwip tcp;
 *
 *     tls = (struct wmrec_tls){.inner = wmrec_lwip_locked_transport(&tcp), .roots = ...};
 *     wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &exchange, &target, sys_now(), 10000);
 *     while ((result = wmrec_drive_step(&drive, sys_now())) > 0)
 *         if (result != WMREC_WANT_CALL)
 *             sys_msleep(20);
 *     wmrec_drive_close(&drive);
 *
 * TLS then computes without the lock, and does not stop the network. All other functions of port/lwip, and lwIP's own,
 * need the lock from you:
 *
 *     LOCK_TCPIP_CORE();
 *     wmrec_sntp_start(NULL);
 *     UNLOCK_TCPIP_CORE();
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_H
#define WMREC_LWIP_H

#include <lwip/err.h>
#include <lwip/ip_addr.h>

#include "resolver.h"
#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The maximum time that one address may take to connect while others are still to be tried, in ms. The last address may
 * take all the time that is left. lwIP repeats a SYN after 3 s (LWIP_TCP_RTO_TIME). */
#define WMREC_LWIP_ATTEMPT 4000

enum wmrec_lwip_phase { WMREC_LWIP_LOOKUP, WMREC_LWIP_CONNECTING, WMREC_LWIP_CONNECTED };

/* One connection. Zero it before its first use. */
struct wmrec_lwip {
  /* For messages: read only, and valid until the next open. */
  enum wmrec_lwip_phase phase; /* how far open has come */
  ip_addr_t address;           /* of the host, that was tried last; valid if next > 0 */
  unsigned next;               /* the number of addresses that were tried */
  err_t error; /* lwIP's: why the last connection failed or broke; ERR_OK: it did not, or was too slow */

  /* Private. */
  struct wmrec_resolver resolver; /* looks the host up */
  struct tcp_pcb *pcb;            /* NULL: there is no connection */
  struct pbuf *received;          /* what was not read yet; NULL: nothing */
  uint32_t attempt_began;         /* when the address was tried, by sys_now() */
  uint32_t attempt_time;          /* from then until the next address is tried, in ms */
  bool is_begun;                  /* open was called, and close was not */
  bool is_ended;                  /* the server has sent a FIN */
};

/* Returns the transport over *tcp, which is borrowed for as long as the transport is in use: after close, lwIP does not
 * use it any more. Its open returns WMREC_ERROR_NAME, WMREC_ERROR_CONNECT (no address of the host accepts a connection)
 * or WMREC_ERROR_SYSTEM (no memory for a connection), its send and receive return WMREC_ERROR_RESET. */
struct wmrec_transport wmrec_lwip_transport(struct wmrec_lwip *tcp);

/* The same for a thread that does not have lwIP's core lock: each function takes it, and gives it back. Only with
 * NO_SYS 0 and LWIP_TCPIP_CORE_LOCKING 1. Call it without the lock. One thread at a time may use a struct wmrec_lwip;
 * different ones may be used in different threads. The fields "for messages" may be read when an exchange has failed.
 */
struct wmrec_transport wmrec_lwip_locked_transport(struct wmrec_lwip *tcp);

/* You define this function. It returns a number from a cryptographic generator, 0 to UINT32_MAX. Ports, the identifiers
 * of DNS and DHCP, TCP's initial sequence numbers and SNTP's cookies are made from it: whoever can predict them can
 * forge answers. It must be ready before lwip_init(), which already calls it. */
uint32_t wmrec_lwip_random(void);

/* Not for users. A random port, 1024 to 65535 (RFC 6056, section 3.2). */
uint16_t wmrec_lwip_random_port(void);

#ifdef __cplusplus
}
#endif

#endif
