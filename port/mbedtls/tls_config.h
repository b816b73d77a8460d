/* The configuration of mbedTLS's TLS and X.509: a client, in the profiles that crypto_config.h describes. Give its name
 * as MBEDTLS_CONFIG_FILE. It is not named mbedtls_config.h, because mbedTLS's own file of that name would be found
 * first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TLS_CONFIG_H
#define WMREC_TLS_CONFIG_H

#if MBEDTLS_VERSION_MAJOR < 4 /* 4.x always does this, and finds the file by TF_PSA_CRYPTO_CONFIG_FILE */
#define MBEDTLS_USE_PSA_CRYPTO
#define MBEDTLS_PSA_CRYPTO_CONFIG
#ifndef MBEDTLS_PSA_CRYPTO_CONFIG_FILE /* -D: where crypto_config.h is in another folder */
#define MBEDTLS_PSA_CRYPTO_CONFIG_FILE "crypto_config.h"
#endif
#endif

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_SSL_SESSION_TICKETS        /* RFC 5077; and RFC 8446, section 4.6.1 */
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET /* RFC 7627 */
#define MBEDTLS_SSL_SERVER_NAME_INDICATION /* RFC 6066 */

#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK

/* In bytes. Output: a ClientHello with a ticket, and a request, must fit. Input: by default, records of full size, 16
 * KiB. The small profile accepts records and handshake messages (the list of certificates) of half that size only. */
#ifndef WMREC_TLS_DEVICE
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096
#else
#define MBEDTLS_SSL_OUT_CONTENT_LEN 2048
#define MBEDTLS_X509_REMOVE_INFO
#define MBEDTLS_PLATFORM_GMTIME_R_ALT /* libc's may need a heap */
#endif

/* The shorter key first: it takes less time. mbedTLS skips suites that the profile does not have. */
#ifdef WMREC_TLS_DEVICE
#define MBEDTLS_SSL_CIPHERSUITES                                                                                       \
  MBEDTLS_TLS1_3_AES_128_GCM_SHA256, MBEDTLS_TLS1_3_AES_256_GCM_SHA384, MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,       \
      MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,                  \
      MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,                  \
      MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
#endif

#ifdef WMREC_TLS_SMALL
#define MBEDTLS_SSL_IN_CONTENT_LEN 8192
#else
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE /* RFC 8446, appendix D.4: middleboxes expect it */
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE     /* TLS 1.3 needs it */
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#endif

#endif
