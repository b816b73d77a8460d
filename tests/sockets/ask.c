/* Asks a server for its recording status, over lwIP in a thread of its own.
 *
 *   ask HOW CONNECTIONS EXCHANGES TIMEOUT NAME-SERVER HOST PORT [ROOTS ADDRESS]
 *
 * HOW: "threads": by port/posix, each connection in a thread. "poll": by port/posix, all connections in one thread.
 * "wake": as "threads"; a connection ends when a SIGUSR1 comes. "raw": by port/lwip, each connection in
 * a thread, which does not hold lwIP's core lock. EXCHANGES: for each connection, one after the other. TIMEOUT: of each
 * exchange, in ms.
 *
 * Prints a line for each exchange: the number of the connection, and the status, or the name of the error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwip/sockets.h>
#include <lwip/sys.h>

#include "drive.h"
#include "lwip.h"
#include "posix.h"
#include "secure.h"
#include "stack.h"

enum { CONNECTIONS_MAX = 64 };

struct connection {
  int number;
  int left; /* exchanges */
  int result;
  struct wmrec_posix posix;
  struct wmrec_lwip raw;
  struct wmrec_drive drive;
  struct wmrec_exchange exchange;
  char buffer[WMREC_BUFFER_SIZE];
};

static struct connection connections[CONNECTIONS_MAX];
static struct wmrec_target target = {.plain_http = true};
static uint32_t timeout;

static void fail(const char *message)
{
  fprintf(stderr, "%s\n", message);
  exit(EXIT_FAILURE);
}

static void begin(struct connection *connection)
{
  connection->left--;
  connection->result = WMREC_WANT_CALL;
  wmrec_drive_begin(&connection->drive, &connection->exchange, &target, wmrec_posix_clock(), timeout);
}

static void report(const struct connection *connection, int result)
{
  printf("%d %s\n", connection->number,
         result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&connection->exchange)) : wmrec_result_name(result));
  fflush(stdout);
}

/* Returns false when the exchange has ended, and was reported. */
static bool step(struct connection *connection)
{
  connection->result = wmrec_drive_step(&connection->drive, wmrec_posix_clock());
  if (connection->result > 0)
    return true;
  report(connection, connection->result);
  return false;
}

static uint32_t time_left(const struct connection *connection)
{
  return wmrec_drive_time_left(&connection->drive, wmrec_posix_clock());
}

static void *run_posix(void *context)
{
  struct connection *connection = context;

  while (connection->left > 0) {
    begin(connection);
    while (step(connection))
      wmrec_posix_wait(&connection->posix, connection->result, time_left(connection));
  }
  wmrec_drive_close(&connection->drive);
  return NULL;
}

static void *run_raw(void *context)
{
  struct connection *connection = context;

  while (connection->left > 0) {
    begin(connection);
    while (step(connection))
      if (connection->result != WMREC_WANT_CALL)
        sys_msleep(5);
  }
  wmrec_drive_close(&connection->drive);
  return NULL;
}

