/* What the lamp asks of a board. Each board defines all of it; none of it blocks, but for board_sleep().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_BOARD_H
#define WMREC_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char board_name[];

/* Once, before all else: clock, serial line, LED, tick, display, Ethernet, watchdog. */
void board_start(void);

/* Milliseconds since the start; wraps. */
uint32_t board_clock(void);

/* Waits for the next interrupt: a tick comes each ms. */
void board_sleep(void);

/* To be called more often than each 5 s: else the board restarts itself, if it has a watchdog. */
void board_feed_watchdog(void);

/* Does not return. */
void board_restart(void);

/* How much of the stack was ever used, in bytes. */
size_t board_stack_mark(void);

/* A character on the serial line; waits until there is room for it. */
void board_put(char character);

void board_light(bool is_on);

/* Shows a text in a row of the display, 0 is the top one, in the place of what was there: printable ASCII, and '?' for
 * what is not; what is longer than the row is cut. Takes a few ms. On a board that has no display, does nothing. */
enum { BOARD_DISPLAY_ROWS = 4, BOARD_DISPLAY_COLUMNS = 21 };
void board_display(unsigned row, const char *text);

/* To be defined by who uses the board: called each ms, by the tick's interrupt, so it must be quick. */
void board_each_millisecond(void);

/* Fills in a seed of real randomness, fit for keys: false: there is none yet. What was given once is not given again.
 */
enum { BOARD_SEED = 32 };
bool board_seed(uint8_t seed[BOARD_SEED]);

/* The part of flash that is set aside for settings; *size in bytes. */
const unsigned char *board_settings(size_t *size);

/* Ethernet. The address is this board's alone; linked: as far as the board can tell. */
void board_ethernet_address(uint8_t address[6]);
bool board_is_linked(void);

/* The length of the next frame that has come, without its checksum; 0: there is none. Then board_receive() gives the
 * frame in pieces of any size, all of it; then comes board_receive_end(). */
size_t board_receive_begin(void);
void board_receive(void *bytes, size_t length);
void board_receive_end(void);

/* False: there is no room now. Then board_send() takes a frame of this length in pieces of any size, and
 * board_send_end() has it sent. */
bool board_send_begin(size_t length);
void board_send(const void *bytes, size_t length);
void board_send_end(void);

#endif
