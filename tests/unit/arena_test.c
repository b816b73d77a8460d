/* port/mbedtls/arena.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"

enum { SIZE = 4096, BLOCKS = 64 };

static unsigned char memory[SIZE + 8] __attribute__((aligned(8)));
static struct wmrec_arena arena;

/* All of the memory can be allocated as one block: nothing is lost, and nothing is fragmented. */
static void assert_is_one_block(void)
{
  void *all = wmrec_arena_allocate(&arena, SIZE - 16);

  assert_int_equal(arena.in_use, SIZE - 8);
  assert_non_null(all);
  wmrec_arena_free(&arena, all);
  assert_int_equal(arena.in_use, 0);
}

static void an_empty_arena_can_allocate_all_but_two_headers(void **state)
{
  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  assert_null(wmrec_arena_allocate(&arena, SIZE - 15));
  assert_true(arena.common.is_exhausted);
  assert_is_one_block();
  assert_int_equal(arena.peak, SIZE - 8);
}

static void memory_is_zeroed_and_aligned_to_8_bytes(void **state)
{
  static const unsigned char zeros[SIZE];

  (void)state;
  memset(memory, 0xa5, sizeof memory);
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t size = 0; size < 64; size++) {
    unsigned char *block = wmrec_arena_allocate(&arena, size);

    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 8, 0);
    assert_memory_equal(block, zeros, size);
    memset(block, 0x5a, size);
  }
}

static void an_allocation_larger_than_any_arena_fails(void **state)
{
  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  assert_null(wmrec_arena_allocate(&arena, SIZE_MAX));
  assert_null(wmrec_arena_allocate(&arena, SIZE_MAX - 7));
  assert_is_one_block();
}

static void an_arena_that_is_too_small_for_any_block_allocates_nothing(void **state)
{
  (void)state;
  for (size_t size = 0; size < 24; size++) {
    wmrec_arena_init(&arena, memory, size);
    assert_null(wmrec_arena_allocate(&arena, 1));
    assert_true(arena.common.is_exhausted);
  }
}

static void freeing_null_does_nothing(void **state)
{
  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  wmrec_arena_free(&arena, NULL);
  assert_is_one_block();
}

static void blocks_freed_in_any_order_leave_no_fragments(void **state)
{
  static const unsigned char orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t i = 0; i < 6; i++) {
    void *blocks[3] = {wmrec_arena_allocate(&arena, 100), wmrec_arena_allocate(&arena, 1),
                       wmrec_arena_allocate(&arena, SIZE - 16 - 104 - 8 - 8 - 8)};

    for (size_t j = 0; j < 3; j++) {
      assert_non_null(blocks[j]);
      wmrec_arena_free(&arena, blocks[orders[i][j]]);
    }
    assert_is_one_block();
  }
}

static void blocks_never_overlap_and_stay_inside_the_arena(void **state)
{
  static struct {
    unsigned char *start;
    size_t size;
  } blocks[BLOCKS];
  uint32_t random = 1;

  (void)state;
  memset(memory, 0xee, sizeof memory);
  wmrec_arena_init(&arena, memory, SIZE);
  for (unsigned round = 0; round < 100000; round++) {
    const unsigned i = (random = random * 1664525 + 1013904223) >> 26;

    for (size_t j = 0; j < blocks[i].size; j++)
      assert_int_equal(blocks[i].start[j], i);
    wmrec_arena_free(&arena, blocks[i].start);
    blocks[i].size = (random >> 8) % 200;
    blocks[i].start = wmrec_arena_allocate(&arena, blocks[i].size);
    if (blocks[i].start == NULL)
      blocks[i].size = 0;
    else
      memset(blocks[i].start, (int)i, blocks[i].size);
  }
  assert_true(arena.common.is_exhausted);
  for (unsigned i = 0; i < BLOCKS; i++)
    wmrec_arena_free(&arena, blocks[i].start);
  assert_is_one_block();
  for (size_t i = SIZE; i < sizeof memory; i++)
    assert_int_equal(memory[i], 0xee);
}

static size_t released;

static void release(void *bytes, size_t size)
{
  memset(bytes, 0xee, size);
  released += size;
}

