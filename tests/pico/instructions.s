@ Runs each case of a table in QEMU's mps2-an385, for instructions.test.js. A case: 4 halfwords of instructions, the flags, r0 to r12.
@ A result: r0 to r12, sp, the flags, and a sum over the scratch memory.
@
@ SPDX-License-Identifier: Apache-2.0
  .syntax unified
  .cpu cortex-m3
  .thumb
  .word 0
  .word start + 1

  .equ code, 0x20000000     @ the 4 halfwords, and a jump to `done`
  .equ scratch, 0x20001000  @ 64 words
  .equ cases, 0x21000000    @ their number, and the cases
  .equ results, 0x21400000
  .equ next, 0x20002000     @ variables: the next case, the next result, the number of cases left

  .thumb_func
start:
  ldr r0, =next
  ldr r1, =cases
  ldr r2, [r1], #4
  ldr r3, =results
  strd r1, r3, [r0]
  str r2, [r0, #8]
  ldr r0, =code
  ldr r1, =0xf000f8df       @ ldr pc, [pc, #0]
  ldr r2, =done + 1
  strd r1, r2, [r0, #8]
each:
  ldr r0, =scratch
  movs r1, #0
  ldr r2, =0x9e3779b1
fill:
  mul r3, r1, r2
  str r3, [r0, r1, lsl #2]
  adds r1, #1
  cmp r1, #64
  bne fill
  ldr r0, =next
  ldr r0, [r0]
  ldrd r1, r2, [r0], #8
  ldr r3, =code
  strd r1, r2, [r3]
  dsb
  isb
  ldr r1, =scratch + 128
  mov sp, r1
  ldr r1, [r0], #4
  msr apsr_nzcvq, r1
  ldm r0, {r0-r12}
  ldr pc, =code + 1
  .ltorg

  .thumb_func
done:
  ldr lr, =next + 4
  ldr lr, [lr]
  stm lr!, {r0-r12}
  mov r0, sp
  str r0, [lr], #4
  mrs r0, apsr
  str r0, [lr], #4
  ldr r0, =scratch
  movs r1, #0
  movs r2, #0
sum:
  ldr r3, [r0, r1, lsl #2]
  eor r2, r3, r2, ror #31
  adds r1, #1
  cmp r1, #64
  bne sum
  str r2, [lr], #4
  ldr r0, =next
  ldr r1, [r0]
  adds r1, #64
  str r1, [r0]
  str lr, [r0, #4]
  ldr r1, [r0, #8]
  subs r1, #1
  str r1, [r0, #8]
  bne each
end:
  wfi
  b end
