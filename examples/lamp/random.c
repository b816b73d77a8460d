/* Random numbers, generated from the seed of this start. Each block of output is a hash of the state. The state is then
 * replaced by another hash of itself, so earlier output cannot be computed from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "random.h"

#include <string.h>

#include <mbedtls/platform_util.h>
#include <psa/crypto.h>

#include "flash_seed.h"
#include "seed.h"
#include "settings.h"

/* The generator's state. It survives a restart: a watchdog reset needs no new seed, and the same seed never generates
 * the same numbers twice. Mark and CRC are valid only if the bytes come from a seed. After power-up the bytes are
 * arbitrary, and may be the same each time. */
static struct seed state __attribute__((section(".noinit")));
static bool is_seeded; /* the state comes from a seed */

/* One block of output for random_number(): a block costs two hashes, and lwIP takes a few numbers per connection. */
static uint32_t numbers[BOARD_SEED_SIZE / 4];
static unsigned numbers_left; /* numbers[0] to numbers[numbers_left - 1] are unused */

/* Computes SHA-256 of the state followed by these bytes. digest may be state.bytes. */
static bool hash(const void *bytes, size_t length, uint8_t digest[BOARD_SEED_SIZE])
{
  psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
  size_t digest_length;

  psa_hash_setup(&operation, PSA_ALG_SHA_256); /* an error in one of these makes the last one fail */
  psa_hash_update(&operation, state.bytes, sizeof state.bytes);
  psa_hash_update(&operation, bytes, length);
  return psa_hash_finish(&operation, digest, BOARD_SEED_SIZE, &digest_length) == PSA_SUCCESS;
}

/* Adds a seed to the state, if there is one, and wipes it. */
static void add(bool is_there, uint8_t seed[BOARD_SEED_SIZE])
{
  if (is_there) {
    is_seeded = hash(seed, BOARD_SEED_SIZE, state.bytes);
    numbers_left = 0;
    if (is_seeded)
      seed_validate(&state);
  }
  mbedtls_platform_zeroize(seed, BOARD_SEED_SIZE);
}

static void add_board_seed(void)
{
  uint8_t seed[BOARD_SEED_SIZE];

  add(board_take_seed(seed), seed);
}

static void add_flash_seed(const unsigned char *secret)
{
  uint8_t seed[BOARD_SEED_SIZE];

  add(flash_seed_take(secret, seed), seed);
}

void random_start(const void *memory, size_t size, const unsigned char *secret)
{
  is_seeded = seed_is_valid(&state);
  hash(memory, size, state.bytes);
  if (secret != NULL)
    hash(secret, SETTINGS_SECRET, state.bytes);
  if (is_seeded)
    seed_validate(&state);
  add_flash_seed(secret);
  add_board_seed();
}

bool random_is_seeded(void)
{
  if (!is_seeded)
    add_board_seed();
  return is_seeded;
}

/* Generates `length` bytes, and replaces the state after each block. */
static bool generate(void *bytes, size_t length)
{
  static const uint8_t for_output = 0; /* different suffixes make the two hashes independent */
  static const uint8_t for_state = 1;
  uint8_t *next = bytes;
  uint8_t block[BOARD_SEED_SIZE];
  bool is_good = true;

  while (is_good && length > 0) {
    const size_t count = length < sizeof block ? length : sizeof block;

    is_good = hash(&for_output, 1, block) && hash(&for_state, 1, state.bytes);
    memcpy(next, block, count);
    next += count;
    length -= count;
  }
  if (is_seeded)
    seed_validate(&state);
  memset(block, 0, sizeof block);
  return is_good;
}

bool random_bytes(void *bytes, size_t length)
{
  return is_seeded && generate(bytes, length);
}

uint32_t random_number(void)
{
  if (numbers_left == 0) {
    generate(numbers, sizeof numbers);
    numbers_left = sizeof numbers / sizeof numbers[0];
  }
  return numbers[--numbers_left];
}
