/* An Arduino Mega 2560 in simavr: its first serial line is this program's input and output, its second one is file
 * descriptors 3 (to the board) and 4 (from the board).
 *
 *     machine PROGRAM.elf
 *
 * Ends when its input ends, with 0, or when the processor has crashed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>

enum { LINES = 2, INSTRUCTIONS = 1000 /* between two looks at the input */ };

struct line {
  int from; /* file descriptors */
  int to;
  avr_irq_t *input;
  bool is_full; /* the simulated UART takes no more bytes */
};

static int fail(const char *what)
{
  fprintf(stderr, "machine: %s\n", what);
  return EXIT_FAILURE;
}

static void put(struct avr_irq_t *irq, uint32_t value, void *context)
{
  const struct line *line = context;
  const unsigned char byte = (unsigned char)value;

  (void)irq;
  if (write(line->to, &byte, 1) != 1)
    exit(fail("nobody reads its output"));
}

static void set_full(struct avr_irq_t *irq, uint32_t value, void *context)
{
  struct line *line = context;

  (void)value;
  line->is_full = irq->irq == UART_IRQ_OUT_XOFF;
}

static avr_irq_t *uart_irq(avr_t *avr, char name, int number)
{
  return avr_io_getirq(avr, (uint32_t)AVR_IOCTL_UART_GETIRQ(name), number);
}

static void attach(avr_t *avr, char name, struct line *line)
{
  uint32_t no_flags = 0; /* no copy of its output, no sleep */

  avr_ioctl(avr, (uint32_t)AVR_IOCTL_UART_SET_FLAGS(name), &no_flags);
  line->input = uart_irq(avr, name, UART_IRQ_INPUT);
  avr_irq_register_notify(uart_irq(avr, name, UART_IRQ_OUTPUT), put, line);
  avr_irq_register_notify(uart_irq(avr, name, UART_IRQ_OUT_XON), set_full, line);
  avr_irq_register_notify(uart_irq(avr, name, UART_IRQ_OUT_XOFF), set_full, line);
}

/* Gives a byte of input to each line that has one and takes it. Returns false at the end of the input. */
static bool feed(struct line *lines)
{
  struct pollfd entries[LINES];

  for (int i = 0; i < LINES; i++)
    entries[i] = (struct pollfd){.fd = lines[i].is_full ? -1 : lines[i].from, .events = POLLIN};
  if (poll(entries, LINES, 0) <= 0)
    return true;
  for (int i = 0; i < LINES; i++) {
    unsigned char byte;

    if (entries[i].revents == 0)
      continue;
    if (read(lines[i].from, &byte, 1) != 1)
      return false;
    avr_raise_irq(lines[i].input, byte);
  }
  return true;
}

int main(int argc, char **argv)
{
  static elf_firmware_t firmware;
  struct line lines[LINES] = {{.from = STDIN_FILENO, .to = STDOUT_FILENO}, {.from = 3, .to = 4}};
  avr_t *avr = avr_make_mcu_by_name("atmega2560");
  int state = cpu_Running;

  if (argc != 2 || avr == NULL || elf_read_firmware(argv[1], &firmware) != 0)
    return fail("usage: machine PROGRAM.elf");
  avr_init(avr);
  avr_load_firmware(avr, &firmware);
  avr->frequency = 16000000;
  attach(avr, '0', &lines[0]);
  attach(avr, '1', &lines[1]);
  while (feed(lines))
    for (int i = 0; i < INSTRUCTIONS; i++) {
      state = avr_run(avr);
      if (state == cpu_Done || state == cpu_Crashed)
        return fail("the processor has stopped");
    }
  return EXIT_SUCCESS;
}
