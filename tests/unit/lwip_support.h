/* A real lwIP with only its loopback as a network, in virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_SUPPORT_H
#define WMREC_LWIP_SUPPORT_H

#include "support.h"

enum { SECOND = 1000 }; /* ms */

/* lwIP's clock, in ms. */
extern uint32_t lwip_time;

/* Starts lwIP. It has two addresses of its own, 127.0.0.1 and 10.0.0.1. Nobody answers on others of their networks. */
void lwip_start(void);

/* Sets a name server; NULL: none. */
void lwip_set_name_server(unsigned number, const char *address);

/* Advances the clock by this time, in steps of 10 ms. */
void lwip_pass(uint32_t time);

/* Returns the use of lwIP's heap (in bytes) and of its pools (in elements), as one sum. */
int lwip_memory_in_use(void);

#endif
