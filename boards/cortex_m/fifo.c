/* Reads and writes a frame through a FIFO of 32-bit words, little-endian, in parts of any size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fifo.h"

#include <string.h>

enum { WORD = 4 }; /* bytes of a word */

static unsigned char read_byte(struct fifo *fifo)
{
  if (fifo->used == WORD) {
    fifo->word = *fifo->words;
    fifo->words_left--;
    fifo->used = 0;
  }
  return (unsigned char)(fifo->word >> 8 * fifo->used++);
}

/* Copies whole words where it can: memcpy() keeps the order of the bytes, as core and FIFO are both little-endian. */
void fifo_read(struct fifo *fifo, void *bytes, size_t length)
{
  unsigned char *next = bytes;

  for (; fifo->used < WORD && length > 0; length--)
    *next++ = read_byte(fifo);
  for (; length >= WORD; length -= WORD, next += WORD, fifo->words_left--) {
    const uint32_t word = *fifo->words;

    memcpy(next, &word, WORD);
  }
  for (; length > 0; length--)
    *next++ = read_byte(fifo);
}

void fifo_discard_rest(struct fifo *fifo)
{
  for (; fifo->words_left > 0; fifo->words_left--)
    (void)*fifo->words;
}

static void write_byte(struct fifo *fifo, unsigned char byte)
{
  fifo->word |= (uint32_t)byte << 8 * fifo->used++;
  if (fifo->used == WORD)
    fifo_flush(fifo);
}

void fifo_write(struct fifo *fifo, const void *bytes, size_t length)
{
  const unsigned char *next = bytes;

  for (; fifo->used > 0 && length > 0; length--)
    write_byte(fifo, *next++);
  for (; length >= WORD; length -= WORD, next += WORD) {
    uint32_t word;

    memcpy(&word, next, WORD);
    *fifo->words = word;
  }
  for (; length > 0; length--)
    write_byte(fifo, *next++);
}

void fifo_flush(struct fifo *fifo)
{
  if (fifo->used > 0)
    *fifo->words = fifo->word;
  fifo->word = 0;
  fifo->used = 0;
}