/* Two sockets of 127.0.0.1: what is sent to the first makes the second one readable. */
static void make_pair(int ends[2])
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {PP_HTONL(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;

  ends[0] = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  ends[1] = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  if (lwip_bind(ends[1], (void *)&address, size) != 0 || lwip_getsockname(ends[1], (void *)&address, &size) != 0 ||
      lwip_connect(ends[0], (void *)&address, size) != 0)
    fail("no pair of sockets");
}

static sigset_t wake_signal(void)
{
  sigset_t set;

  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  return set;
}

static void *send_a_byte_after_a_signal(void *context)
{
  const int *ends = context;
  const sigset_t set = wake_signal();
  int signal;

  sigwait(&set, &signal);
  lwip_send(ends[0], "!", 1, 0);
  return NULL;
}

static void *run_until_woken(void *context)
{
  struct connection *connection = context;
  pthread_t thread;
  int ends[2];
  char byte;

  make_pair(ends);
  connection->posix.wake = ends[1] + 1;
  pthread_create(&thread, NULL, send_a_byte_after_a_signal, ends);
  begin(connection);
  while (step(connection) && lwip_recv(ends[1], &byte, 1, MSG_DONTWAIT) != 1)
    wmrec_posix_wait(&connection->posix, connection->result, time_left(connection));
  wmrec_drive_close(&connection->drive);
  report(connection, wmrec_result(&connection->exchange));
  pthread_join(thread, NULL);
  return NULL;
}

static void run_threads(void *(*run)(void *), int count)
{
  pthread_t threads[CONNECTIONS_MAX];

  for (int i = 0; i < count; i++)
    pthread_create(&threads[i], NULL, run, &connections[i]);
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
}

static uint32_t min(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* Does a step of each connection that is under way. Returns false if none is left. Sets the descriptors to wait for,
 * and the maximum time in ms. */
static bool step_all(int count, struct pollfd *entries, uint32_t *wait)
{
  bool is_under_way = false;

  *wait = INT32_MAX;
  for (int i = 0; i < count; i++) {
    struct connection *connection = &connections[i];

    entries[i].fd = -1;
    if (connection->result <= 0)
      continue;
    if (!step(connection) && connection->left > 0)
      begin(connection);
    if (connection->result <= 0)
      continue;
    *wait = min(*wait, wmrec_posix_poll(&connection->posix, connection->result, &entries[i]));
    *wait = min(*wait, time_left(connection));
    is_under_way = true;
  }
  return is_under_way;
}

static void run_poll(int count)
{
  struct pollfd entries[CONNECTIONS_MAX];
  uint32_t wait;

  for (int i = 0; i < count; i++)
    begin(&connections[i]);
  while (step_all(count, entries, &wait))
    lwip_poll(entries, (nfds_t)count, (int)wait);
  for (int i = 0; i < count; i++)
    wmrec_drive_close(&connections[i].drive);
}

static struct wmrec_transport transport(const char *how, struct connection *connection)
{
  if (strcmp(how, "raw") == 0)
    return wmrec_lwip_locked_transport(&connection->raw);
  if (strcmp(how, "unlocked") == 0)
    return wmrec_lwip_transport(&connection->raw);
  return wmrec_posix_transport(&connection->posix);
}

static void prepare(const char *how, int count, int exchanges)
{
  for (int i = 0; i < count; i++) {
    struct connection *connection = &connections[i];

    connection->number = i;
    connection->left = exchanges;
    wmrec_drive_init(&connection->drive, transport(how, connection), connection->buffer, sizeof connection->buffer);
  }
}

/* Puts TLS over the only connection. */
static void secure(const char *how, const char *roots, const char *address)
{
  struct connection *connection = &connections[0];

  connection->posix.address = address;
  target.plain_http = false;
  target.mock_api_id = "jjl8y";
  target.token = "open-sesame";
  wmrec_drive_init(&connection->drive, secure_transport(transport(how, connection), roots), connection->buffer,
                   sizeof connection->buffer);
}

static void run(const char *how, int count)
{
  if (strcmp(how, "poll") == 0)
    run_poll(count);
  else if (strcmp(how, "threads") == 0)
    run_threads(run_posix, count);
  else if (strcmp(how, "wake") == 0)
    run_threads(run_until_woken, count);
  else
    run_threads(run_raw, count);
}

int main(int argc, char **argv)
{
  const int count = argc == 8 || argc == 10 ? atoi(argv[2]) : 0;
  const sigset_t set = wake_signal();

  if (count < 1 || count > CONNECTIONS_MAX)
    fail("usage: ask HOW CONNECTIONS EXCHANGES TIMEOUT NAME-SERVER HOST PORT [ROOTS ADDRESS]");
  timeout = (uint32_t)strtoul(argv[4], NULL, 10);
  target.host = argv[6];
  target.port = (uint16_t)atoi(argv[7]);
  pthread_sigmask(SIG_BLOCK, &set, NULL); /* for each thread that is started from here on */
  stack_start(argv[5]);
  prepare(argv[1], count, atoi(argv[3]));
  if (argc == 10)
    secure(argv[1], argv[8], argv[9]);
  run(argv[1], count);
  secure_end();
  return 0;
}
