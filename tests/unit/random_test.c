/* The lamp's random numbers, and the seeds that they are generated from. The test includes random.c, to read and damage
 * the state of the generator, which survives a restart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../../examples/lamp/random.c"

#include "support.h"

#include "tls_platform.h"

static unsigned char arena_memory[65536] __attribute__((aligned(8)));
static unsigned char sram[1000];    /* the memory that random_start() is given */
static const unsigned char *secret; /* the secret that random_start() is given */
static struct seed board_seed;      /* the seed on the board */
static struct seed flash_seed;      /* the seed that is made of flash, settings and noise; see flash_seed_test.c */

static bool take(struct seed *seed, uint8_t taken[BOARD_SEED_SIZE])
{
  const bool is_valid = seed_is_valid(seed);

  memcpy(taken, seed->bytes, BOARD_SEED_SIZE);
  memset(seed, 0, sizeof *seed);
  return is_valid;
}

bool board_take_seed(uint8_t taken[BOARD_SEED_SIZE])
{
  return take(&board_seed, taken);
}

bool flash_seed_take(const unsigned char *given, uint8_t taken[BOARD_SEED_SIZE])
{
  assert_ptr_equal(given, secret);
  return take(&flash_seed, taken);
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

static void put_seed(int byte)
{
  memset(board_seed.bytes, byte, sizeof board_seed.bytes);
  seed_validate(&board_seed);
}

/* As a restart does: clears .bss, and leaves .noinit as it is. */
static void restart(void)
{
  is_seeded = false;
  numbers_left = 0;
  random_start(sram, sizeof sram, secret);
}

/* Fills the whole SRAM with this byte, and starts. */
static void power_up(int byte)
{
  memset(&state, byte, sizeof state);
  memset(&board_seed, byte, sizeof board_seed);
  memset(sram, byte, sizeof sram);
  restart();
}

static int set_up(void **state_of_tests)
{
  (void)state_of_tests;
  secret = NULL;
  memset(&flash_seed, 0, sizeof flash_seed);
  power_up(0x5a);
  return 0;
}

static void arbitrary_sram_after_power_up_is_not_a_seed(void **state_of_tests)
{
  unsigned char bytes[16];

  (void)state_of_tests;
  for (int byte = 0; byte <= 0xff; byte++) {
    power_up(byte);
    assert_false(random_is_seeded());
    assert_false(random_bytes(bytes, sizeof bytes));
  }
}

static void a_seed_with_any_bit_flipped_is_invalid(void **state_of_tests)
{
  (void)state_of_tests;
  for (size_t bit = 0; bit < 8 * sizeof board_seed; bit++) {
    put_seed(1);
    assert_true(seed_is_valid(&board_seed));
    ((unsigned char *)&board_seed)[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_false(seed_is_valid(&board_seed));
    assert_false(random_is_seeded());
  }
}

static void a_seed_that_is_written_after_the_start_is_used(void **state_of_tests)
{
  unsigned char bytes[100] = {0};

  (void)state_of_tests;
  assert_false(random_is_seeded());
  put_seed(1);
  assert_true(random_is_seeded());
  assert_true(random_bytes(bytes, sizeof bytes));
  assert_false(seed_is_valid(&board_seed));
}

static void a_seed_changes_the_numbers_that_follow(void **state_of_tests)
{
  uint32_t before[8];

  (void)state_of_tests;
  for (int i = 0; i < 8; i++)
    before[i] = random_number();
  power_up(0x5a);
  assert_int_equal(random_number(), before[0]);
  put_seed(1);
  assert_true(random_is_seeded());
  for (int i = 1; i < 8; i++)
    assert_int_not_equal(random_number(), before[i]);
}

static void the_state_survives_a_restart_and_numbers_do_not_repeat(void **state_of_tests)
{
  unsigned char first[32];
  unsigned char second[32];

  (void)state_of_tests;
  put_seed(1);
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

static void a_damaged_state_is_not_used_after_a_restart(void **state_of_tests)
{
  (void)state_of_tests;
  for (size_t bit = 0; bit < 8 * sizeof state; bit += 7) {
    put_seed(1);
    assert_true(random_is_seeded());
    ((unsigned char *)&state)[bit / 8] ^= (unsigned char)(1 << bit % 8);
    restart();
    assert_false(random_is_seeded());
  }
}

static void the_same_seed_after_a_restart_generates_other_numbers(void **state_of_tests)
{
  unsigned char first[32];
  unsigned char second[32];

  (void)state_of_tests;
  put_seed(1);
  assert_true(random_is_seeded());
  random_bytes(first, sizeof first);
  put_seed(1);
  restart();
  assert_true(random_is_seeded());
  random_bytes(second, sizeof second);
  assert_memory_not_equal(first, second, sizeof first);
}

static void a_seed_after_a_restart_is_used_even_if_the_state_survived(void **state_of_tests)
{
  struct seed without;

  (void)state_of_tests;
  put_seed(1);
  assert_true(random_is_seeded());
  restart();
  without = state;
  power_up(0x5a);
  put_seed(1);
  assert_true(random_is_seeded());
  put_seed(2);
  restart();
  assert_false(seed_is_valid(&board_seed));
  assert_memory_not_equal(&without, &state, sizeof state);
}

static void without_a_seed_every_part_of_the_sram_changes_the_numbers(void **state_of_tests)
{
  uint32_t number;

  (void)state_of_tests;
  power_up(0);
  number = random_number();
  assert_int_not_equal(number, random_number());
  power_up(0);
  assert_int_equal(number,
                   random_number()); /* equal SRAM generates equal numbers: in an emulator, they are no secret */
  for (size_t at = 0; at < sizeof sram; at += 111) {
    memset(&state, 0, sizeof state);
    sram[at] ^= 1;
    restart();
    assert_int_not_equal(number, random_number());
    sram[at] ^= 1;
  }
}

static void each_bit_of_the_secret_changes_the_numbers_also_without_a_seed(void **state_of_tests)
{
  static unsigned char given[SETTINGS_SECRET];
  uint32_t numbers_of[1 + 8 * SETTINGS_SECRET];

  (void)state_of_tests;
  numbers_of[0] = random_number();
  secret = given;
  for (size_t bit = 0; bit < 8 * sizeof given; bit++) {
    given[bit / 8] = (unsigned char)(1 << bit % 8);
    power_up(0x5a);
    assert_false(random_is_seeded());
    numbers_of[1 + bit] = random_number();
    given[bit / 8] = 0;
    for (size_t other = 0; other <= bit; other++)
      assert_int_not_equal(numbers_of[1 + bit], numbers_of[other]);
  }
}

static void the_seed_in_flash_is_taken_at_the_start_only(void **state_of_tests)
{
  struct seed without;

  (void)state_of_tests;
  memset(flash_seed.bytes, 1, sizeof flash_seed.bytes);
  seed_validate(&flash_seed);
  assert_false(random_is_seeded());
  assert_true(seed_is_valid(&flash_seed));
  without = state;
  power_up(0x5a);
  assert_true(random_is_seeded());
  assert_false(seed_is_valid(&flash_seed));
  assert_memory_not_equal(&without, &state, sizeof state);
}

static void both_seeds_count(void **state_of_tests)
{
  uint32_t numbers_of[4];

  (void)state_of_tests;
  for (unsigned i = 0; i < 4; i++) {
    memset(&state, 0, sizeof state);
    put_seed((int)(i & 1));
    memset(flash_seed.bytes, (int)(i >> 1), sizeof flash_seed.bytes);
    seed_validate(&flash_seed);
    restart();
    numbers_of[i] = random_number();
    for (unsigned other = 0; other < i; other++)
      assert_int_not_equal(numbers_of[i], numbers_of[other]);
  }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(arbitrary_sram_after_power_up_is_not_a_seed),
      TEST(a_seed_with_any_bit_flipped_is_invalid),
      TEST(a_seed_that_is_written_after_the_start_is_used),
      TEST(a_seed_changes_the_numbers_that_follow),
      TEST(the_state_survives_a_restart_and_numbers_do_not_repeat),
      TEST(a_damaged_state_is_not_used_after_a_restart),
      TEST(the_same_seed_after_a_restart_generates_other_numbers),
      TEST(a_seed_after_a_restart_is_used_even_if_the_state_survived),
      TEST(without_a_seed_every_part_of_the_sram_changes_the_numbers),
      TEST(each_bit_of_the_secret_changes_the_numbers_also_without_a_seed),
      TEST(the_seed_in_flash_is_taken_at_the_start_only),
      TEST(both_seeds_count),
  };

  return cmocka_run_group_tests_name("random", tests, start_tls, NULL);
}
