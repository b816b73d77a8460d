/* The Stellaris LM3S6965 Ethernet Evaluation Board: clock, serial line, LED, watchdog. Registers:
 * LM3S6965 data sheet, in the sections that are named.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"

#include "cortex_m.h"
#include "lm3s6965.h"

const char board_name[] = BOARD_NAME;

enum { FREQUENCY = 50000000, BAUD = 115200, WATCHDOG_SECONDS = 10 };

/* By the linker script. */
extern unsigned char stack_end[];

/* System control: the PLL's 200 MHz (of the board's 8 MHz crystal) by four; power for what is used. */
static void start_clock(void)
{
  const uint32_t pll = 3 << 23 | 1 << 22 | 0xe << 6; /* SYSDIV, USESYSDIV, XTAL; without PWRDN and BYPASS */

  RCC = 1 << 13 | 1 << 11 | 0xe << 6; /* not by the PLL yet */
  RCC = pll | 1 << 11;
  while ((RIS & 1 << 6) == 0) /* PLLLRIS: locked */
    ;
  RCC = pll;
  RCGC0 |= 1 << 3;                                         /* the watchdog */
  RCGC1 |= 1 << 0 | 1 << 4;                                /* UART0, SSI0 */
  RCGC2 |= 1 << 0 | 1 << 2 | 1 << 5 | 1u << 28 | 1u << 30; /* GPIO A, C and F, Ethernet and its PHY */
}

/* Universal asynchronous receivers/transmitters: the divisor is 16 times the rate, in 64ths. */
static void start_serial_line(void)
{
  const uint32_t divisor = (FREQUENCY * 4 + BAUD / 2) / BAUD;

  GPIO_A_AFSEL |= 3;
  GPIO_A_DEN |= 3;
  UART0_IBRD = divisor / 64;
  UART0_FBRD = divisor % 64;
  UART0_LCRH = 3 << 5 | 1 << 4; /* 8 bits, FIFOs */
  UART0_CTL = 1 << 0 | 1 << 8;  /* on, to transmit */
}

/* The first time-out is an interrupt that nobody takes, the second one the reset. */
static void start_watchdog(void)
{
  WATCHDOG_LOAD = FREQUENCY / 2 * WATCHDOG_SECONDS;
  WATCHDOG_CTL = 3;
}

void board_start(void)
{
  start_clock();
  start_serial_line();
  GPIO_F_DIR |= 1;
  GPIO_F_DEN |= 1 | 3 << 2; /* the LED, and the two of the Ethernet socket */
  GPIO_F_AFSEL |= 3 << 2;
  cortex_m_start_tick(FREQUENCY);
  lm3s6965_start_display();
  lm3s6965_start_ethernet();
  start_watchdog();
}

void board_feed_watchdog(void)
{
  WATCHDOG_LOAD = FREQUENCY / 2 * WATCHDOG_SECONDS;
  WATCHDOG_ICR = 1;
}

void board_put(char character)
{
  while ((UART0_FR & 1 << 5) != 0) /* TXFF */
    ;
  UART0_DR = (uint32_t)character;
}

void board_light(bool is_on)
{
  GPIO_F_PIN_0 = is_on;
}

/* ARMv7-M, B1.5.3: the stack's end, then what handles exceptions from number 1 on, and interrupts from number 16 on. */
__attribute__((section(".vectors"), used)) static const struct {
  void *stack;
  void (*handlers[16 + LM3S6965_ETHERNET_INTERRUPT])(void);
} vectors = {stack_end,
             {cortex_m_reset, cortex_m_fault, cortex_m_fault, cortex_m_fault, cortex_m_fault, cortex_m_fault,
              [15 - 1] = cortex_m_tick, [16 + LM3S6965_ETHERNET_INTERRUPT - 1] = lm3s6965_ethernet_interrupt}};
