/* A transport over a non-blocking TCP socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#include <limits.h>
#include <string.h>

/* A struct wmrec_posix_address, as the system has it. */
union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

typedef char address_fits[sizeof(union address) <= sizeof((struct wmrec_posix_address *)0)->bytes ? 1 : -1];

static void close_descriptor(int *plus_one)
{
  if (*plus_one > 0)
    close(*plus_one - 1);
  *plus_one = 0;
}

static void enable_option(int descriptor, int level, int option)
{
  const int on = 1;

  setsockopt(descriptor, level, option, &on, sizeof on);
}

static int begin_lookup(struct wmrec_posix *tcp, const char *host)
{
  const int lookup = wmrec_posix_lookup(tcp->address != NULL ? tcp->address : host, &tcp->addresses);

  tcp->is_begun = true;
  tcp->system_error = 0;
  tcp->next = 0;
  tcp->phase = WMREC_POSIX_LOOKUP;
  if (lookup == -1) {
    tcp->system_error = errno;
    return WMREC_ERROR_SYSTEM;
  }
  tcp->lookup = lookup == WMREC_POSIX_FOUND ? 0 : lookup + 1;
  return WMREC_WANT_CALL;
}

static int finish_lookup(struct wmrec_posix *tcp)
{
  struct wmrec_posix_addresses *found = &tcp->addresses;

  if (tcp->lookup > 0) {
    if (recv(tcp->lookup - 1, found, sizeof *found, MSG_PEEK) != (ssize_t)sizeof *found)
      return WMREC_WANT_READ;
    close_descriptor(&tcp->lookup);
  }
  if (found->error != 0 || found->count == 0) {
    tcp->system_error = found->system_error;
    return WMREC_ERROR_NAME;
  }
  tcp->phase = WMREC_POSIX_CONNECTING;
  return WMREC_WANT_CALL;
}

