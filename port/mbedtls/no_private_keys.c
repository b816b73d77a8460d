/* For devices: stubs in place of functions that only the owner of a key pair needs. mbedTLS's tables refer to these
 * functions, so the linker would keep 5 KB of flash for them. In the profiles for devices, crypto_config.h makes them
 * weak, so that the linker takes the stubs. In the other profile, and with another configuration of mbedTLS, this file
 * is empty.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define WMREC_NO_PRIVATE_KEYS /* the functions here are not weak: see crypto_config.h */

#include <mbedtls/version.h>

#if defined(WMREC_TLS_DEVICE) && defined(WMREC_TLS_CONFIG_H)

#include <mbedtls/rsa.h>
#include <psa/crypto.h>

int mbedtls_rsa_private(mbedtls_rsa_context *rsa, mbedtls_f_rng_t *random, void *random_context,
                        const unsigned char *input, unsigned char *output)
{
  (void)rsa, (void)random, (void)random_context, (void)input, (void)output;
  return MBEDTLS_ERR_RSA_PRIVATE_FAILED;
}

/* A public key has no missing part that could be computed. */
int mbedtls_rsa_complete(mbedtls_rsa_context *rsa)
{
  return mbedtls_rsa_check_pubkey(rsa);
}

/* Declared in an internal header of mbedTLS. */
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

#else

typedef int wmrec_no_private_keys_is_empty; /* ISO C allows no empty file (C99, section 6.9) */

#endif
