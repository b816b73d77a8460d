/* Bytes through a FIFO of 32-bit words, in pieces of any size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FIFO_H
#define WMREC_FIFO_H

#include <stddef.h>
#include <stdint.h>

/* A frame on its way. */
struct fifo {
  volatile uint32_t *words; /* the register */
  uint32_t word;            /* the one that is under way */
  unsigned used;            /* how many of its bytes have gone */
  size_t words_left;        /* of a frame that is read: those that were not taken from the FIFO */
};

void fifo_read(struct fifo *fifo, void *bytes, size_t length);

/* Takes what is left of the frame. */
void fifo_read_rest(struct fifo *fifo);

void fifo_write(struct fifo *fifo, const void *bytes, size_t length);

/* Gives the last word, if it has begun. */
void fifo_write_rest(struct fifo *fifo);

#endif
