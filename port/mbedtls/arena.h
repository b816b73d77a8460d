/* An allocator in memory that the caller gives. mbedTLS needs one, and a device has no heap.
 *
 *     static unsigned char memory[65536] __attribute__((aligned(8)));
 *     struct wmrec_arena arena;
 *
 *     wmrec_arena_init(&arena, memory, sizeof memory);
 *     void *block = wmrec_arena_allocate(&arena, 100);
 *     wmrec_arena_free(&arena, block);
 *
 * Threads: an arena has no lock and no globals. One thread at a time may use an arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ARENA_H
#define WMREC_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A limit for one user of an arena. Set left, and zero the rest. */
struct wmrec_arena_share {
  size_t left;       /* the bytes that it may still allocate, headers included; SIZE_MAX at first: no limit */
  bool is_exhausted; /* an allocation for it has failed; set it to false to detect the next failure */
};

/* All fields may be read. Sizes are in bytes, and include the 8 bytes of each block's header. */
struct wmrec_arena {
  struct wmrec_arena_block *first; /* private */
  size_t size;                     /* of the memory */
  size_t in_use;
  size_t peak; /* the maximum of in_use; set it to 0 to measure again */

  /* The share that wmrec_arena_allocate() and wmrec_arena_free() count for; borrowed. Set it before you call them; at
   * first it is &common, which has no limit. A block must be freed for the share for which it was allocated. */
  struct wmrec_arena_share *share;
  struct wmrec_arena_share common;
};

/* Makes an arena. memory: aligned to 8 bytes, less than 4 GiB; borrowed for as long as the arena is in use. The struct
 * must not be moved or copied afterwards: it points to itself. */
void wmrec_arena_init(struct wmrec_arena *arena, void *memory, size_t size);

/* Returns zeroed memory, aligned to 8 bytes, also if size is 0. NULL: no free block is large enough, or the share's
 * limit is reached; the share's is_exhausted is then set. */
void *wmrec_arena_allocate(struct wmrec_arena *arena, size_t size);

/* Frees what wmrec_arena_allocate() returned; NULL: does nothing. The memory is not wiped. */
void wmrec_arena_free(struct wmrec_arena *arena, void *memory);

/* Calls release() with the memory of each free block of min_size bytes or more. An operating system can take such
 * memory back: its content may be lost, but it must stay mapped and writable. release() must not use the arena. */
void wmrec_arena_for_each_free(const struct wmrec_arena *arena, size_t min_size,
                               void (*release)(void *memory, size_t size));

#ifdef __cplusplus
}
#endif

#endif
