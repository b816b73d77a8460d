/* Any exchange, over a buffer of any size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_ANY_WMREC_H
#define WMREC_PROOF_ANY_WMREC_H

#include "internal.h"
#include "proof.h"

struct wmrec_exchange nondet_wmrec(void);

static inline struct wmrec_exchange any_wmrec(void)
{
  struct wmrec_exchange x = nondet_wmrec();

  __CPROVER_assume(x.size <= INT32_MAX);
  x.buffer = any_bytes(x.size);
  return x;
}

/* Over a buffer of so many bytes at most. */
static inline struct wmrec_exchange any_wmrec_up_to(size_t most)
{
  struct wmrec_exchange x = nondet_wmrec();

  x.buffer = any_bytes_up_to(most, x.size);
  return x;
}

#endif
