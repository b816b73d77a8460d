/* Messages on the serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "log.h"

#include "board.h"

static void write_text(const char *text)
{
  for (; *text != '\0'; text++)
    if (*text >= ' ' && *text <= '~')
      board_write(*text);
}

static void write_name(const char *name)
{
  board_write(' ');
  write_text(name);
  board_write('=');
}

static void write_number(uint32_t number)
{
  char digits[11];
  char *digit = digits + sizeof digits - 1;

  *digit = '\0';
  do
    *--digit = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  write_text(digit);
}

void log_begin(void)
{
  write_text("wmrec");
}

void log_text(const char *name, const char *value)
{
  write_name(name);
  write_text(value);
}

void log_number(const char *name, uint32_t value)
{
  write_name(name);
  write_number(value);
}

void log_seconds(const char *name, uint32_t milliseconds)
{
  log_number(name, milliseconds / 1000);
  board_write('s');
}

void log_address(const char *name, const uint8_t address[4])
{
  write_name(name);
  for (int i = 0; i < 4; i++) {
    if (i > 0)
      board_write('.');
    write_number(address[i]);
  }
}

void log_end(void)
{
  board_write('\r');
  board_write('\n');
}

void log_line(const char *name, const char *value)
{
  log_begin();
  log_text(name, value);
  log_end();
}

void log_trace(void *context, char direction, const char *text, size_t length)
{
  (void)context;
  board_write(direction);
  board_write(' ');
  for (size_t i = 0; i < length; i++)
    board_write(text[i]);
  log_end();
}
