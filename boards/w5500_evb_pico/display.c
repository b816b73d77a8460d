/* The display: a module of 128 by 64 pixels with an SSD1306, on I2C. Comments name the sections of the SSD1306 data
 * sheet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "font.h"
#include "i2c.h"
#include "parts.h"

enum { ADDRESS = 0x3c };                 /* 8.1.5: with SA0 low, as on nearly all modules */
enum { COMMANDS = 0x00, PIXELS = 0x40 }; /* 8.1.5.2: the control byte */
enum { COLUMNS = 0x21, PAGES = 0x22 };
enum { WIDTH = 128 /* pixels */, PAGES_OF_ROW = 2 /* of 8 lines each */, MARGIN = 2 /* pixels; 21 * 6 are for text */ };
enum { TRIES = 10, TRY_INTERVAL = 10 /* ms */ };

static bool is_present;
static const char *defect;

/* Commands, in pairs, by the flow charts of software initialization and of the charge pump in the data sheet's
 * application note. */
static const uint8_t settings[][2] = {
    {COMMANDS, 0xae}, /* display off, until its memory is cleared */
    {0xd5, 0x80},     /* clock divider and frequency: as after a reset */
    {0xa8, 63},       /* multiplex ratio: 64 lines */
    {0xd3, 0},        /* offset */
    {0x40, 0x2e},     /* start line 0; no scrolling */
    {0x8d, 0x14},     /* charge pump on: it makes the panel's voltage */
    {0x20, 0},        /* horizontal addressing: addresses increase along a page */
    {0xa1, 0xc8},     /* upright, if the module's pins are above its picture */
    {0xda, 0x12},     /* COM pins: alternative */
    {0x81, 0x7f},     /* contrast: as after a reset */
    {0xa4, 0xa6},     /* what the memory has; a bit that is 1 is lit */
};

/* After a failure, nothing is sent any more. */
static void send(const uint8_t *bytes, size_t length)
{
  if (!is_present || i2c_write(ADDRESS, bytes, length))
    return;
  is_present = false;
  defect = "display does not answer";
}

/* Doubles each of the lower 4 bits: a pixel of the font is two lines high. */
static uint8_t doubled(unsigned bits)
{
  static const uint8_t pairs[] = {0x0, 0x3, 0xc, 0xf};

  return (uint8_t)(pairs[bits & 3] | pairs[bits >> 2 & 3] << 4);
}

/* Draws a page of a row into pixels, which are all dark. half: 0: the upper page; 1: the lower one. */
static void draw_page(uint8_t *pixels, const char *text, unsigned half)
{
  for (unsigned column = 0; column < BOARD_DISPLAY_COLUMNS && *text != '\0'; column++, text++) {
    const unsigned char *glyph = font[(*text >= ' ' && *text <= '~' ? *text : '?') - FONT_FIRST];
    uint8_t *left = pixels + MARGIN + column * (FONT_WIDTH + 1);

    for (unsigned x = 0; x < FONT_WIDTH; x++)
      left[x] = doubled(glyph[x] >> 4 * half);
  }
}

void board_display_row(unsigned row, const char *text)
{
  const uint8_t first = (uint8_t)(row * PAGES_OF_ROW);
  const uint8_t window[] = {COMMANDS, COLUMNS, 0, WIDTH - 1, PAGES, first, (uint8_t)(first + PAGES_OF_ROW - 1)};

  send(window, sizeof window);
  for (unsigned half = 0; half < PAGES_OF_ROW; half++) {
    uint8_t page[1 + WIDTH] = {PIXELS};

    draw_page(page + 1, text, half);
    send(page, sizeof page);
  }
}

/* A module releases its reset some ms after the power comes. */
static bool find(void)
{
  for (unsigned i = 0; i < TRIES; i++) {
    if (i2c_write(ADDRESS, settings[0], sizeof settings))
      return true;
    parts_wait(TRY_INTERVAL);
  }
  return false;
}

void parts_start_display(void)
{
  static const uint8_t on[] = {COMMANDS, 0xaf};

  if (!i2c_start()) {
    defect = "display holds the bus low";
    return;
  }
  is_present = find();
  for (unsigned row = 0; row < BOARD_DISPLAY_ROWS; row++)
    board_display_row(row, "");
  send(on, sizeof on);
}

const char *parts_display_defect(void)
{
  return defect;
}
