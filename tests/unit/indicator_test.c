/* The pattern of a lamp: core/indicator.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

enum { STALE = 180000 };

/* The pattern for this last answer, of this age (ms; WMREC_AGE_MAX: unknown), and this last result. */
static enum wmrec_indication indicate(enum wmrec_recording recording, uint32_t age, int result)
{
  const struct wmrec_monitor monitor = {.recording = (uint8_t)recording,
                                        .result = (int8_t)result,
                                        .is_permanent = wmrec_is_permanent(result),
                                        .is_old = age == WMREC_AGE_MAX};

  return wmrec_indicate(&monitor, age, STALE);
}

static void recording_is_lit_and_the_others_are_dark(void **state)
{
  (void)state;
  for (uint32_t age = 0; age <= STALE; age += 1000) {
    assert_int_equal(indicate(WMREC_RECORDING, age, WMREC_OK), WMREC_INDICATE_RECORDING);
    assert_int_equal(indicate(WMREC_STOPPED, age, WMREC_OK), WMREC_INDICATE_NOT_RECORDING);
    assert_int_equal(indicate(WMREC_NEVER_STARTED, age, WMREC_OK), WMREC_INDICATE_NOT_RECORDING);
  }
}

static void a_stale_answer_or_a_temporary_failure_is_neither_lit_nor_dark(void **state)
{
  (void)state;
  for (enum wmrec_recording recording = WMREC_NEVER_STARTED; recording <= WMREC_STOPPED; recording++) {
    assert_int_equal(indicate(recording, STALE + 1, WMREC_OK), WMREC_INDICATE_TEMPORARY);
    assert_int_equal(indicate(recording, WMREC_AGE_MAX, WMREC_OK), WMREC_INDICATE_TEMPORARY);
    assert_int_equal(indicate(recording, 0, WMREC_ERROR_TIMEOUT), WMREC_INDICATE_TEMPORARY);
    assert_int_equal(indicate(recording, 0, WMREC_ERROR_UNKNOWN_STATUS), WMREC_INDICATE_TEMPORARY);
  }
}

static void a_permanent_error_calls_for_attention_before_all_else(void **state)
{
  static const int errors[] = {WMREC_ERROR_TOKEN,        WMREC_ERROR_MOCK_API_ID, WMREC_ERROR_TLS_ROOTS,
                               WMREC_ERROR_UNAUTHORIZED, WMREC_ERROR_FORBIDDEN,   WMREC_ERROR_NOT_FOUND};

  (void)state;
  for (size_t i = 0; i < COUNT(errors); i++)
    for (enum wmrec_recording recording = WMREC_UNKNOWN; recording <= WMREC_STOPPED; recording++)
      for (uint32_t age = 0; age <= 2 * STALE; age += STALE)
        assert_int_equal(indicate(recording, age, errors[i]), WMREC_INDICATE_ATTENTION);
}

static void a_refusal_that_may_pass_is_a_temporary_failure(void **state)
{
  const struct wmrec_monitor monitor = {.recording = WMREC_RECORDING, .result = WMREC_ERROR_NOT_FOUND};

  (void)state;
  assert_int_equal(wmrec_indicate(&monitor, 0, STALE), WMREC_INDICATE_TEMPORARY);
}

static void without_an_answer_the_lamp_waits_whatever_fails(void **state)
{
  (void)state;
  assert_int_equal(indicate(WMREC_UNKNOWN, WMREC_AGE_MAX, WMREC_OK), WMREC_INDICATE_WAITING);
  assert_int_equal(indicate(WMREC_UNKNOWN, WMREC_AGE_MAX, WMREC_ERROR_TIMEOUT), WMREC_INDICATE_WAITING);
}

