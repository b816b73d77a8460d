/* First fit, in a list of the free blocks, in the order of their addresses. Neighbours that are free are joined at
 * once, so that the memory of a handshake is one block again after it. Blocks in use are in no list: with many
 * connections, there are thousands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arena.h"

#include <string.h>

/* The header of a block; the block's memory follows it. All counts are in headers, 8 bytes, so each block is aligned.
 * The first header has no memory: it is the head of the list. */
struct wmrec_arena_block {
  uint32_t size; /* of the memory, in headers */
  uint32_t next; /* while it is free: the index of the next free block's header; 0: it is the last */
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

/* Removes the block after `previous` from the list, and returns it. The part that is not needed stays in the list. */
static struct wmrec_arena_block *take_block(struct wmrec_arena_block *first, struct wmrec_arena_block *previous,
                                            size_t needed)
{
  struct wmrec_arena_block *block = &first[previous->next];

  if (block->size > needed + 1) {
    struct wmrec_arena_block *remainder = block + 1 + needed;

    remainder->size = block->size - (uint32_t)needed - 1;
    remainder->next = block->next;
    block->size = (uint32_t)needed;
    previous->next += 1 + block->size;
  } else {
    previous->next = block->next;
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
  /* 2: the block's header, and a remainder that would be too small to split off. */
  if (block == NULL || arena->share->left / sizeof *block < 2 + needed) {
    arena->share->is_exhausted = true;
    return NULL;
  }
  block = take_block(first, block, needed);
  size = (1 + block->size) * sizeof *block;
  arena->share->left -= size;
  arena->in_use += size;
  if (arena->in_use > arena->peak)
    arena->peak = arena->in_use;
  return memset(block + 1, 0, size - sizeof *block);
}

/* Joins a free block with the next free block, if they are neighbours. */
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
  struct wmrec_arena_block *previous = first;
  struct wmrec_arena_block *block = memory;

  if (block == NULL)
    return;
  block--;
  arena->share->left += (1 + block->size) * sizeof *block;
  arena->in_use -= (1 + block->size) * sizeof *block;
  while (previous->next != 0 && &first[previous->next] < block)
    previous = &first[previous->next];
  block->next = previous->next;
  previous->next = (uint32_t)(block - first);
  join(first, block);
  if (previous != first)
    join(first, previous);
}

void wmrec_arena_for_each_free(const struct wmrec_arena *arena, size_t min_size,
                               void (*release)(void *memory, size_t size))
{
  struct wmrec_arena_block *block = arena->first;

  while (block != NULL && block->next != 0) {
    block = &arena->first[block->next];
    if (block->size * sizeof *block >= min_size)
      release(block + 1, block->size * sizeof *block);
  }
}
