/* A model of the board's seed flash (board.h): NOR flash whose power may fail at any moment.
 *
 * When the power fails, an operation is done in part: some of its bits have their new value, some the old one, and some
 * are marginal: they read differently from one moment to the next, until an operation on them is completed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TEST_NOR_FLASH_H
#define WMREC_TEST_NOR_FLASH_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

enum { NOR_SIZE = 2 * BOARD_FLASH_SECTOR };

struct nor_flash {
  unsigned char bytes[NOR_SIZE];
  unsigned char marginal[NOR_SIZE]; /* these bits of `bytes` change by themselves */
  unsigned char stuck[NOR_SIZE];    /* these bits can't be programmed: they stay 1 */
  bool is_worn[2];                  /* these sectors can't be erased */
};

extern struct nor_flash nor;

/* How a failing power cuts an operation. */
enum nor_cut {
  NOR_AT_BYTE, /* the bytes before this one are done, this one in part, those behind it not at all */
  NOR_AT_ONCE  /* all bytes are done in part */
};

/* When the power fails, the model jumps there. Set it before each start. */
extern jmp_buf nor_power_failure;

/* Switches the power on, for good. */
void nor_power_on(void);

/* The power will fail in this operation (0: the next one), at this byte of it. */
void nor_fail(unsigned operation, size_t byte, enum nor_cut cut);

/* To be read: operations since nor_power_on(); and whether the one in which the power failed would have changed the
 * byte at which it failed. */
extern unsigned nor_operations;
extern bool nor_has_changed;

/* Gives new values to the marginal bits. The model does so itself at each operation. */
void nor_shake(void);

/* Returns true if the page at this offset has marginal bits. */
bool nor_is_marginal(size_t page);

/* A xorshift generator. */
uint32_t nor_random(void);

#endif
