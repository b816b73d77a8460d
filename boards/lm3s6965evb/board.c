/* The Stellaris LM3S6965 Ethernet Evaluation Board: clock, serial line, LED, watchdog. Comments name the chapters of
 * the LM3S6965 data sheet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"

#include "cortex_m.h"
#include "lm3s6965.h"

const char board_name[] = BOARD_NAME;

enum { FREQUENCY = 50000000 /* Hz */, BAUD = 115200, WATCHDOG_SECONDS = 10 };

/* "System Control": runs the core at 50 MHz, the 200 MHz of the PLL divided by four (from an 8 MHz crystal). Switches
 * on the clocks of the peripherals in use. */
static void start_clock(void)
{
  const uint32_t pll = 3 << 23 | 1 << 22 | 0xe << 6; /* SYSDIV, USESYSDIV, XTAL; without PWRDN and BYPASS */

  RCC = 1 << 13 | 1 << 11 | 0xe << 6; /* PWRDN, BYPASS: the PLL is off */
  RCC = pll | 1 << 11;
  while ((RIS & 1 << 6) == 0) /* PLLLRIS: the PLL is locked */
    ;
  RCC = pll;
  RCGC0 |= 1 << 3;                                         /* the watchdog */
  RCGC1 |= 1 << 0 | 1 << 4;                                /* UART0, SSI0 */
  RCGC2 |= 1 << 0 | 1 << 2 | 1 << 5 | 1u << 28 | 1u << 30; /* GPIO A, C and F, Ethernet and its PHY */
}

/* "Universal Asynchronous Receivers/Transmitters": the divisor is FREQUENCY / (16 * BAUD), in 64ths. */
static void start_serial_line(void)
{
  const uint32_t divisor = (FREQUENCY * 4 + BAUD / 2) / BAUD;

  GPIO_A_AFSEL |= 3;
  GPIO_A_DEN |= 3;
  UART0_IBRD = divisor / 64;
  UART0_FBRD = divisor % 64;
  UART0_LCRH = 3 << 5 | 1 << 4; /* 8 bits, FIFOs */
  UART0_CTL = 1 << 0 | 1 << 8;  /* UARTEN, TXE */
}

/* "Watchdog Timer": the first time-out sets the interrupt status, the second one resets the board. */
static void start_watchdog(void)
{
  WATCHDOG_LOAD = FREQUENCY / 2 * WATCHDOG_SECONDS;
  WATCHDOG_CTL = 3; /* INTEN, RESEN */
}

void board_start(void)
{
  start_clock();
  start_serial_line();
  GPIO_F_DIR |= 1;
  GPIO_F_DEN |= 1 | 3 << 2; /* the LED, and the two LEDs of the Ethernet socket */
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

void board_write(char character)
{
  while ((UART0_FR & 1 << 5) != 0) /* TXFF: the transmit FIFO is full */
    ;
  UART0_DR = (uint32_t)character;
}

void board_set_led(bool is_on)
{
  GPIO_F_PIN_0 = is_on;
}