static bool is_out_of_resources(int error)
{
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* Each address gets an equal share of the time that is left, but WMREC_POSIX_ATTEMPT at most, so that an address which
 * does not answer leaves time for the others. The last address gets all of it. */
static uint32_t attempt_end(const struct wmrec_posix *tcp, uint32_t time_left)
{
  const uint32_t share = time_left / (tcp->addresses.count - tcp->next);

  return wmrec_posix_clock() + (share < WMREC_POSIX_ATTEMPT || share == time_left ? share : WMREC_POSIX_ATTEMPT);
}

static uint32_t time_until(uint32_t end)
{
  const uint32_t left = end - wmrec_posix_clock();

  return left <= INT32_MAX ? left : 0; /* correct even if the clock has wrapped; larger: the end has passed */
}

/* Returns the family of the address. */
static int set_port(struct wmrec_posix_address *address, uint16_t port)
{
  union address a;

  memcpy(&a, address->bytes, sizeof a);
  if (a.any.sa_family == AF_INET6)
    a.v6.sin6_port = htons(port);
  else
    a.v4.sin_port = htons(port);
  memcpy(address->bytes, &a, sizeof a);
  return a.any.sa_family;
}

static void set_options(int descriptor)
{
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  enable_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
#ifdef FD_CLOEXEC
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
  enable_option(descriptor, SOL_SOCKET, SO_NOSIGPIPE);
#endif
}

static int begin_attempt(struct wmrec_posix *tcp, uint16_t port, uint32_t time_left)
{
  struct wmrec_posix_address *address = &tcp->addresses.address[tcp->next];
  const int descriptor = socket(set_port(address, port), SOCK_STREAM, 0);

  tcp->socket = descriptor + 1;
  tcp->attempt_ends = attempt_end(tcp, time_left);
  tcp->next++;
  if (descriptor < 0) {
    tcp->system_error = errno;
    return is_out_of_resources(errno) ? WMREC_ERROR_SYSTEM : WMREC_WANT_CALL;
  }
  set_options(descriptor);
  if (connect(descriptor, (const void *)address->bytes, (socklen_t)address->length) != 0 && errno != EINPROGRESS &&
      errno != EINTR) {
    tcp->system_error = errno;
    close_descriptor(&tcp->socket);
  }
  return WMREC_WANT_CALL;
}

static int finish_attempt(struct wmrec_posix *tcp)
{
  struct pollfd entry = {.fd = tcp->socket - 1, .events = POLLOUT};
  int error = ETIMEDOUT;
  socklen_t size = sizeof error;

  if (poll(&entry, 1, 0) > 0) /* ESP-IDF's poll() returns 2 for POLLOUT with POLLERR */
    getsockopt(tcp->socket - 1, SOL_SOCKET, SO_ERROR, &error, &size);
  else if (time_until(tcp->attempt_ends) > 0)
    return WMREC_WANT_WRITE;
  tcp->system_error = error;
  if (error == 0) {
    tcp->phase = WMREC_POSIX_CONNECTED;
    return WMREC_OK;
  }
  close_descriptor(&tcp->socket);
  return WMREC_WANT_CALL;
}

static int open_socket(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_posix *tcp = context;

  if (!tcp->is_begun)
    return begin_lookup(tcp, host);
  if (tcp->phase == WMREC_POSIX_LOOKUP)
    return finish_lookup(tcp);
  if (tcp->phase == WMREC_POSIX_CONNECTED)
    return WMREC_OK;
  if (tcp->socket > 0)
    return finish_attempt(tcp);
  if (tcp->next < tcp->addresses.count)
    return begin_attempt(tcp, port, time_left);
  return WMREC_ERROR_CONNECT;
}

/* The result for the errno of a send or a receive that failed. */
static int errno_result(struct wmrec_posix *tcp, int want)
{
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return want;
  if (errno == EINTR)
    return WMREC_WANT_CALL;
  tcp->system_error = errno;
  return WMREC_ERROR_RESET;
}

static int send_bytes(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct wmrec_posix *tcp = context;
  const ssize_t count = send(tcp->socket - 1, bytes, length, MSG_NOSIGNAL);

  if (count < 0)
    return errno_result(tcp, WMREC_WANT_WRITE);
  *sent = (size_t)count;
  return WMREC_OK;
}

static int receive_bytes(void *context, void *bytes, size_t size, size_t *received)
{
  struct wmrec_posix *tcp = context;
  const ssize_t count = recv(tcp->socket - 1, bytes, size, 0);

  if (count < 0)
    return errno_result(tcp, WMREC_WANT_READ);
  *received = (size_t)count;
  return WMREC_OK;
}

static void close_sockets(void *context)
{
  struct wmrec_posix *tcp = context;

  close_descriptor(&tcp->socket);
  close_descriptor(&tcp->lookup);
  tcp->is_begun = false;
}

struct wmrec_transport wmrec_posix_transport(struct wmrec_posix *tcp)
{
  static const struct wmrec_transport_functions functions = {.is_verified_tls = false,
                                                             .open = open_socket,
                                                             .send = send_bytes,
                                                             .receive = receive_bytes,
                                                             .close = close_sockets};

  return (struct wmrec_transport){.functions = &functions, .context = tcp};
}

uint32_t wmrec_posix_poll(const struct wmrec_posix *tcp, int want, struct pollfd *entry)
{
  *entry = (struct pollfd){.fd = -1};
  if (want == WMREC_WANT_CALL)
    return 0;
  entry->fd = (tcp->lookup > 0 ? tcp->lookup : tcp->socket) - 1;
  entry->events = want == WMREC_WANT_WRITE ? (short)POLLOUT : (short)POLLIN;
  return tcp->phase == WMREC_POSIX_CONNECTING ? time_until(tcp->attempt_ends) : UINT32_MAX;
}

void wmrec_posix_wait(const struct wmrec_posix *tcp, int want, uint32_t max_wait)
{
  struct pollfd entries[] = {{.fd = -1}, {.fd = tcp->wake - 1, .events = POLLIN}};
  const uint32_t attempt = wmrec_posix_poll(tcp, want, entries);
  const uint32_t time = attempt < max_wait ? attempt : max_wait;

  if (want != WMREC_WANT_CALL)
    poll(entries, 2, time < INT_MAX ? (int)time : INT_MAX);
}
