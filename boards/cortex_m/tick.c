/* The tick (SysTick), sleep, interrupts and restart. ARMv7-M, B3.2 to B3.4, has the registers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "cortex_m.h"

static volatile uint32_t milliseconds; /* since the start; wraps */

void cortex_m_tick(void)
{
  milliseconds++;
  board_each_millisecond();
}

void cortex_m_start_tick(uint32_t frequency)
{
  CORTEX_M_REGISTER(0xe000e014) = frequency / 1000 - 1; /* SYST_RVR: the period */
  CORTEX_M_REGISTER(0xe000e018) = 0;                    /* SYST_CVR: the current value */
  CORTEX_M_REGISTER(0xe000e010) = 7;                    /* SYST_CSR: core clock, interrupt, enable */
}

void cortex_m_enable_interrupt(unsigned number)
{
  CORTEX_M_REGISTER(0xe000e100 + 4 * (number / 32)) = UINT32_C(1) << number % 32; /* NVIC_ISERn */
}

uint32_t board_clock(void)
{
  return milliseconds;
}

void board_sleep(void)
{
  __asm__ volatile("wfi");
}

/* Weak: a core's reset request does not reset all chips. */
__attribute__((weak)) void board_restart(void)
{
  __asm__ volatile("dsb");
  CORTEX_M_REGISTER(0xe000ed0c) = 0x05fa0004; /* AIRCR: SYSRESETREQ */
  for (;;)
    ;
}
