/* The OLED of the board's revisions A and B: OSRAM's Pictiva, 128 by 64 pixels of 16 greys, by an SSD0323 on SSI0.
 * Pins, commands and their values: the maker's osram128x64x4.c (StellarisWare), which has the values from OSRAM's
 * application note AN018.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "font.h"
#include "lm3s6965.h"

enum { NOP = 0xe3, COLUMNS = 0x15, ROWS = 0x75, DISPLAY_OFF = 0xae, DISPLAY_ON = 0xaf };

/* In pixels: the font's are shown twice, with a space below. */
enum { ROW_HEIGHT = 2 * (FONT_HEIGHT + 1) };

/* Commands, and what they take. */
static const uint8_t settings[][2] = {
    {NOP, NOP},         /* ends a command that a restart has cut short */
    {DISPLAY_OFF, NOP}, /* until what is in its memory is ours */
    {0xa0, 0x52},       /* re-map: addresses go along a line; the upper half of a byte is to the left */
    {0xa1, 0},          /* start line */
    {0xa2, 0x4c},       /* offset */
    {0xa4, NOP},        /* normal */
    {0xa8, 63},         /* multiplex ratio: 64 lines */
    {0x81, 50},         /* contrast */
    {0x85, NOP},        /* half the current */
    {0xb1, 0x22},       /* phase length */
    {0xb2, 70},         /* row period */
    {0xb3, 0xf1},       /* the clock's divider */
    {0xbc, 0x10},       /* pre-charge voltage */
    {0xbe, 0x02},       /* VCOMH */
    {0xbf, 0x0d},       /* VSL */
    {0xad, 0x03},       /* the DC-DC converter */
    {0xb8, 0x01},       /* greys */
    {0x11, 0x22},       {0x32, 0x43}, {0x54, 0x65}, {0x76, NOP},
};

/* What comes in meanwhile says that it has gone: only then may D/C# change. */
static void send(uint8_t byte)
{
  SSI0_DR = byte;
  while ((SSI0_SR & 1 << 2) == 0) /* RNE */
    ;
  (void)SSI0_DR;
}

static void send_commands(const uint8_t *bytes, size_t length)
{
  GPIO_C_PIN_7 = 0;
  for (size_t i = 0; i < length; i++)
    send(bytes[i]);
  GPIO_C_PIN_7 = 1 << 7;
}

static uint8_t pixel(const unsigned char *glyph, unsigned x, unsigned y)
{
  return x < FONT_WIDTH && (glyph[x] >> y & 1) != 0 ? 15 : 0;
}

/* One line of pixels of a row of text, two of them in a byte. */
static void send_line(const char *text, unsigned y)
{
  send(0); /* 21 columns of 6 leave two */
  for (unsigned column = 0; column < BOARD_DISPLAY_COLUMNS; column++) {
    const char character = *text == '\0' ? ' ' : *text++;
    const unsigned char *glyph = font[(character >= ' ' && character <= '~' ? character : '?') - FONT_FIRST];

    for (unsigned x = 0; x < FONT_WIDTH + 1; x += 2)
      send((uint8_t)(pixel(glyph, x, y) << 4 | pixel(glyph, x + 1, y)));
  }
}

void board_display(unsigned row, const char *text)
{
  const uint8_t top = (uint8_t)(ROW_HEIGHT * row);
  const uint8_t window[] = {COLUMNS, 0, 63, ROWS, top, (uint8_t)(top + ROW_HEIGHT - 1)};

  send_commands(window, sizeof window);
  for (unsigned line = 0; line < ROW_HEIGHT; line++)
    send_line(text, line / 2);
}

/* LM3S6965 data sheet, "Synchronous Serial Interface". Solomon's controllers take a bit at a rising edge of the clock;
 * the maker's examples run at 3.5 MHz. The card on the same lines has a select of its own, which stays high. */
void lm3s6965_start_display(void)
{
  static const uint8_t on = DISPLAY_ON;

  GPIO_A_AFSEL |= 1 << 2 | 1 << 3 | 1 << 5; /* clock, select, data */
  GPIO_A_DEN |= 1 << 2 | 1 << 3 | 1 << 5;
  GPIO_C_DIR |= 1 << 7; /* D/C# */
  GPIO_C_DEN |= 1 << 7;
  SSI0_CPSR = 16;                 /* 50 MHz by 16: 3 ms a row of text */
  SSI0_CR0 = 1 << 7 | 1 << 6 | 7; /* SPH, SPO: high when idle, data change when it falls; 8 bits */
  SSI0_CR1 = 1 << 1;              /* SSE */
  send_commands(settings[0], sizeof settings);
  for (unsigned row = 0; row < BOARD_DISPLAY_ROWS; row++)
    board_display(row, "");
  send_commands(&on, sizeof on);
}
