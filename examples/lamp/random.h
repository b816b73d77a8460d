/* Random numbers, generated from the board's seed (board_take_seed()).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_RANDOM_H
#define WMREC_LAMP_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To be called once, after wmrec_tls_start() and before network_start(). memory: `size` bytes of SRAM as they were
 * after power-up, the only source of random_number() without a seed. Also takes the board's seed, if there is one, even
 * if the state has survived a restart. */
void random_start(const void *memory, size_t size);

/* Returns true if the generator is seeded: its state has survived a restart, or the board has given a seed. Otherwise
 * asks the board again. */
bool random_is_seeded(void);

/* Fills in random bytes for keys. Returns false, and fills in nothing of use, if the generator is not seeded. */
bool random_bytes(void *bytes, size_t length);

/* Returns a number for ports and identifiers, which others must not guess. Also works without a seed: the number is
 * then as hard to guess as the SRAM that random_start() was given. Must never become a key. */
uint32_t random_number(void);

#endif
