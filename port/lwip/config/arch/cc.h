/* What lwIP needs from a compiler and a platform, beyond C99.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LWIP_CC_H
#define WMREC_LWIP_CC_H

#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LWIP_NO_CTYPE_H 1 /* the <ctype.h> of libc is a table: lwIP's own macros are smaller */

uint32_t wmrec_lwip_random(void); /* see lwip.h */
#define LWIP_RAND() wmrec_lwip_random()

/* You define this function. It reports that an assertion of lwIP failed, in this line of one of its files, and must not
 * return. Only the line is given: the messages would take 10 KB of flash. */
void wmrec_lwip_assert_failed(unsigned line);
#define LWIP_PLATFORM_ASSERT(message) wmrec_lwip_assert_failed(__LINE__)
#define LWIP_PLATFORM_DIAG(message)

#ifdef __cplusplus
}
#endif

#endif
