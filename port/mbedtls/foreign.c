/* The configuration of mbedTLS is somebody else's: it may lack what ours has, and have what ours leaves out. With our
 * own configuration this file is empty.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "setup.h"

#ifndef WMREC_TLS_CONFIG_H

#include <mbedtls/platform.h>
#include <mbedtls/platform_time.h>

#ifdef WMREC_TLS_PSA
#include <psa/crypto.h>
#else
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#endif
#if MBEDTLS_VERSION_MAJOR < 4
#include <mbedtls/bignum.h>
#include <mbedtls/cipher.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#endif

#include "chain.h"
#include "verify.h"

/* Forward secrecy and authenticated encryption only, as in our own configuration. mbedTLS skips those that it does not
 * have; without this list it would offer all that it has. */
static const int cipher_suites[] = {MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
                                    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
                                    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
                                    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                                    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                                    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                                    MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                                    0};

/* As in our own configuration; mbedTLS's default profile also has Brainpool curves. */
static const mbedtls_x509_crt_profile certificates = {
    .allowed_mds = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
                   MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
    .allowed_pks = UINT32_MAX,
    .allowed_curves = MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) |
                      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP521R1),
    .rsa_min_bitlen = 2048};

static bool is_memory_error(int error)
{
  const int high_level = -(-error & 0xff80);
  const int low_level = -(-error & 0x7f);

#if MBEDTLS_VERSION_MAJOR < 4 /* 4.x has only the codes below */
  if (high_level == MBEDTLS_ERR_ECP_ALLOC_FAILED || high_level == MBEDTLS_ERR_MD_ALLOC_FAILED ||
      high_level == MBEDTLS_ERR_CIPHER_ALLOC_FAILED || low_level == MBEDTLS_ERR_MPI_ALLOC_FAILED)
    return true;
#endif
#ifdef WMREC_TLS_PSA
  if (error == PSA_ERROR_INSUFFICIENT_MEMORY)
    return true;
#endif
  return high_level == MBEDTLS_ERR_SSL_ALLOC_FAILED || high_level == MBEDTLS_ERR_X509_ALLOC_FAILED ||
         high_level == MBEDTLS_ERR_PK_ALLOC_FAILED || low_level == MBEDTLS_ERR_ASN1_ALLOC_FAILED;
}

#ifdef WMREC_TLS_PSA
/* Another part of the program may use PSA, too: so it is never stopped. */
static int start(void)
{
  switch (psa_crypto_init()) {
  case PSA_SUCCESS:
    return WMREC_OK;
  case PSA_ERROR_INSUFFICIENT_MEMORY:
    return WMREC_ERROR_TLS_MEMORY;
  default:
    return WMREC_ERROR_SYSTEM;
  }
}

static bool get_random(unsigned char *bytes, size_t size)
{
  return psa_generate_random(bytes, size) == PSA_SUCCESS;
}
#else
/* Seeded once, by mbedTLS's sources of entropy, and never freed. */
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context generator;
static bool is_seeded;

static int start(void)
{
  if (is_seeded)
    return WMREC_OK;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&generator);
  is_seeded = mbedtls_ctr_drbg_seed(&generator, mbedtls_entropy_func, &entropy, NULL, 0) == 0;
  return is_seeded ? WMREC_OK : WMREC_ERROR_SYSTEM;
}

static bool get_random(unsigned char *bytes, size_t size)
{
  for (size_t count; size > 0; size -= count, bytes += count) {
    count = size < MBEDTLS_CTR_DRBG_MAX_REQUEST ? size : MBEDTLS_CTR_DRBG_MAX_REQUEST;
    if (mbedtls_ctr_drbg_random(&generator, bytes, count) != 0)
      return false;
  }
  return true;
}
#endif

int wmrec_setup_check(struct wmrec_tls *tls)
{
#ifndef MBEDTLS_HAVE_TIME_DATE
  if (tls->now == NULL)
    return WMREC_ERROR_TLS_SETUP;
#endif
  tls->memory.is_exhausted = false;
  return start();
}

void wmrec_setup_enter(struct wmrec_tls *tls)
{
  tls->has_random_failed = false;
}

