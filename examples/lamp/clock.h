/* The date, which SNTP tells.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_CLOCK_H
#define WMREC_LAMP_CLOCK_H

#include <stdint.h>

/* Seconds since 1970-01-01, UTC; 0: not known yet. */
int64_t clock_now(void);

/* Tells that this date has passed, as verified TLS shows: no earlier one is accepted any more, until a restart. */
void clock_has_passed(int64_t seconds);

#endif
