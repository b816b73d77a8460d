/* The seed of a start on a board with seed flash: flash_seed.c and seed_records.c, with a model of flash whose power
 * fails. A start runs random_start(); its first numbers are those that random_bytes() gives then. The test includes
 * random.c, as a power failure wipes its state.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../../examples/lamp/random.c"

#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "nor_flash.h"
#include "tls_platform.h"

enum { PAGE = BOARD_FLASH_PAGE, SECTOR = BOARD_FLASH_SECTOR, NUMBERS = 16, MOST_STARTS = 10000 };

static unsigned char arena_memory[65536] __attribute__((aligned(8)));

/* What differs between devices and starts. */
static struct {
  bool has_secret;
  unsigned char secret[SETTINGS_SECRET];
  uint8_t unique_id[BOARD_UNIQUE_SIZE];
  uint32_t clock;
  bool is_stuck;       /* the noise source only gives ones, ... */
  unsigned odd_sample; /* except for this sample of each start */
  unsigned samples;    /* of this start */
  uint32_t noise;      /* the state of a healthy one */
} device;

static char report[100];                        /* of the last start */
static unsigned char first_numbers[NUMBERS];    /* of the last start */
static unsigned char all[MOST_STARTS][NUMBERS]; /* the first numbers of all starts of a test */
static size_t starts;                           /* of them */

bool board_take_seed(uint8_t seed[BOARD_SEED_SIZE])
{
  (void)seed;
  return false;
}

unsigned board_noise_bit(void)
{
  if (device.is_stuck)
    return device.samples++ != device.odd_sample;
  device.noise ^= device.noise << 13;
  device.noise ^= device.noise >> 17;
  device.noise ^= device.noise << 5;
  return device.noise >> 16;
}

void board_unique_id(uint8_t id[BOARD_UNIQUE_SIZE])
{
  memcpy(id, device.unique_id, BOARD_UNIQUE_SIZE);
}

uint32_t board_clock(void)
{
  return device.clock;
}

void log_begin(void)
{
  report[0] = '\0';
}

void log_text(const char *name, const char *value)
{
  const size_t length = strlen(report);

  snprintf(report + length, sizeof report - length, "%s%s=%s", length == 0 ? "" : " ", name, value);
}

