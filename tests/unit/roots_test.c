/* port/mbedtls/roots.c: PEM (RFC 7468), DER, two sources as one, and finding a root by its subject. The certificates
 * here are as small as DER lets them be: of what roots.c reads, all is there; of the rest, nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "roots.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

/* SEQUENCE { SEQUENCE { [0] {}, serial 1, SEQUENCE {}, SEQUENCE {}, SEQUENCE {}, subject: SEQUENCE { 0xaa } } } */
#define A_PEM "MBIwEKAAAgEBMAAwADAAMAMEAao=\n"
/* the same without a version, and with 0xbb */
#define B_PEM "MBAwDgIBATAAMAAwADADBAG7\n"

static const unsigned char a_subject[] = {0x30, 0x03, 0x04, 0x01, 0xaa};
static const unsigned char b[] = {0x30, 0x10, 0x30, 0x0e, 0x02, 0x01, 0x01, 0x30, 0x00,
                                  0x30, 0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xbb};
static const unsigned char b_subject[] = {0x30, 0x03, 0x04, 0x01, 0xbb};

static struct wmrec_pem_roots pem;

static struct wmrec_roots roots_of(const char *text)
{
  pem = (struct wmrec_pem_roots){.text = text, .length = strlen(text)};
  return wmrec_roots_from_pem(&pem);
}

static unsigned count_of(struct wmrec_roots roots)
{
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned found = 0;

  for (; roots.next(roots.context, &position, &der, &length); found++)
    assert_true(found < 100);
  assert_false(roots.next(roots.context, &position, &der, &length));
  return found;
}

static unsigned count(const char *text)
{
  return count_of(roots_of(text));
}

static void each_certificate_in_a_bundle_is_found(void **state)
{
  (void)state;
  assert_int_equal(count(BEGIN A_PEM END), 1);
  assert_int_equal(count(BEGIN A_PEM END BEGIN B_PEM END BEGIN A_PEM END), 3);
  assert_int_equal(count("a comment\n" BEGIN A_PEM END "another\n\n" BEGIN B_PEM END "more"), 2);
}

static void line_ends_of_cr_and_lf_are_read(void **state)
{
  (void)state;
  assert_int_equal(
      count("-----BEGIN CERTIFICATE-----\r\nMBIwEKAAAgEBMAAw\r\nADAAMAMEAao=\r\n-----END CERTIFICATE-----\r\n"), 1);
}

static void what_does_not_decode_is_passed_over_and_costs_no_other(void **state)
{
  (void)state;
  assert_int_equal(count(BEGIN "not base64!" END BEGIN B_PEM END), 1);
  assert_int_equal(count("-----BEGIN PRIVATE KEY-----\n" A_PEM "-----END PRIVATE KEY-----\n" BEGIN B_PEM END), 1);
}

static void a_bundle_that_is_cut_short_gives_what_is_whole(void **state)
{
  static const char text[] = BEGIN A_PEM END BEGIN B_PEM END;
  const size_t one = strlen(BEGIN A_PEM END) - 1;

  (void)state;
  for (size_t length = 0; length < sizeof text - 1; length++) {
    char *cut = test_malloc(length + 1);

    memcpy(cut, text, length);
    cut[length] = '\0';
    assert_int_equal(count(cut), length < one ? 0 : length < sizeof text - 2 ? 1 : 2);
    test_free(cut);
  }
}

static void a_root_is_found_by_its_subject(void **state)
{
  const struct wmrec_roots roots = roots_of(BEGIN A_PEM END BEGIN B_PEM END BEGIN A_PEM END);
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned found = 0;

  (void)state;
  while (wmrec_roots_with_subject(&roots, a_subject, sizeof a_subject, &position, &der, &length))
    found++;
  assert_int_equal(found, 2);
  position = 0;
  assert_true(wmrec_roots_with_subject(&roots, b_subject, sizeof b_subject, &position, &der, &length));
  assert_int_equal(length, 18);
  assert_false(wmrec_roots_with_subject(&roots, b_subject, sizeof b_subject, &position, &der, &length));
  position = 0;
  assert_false(wmrec_roots_with_subject(&roots, b_subject, sizeof b_subject - 1, &position, &der, &length));
}

static void a_source_without_a_certificate_has_no_root(void **state)
{
  static const char *const texts[] = {"", "no PEM at all", BEGIN, BEGIN END, BEGIN "AAAA\n" END, BEGIN "MAA=\n" END};
  struct wmrec_roots roots;

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    roots = roots_of(texts[i]);
    assert_false(wmrec_roots_exist(&roots));
  }
  roots = roots_of(BEGIN "AAAA\n" END BEGIN B_PEM END);
  assert_true(wmrec_roots_exist(&roots));
}

/* A, which is 20 bytes; B; A */
static const unsigned char a_b_a[] = {
    0x30, 0x12, 0x30, 0x10, 0xa0, 0x00, 0x02, 0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00,
    0x30, 0x03, 0x04, 0x01, 0xaa, 0x30, 0x10, 0x30, 0x0e, 0x02, 0x01, 0x01, 0x30, 0x00, 0x30,
    0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xbb, 0x30, 0x12, 0x30, 0x10, 0xa0, 0x00, 0x02,
    0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xaa,
};

