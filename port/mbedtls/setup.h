/* What mbedTLS gets from outside it: memory, random numbers, the date, trusted roots. Not for users.
 *
 * There are two implementations. tls_platform.c is for our own configuration of mbedTLS, tls_config.h; foreign.c is for
 * the configuration of somebody else. The one that is not needed compiles to nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SETUP_H
#define WMREC_SETUP_H

#include "tls.h"

/* What wmrec needs of a configuration. */
#if !defined(MBEDTLS_SSL_TLS_C) || !defined(MBEDTLS_SSL_CLI_C)
#error "wmrec needs a TLS client: turn on MBEDTLS_SSL_TLS_C and MBEDTLS_SSL_CLI_C."
#endif
#if !defined(MBEDTLS_X509_CRT_PARSE_C)
#error "wmrec verifies certificates: turn on MBEDTLS_X509_CRT_PARSE_C."
#endif
#if !defined(MBEDTLS_SSL_SERVER_NAME_INDICATION)
#error "Servers choose their certificate by the name: turn on MBEDTLS_SSL_SERVER_NAME_INDICATION."
#endif
#if !defined(MBEDTLS_SSL_PROTO_TLS1_3) &&                                                                              \
    !(defined(MBEDTLS_SSL_PROTO_TLS1_2) &&                                                                             \
      (defined(MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED) || defined(MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED)))
#error "wmrec needs forward secrecy: turn on MBEDTLS_SSL_PROTO_TLS1_3, or MBEDTLS_SSL_PROTO_TLS1_2 and \
MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED and MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED."
#endif
#if defined(MBEDTLS_TEST_NULL_ENTROPY)
#error "Keys would not be random: turn off MBEDTLS_TEST_NULL_ENTROPY."
#endif

/* mbedTLS 3.6 may come without PSA; then TLS 1.3 is off, too. */
#if MBEDTLS_VERSION_MAJOR >= 4 || defined(MBEDTLS_PSA_CRYPTO_C) || defined(MBEDTLS_PSA_CRYPTO_CLIENT)
#define WMREC_TLS_PSA
#elif !defined(MBEDTLS_ENTROPY_C) || !defined(MBEDTLS_CTR_DRBG_C) || !defined(MBEDTLS_SHA256_C)
#error "wmrec needs random numbers and SHA-256: turn on MBEDTLS_PSA_CRYPTO_C, or MBEDTLS_ENTROPY_C, \
MBEDTLS_CTR_DRBG_C and MBEDTLS_SHA256_C."
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Before a connection: returns WMREC_OK, or the error if mbedTLS or tls is not ready. */
int wmrec_setup_check(struct wmrec_tls *tls);

/* Before the first and after the last call of mbedTLS in a function of the transport. */
void wmrec_setup_enter(struct wmrec_tls *tls);
void wmrec_setup_leave(void);

/* Completes tls->config: random numbers, roots, cipher suites. Returns WMREC_OK or an error. */
int wmrec_setup_configure(struct wmrec_tls *tls);

/* Returns the WMREC_ERROR_* for an error of mbedTLS before the handshake. */
int wmrec_setup_failure(int error);

/* Returns the date, in seconds since 1970-01-01, UTC; 0: unknown. */
int64_t wmrec_setup_now(const struct wmrec_tls *tls);

/* Returns MBEDTLS_X509_BADCERT_* for a certificate with these dates, as far as mbedTLS does not check them. */
uint32_t wmrec_setup_date_flags(const struct wmrec_tls *tls, int64_t not_before, int64_t not_after);

/* Remembers an error that mbedTLS will not return again, for wmrec_setup_cause(). */
void wmrec_setup_note(struct wmrec_tls *tls, int error);

/* After an error of mbedTLS: returns WMREC_ERROR_TLS_MEMORY or WMREC_ERROR_SYSTEM if memory or random numbers are the
 * cause; else WMREC_OK. */
int wmrec_setup_cause(const struct wmrec_tls *tls, int error);

#ifdef __cplusplus
}
#endif

#endif
