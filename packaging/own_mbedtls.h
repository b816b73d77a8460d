/* The declarations of the mbedTLS that is inside libwmrec-tls.a. The installed tls.h and tls_platform.h include this
 * header in place of <mbedtls/...>. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_OWN_MBEDTLS_H
#define WMREC_OWN_MBEDTLS_H

/* MBEDTLS_CHECK_CONFIG_H: of mbedTLS 2.28, which has no build_info.h. */
#if defined(MBEDTLS_BUILD_INFO_H) || defined(MBEDTLS_CHECK_CONFIG_H)
#error "This file includes the headers of another mbedTLS before wmrec's. libwmrec-tls.a has an mbedTLS of its own: \
include <wmrec/tls.h> and <wmrec/tls_platform.h> in a file that includes no other mbedTLS."
#endif

#include "mbedtls/mbedtls/ssl.h"
#include "mbedtls/mbedtls/version.h"

#endif
