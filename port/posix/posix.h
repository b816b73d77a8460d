/* TCP by BSD sockets, for Linux, the BSDs and macOS: a transport that never blocks, with a clock and a way to wait.
 *
 *     struct wmrec_posix tcp = {0};
 *     wmrec_drive_init(&drive, wmrec_posix_transport(&tcp), buffer, sizeof buffer);
 *     ...
 *     while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
 *         wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_POSIX_H
#define WMREC_POSIX_H

#include <netinet/in.h>
#include <poll.h>

#include "transport.h"

/* How many of a name's addresses are tried. */
#define WMREC_POSIX_ADDRESSES 8

/* How many names are looked up at the same time, each in a thread. Other names wait for their turn: so many names that
 * have no answer yet keep the others waiting, until the system's resolver gives up. */
#define WMREC_POSIX_LOOKUPS 32

/* How many names can be looked up or wait for it. One more cannot: WMREC_ERROR_SYSTEM, with EAGAIN. */
#define WMREC_POSIX_NAMES 256

/* How long an address may keep another one waiting, in ms. The last one may take all the time that is left. */
#define WMREC_POSIX_ATTEMPT 2000

enum wmrec_posix_phase { WMREC_POSIX_LOOKUP, WMREC_POSIX_CONNECTING, WMREC_POSIX_CONNECTED };

union wmrec_posix_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* What a lookup found. error: 0, or getaddrinfo()'s; system_error: errno, if error is EAI_SYSTEM. */
struct wmrec_posix_addresses {
  int error;
  int system_error;
  unsigned count;
  union wmrec_posix_address address[WMREC_POSIX_ADDRESSES];
};

struct wmrec_posix {
  /* Set this, or zero: an IPv4 or IPv6 address to connect to, whatever the host's name; NULL: the name is looked up.
   * Borrowed. */
  const char *address;

  /* Set this, or zero: a file descriptor plus one, such as the reading end of a pipe: what can be read from it ends
   * wmrec_posix_wait(), for a signal's handler or another thread to say that there is something else to do. */
  int wake;

  /* To be read, for messages; they stay until the next open. phase: how far it came. system_error: the errno of what
   * failed last, or 0. addresses.error: why the name has no address; see gai_strerror(). addresses.address[next - 1] is
   * the one tried last. */
  enum wmrec_posix_phase phase;
  int system_error;
  unsigned next;
  struct wmrec_posix_addresses addresses;

  /* Private. A file descriptor is kept plus one, so that zero is none. */
  int socket;
  int lookup;
  uint32_t attempt_ends; /* by wmrec_posix_clock() */
  bool is_begun;
};

/* The transport over *tcp, which is borrowed for as long as the transport is in use, and was zeroed before the first.
 */
struct wmrec_transport wmrec_posix_transport(struct wmrec_posix *tcp);

/* A monotonic clock in ms, which wraps, and goes on while the machine sleeps, where the system has such a clock. */
uint32_t wmrec_posix_clock(void);

/* Blocks until what WMREC_WANT_* says can be done, or until time_most ms have passed; a signal, wake, or an address
 * that takes too long may end it sooner. */
void wmrec_posix_wait(const struct wmrec_posix *tcp, int want, uint32_t time_most);

/* The same for a poll() of your own, over many connections: fills in what to wait for (wake is not in it), and returns
 * for how long at most, in ms; 0: not at all. Its fd is -1 where only the time is to be waited for. */
uint32_t wmrec_posix_poll(const struct wmrec_posix *tcp, int want, struct pollfd *waited_for);

/* random.c: fills in random bytes from the operating system; false: it has none. */
bool wmrec_posix_random(void *bytes, size_t length);

/* lookup.c, not for users: looks a name up in another thread, as getaddrinfo() may block for minutes. A name that is
 * being looked up already is not looked up twice. Returns a socket, which becomes readable when there is an answer: one
 * struct wmrec_posix_addresses, to be received with MSG_PEEK, as others wait for it too (closing the socket gives up);
 * or WMREC_POSIX_FOUND: there is nothing to look up, and *found is filled in; or -1: errno says why it cannot. */
#define WMREC_POSIX_FOUND (-2)
int wmrec_posix_lookup(const char *host, struct wmrec_posix_addresses *found);

#endif
