/* The seed of a start, from a seed in flash, the secret of the settings, and noise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "flash_seed.h"

#include <string.h>

#include <mbedtls/platform_util.h>
#include <psa/crypto.h>

#include "health.h"
#include "log.h"
#include "seed_records.h"
#include "settings.h"

enum { NOISE = 2 * HEALTH_WINDOW /* samples */ };

/* See flash_seed.h. Up to NEW, there is a seed. */
enum result { OK, NEW, NO_SECRET, NO_NOISE, NOT_WRITTEN };
static const char *const result_names[] = {"ok", "new", "no-secret", "no-noise", "not-written"};

/* All that a seed is made of, as it is hashed. Different labels make the hashes independent. */
struct inputs {
  char label[16];
  uint8_t old_seed[BOARD_SEED_SIZE]; /* zeros if there is none */
  uint8_t secret[SETTINGS_SECRET];
  uint8_t noise[NOISE / 8];
  uint8_t unique_id[BOARD_UNIQUE_SIZE];
  uint32_t clock;
  uint32_t counter; /* of the next record */
};

/* Samples the noise source, whether it is healthy or not: bad noise does no harm to what is good. */
static enum health_result sample_noise(uint8_t noise[NOISE / 8])
{
  struct health health = {.result = HEALTH_OK};

  memset(noise, 0, NOISE / 8);
  for (unsigned i = 0; i < NOISE; i++) {
    const unsigned bit = board_noise_bit() & 1;

    noise[i / 8] |= (uint8_t)(bit << i % 8);
    health_add(&health, bit);
  }
  return health.result;
}

static bool hash(struct inputs *inputs, const char *label, uint8_t digest[BOARD_SEED_SIZE])
{
  size_t length;

  memset(inputs->label, 0, sizeof inputs->label);
  memcpy(inputs->label, label, strlen(label));
  return psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)inputs, sizeof *inputs, digest, BOARD_SEED_SIZE, &length) ==
         PSA_SUCCESS;
}

/* inputs->noise and ->secret are filled in. */
static enum result make(struct inputs *inputs, bool is_noise_healthy, const unsigned char *flash, size_t size,
                        uint8_t seed[BOARD_SEED_SIZE])
{
  struct seed_records records;
  struct seed_record record = {.counter = 0};
  const bool has_old = seed_records_open(&records, flash, size, &record);
  bool is_written;

  if (!has_old && !is_noise_healthy)
    return NO_NOISE;
  record.counter++;
  memcpy(inputs->old_seed, record.seed, sizeof inputs->old_seed);
  inputs->counter = record.counter;
  inputs->clock = board_clock();
  board_unique_id(inputs->unique_id);
  is_written = hash(inputs, "this start", seed) && hash(inputs, "the next start", record.seed) &&
               seed_records_replace(&records, &record);
  mbedtls_platform_zeroize(&record, sizeof record);
  if (!is_written)
    return NOT_WRITTEN;
  return has_old ? OK : NEW;
}

bool flash_seed_take(const unsigned char *secret, uint8_t seed[BOARD_SEED_SIZE])
{
  struct inputs inputs;
  size_t size;
  const unsigned char *flash = board_seed_flash(&size);
  enum health_result noise;
  enum result result = NO_SECRET;

  if (size == 0)
    return false;
  noise = sample_noise(inputs.noise);
  if (secret != NULL) {
    memcpy(inputs.secret, secret, sizeof inputs.secret);
    result = make(&inputs, noise == HEALTH_OK, flash, size, seed);
  }
  mbedtls_platform_zeroize(&inputs, sizeof inputs);
  log_begin();
  log_text("seed", result_names[result]);
  log_text("noise", health_result_name(noise));
  log_end();
  return result <= NEW;
}
