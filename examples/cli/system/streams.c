/* Standard input, output and error: checks that they are open; output waits for its reader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE /* fopencookie() */

#include "system/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/signals.h"

/* open() returns the lowest free descriptor (POSIX): this one, as all lower ones are open. */
static bool open_closed(int descriptor)
{
  const int wrong_direction = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

  return fcntl(descriptor, F_GETFD) >= 0 || open("/dev/null", wrong_direction) == descriptor;
}

#ifdef __GLIBC__
/* Writes all bytes, in pieces that do not block after poll() (pipe(7): PIPE_BUF). Returns the number of bytes written;
 * fewer than `length`: an error, see errno. */
static ssize_t write_all(void *cookie, const char *bytes, size_t length)
{
  const int descriptor = *(const int *)cookie;
  size_t written = 0;

  while (written < length && signals_wait(descriptor, POLLOUT)) {
    const size_t left = length - written;
    const ssize_t count = write(descriptor, bytes + written, left < PIPE_BUF ? left : PIPE_BUF);

    if (count >= 0)
      written += (size_t)count;
    else if (errno != EAGAIN && errno != EINTR)
      break;
  }
  return (ssize_t)written;
}

/* stdio loses what a descriptor with O_NONBLOCK does not take at once, and a signal before a write() does not end it.
 * Glibc lets a program replace its streams (its manual, "Standard Streams"). */
static bool replace(FILE **stream, const int *descriptor, int mode)
{
  FILE *waiting = fopencookie((void *)descriptor, "w", (cookie_io_functions_t){.write = write_all});

  if (waiting == NULL)
    return false;
  setvbuf(waiting, NULL, mode, BUFSIZ);
  *stream = waiting;
  return true;
}

static bool replace_all(void)
{
  static const int output = STDOUT_FILENO;
  static const int error = STDERR_FILENO;

  return replace(&stdout, &output, isatty(output) ? _IOLBF : _IOFBF) && replace(&stderr, &error, _IONBF);
}
#else
static bool replace_all(void)
{
  return true;
}
#endif

bool streams_open(void)
{
  return open_closed(STDIN_FILENO) && open_closed(STDOUT_FILENO) && open_closed(STDERR_FILENO) && replace_all();
}

bool streams_check_output(void)
{
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);

  if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
    return true;
  fputs("wmrec: standard output is closed or not open for writing, so no request is sent.\n", stderr);
  return false;
}

int streams_output_with_reader(void)
{
  struct stat status;

  if (fstat(STDOUT_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return STDOUT_FILENO;
  return -1;
}
