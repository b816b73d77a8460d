/* A monotonic clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#ifdef WMREC_LWIP_SOCKETS
uint32_t wmrec_posix_clock(void)
{
  return sys_now();
}
#else

#ifdef CLOCK_BOOTTIME
#define CLOCK CLOCK_BOOTTIME /* on Linux, CLOCK_MONOTONIC stops while the machine sleeps */
#else
#define CLOCK CLOCK_MONOTONIC
#endif

uint32_t wmrec_posix_clock(void)
{
  struct timespec now;

  clock_gettime(CLOCK, &now);
  return (uint32_t)now.tv_sec * 1000 + (uint32_t)now.tv_nsec / 1000000;
}
#endif
