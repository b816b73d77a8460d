/* Random numbers, from the board's seed. Each block is the hash of the state, and then the state becomes another hash
 * of itself: what was given cannot be computed from the state that is left.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "random.h"

#include <string.h>

#include <psa/crypto.h>

#include "seed.h"

/* Outlives a restart, so that a watchdog's reset does not end TLS, and the same seed twice does not give the same
 * numbers twice. Its mark and CRC are right if, and only if, its bytes come from a seed: what they come from at a
 * power-up is chance, and may be the same each time. */
static struct seed state __attribute__((section(".noinit")));
static bool is_seeded; /* state comes from a seed */

/* For random_number(): of one block, as lwIP takes a few for each connection, and a block takes two hashes. */
static uint32_t numbers[BOARD_SEED / 4];
static unsigned numbers_left; /* the first ones, which nobody has had */

/* The hash of the state and of these bytes; the digest may be the state itself. */
static bool hash(const void *bytes, size_t length, uint8_t digest[BOARD_SEED])
{
  psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
  size_t digest_length;

  psa_hash_setup(&operation, PSA_ALG_SHA_256); /* if one of these fails, the last one does, too */
  psa_hash_update(&operation, state.bytes, sizeof state.bytes);
  psa_hash_update(&operation, bytes, length);
  return psa_hash_finish(&operation, digest, BOARD_SEED, &digest_length) == PSA_SUCCESS;
}

/* Stirs in the board's seed, if there is one. */
static void take_seed(void)
{
  uint8_t seed[BOARD_SEED];

  if (!board_seed(seed))
    return;
  is_seeded = hash(seed, sizeof seed, state.bytes);
  memset(seed, 0, sizeof seed);
  numbers_left = 0;
  if (is_seeded)
    seed_validate(&state);
}

void random_start(const void *memory, size_t size)
{
  is_seeded = seed_is_valid(&state);
  hash(memory, size, state.bytes);
  if (is_seeded)
    seed_validate(&state);
  take_seed();
}

bool random_is_seeded(void)
{
  if (!is_seeded)
    take_seed();
  return is_seeded;
}

/* Gives `length` bytes, and moves the state on. */
static bool draw(void *bytes, size_t length)
{
  static const uint8_t give = 0;
  static const uint8_t move_on = 1;
  uint8_t *next = bytes;
  uint8_t block[BOARD_SEED];
  bool is_good = true;

  while (is_good && length > 0) {
    const size_t count = length < sizeof block ? length : sizeof block;

    is_good = hash(&give, 1, block) && hash(&move_on, 1, state.bytes);
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
  return is_seeded && draw(bytes, length);
}

uint32_t random_number(void)
{
  if (numbers_left == 0) {
    draw(numbers, sizeof numbers);
    numbers_left = sizeof numbers / sizeof numbers[0];
  }
  return numbers[--numbers_left];
}
