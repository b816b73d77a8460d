/* Decodes certificates in PEM. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ROOTS_PEM_H
#define WMREC_ROOTS_PEM_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The digits of base64 (RFC 4648, section 4). Four are a group: 24 bits. */
struct wmrec_pem_digits {
  uint32_t bits[4][UCHAR_MAX + 1]; /* of each character, at each place of a group */
};

void wmrec_pem_set_digits(struct wmrec_pem_digits *digits);

/* Decodes the first certificate at *text or later to `der`, which has `size` bytes, and moves *text behind it. Returns
 * its length; 0: there are no more. One that does not decode, or does not fit, is skipped. `der` may be the place of
 * the text: it is never written at *text or later. */
size_t wmrec_pem_decode(const struct wmrec_pem_digits *digits, const char **text, const char *end, unsigned char *der,
                        size_t size);

#ifdef __cplusplus
}
#endif

#endif
