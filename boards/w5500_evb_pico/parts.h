/* The parts of the board: their pins, and what they need from each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_W5500_EVB_PICO_PARTS_H
#define WMREC_W5500_EVB_PICO_PARTS_H

#include <stdint.h>

enum { CORE_FREQUENCY = 125000000 /* Hz */ };

/* GPIO. The W5500, the flash and the LED are on the board; what is at the other pins, the user connects. */
enum {
  PIN_UART_TX = 0,
  PIN_RELAY = 2, /* follows the LED */
  PIN_DISPLAY_SDA = 4,
  PIN_DISPLAY_SCL = 5,
  PIN_W5500_MISO = 16,
  PIN_W5500_SELECT = 17,
  PIN_W5500_CLOCK = 18,
  PIN_W5500_MOSI = 19,
  PIN_W5500_RESET = 20,
  PIN_W5500_INTERRUPT = 21,
  PIN_LED = 25
};

/* board.c: connects a pin to this function, with this pad control (rp2040.h). */
void parts_connect(unsigned pin, unsigned function, uint32_t pad);

/* board.c: sleeps for at least this time. The tick must run. */
void parts_wait(uint32_t milliseconds);

/* ethernet.c: resets the W5500, and starts it. It needs the tick, and the flash's unique id. Takes 4 ms. */
void parts_start_ethernet(void);

/* ethernet.c: NULL, or what is wrong with the W5500: see board_defect(). */
const char *parts_ethernet_defect(void);

/* display.c: starts the display, if there is one. It needs the tick. */
void parts_start_display(void);

/* display.c: NULL, or what is wrong with the display: see board_defect(). */
const char *parts_display_defect(void);

/* flash.c: reads the flash's unique id, for board_unique_id(). */
void parts_start_flash(void);

#endif
