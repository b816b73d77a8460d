/* Arm's MPS2+ with the image AN385: serial line, LED. Its clock of 25 MHz runs from the start.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"

#include "cortex_m.h"
#include "mps2.h"

const char board_name[] = BOARD_NAME;

enum { FREQUENCY = 25000000, BAUD = 115200 };

/* By the linker script. */
extern unsigned char stack_end[];

void board_start(void)
{
  UART0_BAUDDIV = FREQUENCY / BAUD;
  UART0_CTRL = 1; /* to transmit */
  cortex_m_start_tick(FREQUENCY);
  mps2_start_ethernet();
}

/* The image has one, which is not used: the board is for development. */
void board_feed_watchdog(void)
{
}

/* It has one for pictures, which is not used. */
void board_display(unsigned row, const char *text)
{
  (void)row;
  (void)text;
}

void board_put(char character)
{
  while ((UART0_STATE & 1) != 0) /* the buffer is full */
    ;
  UART0_DATA = (uint32_t)character;
}

void board_light(bool is_on)
{
  FPGAIO_LED0 = is_on;
}

/* ARMv7-M, B1.5.3: the stack's end, then what handles exceptions from number 1 on, and interrupts from number 16 on. */
__attribute__((section(".vectors"), used)) static const struct {
  void *stack;
  void (*handlers[16 + MPS2_ETHERNET_INTERRUPT])(void);
} vectors = {stack_end,
             {cortex_m_reset, cortex_m_fault, cortex_m_fault, cortex_m_fault, cortex_m_fault, cortex_m_fault,
              [15 - 1] = cortex_m_tick, [16 + MPS2_ETHERNET_INTERRUPT - 1] = mps2_ethernet_interrupt}};
