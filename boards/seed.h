/* A seed in memory, marked and checked: what a power-up leaves in SRAM by chance is not taken for one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SEED_H
#define WMREC_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

#define SEED_MARK "WMRE"

/* As a debugger or a loader writes it: 40 bytes, and boards/README.md has a command that makes them. */
struct seed {
  uint8_t bytes[BOARD_SEED]; /* from a real source of randomness */
  char mark[4];              /* SEED_MARK, without its NUL */
  uint32_t crc;              /* CRC-32 of bytes and mark; little-endian */
};

/* True if the mark and the CRC are right. */
bool seed_is_valid(const struct seed *seed);

/* Sets the mark and the CRC for the bytes as they are. */
void seed_validate(struct seed *seed);

#endif
