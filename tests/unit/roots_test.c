/* port/mbedtls/roots.c and pem.c: PEM (RFC 7468), DER, pairs of sources, and search by subject. The certificates here
 * have only the fields that roots.c reads: they are as small as DER allows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roots.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

/* SEQUENCE { SEQUENCE { [0] {}, serial 1, SEQUENCE {}, SEQUENCE {}, SEQUENCE {}, subject: SEQUENCE { 0xaa } } } */
#define A_PEM "MBIwEKAAAgEBMAAwADAAMAMEAao=\n"
/* The same without a version, and with 0xbb. */
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

static void lines_that_end_in_cr_lf_are_read(void **state)
{
  (void)state;
  assert_int_equal(
      count("-----BEGIN CERTIFICATE-----\r\nMBIwEKAAAgEBMAAw\r\nADAAMAMEAao=\r\n-----END CERTIFICATE-----\r\n"), 1);
}

/* Returns the number of roots in the text, as the source reads it; wmrec_roots_decode() must find the same ones. */
static unsigned count_both(const char *text, size_t length)
{
  char *in_place = test_malloc(length + 1); /* the sanitizer sees an access beyond its end; + 1: 0 may return NULL */
  struct wmrec_roots source;
  struct wmrec_der_roots decoded;
  const unsigned char *der;
  size_t der_length;
  size_t position = 0;
  unsigned found = 0;

  memcpy(in_place, text, length);
  pem = (struct wmrec_pem_roots){.text = text, .length = length};
  source = wmrec_roots_from_pem(&pem);
  decoded = (struct wmrec_der_roots){.der = (unsigned char *)in_place, .length = wmrec_roots_decode(in_place, length)};
  assert_true(decoded.length <= length);
  for (; source.next(source.context, &position, &der, &der_length); found++) {
    const struct wmrec_roots roots = wmrec_roots_from_der(&decoded);

    assert_true(wmrec_roots_have(&roots, der, der_length));
  }
  assert_int_equal(count_of(wmrec_roots_from_der(&decoded)), found);
  test_free(in_place);
  return found;
}

static void a_certificate_that_does_not_decode_is_skipped_and_the_others_are_read(void **state)
{
  static const char *const malformed[] = {
      "not base64!\n",
      "MBIwEKAAAgEBMAAwADAAMAMEAao\n",     /* no padding */
      "MBIwEKAAAgEBMAAwADAAMAMEAao==\n",   /* too much padding */
      "MBIwEKAAAgEBMAAwADAAMAMEAao====\n", /* and so that it is a group */
      "MBIwEKAAAgEBMAAwADAAMAMEAa==o\n",   /* padding, then a digit */
      "MBIwEKAAAgEB=MAAwADAAMAMEAao=\n",   /* padding in the middle */
      "MBIwEKAAAgE=MAAwADAAMAMEAao=\n",    /* and at the end of a group */
      "MBIwEKAAAgEBMAAwADAAMAMEAao=MAA=\n",
      "MBIwEKAAAgEBMAAwADAAMAMEA===\n", /* a digit of six bits only */
      "MBIwEKAAAgEBMAAwADAAMAME====\n",
      "=BIwEKAAAgEBMAAwADAAMAMEAao=\n",
      "MBIwEKAAAgEBMAAw-DAAMAMEAao=\n",
      "MBIwEKAAAgEBMAAw\xc1\x44\x41\x41MAMEAao=\n", /* above ASCII */
      "MBIwEKAAAgEBMAAw\bDAAMAMEAao=\n",
      "",
      "\n",
      "-----BEGIN CERTIFICATE-----\n",
      ("Proc-Type: 4,ENCRYPTED\n\n" A_PEM), /* RFC 7468, section 2: no headers */
  };
  char text[256];

  (void)state;
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    strcpy(text, BEGIN);
    strcat(strcat(strcat(text, malformed[i]), END), BEGIN B_PEM END);
    assert_int_equal(count_both(text, strlen(text)), 1);
  }
  assert_int_equal(count("-----BEGIN PRIVATE KEY-----\n" A_PEM "-----END PRIVATE KEY-----\n" BEGIN B_PEM END), 1);
  assert_int_equal(count(BEGIN A_PEM BEGIN B_PEM END), 1);
  assert_int_equal(count(BEGIN A_PEM "-----END CERTIFICATE----\n" BEGIN B_PEM END), 1);
  assert_int_equal(
      count_both(BEGIN "MBIw\0EKA" A_PEM END BEGIN B_PEM END, sizeof BEGIN "MBIw\0EKA" A_PEM END BEGIN B_PEM END - 1),
      1);
}

