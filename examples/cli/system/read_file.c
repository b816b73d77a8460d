/* Reads a file, a pipe or a device to its end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/signals.h"

/* True if a read() that failed is to be repeated. EAGAIN: another process has set O_NONBLOCK, which it shares. */
static bool is_temporary(int descriptor)
{
  if (errno == EAGAIN)
    return signals_wait(descriptor, POLLIN);
  return errno == EINTR;
}

ssize_t read_descriptor(int descriptor, void *bytes, size_t size)
{
  size_t length = 0;
  ssize_t count;

  do {
    count = read(descriptor, (char *)bytes + length, size - length);
    if (count > 0)
      length += (size_t)count;
  } while (count > 0 || (count < 0 && is_temporary(descriptor)));
  return count < 0 ? -1 : (ssize_t)length;
}

ssize_t read_file(const char *path, void *bytes, size_t size)
{
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length;
  int error;

  if (descriptor < 0)
    return -1;
  length = read_descriptor(descriptor, bytes, size);
  error = errno;
  close(descriptor);
  errno = error;
  return length;
}

bool read_file_is_repeatable(const char *path)
{
  struct stat status;

  return strcmp(path, "-") != 0 && (stat(path, &status) != 0 || S_ISREG(status.st_mode));
}