void log_end(void)
{
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

/* Power-up with the flash as it is, and a start, in which nor_fail() may be planned. SRAM is always the same. Returns
 * false if the power has failed. */
static bool run(void)
{
  static const unsigned char sram[100];

  memset(&state, 0, sizeof state);
  is_seeded = false;
  numbers_left = 0;
  device.samples = 0;
  if (setjmp(nor_power_failure) != 0)
    return false;
  random_start(sram, sizeof sram, device.has_secret ? device.secret : NULL);
  if (random_bytes(first_numbers, sizeof first_numbers)) {
    assert_true(starts < MOST_STARTS);
    memcpy(all[starts++], first_numbers, NUMBERS);
  }
  return true;
}

static void power_up(void)
{
  nor_power_on();
  assert_true(run());
}

static void assert_report(const char *expected)
{
  assert_string_equal(report, expected);
  assert_true(random_is_seeded() == (strncmp(expected, "seed=ok", 7) == 0 || strncmp(expected, "seed=new", 8) == 0));
}

static int compare(const void *a, const void *b)
{
  return memcmp(a, b, NUMBERS);
}

static void assert_no_numbers_are_alike(void)
{
  qsort(all, starts, NUMBERS, compare);
  for (size_t i = 1; i < starts; i++)
    assert_memory_not_equal(all[i - 1], all[i], NUMBERS);
}

/* Any eight bytes in a row. */
static bool has_part_of(const unsigned char *bytes, size_t length)
{
  for (size_t part = 0; part + 8 <= length; part++)
    for (size_t at = 0; at + 8 <= NOR_SIZE; at++)
      if (memcmp(nor.bytes + at, bytes + part, 8) == 0)
        return true;
  return false;
}

/* The page with the only record; all other pages have none, and read the same each time. */
static const unsigned char *only_record(void)
{
  const unsigned char *found = NULL;

  for (size_t at = 0; at < NOR_SIZE; at += PAGE) {
    bool has_record = false;

    if (at % SECTOR == 0)
      continue;
    assert_false(nor_is_marginal(at));
    for (size_t i = 0; i < PAGE; i++)
      has_record |= nor.bytes[at + i] != 0 && nor.bytes[at + i] != 0xff;
    assert_false(has_record && found != NULL);
    found = has_record ? nor.bytes + at : found;
  }
  assert_non_null(found);
  return found;
}

static void copy_seed(unsigned char seed[BOARD_SEED_SIZE])
{
  memcpy(seed, only_record(), BOARD_SEED_SIZE);
}

/* A new device: erased flash, settings with a secret, a healthy noise source. */
static int set_up(void **state_of_tests)
{
  (void)state_of_tests;
  memset(&nor, 0, sizeof nor);
  memset(nor.bytes, 0xff, sizeof nor.bytes);
  memset(&device, 0, sizeof device);
  device.has_secret = true;
  memset(device.secret, 0x5e, sizeof device.secret);
  device.noise = 1;
  device.odd_sample = UINT_MAX;
  starts = 0;
  return 0;
}

/* A device that has started so often, and whose noise source is stuck from then on. */
static void set_up_started(unsigned times)
{
  set_up(NULL);
  for (unsigned i = 0; i < times; i++)
    power_up();
  device.is_stuck = true;
}

/* Reports. */

static void the_first_start_needs_healthy_noise_and_later_ones_do_not(void **state_of_tests)
{
  (void)state_of_tests;
  device.is_stuck = true;
  power_up();
  assert_report("seed=no-noise noise=stuck");
  assert_int_equal(nor_operations, 0);
  device.is_stuck = false;
  power_up();
  assert_report("seed=new noise=ok");
  power_up();
  assert_report("seed=ok noise=ok");
  device.is_stuck = true;
  power_up();
  assert_report("seed=ok noise=stuck");
}

static void without_a_secret_there_is_no_seed_and_the_flash_stays(void **state_of_tests)
{
  struct nor_flash before;

  (void)state_of_tests;
  power_up();
  before = nor;
  device.has_secret = false;
  power_up();
  assert_report("seed=no-secret noise=ok");
  assert_memory_equal(&before, &nor, sizeof nor);
  device.has_secret = true;
  power_up();
  assert_report("seed=ok noise=ok");
}

/* random_is_seeded() is called in each step. */
static void the_flash_is_written_once_per_start(void **state_of_tests)
{
  unsigned operations;

  (void)state_of_tests;
  power_up();
  operations = nor_operations;
  for (unsigned i = 0; i < 10; i++)
    assert_true(random_is_seeded());
  device.has_secret = false;
  power_up();
  for (unsigned i = 0; i < 10; i++)
    assert_false(random_is_seeded());
  assert_int_equal(nor_operations, 0);
  assert_true(operations > 0);
}

static void flash_with_any_content_is_taken_at_the_first_start(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned content = 0; content < 260; content++) {
    set_up(NULL);
    for (size_t i = 0; i < NOR_SIZE; i++)
      nor.bytes[i] = (unsigned char)(content < 256 ? content : nor_random());
    device.is_stuck = true;
    power_up();
    assert_report("seed=no-noise noise=stuck");
    device.is_stuck = false;
    power_up();
    assert_report("seed=new noise=ok");
    only_record();
    device.is_stuck = true;
    power_up();
    assert_report("seed=ok noise=stuck");
  }
}

static void a_record_with_any_bit_flipped_is_none(void **state_of_tests)
{
  enum { RECORD = BOARD_SEED_SIZE + 12 };

  (void)state_of_tests;
  for (size_t bit = 0; bit < 8 * RECORD; bit++) {
    set_up_started(1);
    nor.bytes[PAGE + bit / 8] ^= (unsigned char)(1 << bit % 8);
    power_up();
    assert_report("seed=no-noise noise=stuck");
  }
}

