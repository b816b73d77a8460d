/* The lamp's random numbers, and the seeds that they are made from. A restart of the lamp leaves its state in memory as
 * it was: random.c is included, so that its state can be looked at and damaged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../../examples/lamp/random.c"

#include "support.h"

#include "tls.h"

static unsigned char arena_memory[65536] __attribute__((aligned(8)));
static unsigned char sram[1000]; /* as a power-up leaves it */
static struct seed left;         /* what a debugger left on the board */

bool board_seed(uint8_t given[BOARD_SEED])
{
  const bool is_valid = seed_is_valid(&left);

  memcpy(given, left.bytes, BOARD_SEED);
  memset(&left, 0, sizeof left);
  return is_valid;
}

static int64_t no_date(void)
{
  return 0;
}

static int start_tls(void **state_of_tests)
{
  static struct wmrec_tls_platform platform = {.random = random_bytes, .now = no_date};

  (void)state_of_tests;
  wmrec_arena_init(&platform.arena, arena_memory, sizeof arena_memory);
  return wmrec_tls_start(&platform);
}

static void leave_seed(int byte)
{
  memset(left.bytes, byte, sizeof left.bytes);
  seed_validate(&left);
}

/* What .bss holds is zero, .noinit is as it was. */
static void restart(void)
{
  is_seeded = false;
  numbers_left = 0;
  random_start(sram, sizeof sram);
}

/* All of the SRAM is these bytes, by chance. */
static void power_up(int byte)
{
  memset(&state, byte, sizeof state);
  memset(&left, byte, sizeof left);
  memset(sram, byte, sizeof sram);
  restart();
}

static int begin(void **state_of_tests)
{
  (void)state_of_tests;
  power_up(0x5a);
  return 0;
}

static void what_a_power_up_leaves_in_sram_is_no_seed(void **state_of_tests)
{
  unsigned char bytes[16];

  (void)state_of_tests;
  for (int byte = 0; byte <= 0xff; byte++) {
    power_up(byte);
    assert_false(random_is_seeded());
    assert_false(random_bytes(bytes, sizeof bytes));
  }
}

static void a_seed_with_any_bit_flipped_is_none(void **state_of_tests)
{
  (void)state_of_tests;
  for (size_t bit = 0; bit < 8 * sizeof left; bit++) {
    leave_seed(1);
    assert_true(seed_is_valid(&left));
    ((unsigned char *)&left)[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_false(seed_is_valid(&left));
    assert_false(random_is_seeded());
  }
}

static void a_seed_that_comes_later_is_taken(void **state_of_tests)
{
  unsigned char bytes[100] = {0};

  (void)state_of_tests;
  assert_false(random_is_seeded());
  leave_seed(1);
  assert_true(random_is_seeded());
  assert_true(random_bytes(bytes, sizeof bytes));
  assert_false(seed_is_valid(&left));
}

static void numbers_after_a_seed_are_not_those_of_before(void **state_of_tests)
{
  uint32_t before[8];

  (void)state_of_tests;
  for (int i = 0; i < 8; i++)
    before[i] = random_number();
  power_up(0x5a);
  assert_int_equal(random_number(), before[0]);
  leave_seed(1);
  assert_true(random_is_seeded());
  for (int i = 1; i < 8; i++)
    assert_int_not_equal(random_number(), before[i]);
}

static void after_a_restart_the_seed_is_still_there_and_the_numbers_go_on(void **state_of_tests)
{
  unsigned char first[32];
  unsigned char second[32];

  (void)state_of_tests;
  leave_seed(1);
  assert_true(random_is_seeded());
  assert_true(random_bytes(first, sizeof first));
  for (int restarts = 0; restarts < 3; restarts++) {
    restart();
    assert_true(random_is_seeded());
    assert_true(random_bytes(second, sizeof second));
    assert_memory_not_equal(first, second, sizeof first);
    memcpy(first, second, sizeof first);
  }
}

static void a_state_that_was_damaged_while_the_power_was_off_is_no_seed(void **state_of_tests)
{
  (void)state_of_tests;
  for (size_t bit = 0; bit < 8 * sizeof state; bit += 7) {
    leave_seed(1);
    assert_true(random_is_seeded());
    ((unsigned char *)&state)[bit / 8] ^= (unsigned char)(1 << bit % 8);
    restart();
    assert_false(random_is_seeded());
  }
}

static void the_same_seed_after_a_restart_does_not_give_the_same_numbers(void **state_of_tests)
{
  unsigned char first[32];
  unsigned char second[32];

  (void)state_of_tests;
  leave_seed(1);
  assert_true(random_is_seeded());
  random_bytes(first, sizeof first);
  leave_seed(1);
  restart();
  assert_true(random_is_seeded());
  random_bytes(second, sizeof second);
  assert_memory_not_equal(first, second, sizeof first);
}

static void a_seed_that_is_given_after_a_restart_is_taken_too(void **state_of_tests)
{
  struct seed without;

  (void)state_of_tests;
  leave_seed(1);
  assert_true(random_is_seeded());
  restart();
  without = state;
  power_up(0x5a);
  leave_seed(1);
  assert_true(random_is_seeded());
  leave_seed(2);
  restart();
  assert_false(seed_is_valid(&left));
  assert_memory_not_equal(&without, &state, sizeof state);
}

static void numbers_without_a_seed_are_made_of_all_of_the_sram(void **state_of_tests)
{
  uint32_t number;

  (void)state_of_tests;
  power_up(0);
  number = random_number();
  assert_int_not_equal(number, random_number());
  power_up(0);
  assert_int_equal(number, random_number()); /* so an emulator, whose SRAM is zero, has no secret */
  for (size_t at = 0; at < sizeof sram; at += 111) {
    memset(&state, 0, sizeof state);
    sram[at] ^= 1;
    restart();
    assert_int_not_equal(number, random_number());
    sram[at] ^= 1;
  }
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_a_power_up_leaves_in_sram_is_no_seed),
      TEST(a_seed_with_any_bit_flipped_is_none),
      TEST(a_seed_that_comes_later_is_taken),
      TEST(numbers_after_a_seed_are_not_those_of_before),
      TEST(after_a_restart_the_seed_is_still_there_and_the_numbers_go_on),
      TEST(a_state_that_was_damaged_while_the_power_was_off_is_no_seed),
      TEST(the_same_seed_after_a_restart_does_not_give_the_same_numbers),
      TEST(a_seed_that_is_given_after_a_restart_is_taken_too),
      TEST(numbers_without_a_seed_are_made_of_all_of_the_sram),
  };

  return cmocka_run_group_tests_name("random", tests, start_tls, NULL);
}
