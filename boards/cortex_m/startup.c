/* From reset to main(), and from a fault to a restart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "cortex_m.h"

int main(void);

/* By the linker script: where data begins and ends, and what it is filled from. */
extern unsigned char data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_start[], stack_end[];

enum { STACK_MARK = 0xa5 }; /* what was never used of the stack still is it */

void cortex_m_reset(void)
{
  const uintptr_t used = (uintptr_t)__builtin_frame_address(0) - 64; /* by this function, and with room to spare */

  for (volatile unsigned char *byte = stack_start; (uintptr_t)byte < used; byte++)
    *byte = STACK_MARK;
  memcpy(data_start, data_load, (size_t)(data_end - data_start));
  memset(bss_start, 0, (size_t)(bss_end - bss_start));
  main();
  board_restart();
}

size_t board_stack_mark(void)
{
  const unsigned char *byte = stack_start;

  while (byte < stack_end && *byte == STACK_MARK)
    byte++;
  return (size_t)(stack_end - byte);
}

static void put_text(const char *text)
{
  while (*text != '\0')
    board_put(*text++);
}

static void put_hexadecimal(uint32_t number)
{
  for (int shift = 28; shift >= 0; shift -= 4)
    board_put("0123456789abcdef"[number >> shift & 15]);
}

/* frame: what the core has put on the stack: r0 to r3, r12, lr, pc, psr (ARMv7-M, B1.5.6); or what it could not put
 * there, as the stack has overflowed. */
__attribute__((used)) static void say_fault(const uint32_t *frame)
{
  put_text("\r\nwmrec fault ");
  if ((uintptr_t)frame < (uintptr_t)stack_start) {
    put_text("stack=overflow");
  } else {
    put_text("pc=0x");
    put_hexadecimal(frame[6]);
    put_text(" lr=0x");
    put_hexadecimal(frame[5]);
  }
  put_text(" cfsr=0x");
  put_hexadecimal(CORTEX_M_REGISTER(0xe000ed28));
  put_text("\r\n");
  board_restart();
}

/* There is one stack, the main one. Where it has no room left for what follows, that begins at its other end: a fault
 * in here would be the end (ARMv7-M, B1.5.15: lockup). */
__attribute__((naked)) void cortex_m_fault(void)
{
  __asm__ volatile("mrs r0, msp\n\t"
                   "ldr r1, =stack_start + 128\n\t"
                   "cmp r0, r1\n\t"
                   "bhs 1f\n\t"
                   "ldr r1, =stack_end\n\t"
                   "mov sp, r1\n"
                   "1: b say_fault\n\t"
                   ".ltorg");
}
