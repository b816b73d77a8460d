/* The settings' block of a device, written: boards/settings.h says what it is, and reads it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_BLOCK_H
#define WMREC_CLI_BLOCK_H

#include "settings.h"

/* Writes the block. Returns its length; if that is over `size`, it did not fit, and is of no use. */
size_t block_write(const struct settings *settings, unsigned char *block, size_t size);

/* True if both say the same. */
bool block_is_same(const struct settings *one, const struct settings *other);

#endif