/* Writes the bytes in base64, in lines of `columns` digits that end with this, and returns the length. */
static size_t encode(char *text, const unsigned char *bytes, size_t length, size_t columns, const char *line_end)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const size_t count = (length + 2) / 3 * 4;
  char *next = text + strlen(strcpy(text, BEGIN));

  for (size_t i = 0; i < count; i++) {
    const size_t bit = i * 6;
    unsigned value = 0;

    for (size_t n = bit; n < bit + 6; n++)
      value = value << 1 | (n / 8 < length ? bytes[n / 8] >> (7 - n % 8) & 1 : 0);
    *next++ = digits[value];
    if (bit >= length * 8)
      next[-1] = '=';
    if (i % columns == columns - 1 || i == count - 1)
      next += strlen(strcpy(next, line_end));
  }
  return (size_t)(next - text) + strlen(strcpy(next, END));
}

static void all_bytes_are_decoded_whatever_the_length_of_the_lines_and_their_ends(void **state)
{
  static const char *const ends[] = {"\n", "\r\n", "\r", " \n", "\t\n", "\n\n", "\n    ", "\v\f\n"};
  unsigned char bytes[] = {0x30, 0x82, 0, 0, 0x00, 0x10, 0x83, 0xff, 0xfb, 0xf0, 0x3e, 0x3f, 0x69, 0xb7, 0x1d, 0x79};
  char text[1024];

  (void)state;
  for (size_t length = 4; length <= sizeof bytes; length++)
    for (size_t columns = 1; columns <= 30; columns++)
      for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct wmrec_roots roots;

        bytes[3] = (unsigned char)(length - 4);
        assert_int_equal(count_both(text, encode(text, bytes, length, columns, ends[i])), 1);
        roots = wmrec_roots_from_pem(&pem);
        assert_true(wmrec_roots_have(&roots, bytes, length));
      }
}

/* Also in one line: 64 digits are usual, but not required of a reader. */
static void a_root_of_up_to_4095_bytes_is_read_and_a_larger_one_only_in_place(void **state)
{
  static unsigned char bytes[100000] = {0x30, 0x83};
  static char text[200000];

  (void)state;
  for (size_t length = 4090; length <= sizeof bytes; length += length < 4100 ? 1 : 31967) {
    const size_t content = length - 5;
    struct wmrec_roots roots;
    size_t text_length;

    bytes[2] = (unsigned char)(content >> 16);
    bytes[3] = (unsigned char)(content >> 8);
    bytes[4] = (unsigned char)content;
    text_length = encode(text, bytes, length, SIZE_MAX, "\n");
    roots = roots_of(text);
    assert_int_equal(wmrec_roots_have(&roots, bytes, length), length < 4096);
    assert_int_equal(wmrec_roots_decode(text, text_length), length);
    assert_memory_equal(text, bytes, length);
  }
}

static void bytes_that_are_no_certificate_or_follow_one_are_dropped_in_place(void **state)
{
  char text[] = BEGIN "AAAA\n" END BEGIN "MBAwDgIBATAAMAAwADADBAG7AAAA\n" END BEGIN "MBAw\n" END BEGIN B_PEM END;

  (void)state;
  assert_int_equal(wmrec_roots_decode(text, strlen(text)), 2 * sizeof b);
  assert_memory_equal(text, b, sizeof b);
  assert_memory_equal(text + sizeof b, b, sizeof b);
}

static void text_without_a_certificate_decodes_to_nothing_whatever_its_size(void **state)
{
  static char text[1 << 20];

  (void)state;
  for (size_t i = 0; i < 3; i++) {
    memset(text, "\0-A"[i], sizeof text);
    assert_int_equal(wmrec_roots_decode(text, sizeof text), 0);
  }
  for (size_t i = 0; i + strlen(BEGIN) <= sizeof text; i += strlen(BEGIN))
    memcpy(text + i, BEGIN, strlen(BEGIN));
  assert_int_equal(wmrec_roots_decode(text, sizeof text), 0);
  assert_int_equal(wmrec_roots_decode(NULL, 0), 0);
}

