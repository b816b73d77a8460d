/* A real lwIP with only its loopback as a network, in virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip_support.h"

#include <stdio.h>
#include <stdlib.h>

#include <lwip/netif.h>
#include <lwip/stats.h>
#include <lwip/timeouts.h>

#include "lwip.h"

uint32_t lwip_time;

u32_t sys_now(void)
{
  return lwip_time;
}

uint32_t wmrec_lwip_random(void)
{
  static uint32_t random = 2463534242;

  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  return random;
}

void wmrec_lwip_assert_failed(unsigned line)
{
  fprintf(stderr, "lwIP: an assertion failed in line %u\n", line);
  abort();
}

void lwip_pass(uint32_t time)
{
  for (uint32_t end = lwip_time + time; lwip_time != end; lwip_time += 10) {
    for (int i = 0; i < 20; i++)
      netif_poll_all();
    sys_check_timeouts();
  }
}

int lwip_memory_in_use(void)
{
  int sum = (int)lwip_stats.mem.used;

  for (int i = 0; i < MEMP_MAX; i++)
    sum += lwip_stats.memp[i] == NULL ? 0 : (int)lwip_stats.memp[i]->used;
  return sum;
}
