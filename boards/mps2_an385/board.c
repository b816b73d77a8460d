/* Arm's MPS2+ with the image AN385: serial line and LED. The 25 MHz clock runs from the start.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"

#include "cortex_m.h"
#include "mps2.h"

const char board_name[] = BOARD_NAME;

enum { FREQUENCY = 25000000 /* Hz */, BAUD = 115200 };

void board_start(void)
{
  UART0_BAUDDIV = FREQUENCY / BAUD;
  UART0_CTRL = 1; /* enables the transmitter */
  cortex_m_start_tick(FREQUENCY);
  mps2_start_ethernet();
}

/* The image has a watchdog. It is not used, as the board is for development. */
void board_feed_watchdog(void)
{
}

/* The board has a graphics display, which is not used. */
void board_display_row(unsigned row, const char *text)
{
  (void)row;
  (void)text;
}

void board_write(char character)
{
  while ((UART0_STATE & 1) != 0) /* the transmit buffer is full */
    ;
  UART0_DATA = (uint32_t)character;
}

void board_set_led(bool is_on)
{
  FPGAIO_LED0 = is_on;
}
