/* Random numbers, generated from a seed: one that is made of flash, settings and noise (flash_seed.h), or one that the
 * board gives (board_take_seed()).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_RANDOM_H
#define WMREC_LAMP_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To be called once, after wmrec_tls_start() and before network_start(). memory: `size` bytes of SRAM as they were
 * after power-up; secret: SETTINGS_SECRET bytes of the settings, NULL: none. Without a seed, these two are all that
 * random_number() is made of. Takes the seed in flash and the board's, if there are any, even if the state has survived
 * a restart. */
void random_start(const void *memory, size_t size, const unsigned char *secret);

/* Returns true if the generator is seeded: its state has survived a restart, or there was a seed. Otherwise
 * asks the board again. */
bool random_is_seeded(void);

/* Fills in random bytes for keys. Returns false, and fills in nothing of use, if the generator is not seeded. */
bool random_bytes(void *bytes, size_t length);

/* Returns a number for ports and identifiers, which others must not guess. Also works without a seed: the number is
 * then as hard to guess as what random_start() was given. Must never become a key. */
uint32_t random_number(void);

#endif