static void roots_in_der_are_given_one_after_the_other(void **state)
{
  static const size_t lengths[] = {20, 18, 20};
  const struct wmrec_der_roots source = {a_b_a, sizeof a_b_a};
  const struct wmrec_roots roots = wmrec_roots_from_der(&source);
  const unsigned char *expected = a_b_a;
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  (void)state;
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    assert_true(roots.next(roots.context, &position, &der, &length));
    assert_ptr_equal(der, expected);
    assert_int_equal(length, lengths[i]);
    expected += length;
  }
  assert_false(roots.next(roots.context, &position, &der, &length));
}

static void der_that_is_cut_short_gives_what_is_whole(void **state)
{
  (void)state;
  for (size_t length = 0; length <= sizeof a_b_a; length++) {
    unsigned char *cut = test_malloc(length + 1);
    const struct wmrec_der_roots source = {cut + 1, length}; /* it ends where the memory ends */

    memcpy(cut + 1, a_b_a, length);
    assert_int_equal(count_of(wmrec_roots_from_der(&source)), length < 20 ? 0 : length < 38 ? 1 : length < 58 ? 2 : 3);
    test_free(cut);
  }
}

static void behind_what_is_no_certificate_there_is_no_root(void **state)
{
  unsigned char bytes[sizeof a_b_a];
  const struct wmrec_der_roots source = {bytes, sizeof bytes};

  (void)state;
  memcpy(bytes, a_b_a, sizeof bytes);
  bytes[20] = 0x31;
  assert_int_equal(count_of(wmrec_roots_from_der(&source)), 1);
}

static void a_pair_gives_all_of_the_one_and_then_all_of_the_other(void **state)
{
  static const unsigned char *const expected[] = {a_b_a, a_b_a + 20, a_b_a + 38, b};
  const struct wmrec_der_roots one = {a_b_a, sizeof a_b_a};
  const struct wmrec_der_roots other = {b, sizeof b};
  const struct wmrec_root_pair pair = {wmrec_roots_from_der(&one), wmrec_roots_from_der(&other)};
  const struct wmrec_roots roots = wmrec_roots_from_pair(&pair);
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  (void)state;
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    assert_true(roots.next(roots.context, &position, &der, &length));
    assert_ptr_equal(der, expected[i]);
  }
  assert_false(roots.next(roots.context, &position, &der, &length));
  assert_false(roots.next(roots.context, &position, &der, &length));
}

static void a_pair_of_which_one_is_empty_is_the_other(void **state)
{
  const struct wmrec_der_roots none = {a_b_a, 0};
  const struct wmrec_der_roots some = {a_b_a, sizeof a_b_a};
  const struct wmrec_root_pair pairs[] = {{wmrec_roots_from_der(&none), wmrec_roots_from_der(&some)},
                                          {wmrec_roots_from_der(&some), wmrec_roots_from_der(&none)},
                                          {wmrec_roots_from_der(&none), wmrec_roots_from_der(&none)}};
  const struct wmrec_roots neither = wmrec_roots_from_pair(&pairs[2]);

  (void)state;
  assert_int_equal(count_of(wmrec_roots_from_pair(&pairs[0])), 3);
  assert_int_equal(count_of(wmrec_roots_from_pair(&pairs[1])), 3);
  assert_int_equal(count_of(neither), 0);
  assert_false(wmrec_roots_exist(&neither));
}

static void a_root_is_found_by_its_subject_in_both_of_a_pair(void **state)
{
  const struct wmrec_der_roots one = {a_b_a, sizeof a_b_a};
  const struct wmrec_root_pair pair = {wmrec_roots_from_der(&one), roots_of(BEGIN B_PEM END BEGIN A_PEM END)};
  const struct wmrec_root_pair both = {wmrec_roots_from_pair(&pair), wmrec_roots_from_der(&one)};
  const struct wmrec_roots roots = wmrec_roots_from_pair(&both);
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned found = 0;

  (void)state;
  while (wmrec_roots_with_subject(&roots, b_subject, sizeof b_subject, &position, &der, &length)) {
    assert_int_equal(length, sizeof b);
    assert_memory_equal(der, b, sizeof b);
    assert_true(++found <= 3);
  }
  assert_int_equal(found, 3);
}

static void the_very_certificate_is_told_from_others(void **state)
{
  const struct wmrec_roots with = roots_of(BEGIN A_PEM END BEGIN B_PEM END);

  (void)state;
  assert_true(wmrec_roots_have(&with, b, sizeof b));
  assert_false(wmrec_roots_have(&with, b, sizeof b - 1));
  assert_false(wmrec_roots_have(&with, a_subject, sizeof a_subject));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_certificate_in_a_bundle_is_found),
      cmocka_unit_test(line_ends_of_cr_and_lf_are_read),
      cmocka_unit_test(what_does_not_decode_is_passed_over_and_costs_no_other),
      cmocka_unit_test(a_bundle_that_is_cut_short_gives_what_is_whole),
      cmocka_unit_test(a_root_is_found_by_its_subject),
      cmocka_unit_test(a_source_without_a_certificate_has_no_root),
      cmocka_unit_test(roots_in_der_are_given_one_after_the_other),
      cmocka_unit_test(der_that_is_cut_short_gives_what_is_whole),
      cmocka_unit_test(behind_what_is_no_certificate_there_is_no_root),
      cmocka_unit_test(a_pair_gives_all_of_the_one_and_then_all_of_the_other),
      cmocka_unit_test(a_pair_of_which_one_is_empty_is_the_other),
      cmocka_unit_test(a_root_is_found_by_its_subject_in_both_of_a_pair),
      cmocka_unit_test(the_very_certificate_is_told_from_others),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
