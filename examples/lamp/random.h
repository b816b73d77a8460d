/* Random numbers, from the board's seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_RANDOM_H
#define WMREC_LAMP_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, after wmrec_tls_start() and before the network. memory: SRAM as the power-up left it, `size` bytes: the best
 * that a board has, if nobody gave it a seed. */
void random_start(const void *memory, size_t size);

/* True if there is a seed: the state before a restart had one, or the board has given one, which is asked for anew. A
 * seed that the board gives after a restart is stirred in, too. */
bool random_is_seeded(void);

/* Fills in bytes that are fit for keys; false: there is no seed. */
bool random_bytes(void *bytes, size_t length);

/* A number that others must not guess, but which is no key: a port, an identifier. There always is one; without a seed
 * it is as hard to guess as the SRAM of random_start() was. */
uint32_t random_number(void);

#endif
