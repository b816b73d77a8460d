/* Lines on the serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "log.h"

#include "board.h"

static void put(const char *text)
{
  for (; *text != '\0'; text++)
    if (*text >= ' ' && *text <= '~')
      board_put(*text);
}

static void put_name(const char *name)
{
  board_put(' ');
  put(name);
  board_put('=');
}

static void put_number(uint32_t number)
{
  char digits[11];
  char *digit = digits + sizeof digits - 1;

  *digit = '\0';
  do
    *--digit = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  put(digit);
}

void log_begin(void)
{
  put("wmrec");
}

void log_text(const char *name, const char *value)
{
  put_name(name);
  put(value);
}

void log_number(const char *name, uint32_t value)
{
  put_name(name);
  put_number(value);
}

void log_seconds(const char *name, uint32_t milliseconds)
{
  log_number(name, milliseconds / 1000);
  board_put('s');
}

void log_address(const char *name, const uint8_t address[4])
{
  put_name(name);
  for (int i = 0; i < 4; i++) {
    if (i > 0)
      board_put('.');
    put_number(address[i]);
  }
}

void log_end(void)
{
  board_put('\r');
  board_put('\n');
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
  board_put(direction);
  board_put(' ');
  for (size_t i = 0; i < length; i++)
    board_put(text[i]);
  log_end();
}
