/* What lwIP asks of a compiler, beyond C99.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_CC_H
#define WMREC_LWIP_CC_H

#include <stdint.h>
#include <stdlib.h>

#define LWIP_NO_CTYPE_H 1 /* libc's is a table */

uint32_t wmrec_lwip_random(void);
#define LWIP_RAND() wmrec_lwip_random()

/* To be defined by who uses this port: says that lwIP's own rules were broken, in this line of one of its files, and
 * does not return. The reasons in words would take 10 KB of flash. */
void wmrec_lwip_broken(unsigned line);
#define LWIP_PLATFORM_ASSERT(why) wmrec_lwip_broken(__LINE__)
#define LWIP_PLATFORM_DIAG(message)

#endif
