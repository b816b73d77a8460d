/* The lamp: asks, and shows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_H
#define WMREC_LAMP_H

#include <stdbool.h>

/* Once: reads the settings, and starts all that they call for. */
void lamp_start(void);

/* One piece of work; returns true if there is more to be done at once, and false if there is something to wait for. */
bool lamp_step(void);

#endif
