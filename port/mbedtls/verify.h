/* Decides whether a server's certificate is acceptable. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_VERIFY_H
#define WMREC_VERIFY_H

#include "tls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For mbedtls_ssl_conf_ca_cb(): finds the trusted roots that may have issued this certificate, and puts the server's
 * own certificates in order. */
int wmrec_verify_find_roots(void *context, mbedtls_x509_crt const *child, mbedtls_x509_crt **candidates);

/* For mbedtls_ssl_conf_verify(): checks what mbedTLS does not check by itself. */
int wmrec_verify_certificate(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags);

/* Returns the WMREC_ERROR_* for an error of the handshake and the flags of the certificates. */
int wmrec_verify_result(int error, uint32_t flags);

#ifdef __cplusplus
}
#endif

#endif
