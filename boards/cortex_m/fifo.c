/* Bytes through a FIFO of 32-bit words, in pieces of any size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fifo.h"

void fifo_read(struct fifo *fifo, void *bytes, size_t length)
{
  unsigned char *next = bytes;

  for (; length > 0; length--) {
    if (fifo->used == 4) {
      fifo->word = *fifo->words;
      fifo->words_left--;
      fifo->used = 0;
    }
    *next++ = (unsigned char)(fifo->word >> 8 * fifo->used++);
  }
}

void fifo_read_rest(struct fifo *fifo)
{
  for (; fifo->words_left > 0; fifo->words_left--)
    (void)*fifo->words;
}

void fifo_write(struct fifo *fifo, const void *bytes, size_t length)
{
  const unsigned char *next = bytes;

  for (; length > 0; length--) {
    fifo->word |= (uint32_t)*next++ << 8 * fifo->used++;
    if (fifo->used == 4)
      fifo_write_rest(fifo);
  }
}

void fifo_write_rest(struct fifo *fifo)
{
  if (fifo->used > 0)
    *fifo->words = fifo->word;
  fifo->word = 0;
  fifo->used = 0;
}