static void only_a_fresh_answer_of_not_recording_is_dark(void **state)
{
  (void)state;
  for (int result = INT8_MIN; result <= 0; result++)
    for (int recording = WMREC_UNKNOWN; recording <= WMREC_STOPPED; recording++)
      for (uint32_t age = 0; age <= STALE + 1; age += STALE + 1) {
        const bool is_known =
            result == WMREC_OK && age == 0 && (recording == WMREC_STOPPED || recording == WMREC_NEVER_STARTED);

        assert_int_equal(indicate((enum wmrec_recording)recording, age, result) == WMREC_INDICATE_NOT_RECORDING,
                         is_known);
      }
}

struct light {
  unsigned on;      /* ms */
  unsigned changes; /* from on to off, or back */
};

/* Over 8,192 ms. */
static struct light watch(enum wmrec_indication indication, uint32_t from)
{
  struct light light = {0, 0};

  for (uint32_t i = 0; i < 8192; i++) {
    light.on += wmrec_is_lit(indication, from + i);
    light.changes += wmrec_is_lit(indication, from + i) != wmrec_is_lit(indication, from + i + 1);
  }
  return light;
}

static void each_pattern_differs_from_the_others_also_when_the_clock_wraps(void **state)
{
  static const struct {
    enum wmrec_indication indication;
    struct light light;
  } patterns[] = {
      {WMREC_INDICATE_WAITING, {4 * 128, 8}},     {WMREC_INDICATE_RECORDING, {8192, 0}},
      {WMREC_INDICATE_NOT_RECORDING, {0, 0}},     {WMREC_INDICATE_TEMPORARY, {4 * 1024, 8}},
      {WMREC_INDICATE_ATTENTION, {16 * 256, 32}},
  };

  (void)state;
  for (size_t i = 0; i < COUNT(patterns); i++)
    for (uint32_t from = 0; from < 3 * 4000; from += 4000) {
      const struct light light = watch(patterns[i].indication, from - 4096);

      assert_int_equal(light.on, patterns[i].light.on);
      assert_int_equal(light.changes, patterns[i].light.changes);
    }
}

static void a_blink_begins_lit_and_keeps_its_period_when_the_clock_wraps(void **state)
{
  static const enum wmrec_indication blinks[] = {WMREC_INDICATE_WAITING, WMREC_INDICATE_TEMPORARY,
                                                 WMREC_INDICATE_ATTENTION};

  (void)state;
  for (size_t i = 0; i < COUNT(blinks); i++) {
    assert_false(wmrec_is_lit(blinks[i], UINT32_MAX));
    assert_true(wmrec_is_lit(blinks[i], 0));
    for (uint32_t now = UINT32_MAX - 4096; now != 4096; now++)
      assert_int_equal(wmrec_is_lit(blinks[i], now), wmrec_is_lit(blinks[i], now + 2048));
  }
}

static void a_zeroed_monitor_is_waiting_and_an_unknown_indication_calls_for_attention(void **state)
{
  const struct wmrec_monitor monitor = {0};

  (void)state;
  assert_int_equal(wmrec_indicate(&monitor, 0, STALE), WMREC_INDICATE_WAITING);
  assert_int_equal(watch((enum wmrec_indication)99, 0).changes, watch(WMREC_INDICATE_ATTENTION, 0).changes);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(recording_is_lit_and_the_others_are_dark),
      cmocka_unit_test(a_stale_answer_or_a_temporary_failure_is_neither_lit_nor_dark),
      cmocka_unit_test(a_permanent_error_calls_for_attention_before_all_else),
      cmocka_unit_test(a_refusal_that_may_pass_is_a_temporary_failure),
      cmocka_unit_test(without_an_answer_the_lamp_waits_whatever_fails),
      cmocka_unit_test(only_a_fresh_answer_of_not_recording_is_dark),
      cmocka_unit_test(each_pattern_differs_from_the_others_also_when_the_clock_wraps),
      cmocka_unit_test(a_blink_begins_lit_and_keeps_its_period_when_the_clock_wraps),
      cmocka_unit_test(a_zeroed_monitor_is_waiting_and_an_unknown_indication_calls_for_attention),
  };

  return cmocka_run_group_tests_name("indicator", tests, NULL, NULL);
}
