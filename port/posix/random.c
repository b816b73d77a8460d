/* Random bytes from the operating system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#if !defined WMREC_LWIP_SOCKETS && !defined __ZEPHYR__
bool wmrec_posix_random(void *bytes, size_t length)
{
  enum { CALL_MAX = 256 }; /* getentropy() refuses more in one call */
  unsigned char *next = bytes;

  for (size_t count; length > 0; length -= count, next += count) {
    count = length < CALL_MAX ? length : CALL_MAX;
    if (getentropy(next, count) != 0)
      return false;
  }
  return true;
}
#endif
