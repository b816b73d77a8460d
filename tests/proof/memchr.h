/* The C library's memchr (C99, section 7.21.5.1), which CBMC does not have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_MEMCHR_H
#define WMREC_PROOF_MEMCHR_H

#include <stddef.h>

void *memchr(const void *bytes, int c, size_t length)
{
  const unsigned char *next = bytes;

  for (; length > 0; length--, next++)
    if (*next == (unsigned char)c)
      return (void *)next;
  return NULL;
}

#endif
