/* Decisions by a fuzzer's bytes, one byte for each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_CHOICES_H
#define WMREC_FUZZ_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct choices {
  const uint8_t *next;
  size_t left;
};

/* Returns 0 to count - 1; count: at most 256. 0 after the last byte, so choice 0 should be the plainest. */
static inline unsigned choose(struct choices *choices, size_t count)
{
  if (choices->left == 0)
    return 0;
  choices->left--;
  return *choices->next++ % (unsigned)count;
}

#endif
