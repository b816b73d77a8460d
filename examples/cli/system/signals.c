/* SIGINT, SIGTERM and SIGHUP for the commands that run until a signal ends them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t received;
static volatile sig_atomic_t is_reload_due;
static bool is_hangup_reload; /* SIGHUP does not end the process */

/* A pipe: [0] is read from, [1] is written to by the handler. Without it, a signal between a look at `received` and a
 * poll() would not end the poll(). */
static int ends[2] = {-1, -1};

static void handle(int signal)
{
  const int error = errno;

  if (signal == SIGHUP && is_hangup_reload)
    is_reload_due = 1;
  else
    received = signal;
  if (write(ends[1], "", 1) < 0)
    errno = error; /* the pipe is full, so it is readable */
}

static bool has_terminal(void)
{
  const int descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

  if (descriptor < 0)
    return false;
  close(descriptor);
  return true;
}

int signals_catch(bool is_reloading)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = handle};

  is_hangup_reload = is_reloading && !has_terminal();
  if (pipe(ends) != 0)
    return -1;
  for (size_t i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  }
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    struct sigaction before;

    if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup ignores SIGHUP */
      sigaction(signals[i], &action, NULL);
  }
  return ends[0];
}

bool signals_take_reload(void)
{
  char bytes[16];

  if (!is_reload_due)
    return false;
  is_reload_due = 0;
  while (read(ends[0], bytes, sizeof bytes) > 0)
    ;
  if (received != 0 && write(ends[1], "", 1) < 0)
    return true; /* the pipe is full again, so it is readable */
  return true;
}

int signals_received(void)
{
  return received;
}

bool signals_wait(int descriptor, short events)
{
  struct pollfd waited_for[] = {{.fd = descriptor, .events = events}, {.fd = ends[0], .events = POLLIN}};
  int count;

  do
    count = poll(waited_for, 2, -1);
  while (count < 0 && errno == EINTR);
  if (count > 0 && waited_for[0].revents == 0)
    errno = EINTR;
  return count > 0 && waited_for[0].revents != 0;
}

void signals_sleep(uint32_t time)
{
  struct pollfd waited_for = {.fd = ends[0], .events = POLLIN};

  poll(&waited_for, 1, time < INT_MAX ? (int)time : INT_MAX);
}
