/* Whether a server's certificate is acceptable; not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_VERIFY_H
#define WMREC_VERIFY_H

#include "tls.h"

/* For mbedtls_ssl_conf_ca_cb(): the trusted roots that may have issued this certificate. */
int wmrec_verify_find_roots(void *context, mbedtls_x509_crt const *child, mbedtls_x509_crt **candidates);

/* For mbedtls_ssl_conf_verify(): what mbedTLS does not check by itself. */
int wmrec_verify_certificate(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags);

/* The WMREC_ERROR_* for the error of a handshake that failed, and what was found wrong with the certificate. */
int wmrec_verify_result(int error, uint32_t flags);

#endif