/* What the numbers depend on. */

static void each_start_gives_other_numbers(void **state_of_tests)
{
  (void)state_of_tests;
  set_up_started(1);
  while (starts < (is_fewer() ? 100 : 1000))
    power_up();
  assert_no_numbers_are_alike();
}

/* A start of a device that was set back to an earlier moment. */
static void start_again_from(const struct nor_flash *copied)
{
  nor = *copied;
  power_up();
}

static void the_numbers_depend_on_all_inputs(void **state_of_tests)
{
  const struct nor_flash copied = (set_up_started(1), nor);
  unsigned char expected[NUMBERS];

  (void)state_of_tests;
  start_again_from(&copied);
  memcpy(expected, first_numbers, NUMBERS);
  start_again_from(&copied);
  assert_memory_equal(first_numbers, expected, NUMBERS); /* nothing differs */
  starts--;
  for (size_t i = 0; i < sizeof device.unique_id; i++) {
    device.unique_id[i] = 1;
    start_again_from(&copied);
    device.unique_id[i] = 0;
  }
  for (size_t i = 0; i < sizeof device.secret; i++) {
    device.secret[i] ^= 1;
    start_again_from(&copied);
    device.secret[i] ^= 1;
  }
  for (device.clock = 1; device.clock < 10; device.clock++)
    start_again_from(&copied);
  device.clock = 0;
  for (device.odd_sample = 1; device.odd_sample < 2048; device.odd_sample++)
    start_again_from(&copied);
  assert_no_numbers_are_alike();
}

static void the_seed_in_flash_depends_on_all_inputs_too(void **state_of_tests)
{
  const struct nor_flash copied = (set_up_started(1), nor);
  unsigned char seeds[4][BOARD_SEED_SIZE];

  (void)state_of_tests;
  for (unsigned i = 0; i < 4; i++) {
    nor = copied;
    device.unique_id[0] = i == 1;
    device.secret[0] = i == 2;
    device.is_stuck = i != 3;
    power_up();
    copy_seed(seeds[i]);
    for (unsigned other = 0; other < i; other++)
      assert_memory_not_equal(seeds[other], seeds[i], BOARD_SEED_SIZE);
  }
}

static void an_unknown_old_seed_makes_unknown_numbers(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned devices = 0; devices < 100; devices++) { /* which differ in the noise of their first start only */
    const size_t before = starts;

    set_up(NULL);
    starts = before;
    device.noise = 1 + devices;
    power_up();
    device.is_stuck = true;
    power_up();
    assert_report("seed=ok noise=stuck");
  }
  assert_no_numbers_are_alike();
}

/* What is in the flash. */

static void after_a_start_the_flash_has_nothing_of_the_past_or_of_the_numbers(void **state_of_tests)
{
  unsigned char seed[BOARD_SEED_SIZE];

  (void)state_of_tests;
  set_up_started(1);
  for (unsigned i = 0; i < 100; i++) {
    copy_seed(seed);
    power_up();
    assert_false(has_part_of(seed, sizeof seed));
    assert_false(has_part_of(first_numbers, sizeof first_numbers));
    assert_false(has_part_of(state.bytes, sizeof state.bytes));
    assert_false(has_part_of(device.secret, sizeof device.secret));
  }
}

/* The seed of the start is given to random.c only, and the one in flash is another. */
static void the_seed_in_flash_is_not_that_of_the_start(void **state_of_tests)
{
  uint8_t seed[BOARD_SEED_SIZE];

  (void)state_of_tests;
  for (unsigned i = 0; i < 40; i++) {
    nor_power_on();
    assert_true(flash_seed_take(device.secret, seed));
    assert_false(has_part_of(seed, sizeof seed));
  }
}

