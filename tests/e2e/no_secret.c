/* For LD_PRELOAD: a system that has no random numbers for the 32 bytes of a device's secret, but for anything else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

int getentropy(void *bytes, size_t length)
{
  if (length != 32)
    return getrandom(bytes, length, 0) == (ssize_t)length ? 0 : -1;
  errno = ENOSYS;
  return -1;
}
