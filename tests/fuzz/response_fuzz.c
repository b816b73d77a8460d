/* Any bytes as an answer: the outcome must be the same whole, byte by byte, and in other pieces.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "choices.h"
#include "observe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The first bytes decide about the pieces; the bytes after them are the answer. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  static const size_t sizes[] = {WMREC_BUFFER_SIZE, 192};
  struct choices choices = {bytes, length};
  struct served served = {.piece = SIZE_MAX};
  struct observed whole, other;
  size_t piece;

  served.ending = choose(&choices, 3);
  served.buffer_size = sizes[choose(&choices, COUNT(sizes))];
  served.first = choose(&choices, 256);
  piece = 1 + choose(&choices, 64);
  served.bytes = choices.next;
  served.length = choices.left;

  observe(&(struct served){served.bytes, served.length, 0, SIZE_MAX, served.ending, served.buffer_size}, &whole);
  served.piece = piece;
  observe(&served, &other);
  require_same(&whole, &other);
  served.first = 0;
  served.piece = 1;
  observe(&served, &other);
  require_same(&whole, &other);
  return 0;
}
