/* The configuration of mbedTLS's cryptography: what a client needs to verify certificates, and to speak TLS 1.2 and 1.3
 * with ciphers that are forward secret and authenticated. mbedTLS 3.6 gets it by tls_config.h, and TF-PSA-Crypto (of
 * mbedTLS 4.x) by TF_PSA_CRYPTO_CONFIG_FILE.
 *
 * There are three profiles. Without a macro: for desktops. WMREC_TLS_DEVICE: the same protocols in less flash and
 * memory. WMREC_TLS_DEVICE and WMREC_TLS_SMALL: TLS 1.2 only, without algorithms that public servers do not need.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CRYPTO_CONFIG_H
#define WMREC_CRYPTO_CONFIG_H

#include <stddef.h>
#include <time.h>

#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG      /* random bytes come from the platform, by tls.c */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS /* nobody else writes to our buffers: do not copy them into the arena */
#define MBEDTLS_PSA_KEY_SLOT_COUNT 8
#ifndef WMREC_TLS_DEVICE
#define MBEDTLS_PSA_KEY_STORE_DYNAMIC /* an open connection has two keys: four would fill all slots */
#define MBEDTLS_BASE64_C              /* for the passwords of examples/cli, in constant time */
#endif
#define MBEDTLS_MD_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#if defined(__x86_64__) || defined(__i386__)
#define MBEDTLS_AESNI_C /* used if the processor has it */
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
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1 /* 11 KB of flash; tests/bench/README.md says what it gains */
#endif
#define MBEDTLS_SHA512_SMALLER
#define MBEDTLS_NO_UDBL_DIVISION
#ifndef WMREC_NO_PRIVATE_KEYS /* the stubs in no_private_keys.c replace them, if that is linked */
#pragma weak mbedtls_rsa_private
#pragma weak mbedtls_rsa_complete
#pragma weak mbedtls_rsa_check_pub_priv
#pragma weak mbedtls_rsa_write_key
#pragma weak psa_sign_hash
#pragma weak psa_asymmetric_decrypt
#endif
#endif

/* Memory and time come from tls.c. */
#ifdef __cplusplus
extern "C" {
#endif
void *wmrec_tls_allocate(size_t count, size_t size);
void wmrec_tls_free(void *memory);
time_t wmrec_tls_time(time_t *seconds);
#ifdef __cplusplus
}
#endif
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO wmrec_tls_allocate
#define MBEDTLS_PLATFORM_FREE_MACRO wmrec_tls_free
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO time_t
#define MBEDTLS_PLATFORM_TIME_MACRO wmrec_tls_time
#define MBEDTLS_PLATFORM_MS_TIME_ALT

/* To parse old self-signed roots; not to verify signatures. The roots of a device are chosen by hand. With SHA-1,
 * mbedTLS 4.0 accepts it under TLS 1.2 for a key exchange, too. */
#if !defined(WMREC_TLS_DEVICE) && !defined(TF_PSA_CRYPTO_VERSION_MAJOR)
#define PSA_WANT_ALG_SHA_1 1
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

#ifdef TF_PSA_CRYPTO_VERSION_MAJOR /* it requires these, though a client that only verifies does not need them */
#define PSA_WANT_ALG_RSA_PKCS1V15_CRYPT 1
#define PSA_WANT_ALG_RSA_OAEP 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT 1
#endif

#endif
