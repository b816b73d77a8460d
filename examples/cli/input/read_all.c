/* A file, a pipe or a device, read up to its end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/read_all.h"

#include <errno.h>
#include <unistd.h>

ssize_t read_all(int descriptor, void *bytes, size_t size)
{
  size_t length = 0;
  ssize_t count;

  do {
    count = read(descriptor, (char *)bytes + length, size - length);
    if (count > 0)
      length += (size_t)count;
  } while (count > 0 || (count < 0 && errno == EINTR));
  return count < 0 ? -1 : (ssize_t)length;
}
