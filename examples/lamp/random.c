/* Random numbers, from the board's seed: each block is the hash of a key, and then the key becomes another hash of
 * itself, so that what was given cannot be found out from what is left. The key outlives a restart, so that a seed
 * which comes twice does not give the same numbers twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "random.h"

#include <string.h>

#include <psa/crypto.h>

#include "board.h"

enum { KEY = 32 };

static uint8_t key[KEY] __attribute__((section(".noinit")));
static bool is_seeded;

static bool hash(const uint8_t *bytes, size_t length, uint8_t *digest)
{
  size_t digest_length;

  return psa_hash_compute(PSA_ALG_SHA_256, bytes, length, digest, KEY, &digest_length) == PSA_SUCCESS;
}

bool random_seed(void)
{
  uint8_t both[KEY + BOARD_SEED];

  if (is_seeded)
    return true;
  if (!board_seed(both + KEY))
    return false;
  memcpy(both, key, KEY);
  is_seeded = hash(both, sizeof both, key);
  memset(both, 0, sizeof both);
  return is_seeded;
}

bool random_bytes(void *bytes, size_t length)
{
  uint8_t *next = bytes;
  uint8_t input[KEY + 1];
  uint8_t block[KEY];
  bool is_good = is_seeded;

  while (is_good && length > 0) {
    const size_t count = length < KEY ? length : KEY;

    memcpy(input, key, KEY);
    input[KEY] = 0;
    is_good = hash(input, sizeof input, block);
    input[KEY] = 1;
    is_good = is_good && hash(input, sizeof input, key);
    memcpy(next, block, count);
    next += count;
    length -= count;
  }
  memset(input, 0, sizeof input);
  memset(block, 0, sizeof block);
  return is_good;
}