static void a_sector_is_erased_every_30_starts(void **state_of_tests)
{
  unsigned erased = 0;

  (void)state_of_tests;
  power_up();
  for (unsigned i = 0; i < 300; i++) {
    const bool was_last = nor.bytes[SECTOR - PAGE] != 0xff;

    power_up();
    erased += was_last && nor.bytes[SECTOR - PAGE] == 0xff;
  }
  assert_int_equal(erased, 10);
}

/* Power failures. */

static bool is_cut_short(unsigned operation, size_t byte, enum nor_cut cut)
{
  nor_power_on();
  nor_fail(operation, byte, cut);
  return !run();
}

/* The starts after a failure: all have a seed without noise, and none has the numbers of another. */
static void assert_goes_on(void)
{
  for (unsigned i = 0; i < 3; i++) {
    power_up();
    assert_report("seed=ok noise=stuck");
    only_record();
  }
  assert_no_numbers_are_alike();
}

/* Cuts the next start at each byte of each of its operations. The failure of a byte that does not change leaves the
 * same flash as the failure before it. */
static void cut_at_each_byte(unsigned times)
{
  struct nor_flash before;
  size_t byte;

  set_up_started(times);
  before = nor;
  for (unsigned operation = 0, operations = 1; operation < operations; operation++) {
    const unsigned step = is_fewer() ? 61 : 1;

    for (byte = 0; byte <= SECTOR; byte += step) {
      nor = before;
      starts = 1;
      assert_true(is_cut_short(operation, byte, NOR_AT_BYTE));
      if (nor_has_changed || byte == 0)
        assert_goes_on();
      if (byte > PAGE && !nor_has_changed) /* it was no erasure */
        break;
    }
    nor = before;
    nor_power_on();
    run();
    operations = nor_operations;
  }
}

static void a_start_that_is_cut_at_any_byte_does_no_harm(void **state_of_tests)
{
  (void)state_of_tests;
  cut_at_each_byte(5);
}

static void a_start_that_erases_and_is_cut_at_any_byte_does_no_harm(void **state_of_tests)
{
  (void)state_of_tests;
  cut_at_each_byte(15); /* the record is in the last page of the first sector */
}

/* A page is programmed, and a sector erased, at once, not byte by byte. */
static void a_start_with_all_bytes_done_in_part_does_no_harm(void **state_of_tests)
{
  static const unsigned times[] = {1, 5, 14, 15, 16, 30};

  (void)state_of_tests;
  for (size_t i = 0; i < COUNT(times); i++) {
    struct nor_flash before;

    set_up_started(times[i]);
    before = nor;
    for (unsigned attempt = 0; attempt < (is_fewer() ? 34 : 1000); attempt++) {
      nor = before;
      starts = 1;
      if (is_cut_short(attempt % 34, 0, NOR_AT_ONCE))
        assert_goes_on();
    }
  }
}

static void a_first_start_that_is_cut_gives_no_numbers_and_the_next_one_works(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned attempt = 0; attempt < (is_fewer() ? 40 : 1000); attempt++) {
    set_up(NULL);
    if (!is_cut_short(attempt % 40, nor_random() % SECTOR, attempt / 40 % 2 == 0 ? NOR_AT_BYTE : NOR_AT_ONCE))
      continue;
    assert_int_equal(starts, 0);
    power_up();
    assert_true(random_is_seeded());
    device.is_stuck = true;
    assert_goes_on();
  }
}

/* The power fails in each start, at a random moment; in some only after the start. */
static void of_10000_starts_with_failing_power_no_two_give_the_same_numbers(void **state_of_tests)
{
  const unsigned times = is_fewer() ? 300 : 10000;
  unsigned completed = 0;

  (void)state_of_tests;
  set_up_started(1);
  for (unsigned i = 0; i < times; i++) {
    const bool is_erased_next = nor_random() % 2 == 0; /* most operations wipe: cut the others more often */

    nor_power_on();
    nor_fail(nor_random() % (is_erased_next ? 4 : 64), nor_random() % (nor_random() % 2 == 0 ? 64 : SECTOR),
             nor_random() % 2 == 0 ? NOR_AT_BYTE : NOR_AT_ONCE);
    if (run()) {
      assert_report("seed=ok noise=stuck");
      only_record();
      completed++;
    }
  }
  assert_true(completed > times / 10 && completed < times);
  assert_int_equal(starts, 1 + completed);
  assert_no_numbers_are_alike();
}

