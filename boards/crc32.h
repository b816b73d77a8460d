/* CRC-32 as in IEEE 802.3, zlib and PNG.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CRC32_H
#define WMREC_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Returns the CRC-32 of these bytes. crc: 0 for the first bytes; for later ones, the CRC-32 of all bytes before. */
uint32_t wmrec_crc32(uint32_t crc, const void *bytes, size_t length);

#endif
