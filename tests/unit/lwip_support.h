/* A real lwIP whose only network is its loopback, in virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_SUPPORT_H
#define WMREC_LWIP_SUPPORT_H

#include "support.h"

enum { SECOND = 1000 }; /* ms */

/* The time, in ms: lwIP's clock. */
extern uint32_t lwip_time;

/* Lets time pass, in steps of 10 ms. */
void lwip_pass(uint32_t time);

/* What lwIP has in use of its heap and of its pools. */
int lwip_memory_in_use(void);

#endif
