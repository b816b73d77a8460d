/* Intel HEX, which programmers of flash read: bytes and their address, as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_INTEL_HEX_H
#define WMREC_CLI_INTEL_HEX_H

#include <stddef.h>
#include <stdint.h>

/* How long the text of so many bytes is, at the most, with its NUL: lines of 44 characters for 16 bytes, two addresses
 * (it may cross a border of 64 KiB once, which costs a line more), the end. */
#define INTEL_HEX_MOST(length) (((length) / 16 + 2) * 44 + 2 * 16 + 12 + 1)

/* Writes the text of at most 64 KiB that do not go beyond the last address. Returns its length. */
size_t intel_hex_write(const unsigned char *bytes, size_t length, uint32_t address, char *text);

/* Reads the bytes from the first address that the text has, at most `size` of them; where it has none, they are 0xff,
 * as erased flash is. Returns how many; 0: it is not valid, or is of more. */
size_t intel_hex_read(const char *text, size_t length, unsigned char *bytes, size_t size);

#endif
