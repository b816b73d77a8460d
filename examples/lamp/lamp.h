/* The lamp: polls the status of the mock API, and shows it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_H
#define WMREC_LAMP_H

#include <stdbool.h>

/* To be called once, after board_start(): reads the settings, and starts TLS, random numbers and network. */
void lamp_start(void);

/* Does one step of work, without waiting. Returns true if the next step can begin at once, and false if the caller may
 * sleep until the next interrupt. A step of TLS may take a second on a slow core. */
bool lamp_step(void);

#endif
