/* Random numbers, from the board's seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_RANDOM_H
#define WMREC_LAMP_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* Asks the board for a seed; false: there is none yet, and random_bytes() gives nothing. After wmrec_tls_start(). */
bool random_seed(void);

/* Fills in bytes that are fit for keys; false: there is no seed. */
bool random_bytes(void *bytes, size_t length);

#endif
