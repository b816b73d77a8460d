/* The seed of a start, for boards that keep one in flash (board_seed_flash()). It is made of all that the device has:
 * the seed in flash, which the last start has left, the secret of the settings, samples of the noise source, the unique
 * id and the clock. One one-way function of these gives the seed of this start, another one the seed for the next
 * start, which takes the old one's place in flash before anybody gets the first.
 *
 * boards/README.md says what this achieves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_FLASH_SEED_H
#define WMREC_LAMP_FLASH_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

/* Takes the seed of this start, and reports on the serial line how it was made. To be called once per start, after
 * wmrec_tls_start(). secret: SETTINGS_SECRET bytes of the settings; NULL: none. Returns false if there is no seed: the
 * board has no seed flash, or the report says why. May take a second.
 *
 * The report is "seed=RESULT noise=HEALTH" (health_result_name()). RESULT:
 * - ok: made with the seed that the last start has left
 * - new: there was none, so made with the secret and the noise
 * - no-secret: no seed; the settings must be written again, by a `wmrec settings` that puts a secret into them
 * - no-noise: no seed; there was none in flash, and the noise source is not healthy
 * - not-written: no seed; the flash has not taken the next one, or still has an old one */
bool flash_seed_take(const unsigned char *secret, uint8_t seed[BOARD_SEED_SIZE]);

#endif