static void the_content_of_large_free_blocks_may_be_lost(void **state)
{
  unsigned char *blocks[5];

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t i = 0; i < 5; i++)
    blocks[i] = wmrec_arena_allocate(&arena, i == 1 ? 96 : 512);
  wmrec_arena_free(&arena, blocks[1]);
  wmrec_arena_free(&arena, blocks[3]);
  released = 0;
  wmrec_arena_for_each_free(&arena, 104, release);
  assert_int_equal(released, 512 + SIZE - 8 - (8 + 96) - 4 * (8 + 512) - 8);
  for (size_t i = 0; i < 5; i += 2) {
    for (size_t j = 0; j < 512; j++)
      assert_int_equal(blocks[i][j], 0);
    wmrec_arena_free(&arena, blocks[i]);
  }
  assert_is_one_block();
  wmrec_arena_init(&arena, memory, 0);
  wmrec_arena_for_each_free(&arena, 0, release);
}

static void a_share_cannot_allocate_more_than_its_limit(void **state)
{
  struct wmrec_arena_share share = {.left = 8 + 96 + 8 + 32 + 8}; /* a block may be 8 bytes larger */
  void *first;

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  arena.share = &share;
  first = wmrec_arena_allocate(&arena, 96);
  assert_non_null(first);
  assert_null(wmrec_arena_allocate(&arena, 33));
  assert_true(share.is_exhausted);
  assert_false(arena.common.is_exhausted);
  assert_int_equal(share.left, 8 + 32 + 8);
  assert_non_null(wmrec_arena_allocate(&arena, 32));
  assert_int_equal(share.left, 8);
  assert_null(wmrec_arena_allocate(&arena, 1));
  wmrec_arena_free(&arena, first);
  assert_non_null(wmrec_arena_allocate(&arena, 96));
}

static void an_exhausted_share_does_not_limit_the_others(void **state)
{
  struct wmrec_arena_share greedy = {.left = 1024};
  struct wmrec_arena_share other = {.left = SIZE};

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  arena.share = &greedy;
  while (wmrec_arena_allocate(&arena, 100) != NULL)
    continue;
  arena.share = &other;
  assert_non_null(wmrec_arena_allocate(&arena, 1024));
  assert_int_equal(other.left, SIZE - (8 + 1024));
  arena.share = &arena.common;
  assert_non_null(wmrec_arena_allocate(&arena, 1024));
  assert_true(greedy.is_exhausted && !other.is_exhausted && !arena.common.is_exhausted);
  assert_int_equal(arena.in_use, 1024 - greedy.left + 2 * (8 + 1024));
}

static void in_use_is_the_sum_of_what_the_shares_have_allocated(void **state)
{
  struct wmrec_arena_share shares[2] = {{.left = SIZE / 4}, {.left = SIZE / 4}};
  void *blocks[2][BLOCKS / 2] = {{NULL}};
  uint32_t random = 1;

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (unsigned round = 0; round < 100000; round++) {
    const unsigned i = (random = random * 1664525 + 1013904223) >> 26;
    void **block = &blocks[i % 2][i / 2];

    arena.share = &shares[i % 2];
    wmrec_arena_free(&arena, *block);
    *block = wmrec_arena_allocate(&arena, (random >> 8) % 200);
    assert_true(shares[i % 2].left <= SIZE / 4);
    assert_int_equal(arena.in_use, SIZE / 2 - shares[0].left - shares[1].left);
  }
  for (unsigned i = 0; i < BLOCKS; i++) {
    arena.share = &shares[i % 2];
    wmrec_arena_free(&arena, blocks[i % 2][i / 2]);
  }
  assert_int_equal(shares[0].left + shares[1].left, SIZE / 2);
  arena.share = &arena.common;
  assert_is_one_block();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_arena_can_allocate_all_but_two_headers),
      cmocka_unit_test(memory_is_zeroed_and_aligned_to_8_bytes),
      cmocka_unit_test(an_allocation_larger_than_any_arena_fails),
      cmocka_unit_test(an_arena_that_is_too_small_for_any_block_allocates_nothing),
      cmocka_unit_test(freeing_null_does_nothing),
      cmocka_unit_test(blocks_freed_in_any_order_leave_no_fragments),
      cmocka_unit_test(blocks_never_overlap_and_stay_inside_the_arena),
      cmocka_unit_test(a_share_cannot_allocate_more_than_its_limit),
      cmocka_unit_test(an_exhausted_share_does_not_limit_the_others),
      cmocka_unit_test(in_use_is_the_sum_of_what_the_shares_have_allocated),
      cmocka_unit_test(the_content_of_large_free_blocks_may_be_lost),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
