/* UF2 for the RP2040: files that somebody copies to the drive as which the chip appears in its boot mode.
 *
 * A file consists of blocks. Each block has the address of its own payload, so their order in the file does not matter.
 * The format: https://github.com/microsoft/uf2. Blocks that uf2_read() does not accept are ignored by the RP2040's boot
 * ROM, too (virtual_disk.c in https://github.com/raspberrypi/pico-bootrom).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_UF2_H
#define WMREC_UF2_H

#include <stdint.h>

enum {
  UF2_BLOCK = 512,   /* bytes of a block */
  UF2_PAYLOAD = 256, /* bytes of its payload */
  UF2_SECTOR =
      4096 /* bytes of a sector of flash: a file must fill its sectors, or they are erased wrongly (RP2040-E14) */
};

#define UF2_FAMILY 0xe48bff56u /* RP2040 */

struct uf2_block {
  uint32_t address;             /* of the first byte of the payload */
  uint32_t number;              /* 0 to count - 1; block 0 belongs at the lowest address */
  uint32_t count;               /* blocks of the whole file */
  uint32_t family;              /* UF2_FAMILY; what else uf2_read() has found; 0: none */
  const unsigned char *payload; /* UF2_PAYLOAD bytes, borrowed */
};

enum uf2_result {
  UF2_OK = 0,
  UF2_NO_BLOCK = -1,     /* the marks at the beginning or at the end are wrong: this is something else, or damaged */
  UF2_OTHER_FAMILY = -2, /* for another kind of chip */
  UF2_NOT_FLASH = -3     /* not for flash, or another size than UF2_PAYLOAD */
};

/* Writes a block of UF2_FAMILY, whatever block->family is. */
void uf2_write(const struct uf2_block *block, unsigned char bytes[UF2_BLOCK]);

/* Reads a block. Its payload points into the bytes. With UF2_NO_BLOCK, nothing is set. */
enum uf2_result uf2_read(struct uf2_block *block, const unsigned char bytes[UF2_BLOCK]);

#endif
