/* Has one allocation from an arena find no room.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "starve.h"

#include <execinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"

enum { DEPTH = 64, MOST = 16384 };

static unsigned long count;
static unsigned long failing = ULONG_MAX;
static unsigned long numbers[MOST]; /* of the ways so far, */
static uint64_t hashes[MOST];       /* which are told apart by these */
static size_t way_count;

/* The linker has all calls come to __wrap_: see --wrap in ld(1). */
void *__real_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);
void *__wrap_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);

/* FNV-1a, of the return addresses. */
static uint64_t hash_calls(void)
{
  void *calls[DEPTH];
  const int depth = backtrace(calls, DEPTH);
  uint64_t hash = 14695981039346656037u;

  for (int i = 0; i < depth; i++)
    hash = (hash ^ (uintptr_t)calls[i]) * 1099511628211u;
  return hash;
}

static void note_way(void)
{
  const uint64_t hash = hash_calls();

  for (size_t i = 0; i < way_count; i++)
    if (hashes[i] == hash)
      return;
  if (way_count == MOST)
    abort();
  hashes[way_count] = hash;
  numbers[way_count++] = count;
}

void *__wrap_wmrec_arena_allocate(struct wmrec_arena *arena, size_t size)
{
  count++;
  if (failing == 0)
    note_way();
  if (count != failing)
    return __real_wmrec_arena_allocate(arena, size);
  arena->share->is_exhausted = true;
  return NULL;
}

void starve(unsigned long number)
{
  count = 0;
  failing = number;
  way_count = 0;
}

void starve_print_ways(void)
{
  for (size_t i = 0; i < way_count; i++)
    printf("%s%lu", i > 0 ? "," : "", numbers[i]);
}
