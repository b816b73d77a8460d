/* One seed, which survives power failures, in flash that can only be erased by the sector. Each new seed is a record in
 * a page of its own; the valid record with the highest counter counts.
 *
 * The power may fail at any moment. A page whose programming was cut short may read differently each time, and even as
 * if it were erased. So the first page of each sector has a mark for each page: a byte that is 0 from before the page
 * was first programmed until the sector is erased. Nothing relies on such a page: it is wiped, and not used again. A
 * sector is erased each time before its first record is written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_SEED_RECORDS_H
#define WMREC_LAMP_SEED_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

struct seed_record {
  uint8_t seed[BOARD_SEED_SIZE];
  uint32_t counter; /* one more than in the record before */
  char mark[4];     /* set by seed_records_replace() */
  uint32_t crc;     /* set by seed_records_replace() */
};

struct seed_records {
  const volatile unsigned char *flash; /* borrowed; volatile, as it changes while its address looks constant */
  unsigned pages;                      /* two sectors or more */
  unsigned current;                    /* the page of the record that counts; 0: there is none */
};

/* Opens the seed flash of the board, of this size in bytes. Copies the record that counts, or returns false if there is
 * none. */
bool seed_records_open(struct seed_records *records, const unsigned char *flash, size_t size,
                       struct seed_record *current);

/* Writes a record, and then wipes all others by zeros. Returns true if the flash then reads as it should: it has this
 * record, no other, and nothing of an older one. Otherwise the old record may still be there. To be called once. */
bool seed_records_replace(const struct seed_records *records, struct seed_record *next);

#endif
