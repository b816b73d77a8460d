/* Makes the first UART the standard output of an AVR before main(), and ends the emulator after it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

static int put(char c, FILE *file)
{
  (void)file;
  loop_until_bit_is_set(UCSR0A, UDRE0);
  UDR0 = (uint8_t)c;
  return 0;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, _FDEV_SETUP_WRITE);

__attribute__((constructor)) static void open_console(void)
{
  UCSR0B = 1 << TXEN0;
  stdout = &console;
}

/* simavr ends when the processor sleeps with interrupts off. */
__attribute__((destructor)) static void stop(void)
{
  cli();
  sleep_mode();
}
