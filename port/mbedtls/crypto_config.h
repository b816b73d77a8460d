/* mbedTLS's cryptography, as wmrec wants it: what a client needs to check certificates and to speak TLS 1.2 and 1.3
 * with a forward-secret, authenticated cipher; for mbedTLS 3.6 (by tls_config.h) and for TF-PSA-Crypto,
 * under mbedTLS 4.x (TF_PSA_CRYPTO_CONFIG_FILE).
 *
 * Three profiles: for a desktop, if nothing is said; WMREC_TLS_DEVICE: the same protocols in less flash and memory;
 * WMREC_TLS_SMALL, besides WMREC_TLS_DEVICE: TLS 1.2 only, and what public servers have no use for is left out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CRYPTO_CONFIG_H
#define WMREC_CRYPTO_CONFIG_H

#include <stddef.h>
#include <time.h>

#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG      /* random bytes are the platform's: tls.c hands them on */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS /* nobody else writes to our buffers: no copies of them in the arena */
#define MBEDTLS_PSA_KEY_SLOT_COUNT 8
#ifndef WMREC_TLS_DEVICE
#define MBEDTLS_PSA_KEY_STORE_DYNAMIC /* an open connection has two keys: without it, four would have all slots */
#endif
#define MBEDTLS_MD_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_BASE64_C
#if defined(__x86_64__) || defined(__i386__)
#define MBEDTLS_AESNI_C /* where the processor has it */
#elif defined(__aarch64__)
#define MBEDTLS_AESCE_C
#endif
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM only encrypts blocks */
#ifdef WMREC_TLS_DEVICE
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#ifdef WMREC_TLS_SMALL
#define MBEDTLS_ECP_WINDOW_SIZE 2
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0
#define MBEDTLS_SHA256_SMALLER
#else
#define MBEDTLS_ECP_WINDOW_SIZE 4
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1 /* 11 KB of flash; what it gives: tests/bench/README.md */
#endif
#define MBEDTLS_SHA512_SMALLER
#define MBEDTLS_NO_UDBL_DIVISION
#ifndef WMREC_NO_PRIVATE_KEYS /* no_private_keys.c takes their place, where it is linked */
#pragma weak mbedtls_rsa_private
#pragma weak mbedtls_rsa_complete
#pragma weak mbedtls_rsa_check_pub_priv
#pragma weak mbedtls_rsa_write_key
#pragma weak psa_sign_hash
#pragma weak psa_asymmetric_decrypt
#endif
#endif

/* No malloc and no clock but those that tls.c gives. */
void *wmrec_tls_allocate(size_t count, size_t size);
void wmrec_tls_free(void *memory);
time_t wmrec_tls_time(time_t *seconds);
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO wmrec_tls_allocate
#define MBEDTLS_PLATFORM_FREE_MACRO wmrec_tls_free
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO time_t
#define MBEDTLS_PLATFORM_TIME_MACRO wmrec_tls_time
#define MBEDTLS_PLATFORM_MS_TIME_ALT

#ifndef WMREC_TLS_DEVICE     /* whose roots are chosen */
#define PSA_WANT_ALG_SHA_1 1 /* not for signatures: so that a root that signed itself by it, as old ones do, parses */
#endif
#define PSA_WANT_ALG_SHA_256 1
#define PSA_WANT_ALG_SHA_384 1
#define PSA_WANT_ALG_SHA_512 1
#define PSA_WANT_ALG_HMAC 1
#define PSA_WANT_ALG_TLS12_PRF 1
#define PSA_WANT_KEY_TYPE_DERIVE 1
#define PSA_WANT_KEY_TYPE_HMAC 1
#define PSA_WANT_KEY_TYPE_RAW_DATA 1

#define PSA_WANT_ALG_GCM 1
#define PSA_WANT_KEY_TYPE_AES 1

#define PSA_WANT_ALG_ECDH 1
#define PSA_WANT_ALG_ECDSA 1
#define PSA_WANT_ECC_SECP_R1_256 1
#define PSA_WANT_ECC_SECP_R1_384 1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1

#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN 1
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1

#ifndef WMREC_TLS_SMALL
#define PSA_WANT_ALG_HKDF 1
#define PSA_WANT_ALG_HKDF_EXTRACT 1
#define PSA_WANT_ALG_HKDF_EXPAND 1
#define PSA_WANT_ALG_RSA_PSS 1
#define PSA_WANT_ALG_CHACHA20_POLY1305 1
#define PSA_WANT_KEY_TYPE_CHACHA20 1
#define PSA_WANT_ECC_MONTGOMERY_255 1
#define PSA_WANT_ECC_SECP_R1_521 1
#endif

#ifdef TF_PSA_CRYPTO_VERSION_MAJOR /* it insists, though a client that checks signatures has no use for these */
#define PSA_WANT_ALG_RSA_PKCS1V15_CRYPT 1
#define PSA_WANT_ALG_RSA_OAEP 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT 1
#endif

#endif
