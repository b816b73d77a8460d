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

enum { SIZE = 4096, PIECES = 64 };

static unsigned char memory[SIZE + 8] __attribute__((aligned(8)));
static struct wmrec_arena arena;

/* All of it in one piece: so nothing is lost, and no hole is left. */
static void assert_is_whole(void)
{
  void *all = wmrec_arena_allocate(&arena, SIZE - 16);

  assert_int_equal(arena.in_use, SIZE - 8);
  assert_non_null(all);
  wmrec_arena_free(&arena, all);
  assert_int_equal(arena.in_use, 0);
}

static void an_empty_arena_gives_all_but_two_headers(void **state)
{
  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  assert_null(wmrec_arena_allocate(&arena, SIZE - 15));
  assert_true(arena.common.is_exhausted);
  assert_is_whole();
  assert_int_equal(arena.peak, SIZE - 8);
}

static void memory_is_zeroed_and_aligned_to_8_bytes(void **state)
{
  static const unsigned char zeros[SIZE];

  (void)state;
  memset(memory, 0xa5, sizeof memory);
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t size = 0; size < 64; size++) {
    unsigned char *piece = wmrec_arena_allocate(&arena, size);

    assert_non_null(piece);
    assert_int_equal((uintptr_t)piece % 8, 0);
    assert_memory_equal(piece, zeros, size);
    memset(piece, 0x5a, size);
  }
}

static void a_size_that_is_too_large_for_any_arena_fails(void **state)
{
  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  assert_null(wmrec_arena_allocate(&arena, SIZE_MAX));
  assert_null(wmrec_arena_allocate(&arena, SIZE_MAX - 7));
  assert_is_whole();
}

static void an_arena_too_small_for_anything_gives_nothing(void **state)
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
  assert_is_whole();
}

static void no_order_of_frees_leaves_a_hole(void **state)
{
  static const unsigned char orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t i = 0; i < 6; i++) {
    void *pieces[3] = {wmrec_arena_allocate(&arena, 100), wmrec_arena_allocate(&arena, 1),
                       wmrec_arena_allocate(&arena, SIZE - 16 - 104 - 8 - 8 - 8)};

    for (size_t j = 0; j < 3; j++) {
      assert_non_null(pieces[j]);
      wmrec_arena_free(&arena, pieces[orders[i][j]]);
    }
    assert_is_whole();
  }
}

static void pieces_never_overlap_nor_leave_the_arena(void **state)
{
  static struct {
    unsigned char *start;
    size_t size;
  } pieces[PIECES];
  uint32_t random = 1;

  (void)state;
  memset(memory, 0xee, sizeof memory);
  wmrec_arena_init(&arena, memory, SIZE);
  for (unsigned round = 0; round < 100000; round++) {
    const unsigned i = (random = random * 1664525 + 1013904223) >> 26;

    for (size_t j = 0; j < pieces[i].size; j++)
      assert_int_equal(pieces[i].start[j], i);
    wmrec_arena_free(&arena, pieces[i].start);
    pieces[i].size = (random >> 8) % 200;
    pieces[i].start = wmrec_arena_allocate(&arena, pieces[i].size);
    if (pieces[i].start == NULL)
      pieces[i].size = 0;
    else
      memset(pieces[i].start, (int)i, pieces[i].size);
  }
  assert_true(arena.common.is_exhausted);
  for (unsigned i = 0; i < PIECES; i++)
    wmrec_arena_free(&arena, pieces[i].start);
  assert_is_whole();
  for (size_t i = SIZE; i < sizeof memory; i++)
    assert_int_equal(memory[i], 0xee);
}

static size_t rested;

static void rest(void *bytes, size_t size)
{
  memset(bytes, 0xee, size);
  rested += size;
}

static void all_free_memory_but_small_blocks_can_be_lost_without_harm(void **state)
{
  unsigned char *pieces[5];

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (size_t i = 0; i < 5; i++)
    pieces[i] = wmrec_arena_allocate(&arena, i == 1 ? 96 : 512);
  wmrec_arena_free(&arena, pieces[1]);
  wmrec_arena_free(&arena, pieces[3]);
  rested = 0;
  wmrec_arena_for_each_free(&arena, 104, rest);
  assert_int_equal(rested, 512 + SIZE - 8 - (8 + 96) - 4 * (8 + 512) - 8);
  for (size_t i = 0; i < 5; i += 2) {
    for (size_t j = 0; j < 512; j++)
      assert_int_equal(pieces[i][j], 0);
    wmrec_arena_free(&arena, pieces[i]);
  }
  assert_is_whole();
  wmrec_arena_init(&arena, memory, 0);
  wmrec_arena_for_each_free(&arena, 0, rest);
}

static void a_share_gets_no_more_than_what_is_left_for_it(void **state)
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

static void a_share_that_is_used_up_leaves_the_rest_to_others(void **state)
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

static void what_shares_have_taken_is_what_is_in_use(void **state)
{
  struct wmrec_arena_share shares[2] = {{.left = SIZE / 4}, {.left = SIZE / 4}};
  void *pieces[2][PIECES / 2] = {{NULL}};
  uint32_t random = 1;

  (void)state;
  wmrec_arena_init(&arena, memory, SIZE);
  for (unsigned round = 0; round < 100000; round++) {
    const unsigned i = (random = random * 1664525 + 1013904223) >> 26;
    void **piece = &pieces[i % 2][i / 2];

    arena.share = &shares[i % 2];
    wmrec_arena_free(&arena, *piece);
    *piece = wmrec_arena_allocate(&arena, (random >> 8) % 200);
    assert_true(shares[i % 2].left <= SIZE / 4);
    assert_int_equal(arena.in_use, SIZE / 2 - shares[0].left - shares[1].left);
  }
  for (unsigned i = 0; i < PIECES; i++) {
    arena.share = &shares[i % 2];
    wmrec_arena_free(&arena, pieces[i % 2][i / 2]);
  }
  assert_int_equal(shares[0].left + shares[1].left, SIZE / 2);
  arena.share = &arena.common;
  assert_is_whole();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_arena_gives_all_but_two_headers),
      cmocka_unit_test(memory_is_zeroed_and_aligned_to_8_bytes),
      cmocka_unit_test(a_size_that_is_too_large_for_any_arena_fails),
      cmocka_unit_test(an_arena_too_small_for_anything_gives_nothing),
      cmocka_unit_test(freeing_null_does_nothing),
      cmocka_unit_test(no_order_of_frees_leaves_a_hole),
      cmocka_unit_test(pieces_never_overlap_nor_leave_the_arena),
      cmocka_unit_test(a_share_gets_no_more_than_what_is_left_for_it),
      cmocka_unit_test(a_share_that_is_used_up_leaves_the_rest_to_others),
      cmocka_unit_test(what_shares_have_taken_is_what_is_in_use),
      cmocka_unit_test(all_free_memory_but_small_blocks_can_be_lost_without_harm),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
