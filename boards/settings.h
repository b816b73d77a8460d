/* What makes one lamp another than the next: a block in flash beside the firmware, written by `wmrec settings`.
 *
 * The block, all numbers little-endian:
 *
 *   0  4  "WMRS"
 *   4  2  the format's version, SETTINGS_VERSION
 *   6  2  the length of all that follows the header, in bytes
 *   8  4  CRC-32 (IEEE 802.3) of all that follows it, and of version and length: of bytes 4 to 7, then 12 to the end
 *  12  4  interval, in ms; 0: the default
 *  16  2  port; 0: the default
 *  18  2  flags: 1: plain HTTP; the others are 0
 *  20     host, base path, mock API's id, key, NTP server: each ends in NUL, and is "" where there is none
 *         extra roots, up to the end: for each its length (2 bytes) and itself, X.509 in DER
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SETTINGS_H
#define WMREC_SETTINGS_H

#include "wmrec.h"

#define SETTINGS_VERSION 1
#define SETTINGS_HEADER 12 /* bytes */
#define SETTINGS_MOST 8192 /* bytes, with the header */

enum settings_result {
  SETTINGS_OK = 0,
  SETTINGS_MISSING = -1, /* there is no block: erased flash, or something else */
  SETTINGS_OLDER = -2,   /* of an older version than this firmware reads */
  SETTINGS_NEWER = -3,
  SETTINGS_CORRUPT = -4 /* its length or its CRC is wrong, or it is not what it should be */
};

struct settings {
  struct wmrec_target target; /* mock_api_id and token: NULL where there are none */
  uint32_t interval;          /* ms; 0: the default */
  const char *ntp_server;     /* a name or an address; "": none */
  const unsigned char *roots; /* each with its length before it */
  size_t roots_length;
};

/* Reads a block of at most `size` bytes. What settings point to is in the block, which is borrowed for as long as they
 * are in use. They are of use only with SETTINGS_OK; whether the target can be asked, wmrec_begin() says. */
enum settings_result settings_read(struct settings *settings, const unsigned char *block, size_t size);

/* What the result is called: "ok", "missing", "older", "newer", "corrupt". Static. */
const char *settings_result_name(enum settings_result result);

/* For struct wmrec_roots: the extra roots. context: struct settings. */
bool settings_next_root(void *context, size_t *position, const unsigned char **der, size_t *length);

#endif
