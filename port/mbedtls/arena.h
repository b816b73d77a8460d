/* An allocator in memory that the caller gives: mbedTLS allocates, and a device has no heap to give it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ARENA_H
#define WMREC_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one user of an arena may have of it. Set left, and zero the rest. */
struct wmrec_arena_share {
  size_t left;       /* how much more it may have, in bytes, headers included; SIZE_MAX at first: all that there is */
  bool is_exhausted; /* an allocation for it has failed; set it to false to find out anew */
};

/* The fields may be read. Sizes in bytes, headers included. */
struct wmrec_arena {
  struct wmrec_arena_block *first;
  size_t size;
  size_t in_use;
  size_t peak; /* the most that was ever in use; set it to 0 to measure anew */

  /* For whom is allocated and freed, to be set before; at first, and for whoever has no share, common. Borrowed. What
   * was allocated for a share is to be freed for the same one. */
  struct wmrec_arena_share *share;
  struct wmrec_arena_share common;
};

/* Makes an arena of this memory: aligned to 8 bytes, under 4 GiB, and borrowed for as long as the arena is in use. The
 * arena itself is not to be moved. */
void wmrec_arena_init(struct wmrec_arena *arena, void *memory, size_t size);

/* Zeroed memory, aligned to 8 bytes; NULL: there is no room, or the share's limit is reached. */
void *wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);

/* Takes back what wmrec_arena_allocate() gave, or NULL. Not wiped. */
void wmrec_arena_free(struct wmrec_arena *arena, void *memory);

/* Calls rest() with the memory of each free block of at least so many bytes, for an operating system that takes back
 * what is not needed: what that memory holds may get lost, but it must be there when it is written to. */
void wmrec_arena_for_each_free(const struct wmrec_arena *arena, size_t least, void (*rest)(void *memory, size_t size));

#endif
