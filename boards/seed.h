/* A seed in memory, with a mark and a CRC: so the random content of SRAM after power-up is not mistaken for a seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SEED_H
#define WMREC_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

#define SEED_MARK "WMRE"

/* The layout in memory, 40 bytes. boards/README.md has a command that makes a seed. */
struct seed {
  uint8_t bytes[BOARD_SEED_SIZE]; /* true randomness */
  char mark[4];                   /* SEED_MARK without its NUL */
  uint32_t crc;                   /* CRC-32 of bytes and mark, little-endian */
};

/* Returns true if mark and CRC are right. */
bool seed_is_valid(const struct seed *seed);

/* Sets mark and CRC, for the present content of bytes. */
void seed_validate(struct seed *seed);

#endif
