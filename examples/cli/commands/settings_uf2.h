/* The settings of a device as a UF2 file, which somebody copies to the drive of an RP2040 in its boot mode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SETTINGS_UF2_H
#define WMREC_CLI_SETTINGS_UF2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"
#include "uf2.h"

enum { SETTINGS_UF2_BLOCKS = SETTINGS_MAX / UF2_PAYLOAD, SETTINGS_UF2_SIZE = SETTINGS_UF2_BLOCKS * UF2_BLOCK };

/* Writes a file with all bytes of the flash for settings, so that nothing of older settings stays there. address: of
 * the first byte. */
void settings_uf2_write(const unsigned char settings[SETTINGS_MAX], uint32_t address,
                        unsigned char file[SETTINGS_UF2_SIZE]);

/* True if the file begins as a UF2 does. */
bool settings_uf2_is(const unsigned char *file, size_t length);

/* Reads a file that settings_uf2_write() has written; its blocks may be in any order. Returns NULL; or the text of an
 * error, static until the next call: the settings are then not complete. */
const char *settings_uf2_read(const unsigned char *file, size_t length, uint32_t address,
                              unsigned char settings[SETTINGS_MAX]);

#endif
