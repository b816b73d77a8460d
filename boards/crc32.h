/* CRC-32, as IEEE 802.3, zlib and PNG have it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CRC32_H
#define WMREC_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC-32 of these bytes. `crc`: 0; or, to go on, the CRC-32 of the bytes before them. */
uint32_t wmrec_crc32(uint32_t crc, const void *bytes, size_t length);

#endif
