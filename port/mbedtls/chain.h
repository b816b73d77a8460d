/* Trusted roots that the program has parsed itself: a list of mbedTLS's, as its own TLS connections use it.
 *
 *     static mbedtls_x509_crt chain;
 *
 *     mbedtls_x509_crt_init(&chain);
 *     mbedtls_x509_crt_parse(&chain, ...);
 *     struct wmrec_tls tls = {.inner = ..., .roots = wmrec_roots_from_chain(&chain)};
 *
 * Threads: the list is only read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CHAIN_H
#define WMREC_CHAIN_H

#include <mbedtls/x509_crt.h>

#include "roots.h"

#ifdef __cplusplus
extern "C" {
#endif

/* chain: borrowed for as long as the source is in use; it must not change. Many connections can share it. */
struct wmrec_roots wmrec_roots_from_chain(mbedtls_x509_crt *chain);

/* Returns the list if `roots` are wmrec_roots_from_chain(); otherwise NULL. */
mbedtls_x509_crt *wmrec_roots_chain(const struct wmrec_roots *roots);

#ifdef __cplusplus
}
#endif

#endif
