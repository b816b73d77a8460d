/* Trusted root certificates, one at a time: parsing all of them beforehand would cost more memory than TLS itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ROOTS_H
#define WMREC_ROOTS_H

#include <stdbool.h>
#include <stddef.h>

/* A source of roots. next: true, and in *der and *length a root (X.509, DER), that stays until the next call; false:
 * there are no more. *position is 0 for the first one; what it is for the others is the source's business. */
struct wmrec_roots {
  bool (*next)(void *context, size_t *position, const unsigned char **der, size_t *length);
  void *context; /* borrowed */

  /* What next gives stays for good, as a constant in flash does: TLS reads it in its place, and needs no memory for it.
   */
  bool is_constant;
};

/* Roots in PEM, text in memory: a file like a system's bundle, or a constant in flash. */
struct wmrec_pem_roots {
  const char *text; /* borrowed; needs no NUL */
  size_t length;
  unsigned char der[4096]; /* private: the one that was decoded last; a root that does not fit is passed over */
};

struct wmrec_roots wmrec_roots_from_pem(struct wmrec_pem_roots *pem);

/* Roots in DER, one behind the other: a constant in flash, which takes no memory. */
struct wmrec_der_roots {
  const unsigned char *der; /* borrowed */
  size_t length;            /* 0: there is none */
};

struct wmrec_roots wmrec_roots_from_der(const struct wmrec_der_roots *der);

/* Two sources as one: first all of the one, then all of the other. */
struct wmrec_root_pair {
  struct wmrec_roots one; /* what both point to is borrowed */
  struct wmrec_roots other;
};

struct wmrec_roots wmrec_roots_from_pair(const struct wmrec_root_pair *pair);

/* True if the source has a certificate at all. */
bool wmrec_roots_exist(const struct wmrec_roots *roots);

/* True if the source has this very certificate. */
bool wmrec_roots_have(const struct wmrec_roots *roots, const unsigned char *der, size_t length);

/* The next root with this subject (a DER Name), as `next` gives them. RFC 5280, section 4.1.2.6: the issuer's name in a
 * certificate is, byte for byte, the subject's in the issuer's own. */
bool wmrec_roots_with_subject(const struct wmrec_roots *roots, const unsigned char *subject, size_t subject_length,
                              size_t *position, const unsigned char **der, size_t *length);

#endif
