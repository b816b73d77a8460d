/* First fit, in a list of the free blocks by their place in memory. Neighbours that are free are joined at once, so
 * that what mbedTLS takes for a handshake and gives back leaves no holes behind. Blocks in use are in no list: there
 * are thousands, where connections are many.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arena.h"

#include <string.h>

/* A header, and right behind it the block's memory. All counts in headers, 8 bytes, so alignment comes by itself. The
 * first one is of no block, and begins the list. */
struct wmrec_arena_block {
  uint32_t size;
  uint32_t next; /* while it is free, the place of the free block behind it; 0: it is the last one */
};

void wmrec_arena_init(struct wmrec_arena *arena, void *memory, size_t size)
{
  struct wmrec_arena_block *first = memory;
  const size_t headers = size / sizeof *first;

  *arena = (struct wmrec_arena){.size = size, .share = &arena->common, .common.left = SIZE_MAX};
  if (headers < 3)
    return;
  arena->first = first;
  first[0] = (struct wmrec_arena_block){.next = 1};
  first[1] = (struct wmrec_arena_block){.size = (uint32_t)headers - 2};
}

/* Takes the block behind `before` out of the list, but for what is not needed of it. */
static struct wmrec_arena_block *take(struct wmrec_arena_block *first, struct wmrec_arena_block *before, size_t needed)
{
  struct wmrec_arena_block *block = &first[before->next];

  if (block->size > needed + 1) {
    struct wmrec_arena_block *rest = block + 1 + needed;

    rest->size = block->size - (uint32_t)needed - 1;
    rest->next = block->next;
    block->size = (uint32_t)needed;
    before->next += 1 + block->size;
  } else {
    before->next = block->next;
  }
  return block;
}

void *wmrec_arena_allocate(struct wmrec_arena *arena, size_t size)
{
  struct wmrec_arena_block *const first = arena->first;
  struct wmrec_arena_block *block = first;
  const size_t needed = size / sizeof *block + (size % sizeof *block != 0) + (size == 0);

  while (block != NULL && first[block->next].size < needed)
    block = block->next == 0 ? NULL : &first[block->next];
  if (block == NULL || arena->share->left / sizeof *block < 2 + needed) { /* a block may be one header larger */
    arena->share->is_exhausted = true;
    return NULL;
  }
  block = take(first, block, needed);
  size = (1 + block->size) * sizeof *block;
  arena->share->left -= size;
  arena->in_use += size;
  if (arena->in_use > arena->peak)
    arena->peak = arena->in_use;
  return memset(block + 1, 0, size - sizeof *block);
}

/* Joins a block with the free one behind it, if there is nothing in between. */
static void join(const struct wmrec_arena_block *first, struct wmrec_arena_block *block)
{
  const struct wmrec_arena_block *next = &first[block->next];

  if (block + 1 + block->size == next) {
    block->size += 1 + next->size;
    block->next = next->next;
  }
}

void wmrec_arena_free(struct wmrec_arena *arena, void *memory)
{
  struct wmrec_arena_block *const first = arena->first;
  struct wmrec_arena_block *before = first;
  struct wmrec_arena_block *block = memory;

  if (block == NULL)
    return;
  block--;
  arena->share->left += (1 + block->size) * sizeof *block;
  arena->in_use -= (1 + block->size) * sizeof *block;
  while (before->next != 0 && &first[before->next] < block)
    before = &first[before->next];
  block->next = before->next;
  before->next = (uint32_t)(block - first);
  join(first, block);
  if (before != first)
    join(first, before);
}

void wmrec_arena_for_each_free(const struct wmrec_arena *arena, size_t least, void (*rest)(void *memory, size_t size))
{
  struct wmrec_arena_block *block = arena->first;

  while (block != NULL && block->next != 0) {
    block = &arena->first[block->next];
    if (block->size * sizeof *block >= least)
      rest(block + 1, block->size * sizeof *block);
  }
}
