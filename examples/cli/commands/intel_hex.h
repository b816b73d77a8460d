/* Intel HEX: bytes with their addresses as text, a format that flash programmers read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_INTEL_HEX_H
#define WMREC_CLI_INTEL_HEX_H

#include <stddef.h>
#include <stdint.h>

/* The maximum length of the text of `length` bytes, with its NUL: a line of 44 characters for 16 bytes, one line more
 * for a rest and one for a border of 64 KiB, two lines for the upper half of the address, and the last line. */
#define INTEL_HEX_MAX(length) (((length) / 16 + 2) * 44 + 2 * 16 + 12 + 1)

/* Writes the text of `length` bytes, at most 64 KiB, whose last address is at most UINT32_MAX. Returns the length of
 * the text. */
size_t intel_hex_write(const unsigned char *bytes, size_t length, uint32_t address, char *text);

/* Reads the bytes from the first address in the text on, at most `size`; gaps are filled with 0xff, as in erased flash.
 * Returns the number of bytes; 0: the text is not valid, or has more bytes. */
size_t intel_hex_read(const char *text, size_t length, unsigned char *bytes, size_t size);

#endif
