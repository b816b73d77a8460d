/* For a client without a key pair of its own: mbedTLS's tables hold on to all that could be done with one, 5 KB of
 * flash. crypto_config.h has made these functions weak, so that the linker takes the ones here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define WMREC_NO_PRIVATE_KEYS

#include <mbedtls/rsa.h>
#include <psa/crypto.h>

int mbedtls_rsa_private(mbedtls_rsa_context *rsa, mbedtls_f_rng_t *random, void *random_context,
                        const unsigned char *input, unsigned char *output)
{
  (void)rsa, (void)random, (void)random_context, (void)input, (void)output;
  return MBEDTLS_ERR_RSA_PRIVATE_FAILED;
}

/* Of a public key, nothing is missing that could be deduced. */
int mbedtls_rsa_complete(mbedtls_rsa_context *rsa)
{
  return mbedtls_rsa_check_pubkey(rsa);
}

/* From a header of mbedTLS's own. */
int mbedtls_rsa_write_key(const mbedtls_rsa_context *rsa, unsigned char *start, unsigned char **end);

int mbedtls_rsa_write_key(const mbedtls_rsa_context *rsa, unsigned char *start, unsigned char **end)
{
  (void)rsa, (void)start, (void)end;
  return MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
}

int mbedtls_rsa_check_pub_priv(const mbedtls_rsa_context *public_key, const mbedtls_rsa_context *private_key)
{
  (void)public_key, (void)private_key;
  return MBEDTLS_ERR_RSA_KEY_CHECK_FAILED;
}

psa_status_t psa_sign_hash(mbedtls_svc_key_id_t key, psa_algorithm_t algorithm, const uint8_t *hash, size_t hash_length,
                           uint8_t *signature, size_t signature_size, size_t *signature_length)
{
  (void)key, (void)algorithm, (void)hash, (void)hash_length, (void)signature, (void)signature_size;
  *signature_length = 0;
  return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_decrypt(mbedtls_svc_key_id_t key, psa_algorithm_t algorithm, const uint8_t *input,
                                    size_t input_length, const uint8_t *salt, size_t salt_length, uint8_t *output,
                                    size_t output_size, size_t *output_length)
{
  (void)key, (void)algorithm, (void)input, (void)input_length, (void)salt, (void)salt_length;
  (void)output, (void)output_size;
  *output_length = 0;
  return PSA_ERROR_NOT_SUPPORTED;
}
