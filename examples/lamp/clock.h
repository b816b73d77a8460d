/* The date and time, which SNTP sets (wmrec_lwip_set_time() of port/lwip/sntp.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_CLOCK_H
#define WMREC_LAMP_CLOCK_H

#include <stdint.h>

/* Seconds since 1970-01-01, UTC; 0: the date is not set. Must be called at least once per 49 days, or misses that
 * board_clock() has wrapped. */
int64_t clock_now(void);

/* Raises the earliest date that SNTP may set, and a date before it, to this one (seconds since 1970-01-01, UTC). For
 * dates that verified TLS has proven to be in the past. Lasts until a restart. */
void clock_raise_earliest(int64_t seconds);

#endif