static void a_truncated_bundle_gives_its_complete_certificates(void **state)
{
  static const char text[] = BEGIN A_PEM END BEGIN B_PEM END;
  const size_t first_length = strlen(BEGIN A_PEM END) - 1;

  (void)state;
  for (size_t length = 0; length < sizeof text - 1; length++) {
    char *cut = test_malloc(length + 1);

    memcpy(cut, text, length);
    cut[length] = '\0';
    assert_int_equal(count(cut), length < first_length ? 0 : length < sizeof text - 2 ? 1 : 2);
    assert_int_equal(count_both(cut, length), count(cut));
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

/* A (20 bytes), B (18 bytes), A. */
static const unsigned char a_b_a[] = {
    0x30, 0x12, 0x30, 0x10, 0xa0, 0x00, 0x02, 0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00,
    0x30, 0x03, 0x04, 0x01, 0xaa, 0x30, 0x10, 0x30, 0x0e, 0x02, 0x01, 0x01, 0x30, 0x00, 0x30,
    0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xbb, 0x30, 0x12, 0x30, 0x10, 0xa0, 0x00, 0x02,
    0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xaa,
};

static void roots_in_der_are_given_in_order_and_in_place(void **state)
{
  static const size_t lengths[] = {20, 18, 20};
  const struct wmrec_der_roots source = {.der = a_b_a, .length = sizeof a_b_a};
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

static void truncated_der_gives_its_complete_certificates(void **state)
{
  (void)state;
  for (size_t length = 0; length <= sizeof a_b_a; length++) {
    unsigned char *cut = test_malloc(length + 1);
    const struct wmrec_der_roots source = {.der = cut + 1,
                                           .length = length}; /* the sanitizer sees a read beyond its end */

    memcpy(cut + 1, a_b_a, length);
    assert_int_equal(count_of(wmrec_roots_from_der(&source)), length < 20 ? 0 : length < 38 ? 1 : length < 58 ? 2 : 3);
    test_free(cut);
  }
}

static void no_root_is_found_after_bytes_that_are_not_a_certificate(void **state)
{
  unsigned char bytes[sizeof a_b_a];
  const struct wmrec_der_roots source = {.der = bytes, .length = sizeof bytes};

  (void)state;
  memcpy(bytes, a_b_a, sizeof bytes);
  bytes[20] = 0x31;
  assert_int_equal(count_of(wmrec_roots_from_der(&source)), 1);
}

static void a_pair_gives_all_roots_of_the_first_source_and_then_all_of_the_second(void **state)
{
  static const unsigned char *const expected[] = {a_b_a, a_b_a + 20, a_b_a + 38, b};
  const struct wmrec_der_roots first = {.der = a_b_a, .length = sizeof a_b_a};
  const struct wmrec_der_roots second = {.der = b, .length = sizeof b};
  const struct wmrec_root_pair pair = {.first = wmrec_roots_from_der(&first), .second = wmrec_roots_from_der(&second)};
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

static void a_pair_with_an_empty_source_gives_the_roots_of_the_other(void **state)
{
  const struct wmrec_der_roots none = {.der = a_b_a, .length = 0};
  const struct wmrec_der_roots some = {.der = a_b_a, .length = sizeof a_b_a};
  const struct wmrec_root_pair pairs[] = {
      {.first = wmrec_roots_from_der(&none), .second = wmrec_roots_from_der(&some)},
      {.first = wmrec_roots_from_der(&some), .second = wmrec_roots_from_der(&none)},
      {.first = wmrec_roots_from_der(&none), .second = wmrec_roots_from_der(&none)}};
  const struct wmrec_roots neither = wmrec_roots_from_pair(&pairs[2]);

  (void)state;
  assert_int_equal(count_of(wmrec_roots_from_pair(&pairs[0])), 3);
  assert_int_equal(count_of(wmrec_roots_from_pair(&pairs[1])), 3);
  assert_int_equal(count_of(neither), 0);
  assert_false(wmrec_roots_exist(&neither));
}

static void roots_are_found_by_their_subject_in_both_sources_of_a_pair(void **state)
{
  const struct wmrec_der_roots der_roots = {.der = a_b_a, .length = sizeof a_b_a};
  const struct wmrec_root_pair pair = {.first = wmrec_roots_from_der(&der_roots),
                                       .second = roots_of(BEGIN B_PEM END BEGIN A_PEM END)};
  const struct wmrec_root_pair nested = {.first = wmrec_roots_from_pair(&pair),
                                         .second = wmrec_roots_from_der(&der_roots)};
  const struct wmrec_roots roots = wmrec_roots_from_pair(&nested);
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

static void only_an_identical_certificate_is_in_a_source(void **state)
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
      cmocka_unit_test(lines_that_end_in_cr_lf_are_read),
      cmocka_unit_test(a_certificate_that_does_not_decode_is_skipped_and_the_others_are_read),
      cmocka_unit_test(all_bytes_are_decoded_whatever_the_length_of_the_lines_and_their_ends),
      cmocka_unit_test(a_root_of_up_to_4095_bytes_is_read_and_a_larger_one_only_in_place),
      cmocka_unit_test(bytes_that_are_no_certificate_or_follow_one_are_dropped_in_place),
      cmocka_unit_test(text_without_a_certificate_decodes_to_nothing_whatever_its_size),
      cmocka_unit_test(a_truncated_bundle_gives_its_complete_certificates),
      cmocka_unit_test(a_root_is_found_by_its_subject),
      cmocka_unit_test(a_source_without_a_certificate_has_no_root),
      cmocka_unit_test(roots_in_der_are_given_in_order_and_in_place),
      cmocka_unit_test(truncated_der_gives_its_complete_certificates),
      cmocka_unit_test(no_root_is_found_after_bytes_that_are_not_a_certificate),
      cmocka_unit_test(a_pair_gives_all_roots_of_the_first_source_and_then_all_of_the_second),
      cmocka_unit_test(a_pair_with_an_empty_source_gives_the_roots_of_the_other),
      cmocka_unit_test(roots_are_found_by_their_subject_in_both_sources_of_a_pair),
      cmocka_unit_test(only_an_identical_certificate_is_in_a_source),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
