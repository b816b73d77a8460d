/* SHA-256.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "digest.h"

#ifdef WMREC_TLS_PSA

/* After an error, all later calls of PSA with this operation fail as well. */
void wmrec_digest_begin(struct wmrec_digest *digest)
{
  *digest = (struct wmrec_digest){.hash = PSA_HASH_OPERATION_INIT};
  psa_hash_setup(&digest->hash, PSA_ALG_SHA_256);
}

void wmrec_digest_add(struct wmrec_digest *digest, const void *bytes, size_t length)
{
  psa_hash_update(&digest->hash, bytes, length);
}

bool wmrec_digest_end(struct wmrec_digest *digest, unsigned char *output)
{
  size_t length;
  const psa_status_t status = psa_hash_finish(&digest->hash, output, WMREC_TLS_DIGEST, &length);

  psa_hash_abort(&digest->hash);
  return status == PSA_SUCCESS;
}

#else

void wmrec_digest_begin(struct wmrec_digest *digest)
{
  mbedtls_sha256_init(&digest->hash);
  digest->error = mbedtls_sha256_starts(&digest->hash, 0);
}

void wmrec_digest_add(struct wmrec_digest *digest, const void *bytes, size_t length)
{
  if (digest->error == 0)
    digest->error = mbedtls_sha256_update(&digest->hash, bytes, length);
}

bool wmrec_digest_end(struct wmrec_digest *digest, unsigned char *output)
{
  if (digest->error == 0)
    digest->error = mbedtls_sha256_finish(&digest->hash, output);
  mbedtls_sha256_free(&digest->hash);
  return digest->error == 0;
}

#endif
