/* What all Cortex-M boards share. ARMv7-M Architecture Reference Manual, B3.2 and B3.3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CORTEX_M_H
#define WMREC_CORTEX_M_H

#include <stdint.h>

/* A register at this address. */
#define CORTEX_M_REGISTER(address) (*(volatile uint32_t *)(address))

/* Begins to count milliseconds, of a core clock of `frequency` Hz. */
void cortex_m_start_tick(uint32_t frequency);

void cortex_m_enable_interrupt(unsigned number);

/* startup.c: the first things that a core does; begins main(). */
void cortex_m_reset(void);

/* startup.c: says where it happened, and restarts. */
void cortex_m_fault(void);

/* tick.c: counts. */
void cortex_m_tick(void);

#endif
