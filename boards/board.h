/* The board support interface: everything that the lamp needs from a board. boards/README.md explains how to add one.
 *
 * A board defines every function below except board_each_millisecond(), which the lamp defines. The folder cortex_m/
 * already defines those marked [cortex_m].
 *
 * - main() calls board_start() once, before any other function.
 * - All calls come from main(), one at a time. board_each_millisecond() is the only exception: the tick interrupt
 *   calls it, and it calls board_clock() and board_set_led().
 * - No function blocks, except board_sleep(), and board_write() and board_display_row() for the times given there.
 * - No function can fail, except where a return value says so. Pointers are borrowed for the call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_BOARD_H
#define WMREC_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name of the folder in boards/, for messages. Define it as BOARD_NAME, which firmware.mk sets. */
extern const char board_name[];

/* Time and restarts. */

/* Starts the core clock, the serial line, the LED, the tick, the display, Ethernet and the watchdog. The tick must
 * interrupt once per millisecond and call board_each_millisecond(). */
void board_start(void);

/* [cortex_m] Milliseconds since the start; wraps after 2^32. */
uint32_t board_clock(void);

/* [cortex_m] Sleeps until the next interrupt, so for 1 ms at most. A received frame must cause an interrupt, too. */
void board_sleep(void);

/* Defined by the lamp: runs in the tick interrupt, once per millisecond, for a few microseconds. */
void board_each_millisecond(void);

/* Restarts the watchdog's countdown. The lamp calls this at least once per 5 s: a watchdog must restart the board after
 * 8 to 10 s without a call. Does nothing on a board without a watchdog. */
void board_feed_watchdog(void);

/* [cortex_m] Restarts the board, as a reset does. SRAM keeps its content. Does not return. */
void board_restart(void);

/* [cortex_m] The largest number of bytes of stack used since the start. */
size_t board_stack_peak(void);

/* [cortex_m] A part of the board that does not work and that somebody must look at, as a short text for messages, such
 * as "w5500 does not answer"; NULL: none is known. Static; each text has one address. May change at any time. */
const char *board_defect(void);

/* Output. */

/* Writes one character to the serial line: 115,200 baud, 8 data bits, no parity, 1 stop bit. Waits while the transmit
 * buffer is full, for the time of one character at most. */
void board_write(char character);

/* Switches the LED. */
void board_set_led(bool is_on);

/* Replaces one row of the display. row: 0, the top row, to BOARD_DISPLAY_ROWS - 1. text: ends in NUL; each character
 * that is not printable ASCII is shown as '?'; characters after BOARD_DISPLAY_COLUMNS are not shown. May take a few ms.
 * Does nothing on a board without a display. */
enum { BOARD_DISPLAY_ROWS = 4, BOARD_DISPLAY_COLUMNS = 21 };
void board_display_row(unsigned row, const char *text);

/* Data that differs from device to device. */

/* [cortex_m] Takes BOARD_SEED_SIZE bytes of true randomness, from which the lamp makes keys. Returns false if there are
 * none yet: the lamp then asks again in each step, and does not use TLS. A seed must never be returned twice. */
enum { BOARD_SEED_SIZE = 32 };
bool board_take_seed(uint8_t seed[BOARD_SEED_SIZE]);

/* The sources below are for boards that no debugger writes a seed to: examples/lamp/flash_seed.h makes a seed of all of
 * them together. No source is random enough alone. */

/* [cortex_m] The flash that keeps a seed from one start to the next, mapped into memory, and in *size its size in
 * bytes: two or more times BOARD_FLASH_SECTOR. The default is 0 bytes: the lamp then relies on board_take_seed(). The
 * content may be anything at the first start. Nothing but the two functions below may change it, not even an update of
 * firmware or settings. */
enum { BOARD_FLASH_SECTOR = 4096, BOARD_FLASH_PAGE = 256 };
const unsigned char *board_seed_flash(size_t *size);

/* [cortex_m] Erases the sector at this offset of the seed flash: all its bytes become 0xff. May take half a second.
 * Like the next one, it may fail without notice, or be cut short by a power failure: read the flash afterwards. */
void board_erase_seed_flash(size_t offset);

/* [cortex_m] Programs the page at this offset of the seed flash: bits that are 0 in `page` become 0, others stay. May
 * take some ms. */
void board_program_seed_flash(size_t offset, const unsigned char page[BOARD_FLASH_PAGE]);

/* [cortex_m] One raw sample of the board's noise source, 0 or 1; always 0 if there is none. Nobody relies on it before
 * health tests (health.h) have passed. */
unsigned board_noise_bit(void);

/* [cortex_m] Fills in what no other device has, such as a serial number of a chip; zeros if there is nothing. No
 * secret. */
enum { BOARD_UNIQUE_SIZE = 8 };
void board_unique_id(uint8_t id[BOARD_UNIQUE_SIZE]);

/* [cortex_m] The flash that holds the settings (settings.h), and in *size its size in bytes. Constant. */
const unsigned char *board_settings(size_t *size);

/* Ethernet: frames without preamble and checksum, from 14 bytes (the header) to 1,514. */

/* Fills in the MAC address, which no other device may have. */
void board_ethernet_address(uint8_t address[6]);

/* True if the link is up. Returns true if the board cannot tell. */
bool board_is_link_up(void);

/* Receives a frame: board_receive_begin() returns its length in bytes, or 0 if no frame has arrived. For a length other
 * than 0, board_receive() is then called for successive parts of the frame, of any size; the parts may end before the
 * frame does. board_receive_end() discards the rest of the frame. Frames with a wrong checksum must not be returned. */
size_t board_receive_begin(void);
void board_receive(void *bytes, size_t length);
void board_receive_end(void);

/* Sends a frame: board_send_begin() takes its length in bytes, and returns false if there is no room at present: the
 * frame is then dropped. Otherwise board_send() is called for successive parts of the frame, of any size, which add up
 * to that length. board_send_end() then transmits it. The board pads short frames and adds the checksum. */
bool board_send_begin(size_t length);
void board_send(const void *bytes, size_t length);
void board_send_end(void);

#endif