/* What a power failure leaves, made by hand, as chance seldom makes it. */

/* The power failed before a bit of the record was visibly programmed. */
static void a_page_whose_writing_was_cut_short_is_not_used_even_if_it_reads_as_erased(void **state_of_tests)
{
  (void)state_of_tests;
  set_up_started(5);
  assert_true(is_cut_short(1, 0, NOR_AT_BYTE)); /* operation 0 sets the mark */
  memset(nor.bytes + 6 * PAGE, 0xff, PAGE);
  memset(nor.marginal + 6 * PAGE, 0, PAGE);
  power_up();
  assert_report("seed=ok noise=stuck");
  assert_ptr_equal(only_record(), nor.bytes + 7 * PAGE);
}

/* A bit of the old record reads as wiped now, and may read differently later. */
static void a_page_that_reads_as_wiped_is_wiped_again(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned attempt = 0; attempt < 32; attempt++) {
    set_up_started(5);
    nor.marginal[3 * PAGE + attempt] = 1;
    power_up();
    only_record();
  }
}

/* The first page of the next sector comes now; each bit of the sector may read as erased, and later differently. */
static void a_sector_that_reads_as_erased_is_erased_again(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned attempt = 0; attempt < 32; attempt++) {
    set_up_started(15);
    memset(nor.bytes + SECTOR, 0xff, SECTOR);
    nor.marginal[SECTOR + PAGE + attempt] = 1;
    power_up();
    assert_report("seed=ok noise=stuck");
    assert_ptr_equal(only_record(), nor.bytes + SECTOR + PAGE);
  }
}

/* The pages with the records of a start and of the one before it, as a failure in between leaves them. */
static void the_record_with_the_highest_counter_counts(void **state_of_tests)
{
  (void)state_of_tests;
  for (unsigned times = 1; times <= 31; times++) {
    struct nor_flash before, after;
    unsigned char expected[NUMBERS];
    size_t page;

    set_up_started(times);
    before = nor;
    page = (size_t)(only_record() - nor.bytes);
    power_up();
    after = nor;
    power_up();
    memcpy(expected, first_numbers, NUMBERS);
    nor = after;
    memcpy(nor.bytes + page, before.bytes + page, PAGE);
    power_up();
    assert_memory_equal(first_numbers, expected, NUMBERS);
    only_record();
  }
}

static void an_old_record_behind_the_new_one_is_wiped(void **state_of_tests)
{
  unsigned char old[PAGE];

  (void)state_of_tests;
  set_up_started(4);
  memcpy(old, only_record(), PAGE);
  power_up();
  memcpy(nor.bytes + 9 * PAGE, old, PAGE);
  power_up();
  only_record();
}

/* Flash that is worn out. */

static void a_record_that_cannot_be_read_back_is_not_used(void **state_of_tests)
{
  unsigned char seed[BOARD_SEED_SIZE];

  (void)state_of_tests;
  set_up_started(5);
  copy_seed(seed);
  for (size_t at = 0; at < NOR_SIZE; at += PAGE)
    nor.stuck[at + BOARD_SEED_SIZE + 4] = 0xff; /* the record's mark */
  for (unsigned i = 0; i < 3; i++) {
    power_up();
    assert_report("seed=not-written noise=stuck");
  }
  assert_int_equal(starts, 5);
}

static void a_page_that_does_not_take_the_record_is_passed_over(void **state_of_tests)
{
  (void)state_of_tests;
  set_up_started(5);
  nor.bytes[6 * PAGE + 200] = 0x7f; /* the next page is not erased */
  power_up();
  assert_report("seed=ok noise=stuck");
  assert_ptr_equal(only_record(), nor.bytes + 7 * PAGE);
}

