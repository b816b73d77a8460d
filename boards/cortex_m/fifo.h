/* Reads and writes a frame through a FIFO of 32-bit words, little-endian, in parts of any size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FIFO_H
#define WMREC_FIFO_H

#include <stddef.h>
#include <stdint.h>

/* One direction of an Ethernet controller's FIFO, and the frame in progress. A controller that puts the length before
 * the frame presets word and used. */
struct fifo {
  volatile uint32_t *words; /* the FIFO's register: each access moves one word */
  uint32_t word;            /* the word in progress, the first byte lowest */
  unsigned used;            /* bytes of `word` that are read or filled in, 0 to 4; 4, for reading: fetch a word first */
  size_t words_left;        /* for reading: words of the frame that are still in the FIFO */
};

/* Reads the next `length` bytes of the frame. */
void fifo_read(struct fifo *fifo, void *bytes, size_t length);

/* Reads the rest of the frame from the FIFO, and discards it. */
void fifo_discard_rest(struct fifo *fifo);

/* Writes the next `length` bytes of the frame. The last word stays in `word` until it is full. */
void fifo_write(struct fifo *fifo, const void *bytes, size_t length);

/* Writes the last word, if it is partly filled in. */
void fifo_flush(struct fifo *fifo);

#endif
