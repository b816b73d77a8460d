/* The lamp's default roots (examples/lamp/flash_roots.txt), with mbedTLS configured as on a device. There, TLS silently
 * ignores a root that it cannot parse or whose key it does not support.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <string.h>

#include "flash_roots.h"
#include "tls_platform.h"
#include "verify.h"

enum { ROOTS = 9, NOW = 1767225600 /* 2026-01-01 */ };

static unsigned char memory[65536] __attribute__((aligned(8)));

static bool no_random(void *bytes, size_t length)
{
  memset(bytes, 0, length);
  return true;
}

static int64_t now(void)
{
  return NOW;
}

static struct wmrec_tls_platform platform = {.random = no_random, .now = now};

/* The lamp's own, gmtime.c, is part of the firmware. */
struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *parts)
{
  return gmtime_r(seconds, parts);
}

static int start(void **state)
{
  (void)state;
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  return wmrec_tls_start(&platform);
}

static int stop(void **state)
{
  (void)state;
  wmrec_tls_stop();
  return 0;
}

/* Calls `check` for each root, and returns the number of roots. */
static unsigned for_each(void (*check)(mbedtls_x509_crt *root))
{
  const struct wmrec_roots roots = wmrec_roots_from_der(&flash_roots);
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned count = 0;

  for (; roots.next(roots.context, &position, &der, &length); count++) {
    mbedtls_x509_crt root;

    mbedtls_x509_crt_init(&root);
    assert_int_equal(mbedtls_x509_crt_parse_der(&root, der, length), 0);
    assert_int_equal(root.raw.len, length);
    check(&root);
    mbedtls_x509_crt_free(&root);
  }
  assert_int_equal(position, flash_roots.length);
  return count;
}

static void check_authority(mbedtls_x509_crt *root)
{
  assert_true(mbedtls_x509_crt_get_ca_istrue(root));
  assert_int_equal(mbedtls_x509_crt_check_key_usage(root, MBEDTLS_X509_KU_KEY_CERT_SIGN), 0);
}

static void each_root_is_parsed_completely_and_is_an_authority(void **state)
{
  (void)state;
  assert_int_equal(for_each(check_authority), ROOTS);
}

static void check_subject(mbedtls_x509_crt *root)
{
  const struct wmrec_roots roots = wmrec_roots_from_der(&flash_roots);
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  assert_true(wmrec_roots_with_subject(&roots, root->subject_raw.p, root->subject_raw.len, &position, &der, &length));
  assert_int_equal(length, root->raw.len);
  assert_memory_equal(der, root->raw.p, length);
  assert_false(wmrec_roots_with_subject(&roots, root->subject_raw.p, root->subject_raw.len, &position, &der, &length));
}

static void each_subject_finds_its_own_root_and_no_other(void **state)
{
  (void)state;
  assert_int_equal(for_each(check_subject), ROOTS);
}

/* Returns the flags MBEDTLS_X509_BADCERT_*, 0 for a valid certificate. */
static uint32_t verify(mbedtls_x509_crt *certificate)
{
  struct wmrec_tls tls = {.roots = wmrec_roots_from_der(&flash_roots)};
  uint32_t flags;

  mbedtls_x509_crt_verify_with_ca_cb(certificate, wmrec_verify_find_roots, &tls, &mbedtls_x509_crt_profile_default,
                                     NULL, &flags, NULL, NULL);
  return flags;
}

/* A root is self-signed, so the search for its issuer finds itself, and its own key verifies the signature. */
static void check_signature(mbedtls_x509_crt *root)
{
  assert_int_equal(verify(root), 0);
  root->raw.p[root->raw.len - 1] ^= 1; /* damages the signature */
  assert_int_equal(verify(root), MBEDTLS_X509_BADCERT_NOT_TRUSTED);
}

static void each_root_verifies_its_own_signature_and_rejects_a_damaged_one(void **state)
{
  (void)state;
  assert_int_equal(for_each(check_signature), ROOTS);
}

static void check_candidates(mbedtls_x509_crt *root)
{
  const struct wmrec_root_pair twice = {wmrec_roots_from_der(&flash_roots), wmrec_roots_from_der(&flash_roots)};
  struct wmrec_tls tls = {.roots = wmrec_roots_from_pair(&twice)};
  mbedtls_x509_crt *candidates;

  assert_int_equal(wmrec_verify_find_roots(&tls, root, &candidates), 0);
  assert_non_null(candidates);
  assert_null(candidates->next);
  assert_in_range(candidates->raw.p - flash_roots.der, 0, flash_roots.length - 1);
  mbedtls_x509_crt_free(candidates);
  wmrec_tls_free(candidates);
}

static void a_root_in_two_sources_is_found_once_and_is_not_copied(void **state)
{
  (void)state;
  assert_int_equal(for_each(check_candidates), ROOTS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(each_root_is_parsed_completely_and_is_an_authority, start, stop),
      cmocka_unit_test_setup_teardown(each_subject_finds_its_own_root_and_no_other, start, stop),
      cmocka_unit_test_setup_teardown(each_root_verifies_its_own_signature_and_rejects_a_damaged_one, start, stop),
      cmocka_unit_test_setup_teardown(a_root_in_two_sources_is_found_once_and_is_not_copied, start, stop),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
