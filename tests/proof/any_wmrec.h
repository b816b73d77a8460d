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

/* Over a buffer of at most max_size bytes. */
static inline struct wmrec_exchange any_wmrec_up_to(size_t max_size)
{
  struct wmrec_exchange x = nondet_wmrec();

  x.buffer = any_bytes_up_to(max_size, x.size);
  return x;
}

#endif
