/* What a proof may say: any value, and what is assumed of it. What is proven, assert() says.
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

/* CBMC's own. */
void __CPROVER_assume(_Bool condition);
void __CPROVER_assert(_Bool condition, const char *text);
_Bool __CPROVER_same_object(const void *a, const void *b);

/* That this can be: a proof of what never happens is none. A macro, as each is a property of its own, and has to fail:
 * see prove.sh. */
#define reached(condition) __CPROVER_assert(!(condition), "reached: " #condition)

/* No bodies: CBMC returns any value. */
bool nondet_bool(void);
unsigned char nondet_byte(void);
uint16_t nondet_uint16(void);
uint32_t nondet_uint32(void);
int nondet_int(void);
size_t nondet_size(void);
void nondet_bytes(void *bytes);

/* Memory of this size with any bytes in it, which must not be read or written past its ends. */
static inline void *any_bytes(size_t size)
{
  void *bytes = malloc(size);

  __CPROVER_assume(bytes != NULL);
  nondet_bytes(bytes); /* they are: this is for compilers, which else say that they were never set */
  return bytes;
}

/* The same, up to a bound. Of one size, which is cheaper by far, it is the end. */
static inline void *any_bytes_up_to(size_t most, size_t size)
{
  __CPROVER_assume(size <= most);
  return (char *)any_bytes(most) + (most - size);
}

/* Any string of at most this length, in memory that ends behind its NUL. */
static inline char *any_string(size_t most)
{
  char *memory = any_bytes(most + 1);
  const size_t length = nondet_size();

  __CPROVER_assume(length <= most);
  for (size_t i = 0; i < most; i++)
    __CPROVER_assume(memory[i] != '\0');
  memory[most] = '\0';
  return memory + (most - length);
}

#endif