void wmrec_setup_leave(void)
{
}

#if MBEDTLS_VERSION_MAJOR < 4
static int random_bytes(void *context, unsigned char *bytes, size_t size)
{
  struct wmrec_tls *tls = context;

  tls->has_random_failed = !get_random(bytes, size);
  return tls->has_random_failed ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : 0;
}
#endif

#ifdef MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
static int trust_roots(struct wmrec_tls *tls)
{
  mbedtls_ssl_conf_ca_cb(&tls->config, wmrec_verify_find_roots, tls);
  return WMREC_OK;
}

void wmrec_tls_free_roots(struct wmrec_tls *tls)
{
  (void)tls;
}
#else
void wmrec_tls_free_roots(struct wmrec_tls *tls)
{
  if (tls->parsed.next != NULL)
    mbedtls_x509_crt_free(&tls->chain);
  tls->parsed.next = NULL;
}

/* A root that mbedTLS cannot parse, such as one with Ed25519, is skipped. */
static int parse_roots(struct wmrec_tls *tls)
{
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  wmrec_tls_free_roots(tls);
  mbedtls_x509_crt_init(&tls->chain);
  tls->parsed = tls->roots;
  while (tls->roots.next(tls->roots.context, &position, &der, &length)) {
    wmrec_setup_note(tls, mbedtls_x509_crt_parse_der(&tls->chain, der, length));
    if (tls->memory.is_exhausted) {
      wmrec_tls_free_roots(tls);
      return WMREC_ERROR_TLS_MEMORY;
    }
  }
  return WMREC_OK;
}

static int trust_roots(struct wmrec_tls *tls)
{
  mbedtls_x509_crt *chain = wmrec_roots_chain(&tls->roots);
  int result = WMREC_OK;

  if (chain == NULL) {
    chain = &tls->chain;
    if (tls->parsed.next != tls->roots.next || tls->parsed.context != tls->roots.context)
      result = parse_roots(tls);
  }
  if (result == WMREC_OK && chain->raw.p == NULL)
    return WMREC_ERROR_TLS_ROOTS;
  mbedtls_ssl_conf_ca_chain(&tls->config, chain, NULL);
  return result;
}
#endif

int wmrec_setup_configure(struct wmrec_tls *tls)
{
  mbedtls_ssl_conf_ciphersuites(&tls->config, cipher_suites);
  mbedtls_ssl_conf_cert_profile(&tls->config, &certificates);
#if MBEDTLS_VERSION_MAJOR < 4
  mbedtls_ssl_conf_rng(&tls->config, random_bytes, tls);
#endif
  return trust_roots(tls);
}

int wmrec_setup_failure(int error)
{
  return is_memory_error(error) ? WMREC_ERROR_TLS_MEMORY : WMREC_ERROR_TLS;
}

int64_t wmrec_setup_now(const struct wmrec_tls *tls)
{
#ifdef MBEDTLS_HAVE_TIME_DATE
  if (tls->now == NULL)
    return (int64_t)mbedtls_time(NULL);
#endif
  return tls->now();
}

/* mbedTLS checks dates only with MBEDTLS_HAVE_TIME_DATE, and not by tls->now. */
uint32_t wmrec_setup_date_flags(const struct wmrec_tls *tls, int64_t not_before, int64_t not_after)
{
  const int64_t now = wmrec_setup_now(tls);

  if (now < not_before)
    return MBEDTLS_X509_BADCERT_FUTURE;
  return now > not_after ? MBEDTLS_X509_BADCERT_EXPIRED : 0;
}

void wmrec_setup_note(struct wmrec_tls *tls, int error)
{
  if (is_memory_error(error))
    tls->memory.is_exhausted = true;
}

int wmrec_setup_cause(const struct wmrec_tls *tls, int error)
{
  if (tls->memory.is_exhausted || is_memory_error(error))
    return WMREC_ERROR_TLS_MEMORY;
  return tls->has_random_failed ? WMREC_ERROR_SYSTEM : WMREC_OK;
}

#else

typedef int wmrec_foreign_is_empty; /* ISO C allows no empty file (C99, section 6.9) */

#endif
