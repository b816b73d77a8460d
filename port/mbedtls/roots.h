/* Trusted root certificates, read one at a time: to parse all of them beforehand would take more memory than TLS
 * itself.
 *
 *     static struct wmrec_der_roots roots = {.der = text};
 *
 *     roots.length = wmrec_roots_decode(text, length);
 *     struct wmrec_tls tls = {.inner = ..., .roots = wmrec_roots_from_der(&roots)};
 *
 * Threads: a source has no lock. Reading from PEM writes to the struct wmrec_pem_roots, so one thread at a time may use
 * it; sources of DER are only read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ROOTS_H
#define WMREC_ROOTS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A source of roots. May be copied. */
struct wmrec_roots {
  /* Returns true and sets *der and *length to the next root (X.509, DER), which is valid until the next call. Returns
   * false if there are no more. *position: 0 for the first root; the source sets it to find the next one. */
  bool (*next)(void *context, size_t *position, const unsigned char **der, size_t *length);
  void *context; /* borrowed for as long as the source is in use */

  /* What next returns stays valid for good, as a constant in flash does: TLS then does not copy it into the arena. */
  bool is_constant;
};

/* Roots in PEM (RFC 7468): a file such as a system's bundle, read into memory, or a constant in flash. */
struct wmrec_pem_roots {
  const char *text;        /* borrowed; needs no NUL at its end */
  size_t length;           /* of the text, in bytes */
  unsigned char der[4096]; /* private: the root that was decoded last; one of 4096 bytes or more is skipped */
};

/* pem: borrowed for as long as the source is in use. Text that is not PEM, or does not decode, is skipped. Each search
 * for the issuer of a certificate decodes all roots anew, and takes 5 KB of stack: for a system's bundle, decode them
 * once. */
struct wmrec_roots wmrec_roots_from_pem(struct wmrec_pem_roots *pem);

/* Roots in DER, one directly after the other: a constant in flash, which needs no other memory. */
struct wmrec_der_roots {
  const unsigned char *der; /* borrowed; must stay unchanged */
  size_t length;            /* of all of them, in bytes; 0: there is no root */
};

/* der: borrowed for as long as the source is in use. The roots end at the first bytes that are not a DER SEQUENCE. */
struct wmrec_roots wmrec_roots_from_der(const struct wmrec_der_roots *der);

/* Decodes roots in PEM in place, for wmrec_roots_from_der(): `text` then begins with them in DER. Returns the length of
 * all of them, in bytes; 0: there is none. length: of the text, in bytes. Text that is not PEM, or does not decode, is
 * skipped. */
size_t wmrec_roots_decode(void *text, size_t length);

/* Two sources as one: all roots of the first, then all roots of the second. */
struct wmrec_root_pair {
  struct wmrec_roots first;
  struct wmrec_roots second;
};

/* pair, and the contexts of both sources: borrowed for as long as the source is in use. */
struct wmrec_roots wmrec_roots_from_pair(const struct wmrec_root_pair *pair);

/* Returns true if the source has at least one certificate; false also if next is NULL. */
bool wmrec_roots_exist(const struct wmrec_roots *roots);

/* Returns true if the source has exactly this certificate. */
bool wmrec_roots_have(const struct wmrec_roots *roots, const unsigned char *der, size_t length);

/* Finds the next root with this subject (a Name in DER), with position, der and length as in `next`. To find the issuer
 * of a certificate, give it the issuer's name of that: it equals the issuer's subject, byte for byte (RFC 5280, section
 * 4.1.2.6). */
bool wmrec_roots_with_subject(const struct wmrec_roots *roots, const unsigned char *subject, size_t subject_length,
                              size_t *position, const unsigned char **der, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
