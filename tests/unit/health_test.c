/* boards/health.c: the health tests of a noise source, at each boundary.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include "health.h"

static struct health health;

static int set_up(void **state)
{
  (void)state;
  health = (struct health){.result = HEALTH_OK};
  return 0;
}

static void add(unsigned sample, unsigned count)
{
  while (count-- > 0)
    health_add(&health, sample);
}

static void assert_health(const char *name)
{
  assert_string_equal(health_result_name(health.result), name);
}

/* A window of which so many samples are equal to the first, with the others spread over it. */
static void add_window(unsigned first, unsigned equal)
{
  const unsigned others = HEALTH_WINDOW - equal;

  for (unsigned i = 0; i < HEALTH_WINDOW; i++)
    add((i + 1) * others / HEALTH_WINDOW > i * others / HEALTH_WINDOW ? !first : first, 1);
}

/* 20 / H is 50. p is 2^-H: p^5 is 2^-2. */
static void the_cutoffs_are_those_of_sp_800_90b(void **state)
{
  const double p = 0.757858283255199;
  const double most = 1.0 / (1 << 20);
  double exactly = 1; /* the probability of exactly `equal` samples */
  double at_least = 0;
  unsigned equal = HEALTH_WINDOW;

  (void)state;
  assert_true(p * p * p * p * p > 0.25 - 1e-12 && p * p * p * p * p < 0.25 + 1e-12);
  assert_int_equal(HEALTH_REPETITIONS, 1 + 50);
  for (unsigned i = 0; i < HEALTH_WINDOW; i++)
    exactly *= p;
  /* critbinom() is the smallest number that is not exceeded with a probability of 1 - 2^-20. */
  for (; at_least + exactly <= most; equal--) {
    at_least += exactly;
    exactly *= equal / (HEALTH_WINDOW - equal + 1.0) * (1 - p) / p;
  }
  assert_int_equal(HEALTH_PROPORTION, 1 + equal);
}

static void a_source_that_is_stuck_is_found_at_the_cutoff(void **state)
{
  (void)state;
  for (unsigned sample = 0; sample <= 1; sample++) {
    set_up(NULL);
    add(sample, HEALTH_REPETITIONS - 1);
    assert_health("ok");
    add(sample, 1);
    assert_health("stuck");
  }
}

static void a_source_that_gets_stuck_later_is_found(void **state)
{
  (void)state;
  for (unsigned sample = 0; sample <= 1; sample++) {
    set_up(NULL);
    for (unsigned i = 0; i < 5000; i++)
      add(i % 2, 1);
    add(!sample, 1);
    add(sample, HEALTH_REPETITIONS - 1);
    assert_health("ok");
    add(!sample, 1);
    add(sample, HEALTH_REPETITIONS);
    assert_health("stuck");
  }
}

static void a_window_with_too_many_equal_samples_is_found(void **state)
{
  (void)state;
  for (unsigned sample = 0; sample <= 1; sample++) {
    set_up(NULL);
    add_window(sample, HEALTH_PROPORTION - 1);
    assert_health("ok");
    add_window(sample, HEALTH_PROPORTION);
    assert_health("biased");
  }
}

static void each_window_is_counted_alone(void **state)
{
  (void)state;
  for (unsigned windows = 0; windows < 10; windows++)
    add_window(1, HEALTH_PROPORTION - 1);
  assert_health("ok");
  add_window(1, HEALTH_PROPORTION);
  assert_health("biased");
}

static void the_first_failure_stays(void **state)
{
  (void)state;
  add(1, HEALTH_REPETITIONS);
  for (unsigned windows = 0; windows < 3; windows++)
    add_window(0, HEALTH_PROPORTION + 60);
  assert_health("stuck");
}

/* A xorshift generator, which gives 1 with a probability of `ones` in 256. */
static void add_random(unsigned ones, unsigned count)
{
  static uint32_t state = 1;

  for (; count > 0; count--) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    add((state >> 8 & 0xff) < ones, 1);
  }
}

static void a_good_or_slightly_biased_source_passes(void **state)
{
  (void)state;
  for (unsigned ones = 78; ones <= 178; ones += 10) {
    set_up(NULL);
    add_random(ones, 100 * HEALTH_WINDOW);
    assert_health("ok");
  }
}

static void a_source_with_nine_ones_in_ten_does_not_pass(void **state)
{
  (void)state;
  for (unsigned ones = 26; ones <= 230; ones += 204) {
    set_up(NULL);
    add_random(ones, 4 * HEALTH_WINDOW);
    assert_int_not_equal(health.result, HEALTH_OK);
  }
}

/* Health tests only see frequencies: this is why nobody relies on the noise alone. */
static void a_source_that_alternates_passes(void **state)
{
  (void)state;
  for (unsigned i = 0; i < 4 * HEALTH_WINDOW; i++)
    add(i % 2, 1);
  assert_health("ok");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_cutoffs_are_those_of_sp_800_90b),
      TEST(a_source_that_is_stuck_is_found_at_the_cutoff),
      TEST(a_source_that_gets_stuck_later_is_found),
      TEST(a_window_with_too_many_equal_samples_is_found),
      TEST(each_window_is_counted_alone),
      TEST(the_first_failure_stays),
      TEST(a_good_or_slightly_biased_source_passes),
      TEST(a_source_with_nine_ones_in_ten_does_not_pass),
      TEST(a_source_that_alternates_passes),
  };

  return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
