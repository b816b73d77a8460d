/* The vector table, the reset handler and the fault handler.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "cortex_m.h"

int main(void);

/* Defined by sections.ld: the first byte of a section and the byte after its last; data_load: the initial content of
 * .data, in flash. */
extern unsigned char data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_start[], stack_end[];

/* The reset handler fills the stack with this byte. The bytes that still have this value were never used. */
enum { STACK_PAINT = 0xa5 };

enum { HAS_CFSR = __ARM_ARCH >= 7 };

static bool stack_was_full; /* when the board restarted */

void cortex_m_reset(void)
{
  const uintptr_t unused_end = (uintptr_t)__builtin_frame_address(0) - 64; /* leaves room for this function's own use */
  const bool was_full = *stack_start != STACK_PAINT;

  for (volatile unsigned char *byte = stack_start; (uintptr_t)byte < unused_end; byte++)
    *byte = STACK_PAINT;
  memcpy(data_start, data_load, (size_t)(data_end - data_start));
  memset(bss_start, 0, (size_t)(bss_end - bss_start));
  stack_was_full = was_full;
  main();
  board_restart();
}

size_t board_stack_peak(void)
{
  const unsigned char *byte = stack_start;

  while (byte < stack_end && *byte == STACK_PAINT)
    byte++;
  return (size_t)(stack_end - byte);
}

bool cortex_m_stack_was_full(void)
{
  return stack_was_full;
}

void cortex_m_write(const char *text)
{
  while (*text != '\0')
    board_write(*text++);
}

static void write_hexadecimal(uint32_t number)
{
  for (int shift = 28; shift >= 0; shift -= 4)
    board_write("0123456789abcdef"[number >> shift & 15]);
}

/* frame: the registers that the core has pushed: r0 to r3, r12, lr, pc, psr (ARMv7-M, B1.5.6). After a stack overflow,
 * frame is below the stack, and the registers are lost. 0xe000ed28 is CFSR (ARMv7-M, B3.2.15), which ARMv6-M lacks. */
__attribute__((used)) static void report_fault(const uint32_t *frame)
{
  cortex_m_write("\r\nwmrec fault ");
  if ((uintptr_t)frame < (uintptr_t)stack_start) {
    cortex_m_write("stack=overflow");
  } else {
    cortex_m_write("pc=0x");
    write_hexadecimal(frame[6]);
    cortex_m_write(" lr=0x");
    write_hexadecimal(frame[5]);
  }
  if (HAS_CFSR) {
    cortex_m_write(" cfsr=0x");
    write_hexadecimal(CORTEX_M_REGISTER(0xe000ed28));
  }
  cortex_m_write("\r\n");
  board_restart();
}

/* Calls report_fault() with the stack pointer at the time of the fault. If fewer than 128 bytes of stack are left, it
 * first moves the stack pointer back to the top of the stack: a second fault in here would lock up the core (ARMv7-M,
 * B1.5.15). The firmware uses the main stack only. */
__attribute__((naked)) static void handle_fault(void)
{
  __asm__ volatile("mrs r0, msp\n\t"
                   "ldr r1, =stack_start + 128\n\t"
                   "cmp r0, r1\n\t"
                   "bhs 1f\n\t"
                   "ldr r1, =stack_end\n\t"
                   "mov sp, r1\n"
                   "1: ldr r1, =report_fault\n\t" /* too far away for ARMv6-M's b */
                   "bx r1\n\t"
                   ".ltorg");
}

/* The initial stack pointer, and the handlers of exceptions 1 to 15 (ARMv7-M, B1.5.2 and B1.5.3). sections.ld places a
 * board's CORTEX_M_INTERRUPTS, exceptions from 16 on, right after it. */
__attribute__((section(".vectors"), used)) static const struct {
  void *stack;
  void (*handlers[15])(void);
} vectors = {
    stack_end,
    {cortex_m_reset, handle_fault, handle_fault, handle_fault, handle_fault, handle_fault, [15 - 1] = cortex_m_tick}};
