/* Makes one allocation fail: from an arena, or of calloc().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "starve.h"

#include <execinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"

enum { DEPTH = 64, MAX_STACKS = 16384 };

static unsigned long count;
static unsigned long failing = ULONG_MAX;
static uint64_t hashes[MAX_STACKS];       /* of the call stacks that were seen */
static unsigned long numbers[MAX_STACKS]; /* of the first allocation of each */
static size_t stack_count;

/* The linker redirects all calls to __wrap_: see --wrap in ld(1). */
void *__real_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);
void *__wrap_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);
void *__real_calloc(size_t number, size_t size);
void *__wrap_calloc(size_t number, size_t size);

/* FNV-1a of the return addresses. */
static uint64_t hash_calls(void)
{
  void *calls[DEPTH];
  const int depth = backtrace(calls, DEPTH);
  uint64_t hash = 14695981039346656037u;

  for (int i = 0; i < depth; i++)
    hash = (hash ^ (uintptr_t)calls[i]) * 1099511628211u;
  return hash;
}

static void note_stack(void)
{
  const uint64_t hash = hash_calls();

  for (size_t i = 0; i < stack_count; i++)
    if (hashes[i] == hash)
      return;
  if (stack_count == MAX_STACKS)
    abort();
  hashes[stack_count] = hash;
  numbers[stack_count++] = count;
}

/* Counts one allocation. Returns true if it must fail. */
static bool must_fail(void)
{
  count++;
  if (failing == 0)
    note_stack();
  return count == failing;
}

void *__wrap_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size)
{
  if (!must_fail())
    return __real_wmrec_arena_allocate(arena, size);
  arena->share->is_exhausted = true;
  return NULL;
}

void *__wrap_calloc(size_t number, size_t size)
{
  return must_fail() ? NULL : __real_calloc(number, size);
}

void starve(unsigned long number)
{
  count = 0;
  failing = number;
  stack_count = 0;
}

void starve_print_stacks(void)
{
  for (size_t i = 0; i < stack_count; i++)
    printf("%s%lu", i > 0 ? "," : "", numbers[i]);
}
