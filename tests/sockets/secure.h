/* TLS over another transport, for one connection.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SECURE_H
#define SECURE_H

#include "transport.h"

/* Starts mbedTLS. roots: a file of trusted roots in PEM. */
struct wmrec_transport secure_transport(struct wmrec_transport inner, const char *roots);

/* Ends mbedTLS, if it was started. The connection must be closed. */
void secure_end(void);

#endif
