/* The settings of one device: a block in its flash, beside the firmware. `wmrec settings` writes the block.
 *
 * The block; all numbers are little-endian:
 *
 *   offset  bytes
 *        0  4     "WMRS"
 *        4  2     the version of the format: 1; 2 if there is a scheme; 3 if there is a secret
 *        6  2     the length of the payload (offset 12 to the end), in bytes
 *        8  4     CRC-32 (IEEE 802.3) of bytes 4 to 7 and of the payload
 *       12  4     interval, in ms; 0: the default of struct wmrec_schedule
 *       16  2     port; 0: the default of struct wmrec_target
 *       18  2     flags: 1: plain HTTP; the other bits are 0
 *       20        host, base path, mock API id, key, NTP server: each ends with NUL; "": not set
 *                 from version 2 on: the scheme of struct wmrec_target, which also ends with NUL
 *                 from version 3 on: 32 secret bytes, from which this device alone makes random numbers
 *                 extra roots, up to the end of the payload: for each its length (2 bytes, not 0), then X.509 in DER
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SETTINGS_H
#define WMREC_SETTINGS_H

#include "wmrec.h"

#define SETTINGS_VERSION 3 /* the newest that is read; all from 1 on are */
#define SETTINGS_HEADER 12 /* bytes before the payload */
#define SETTINGS_SECRET 32 /* bytes of the secret */
#define SETTINGS_MAX 8192  /* maximum size of a block, in bytes, header included */

enum settings_result {
  SETTINGS_OK = 0,
  SETTINGS_MISSING = -1, /* no block: erased flash, or other data */
  SETTINGS_OLDER = -2,   /* its version is 0 */
  SETTINGS_NEWER = -3,   /* its version is newer than SETTINGS_VERSION */
  SETTINGS_CORRUPT = -4  /* the length, the CRC or a field is not valid */
};

struct settings {
  struct wmrec_target target;  /* mock_api_id, token and scheme: NULL if not set; host and base_path: "" if not set */
  uint32_t interval;           /* ms; 0: the default */
  const char *ntp_server;      /* a name or an address; "": none */
  const unsigned char *secret; /* SETTINGS_SECRET bytes; NULL: none */
  const unsigned char *roots;  /* the extra roots, each with its length before it; see above */
  size_t roots_length;         /* bytes, lengths included; 0: no extra roots */
};

/* Reads a block of at most `size` bytes. The settings point into the block: it must stay as long as they are used. They
 * are valid only if the result is SETTINGS_OK. wmrec_begin() checks the target. */
enum settings_result settings_read(struct settings *settings, const unsigned char *block, size_t size);

/* Returns "ok", "missing", "older", "newer" or "corrupt". Static. */
const char *settings_result_name(enum settings_result result);

/* The `next` function of a struct wmrec_roots for the extra roots. context: a struct settings. */
bool settings_next_root(void *context, size_t *position, const unsigned char **der, size_t *length);

/* Writes a block, of the lowest version that has room for the settings; NULL strings count as "". Returns its length.
 * If that is greater than `size`, the block is incomplete and must not be used. Not linked into a firmware, which does
 * not call it. */
size_t settings_write(const struct settings *settings, unsigned char *block, size_t size);

/* Returns true if all settings are equal; NULL strings count as "". */
bool settings_equal(const struct settings *a, const struct settings *b);

#endif
