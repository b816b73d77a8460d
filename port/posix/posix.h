/* TCP by BSD sockets: a transport, a clock, a way to wait, and random bytes. For Linux, the BSDs and macOS; for ESP-IDF
 * and Zephyr; and for lwIP's sockets on any operating system with threads, such as FreeRTOS. README.md says what each
 * of them needs.
 *
 *     static struct wmrec_posix tcp;
 *
 *     wmrec_drive_init(&drive, wmrec_posix_transport(&tcp), buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 10000);
 *     while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
 *         wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
 *
 * Threads: one thread at a time may use a struct wmrec_posix; different ones may be used in different threads.
 *
 * Names. On POSIX systems, names are looked up in threads that this port starts: they are detached, block all signals,
 * never touch your memory, and end when no name is left. Nothing blocks. Link with -pthread.
 *
 * ESP-IDF, Zephyr and lwIP have no pairs of datagram sockets, which that needs. There (or if you compile port/posix
 * with -DWMREC_BLOCKING_LOOKUP), open calls getaddrinfo(), and so one wmrec_drive_step() of each new connection blocks
 * until the system's resolver answers or gives up. The deadline is checked after that: an exchange lasts longer than
 * its timeout by the time of one lookup at most, and then ends with WMREC_ERROR_TIMEOUT. lwIP's resolver gives up after
 * 7 s for each name server that is silent (1 s + 1 s + 2 s + 3 s, for a DNS_MAX_RETRIES of 4), for IPv4 and once more
 * for IPv6 if lwIP has both. A host that is an address is not looked up; nor is any host if `address` is set.
 *
 * lwIP's close() also blocks while there is no memory for a FIN: 20 s at most (LWIP_TCP_CLOSE_TIMEOUT_MS_DEFAULT).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_POSIX_H
#define WMREC_POSIX_H

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The maximum number of a name's addresses that are tried. */
#define WMREC_POSIX_ADDRESSES 8

/* The maximum number of names that are looked up at the same time, each in a thread of its own. Other names wait in a
 * queue: if this many lookups get no answer, the queue stands still until the system's resolver gives up. */
#define WMREC_POSIX_LOOKUPS 32

/* The maximum number of names that are in the queue or being looked up. One more name fails: open returns
 * WMREC_ERROR_SYSTEM, and system_error is EAGAIN. */
#define WMREC_POSIX_NAMES 256

/* The maximum time that one address may take to connect while others are still to be tried, in ms. The last address may
 * take all the time that is left. */
#define WMREC_POSIX_ATTEMPT 2000

enum wmrec_posix_phase { WMREC_POSIX_LOOKUP, WMREC_POSIX_CONNECTING, WMREC_POSIX_CONNECTED };

/* An address as the system has it: a struct sockaddr_in or sockaddr_in6, for getnameinfo() and others. */
struct wmrec_posix_address {
  uint32_t length;         /* in bytes */
  unsigned char bytes[32]; /* aligned to 4 */
};

/* The result of a lookup. */
struct wmrec_posix_addresses {
  int error;        /* 0, or the error of getaddrinfo(): an EAI_*, see gai_strerror() where there is one */
  int system_error; /* errno, if error is EAI_SYSTEM; otherwise 0 */
  unsigned count;   /* the number of addresses */
  struct wmrec_posix_address address[WMREC_POSIX_ADDRESSES];
};

/* One connection. Zero it before its first use, and set what you need of the first group. */
struct wmrec_posix {
  /* The IPv4 or IPv6 address to connect to, in place of looking the host's name up, as text; borrowed until close.
   * NULL: the name is looked up. An IPv6 address may have a zone, such as fe80::1%eth0; a target's host may not. */
  const char *address;

  /* A file descriptor plus one; 0: none. When it becomes readable, wmrec_posix_wait() returns. Use the read end of a
   * pipe, and write to the other end from a signal handler or another thread. It is not read from, and not closed.
   * With lwIP it must be a socket, such as a UDP socket of 127.0.0.1 that another thread sends to; ESP-IDF and Zephyr
   * have eventfd(). */
  int wake;

  /* For messages: read only, and valid until the next open. */
  enum wmrec_posix_phase phase;           /* how far open has come */
  int system_error;                       /* the errno of the last system call that failed; 0: none failed */
  unsigned next;                          /* addresses.address[next - 1] was tried last; 0: none was tried */
  struct wmrec_posix_addresses addresses; /* of the host */

  /* Private. A descriptor is stored plus one, so that 0 means none. */
  int socket;
  int lookup;            /* see wmrec_posix_lookup() */
  uint32_t attempt_ends; /* the time at which the next address is tried, by wmrec_posix_clock() */
  bool is_begun;         /* open was called, and close was not */
};

/* Returns the transport over *tcp, which is borrowed for as long as the transport is in use. Its open returns
 * WMREC_ERROR_NAME, WMREC_ERROR_CONNECT or WMREC_ERROR_SYSTEM, its send and receive return WMREC_ERROR_RESET. */
struct wmrec_transport wmrec_posix_transport(struct wmrec_posix *tcp);

/* A monotonic clock in ms, which wraps. It goes on while the machine sleeps, if the system has such a clock. With
 * WMREC_LWIP_SOCKETS, it is lwIP's sys_now(). */
uint32_t wmrec_posix_clock(void);

/* Blocks until the connection is ready for `want` (a WMREC_WANT_*, as wmrec_drive_step() returned it), or until
 * max_wait ms have passed. It may return earlier: after a signal, when wake is readable, or when it is time to try the
 * next address. */
void wmrec_posix_wait(const struct wmrec_posix *tcp, int want, uint32_t max_wait);

/* The same for your own poll() over many connections. Sets *entry to the descriptor and the events to wait for (not
 * wake); its fd is -1 if there is only time to wait for. Returns the maximum time to wait, in ms; 0: do not wait,
 * UINT32_MAX: no limit of this connection's own (wmrec_drive_time_left() still is one). */
struct pollfd; /* of <poll.h>, or of <lwip/sockets.h> */
uint32_t wmrec_posix_poll(const struct wmrec_posix *tcp, int want, struct pollfd *entry);

/* Fills in `length` random bytes from the operating system, fit for keys. Returns false if it has none.
 * Thread-safe. ESP-IDF: its random numbers are true ones only while the radio is on, or after
 * bootloader_random_enable(). With WMREC_LWIP_SOCKETS, and with Zephyr, this function is not there: use the generator
 * of your chip, or sys_csrand_get(). */
bool wmrec_posix_random(void *bytes, size_t length);

/* Not for users: resolve.c. Calls getaddrinfo() with these flags, and blocks. *found: is set. Thread-safe. */
void wmrec_posix_resolve(const char *host, int flags, struct wmrec_posix_addresses *found);

/*
 * Not for users: lookup.c. Looks a name up in another thread, because getaddrinfo() may block for minutes. A name that
 * is being looked up already is not looked up twice. Thread-safe. Returns one of
 * - a socket: it becomes readable when the answer is there, one struct wmrec_posix_addresses. Receive it with MSG_PEEK,
 *   as other callers may wait for the same answer. Close the socket afterwards, or earlier to give up.
 * - WMREC_POSIX_FOUND: *found is set, as the host is an address, or cannot be a name. lookup_blocking.c returns only
 *   this.
 * - -1: the lookup cannot be started; errno says why.
 */
#define WMREC_POSIX_FOUND (-2)
int wmrec_posix_lookup(const char *host, struct wmrec_posix_addresses *found);

#ifdef __cplusplus
}
#endif

#endif
