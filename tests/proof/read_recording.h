/* The assumptions about recording.c when the body is complete. The proof `recording` asserts them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_READ_RECORDING_H
#define WMREC_PROOF_READ_RECORDING_H

#include "internal.h"
#include "proof.h"

/* It may also write after the body: no proof relies on the bytes there. */
int wmrec_read_recording(struct wmrec_exchange *x)
{
  const int result = nondet_int();

  assert(x->outcome == WMREC_OK && x->length <= x->size && x->size <= INT32_MAX);
  __CPROVER_assume(result == WMREC_OK || (result <= WMREC_ERROR_JSON && result >= WMREC_ERROR_UNKNOWN_STATUS));
  x->offset = nondet_size();
  x->number = nondet_uint32();
  if (result == WMREC_OK)
    x->recording = (uint8_t)(WMREC_NEVER_STARTED + nondet_byte() % WMREC_STOPPED);
  return result;
}

#endif
