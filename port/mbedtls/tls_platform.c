/* Memory, random numbers and the date for our own configuration of mbedTLS. Its functions have the names that this
 * configuration gives to mbedTLS; with another configuration this file is empty, so that no name collides.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "setup.h"

#ifdef WMREC_TLS_CONFIG_H

#include <mbedtls/platform.h>
#include <mbedtls/psa_util.h>
#include <psa/crypto.h>

#include "tls_platform.h"
#include "verify.h"

static struct wmrec_tls_platform *current; /* NULL: before wmrec_tls_start() and after wmrec_tls_stop() */

void *wmrec_tls_allocate(size_t count, size_t size)
{
  if (current == NULL || (size != 0 && count > SIZE_MAX / size))
    return NULL;
  return wmrec_arena_allocate(&current->arena, count * size);
}

void wmrec_tls_free(void *memory)
{
  if (current != NULL)
    wmrec_arena_free(&current->arena, memory);
}

time_t wmrec_tls_time(time_t *seconds)
{
  const time_t now = current == NULL ? 0 : (time_t)current->now();

  if (seconds != NULL)
    *seconds = now;
  return now;
}

/* The date, as a session's age (RFC 8446, section 4.2.11.1) must be right after a restart, too. */
mbedtls_ms_time_t mbedtls_ms_time(void)
{
  return (mbedtls_ms_time_t)wmrec_tls_time(NULL) * 1000;
}

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output,
                                             size_t output_size, size_t *output_length)
{
  (void)context;
  if (current == NULL)
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
  if (!current->random(output, output_size)) {
    current->has_random_failed = true;
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
  }
  *output_length = output_size;
  return PSA_SUCCESS;
}

int wmrec_tls_start(struct wmrec_tls_platform *platform)
{
  if (platform->random == NULL || platform->now == NULL || platform->arena.share == NULL)
    return WMREC_ERROR_TLS_SETUP;
  current = platform;
  if (psa_crypto_init() == PSA_SUCCESS)
    return WMREC_OK;
  current = NULL; /* PSA has freed what it had allocated */
  return platform->arena.common.is_exhausted ? WMREC_ERROR_TLS_MEMORY : WMREC_ERROR_SYSTEM;
}

void wmrec_tls_stop(void)
{
  if (current == NULL)
    return;
  mbedtls_psa_crypto_free();
  current->arena.common.left = SIZE_MAX; /* PSA's keys may have been allocated for a connection */
  current = NULL;
}

int wmrec_setup_check(struct wmrec_tls *tls)
{
  if (current == NULL)
    return WMREC_ERROR_TLS_SETUP;
  current->has_random_failed = false;
  tls->memory.left = tls->memory_limit != 0 ? tls->memory_limit : SIZE_MAX;
  return WMREC_OK;
}

/* Allocations between the two count for the connection's share of the arena. */
void wmrec_setup_enter(struct wmrec_tls *tls)
{
  current->arena.share = &tls->memory;
}

void wmrec_setup_leave(void)
{
  current->arena.share = &current->arena.common;
}

int wmrec_setup_configure(struct wmrec_tls *tls)
{
  mbedtls_ssl_conf_ca_cb(&tls->config, wmrec_verify_find_roots, tls);
#if MBEDTLS_VERSION_MAJOR < 4
  mbedtls_ssl_conf_rng(&tls->config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
#endif
  return WMREC_OK;
}

/* There is no other cause. */
int wmrec_setup_failure(int error)
{
  (void)error;
  return WMREC_ERROR_TLS_MEMORY;
}

int64_t wmrec_setup_now(const struct wmrec_tls *tls)
{
  (void)tls;
  return current->now();
}

/* mbedTLS checks them, by wmrec_tls_time(). */
uint32_t wmrec_setup_date_flags(const struct wmrec_tls *tls, int64_t not_before, int64_t not_after)
{
  (void)tls, (void)not_before, (void)not_after;
  return 0;
}

/* The arena has noted it. */
void wmrec_setup_note(struct wmrec_tls *tls, int error)
{
  (void)tls, (void)error;
}

int wmrec_setup_cause(const struct wmrec_tls *tls, int error)
{
  (void)error;
  if (tls->memory.is_exhausted)
    return WMREC_ERROR_TLS_MEMORY;
  return current->has_random_failed ? WMREC_ERROR_SYSTEM : WMREC_OK;
}

#else

typedef int wmrec_tls_platform_is_empty; /* ISO C allows no empty file (C99, section 6.9) */

#endif
