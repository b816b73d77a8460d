/* SHA-256, by PSA or, in an mbedTLS without PSA, by its own module. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_DIGEST_H
#define WMREC_DIGEST_H

#include "setup.h"

#ifdef WMREC_TLS_PSA
#include <psa/crypto.h>
#else
#include <mbedtls/sha256.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct wmrec_digest {
#ifdef WMREC_TLS_PSA
  psa_hash_operation_t hash;
#else
  mbedtls_sha256_context hash;
  int error; /* the first error; 0: none */
#endif
};

void wmrec_digest_begin(struct wmrec_digest *digest);
void wmrec_digest_add(struct wmrec_digest *digest, const void *bytes, size_t length);

/* Writes WMREC_TLS_DIGEST bytes, and returns true; returns false if this or an earlier call has failed. */
bool wmrec_digest_end(struct wmrec_digest *digest, unsigned char *output);

#ifdef __cplusplus
}
#endif

#endif
