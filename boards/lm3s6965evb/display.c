/* The OLED of the board's revisions A and B: an OSRAM Pictiva, 128 by 64 pixels of 16 greys, with an SSD0323 controller
 * on SSI0. Pins, commands and values: osram128x64x4.c of StellarisWare, which cites OSRAM's application note AN018.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "font.h"
#include "lm3s6965.h"

enum { NOP = 0xe3, COLUMNS = 0x15, ROWS = 0x75, DISPLAY_OFF = 0xae, DISPLAY_ON = 0xaf };

/* The height of a row of text, in pixels: each pixel of the font is drawn as two lines, and below it a blank one. */
enum { ROW_HEIGHT = 2 * (FONT_HEIGHT + 1) };

/* Commands with their arguments, in pairs. NOP fills the place of an argument. */
static const uint8_t settings[][2] = {
    {NOP, NOP},         /* completes a command that a restart has interrupted */
    {DISPLAY_OFF, NOP}, /* until the display's memory is cleared */
    {0xa0, 0x52},       /* re-map: addresses increase along a line; a byte's upper half is the left pixel */
    {0xa1, 0},          /* start line */
    {0xa2, 0x4c},       /* offset */
    {0xa4, NOP},        /* normal mode */
    {0xa8, 63},         /* multiplex ratio: 64 lines */
    {0x81, 50},         /* contrast */
    {0x85, NOP},        /* half the current */
    {0xb1, 0x22},       /* phase length */
    {0xb2, 70},         /* row period */
    {0xb3, 0xf1},       /* clock divider */
    {0xbc, 0x10},       /* pre-charge voltage */
    {0xbe, 0x02},       /* VCOMH */
    {0xbf, 0x0d},       /* VSL */
    {0xad, 0x03},       /* DC-DC converter */
    {0xb8, 0x01},       /* grey scale table */
    {0x11, 0x22},       {0x32, 0x43}, {0x54, 0x65}, {0x76, NOP},
};

/* SSI receives a byte while it sends one. A received byte means that the byte was sent: D/C# may then change. */
static void send(uint8_t byte)
{
  SSI0_DR = byte;
  while ((SSI0_SR & 1 << 2) == 0) /* RNE: the receive FIFO is not empty */
    ;
  (void)SSI0_DR;
}

/* D/C# (pin C7) low selects commands, high selects data. */
static void send_commands(const uint8_t *bytes, size_t length)
{
  GPIO_C_PIN_7 = 0;
  for (size_t i = 0; i < length; i++)
    send(bytes[i]);
  GPIO_C_PIN_7 = 1 << 7;
}

/* Returns the grey value of a pixel of the glyph, 0 or 15. x may be one column past the glyph: the space after it. */
static uint8_t pixel(const unsigned char *glyph, unsigned x, unsigned y)
{
  return x < FONT_WIDTH && (glyph[x] >> y & 1) != 0 ? 15 : 0;
}

/* Sends line y of a row of text, two pixels per byte. The 21 columns of 6 pixels leave two pixels, at the left. */
static void send_line(const char *text, unsigned y)
{
  send(0);
  for (unsigned column = 0; column < BOARD_DISPLAY_COLUMNS; column++) {
    const char character = *text == '\0' ? ' ' : *text++;
    const unsigned char *glyph = font[(character >= ' ' && character <= '~' ? character : '?') - FONT_FIRST];

    for (unsigned x = 0; x < FONT_WIDTH + 1; x += 2)
      send((uint8_t)(pixel(glyph, x, y) << 4 | pixel(glyph, x + 1, y)));
  }
}

void board_display_row(unsigned row, const char *text)
{
  const uint8_t top = (uint8_t)(ROW_HEIGHT * row);
  const uint8_t window[] = {COLUMNS, 0, 63, ROWS, top, (uint8_t)(top + ROW_HEIGHT - 1)};

  send_commands(window, sizeof window);
  for (unsigned line = 0; line < ROW_HEIGHT; line++)
    send_line(text, line / 2);
}

/* LM3S6965 data sheet, "Synchronous Serial Interface". Solomon's controllers sample data at the rising edge of the
 * clock. The manufacturer's examples run at 3.5 MHz. The SD card shares these lines, and is not selected: its own
 * select stays high. */
void lm3s6965_start_display(void)
{
  static const uint8_t on = DISPLAY_ON;

  GPIO_A_AFSEL |= 1 << 2 | 1 << 3 | 1 << 5; /* clock, select, data */
  GPIO_A_DEN |= 1 << 2 | 1 << 3 | 1 << 5;
  GPIO_C_DIR |= 1 << 7; /* D/C# */
  GPIO_C_DEN |= 1 << 7;
  SSI0_CPSR = 16;                 /* 50 MHz / 16 = 3.1 MHz: 3 ms per row of text */
  SSI0_CR0 = 1 << 7 | 1 << 6 | 7; /* SPH, SPO: the clock is high when idle, data change at its falling edge; 8 bits */
  SSI0_CR1 = 1 << 1;              /* SSE */
  send_commands(settings[0], sizeof settings);
  for (unsigned row = 0; row < BOARD_DISPLAY_ROWS; row++)
    board_display_row(row, "");
  send_commands(&on, sizeof on);
}
