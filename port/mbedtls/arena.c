/* First fit, in a list of blocks that lie one behind the other. Neighbours that are free are joined at once, so that
 * what mbedTLS takes for a handshake and gives back leaves no holes behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arena.h"

#include <string.h>

/* A header, and right behind it the block's memory. Sizes count in headers, 8 bytes, so alignment comes by itself.
 * There is a last block, of no size, that is always used. */
struct wmrec_arena_block {
  uint32_t size : 31;
  uint32_t is_used : 1;
  uint32_t size_before; /* of the block before; 0: this is the first */
};

static struct wmrec_arena_block *block_after(struct wmrec_arena_block *block)
{
  return block + 1 + block->size;
}

static struct wmrec_arena_block *block_before(struct wmrec_arena_block *block)
{
  return block - 1 - block->size_before;
}

static void set_size(struct wmrec_arena_block *block, uint32_t size)
{
  block->size = size & (UINT32_MAX >> 1);
  block_after(block)->size_before = size;
}

void wmrec_arena_init(struct wmrec_arena *arena, void *memory, size_t size)
{
  struct wmrec_arena_block *first = memory;
  const size_t headers = size / sizeof *first;

  *arena = (struct wmrec_arena){.size = size};
  if (headers < 3)
    return;
  arena->first = first;
  arena->lowest = first;
  *first = (struct wmrec_arena_block){0};
  set_size(first, (uint32_t)headers - 2);
  block_after(first)->size = 0;
  block_after(first)->is_used = true;
}

/* The lowest that is free, or the last one; NULL: there are none at all. */
static struct wmrec_arena_block *lowest_free(struct wmrec_arena *arena)
{
  while (arena->lowest != NULL && arena->lowest->is_used && arena->lowest->size > 0)
    arena->lowest = block_after(arena->lowest);
  return arena->lowest;
}

void *wmrec_arena_allocate(struct wmrec_arena *arena, size_t size)
{
  struct wmrec_arena_block *block = lowest_free(arena);
  const size_t needed = size / sizeof *block + (size % sizeof *block != 0) + (size == 0);

  while (block != NULL && (block->is_used || block->size < needed))
    block = block->size == 0 ? NULL : block_after(block);
  if (block == NULL) {
    arena->is_exhausted = true;
    return NULL;
  }
  if (block->size > needed + 1) {
    const uint32_t rest = block->size - (uint32_t)needed - 1;

    set_size(block, (uint32_t)needed);
    block_after(block)->is_used = false;
    set_size(block_after(block), rest);
  }
  block->is_used = true;
  arena->in_use += (1 + block->size) * sizeof *block;
  if (arena->in_use > arena->peak)
    arena->peak = arena->in_use;
  return memset(block + 1, 0, block->size * sizeof *block);
}

/* Joins a block with the one behind it, if both are free. */
static void join(struct wmrec_arena_block *block)
{
  const struct wmrec_arena_block *after = block_after(block);

  if (!block->is_used && !after->is_used)
    set_size(block, (uint32_t)block->size + 1 + after->size);
}

void wmrec_arena_free(struct wmrec_arena *arena, void *memory)
{
  struct wmrec_arena_block *block = memory;

  if (block == NULL)
    return;
  block--;
  arena->in_use -= (1 + block->size) * sizeof *block;
  block->is_used = false;
  join(block);
  if (block->size_before > 0 && !block_before(block)->is_used) {
    block = block_before(block);
    join(block);
  }
  if (block < arena->lowest)
    arena->lowest = block;
}