static void a_record_that_cannot_be_wiped_gives_no_numbers(void **state_of_tests)
{
  (void)state_of_tests;
  for (size_t at = 0; at < PAGE; at++) {
    set_up_started(5);
    nor.stuck[5 * PAGE + at] = 0xff;
    if (nor.bytes[5 * PAGE + at] == 0)
      continue;
    power_up();
    assert_report("seed=not-written noise=stuck");
  }
}

static void a_sector_that_cannot_be_erased_is_passed_over_at_the_first_start(void **state_of_tests)
{
  (void)state_of_tests;
  memset(nor.bytes, 0x5a, sizeof nor.bytes);
  nor.is_worn[0] = true;
  power_up();
  assert_report("seed=new noise=ok");
  assert_ptr_equal(only_record(), nor.bytes + SECTOR + PAGE);
}

static void without_an_erased_page_there_are_no_numbers(void **state_of_tests)
{
  (void)state_of_tests;
  nor.is_worn[0] = nor.is_worn[1] = true;
  for (unsigned i = 0; i < 15; i++) { /* the first sector was erased; the first start wipes the other one */
    power_up();
    assert_true(random_is_seeded());
  }
  for (unsigned i = 0; i < 3; i++) {
    power_up();
    assert_report("seed=not-written noise=ok");
  }
  assert_no_numbers_are_alike();
}

static void in_flash_that_ignores_all_operations_there_is_no_seed(void **state_of_tests)
{
  (void)state_of_tests;
  memset(nor.stuck, 0xff, sizeof nor.stuck);
  power_up();
  assert_report("seed=not-written noise=ok");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_first_start_needs_healthy_noise_and_later_ones_do_not),
      TEST(without_a_secret_there_is_no_seed_and_the_flash_stays),
      TEST(the_flash_is_written_once_per_start),
      TEST(flash_with_any_content_is_taken_at_the_first_start),
      TEST(a_record_with_any_bit_flipped_is_none),
      TEST(each_start_gives_other_numbers),
      TEST(the_numbers_depend_on_all_inputs),
      TEST(the_seed_in_flash_depends_on_all_inputs_too),
      TEST(an_unknown_old_seed_makes_unknown_numbers),
      TEST(after_a_start_the_flash_has_nothing_of_the_past_or_of_the_numbers),
      TEST(the_seed_in_flash_is_not_that_of_the_start),
      TEST(a_sector_is_erased_every_30_starts),
      TEST(a_start_that_is_cut_at_any_byte_does_no_harm),
      TEST(a_start_that_erases_and_is_cut_at_any_byte_does_no_harm),
      TEST(a_start_with_all_bytes_done_in_part_does_no_harm),
      TEST(a_first_start_that_is_cut_gives_no_numbers_and_the_next_one_works),
      TEST(of_10000_starts_with_failing_power_no_two_give_the_same_numbers),
      TEST(a_page_whose_writing_was_cut_short_is_not_used_even_if_it_reads_as_erased),
      TEST(a_page_that_reads_as_wiped_is_wiped_again),
      TEST(a_sector_that_reads_as_erased_is_erased_again),
      TEST(the_record_with_the_highest_counter_counts),
      TEST(an_old_record_behind_the_new_one_is_wiped),
      TEST(a_record_that_cannot_be_read_back_is_not_used),
      TEST(a_page_that_does_not_take_the_record_is_passed_over),
      TEST(a_record_that_cannot_be_wiped_gives_no_numbers),
      TEST(a_sector_that_cannot_be_erased_is_passed_over_at_the_first_start),
      TEST(without_an_erased_page_there_are_no_numbers),
      TEST(in_flash_that_ignores_all_operations_there_is_no_seed),
  };

  return cmocka_run_group_tests_name("flash_seed", tests, start_tls, NULL);
}
