/* The vocabulary of proofs: any value, and assumptions about it. A proof asserts by assert().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_PROOF_H
#define WMREC_PROOF_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Built into CBMC. */
void __CPROVER_assume(_Bool condition);
void __CPROVER_assert(_Bool condition, const char *text);
_Bool __CPROVER_same_object(const void *a, const void *b);

/* This must be possible: a proof about a case that never happens proves nothing. prove.sh checks that each of these
 * assertions fails. A macro, so that each is a property of its own. */
#define reached(condition) __CPROVER_assert(!(condition), "reached: " #condition)

/* Without a body: CBMC returns any value. */
bool nondet_bool(void);
unsigned char nondet_byte(void);
uint16_t nondet_uint16(void);
uint32_t nondet_uint32(void);
int nondet_int(void);
size_t nondet_size(void);
void nondet_bytes(void *bytes);

/* Memory of this size with any bytes; a read or write past its ends fails the proof. */
static inline void *any_bytes(size_t size)
{
  void *bytes = malloc(size);

  __CPROVER_assume(bytes != NULL);
  nondet_bytes(bytes); /* for compilers, which would warn that they are not set */
  return bytes;
}

/* The same, up to a bound: the end of memory of one size, which is much cheaper for CBMC. */
static inline void *any_bytes_up_to(size_t max_size, size_t size)
{
  __CPROVER_assume(size <= max_size);
  return (char *)any_bytes(max_size) + (max_size - size);
}

/* Any string of at most this length, in memory that ends after its NUL. */
static inline char *any_string(size_t max_length)
{
  char *memory = any_bytes(max_length + 1);
  const size_t length = nondet_size();

  __CPROVER_assume(length <= max_length);
  for (size_t i = 0; i < max_length; i++)
    __CPROVER_assume(memory[i] != '\0');
  memory[max_length] = '\0';
  return memory + (max_length - length);
}

#endif
