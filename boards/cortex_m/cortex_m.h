/* Code that all Cortex-M boards share: registers, vectors, tick. "ARMv7-M" refers to the ARMv7-M Architecture Reference
 * Manual, "ARMv6-M" to that of ARMv6-M (Cortex-M0+), which is the same where nothing else is said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CORTEX_M_H
#define WMREC_CORTEX_M_H

#include <stdbool.h>
#include <stdint.h>

/* The 32-bit register at this address. */
#define CORTEX_M_REGISTER(address) (*(volatile uint32_t *)(address))

/* Places a board's array of interrupt handlers, indexed by interrupt number, in the vector table:
 *
 *     CORTEX_M_INTERRUPTS = {[42] = handle_ethernet};
 */
#define CORTEX_M_INTERRUPTS                                                                                            \
  __attribute__((section(".vectors.interrupts"), used)) static void (*const interrupts[])(void)

/* tick.c: starts the tick, one interrupt per millisecond. frequency: of the core clock, in Hz. */
void cortex_m_start_tick(uint32_t frequency);

/* tick.c: enables this interrupt in the NVIC. */
void cortex_m_enable_interrupt(unsigned number);

/* tick.c: handles the SysTick exception. */
void cortex_m_tick(void);

/* startup.c: the entry point after a reset; the linker script's ENTRY. */
void cortex_m_reset(void);

/* startup.c: true if the whole stack was used before the board restarted. Any value after power-up. */
bool cortex_m_stack_was_full(void);

/* startup.c: writes this text to the serial line. */
void cortex_m_write(const char *text);

#endif
