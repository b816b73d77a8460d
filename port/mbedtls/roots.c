/* Finds trusted roots.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roots.h"

#include <string.h>

#include <mbedtls/asn1.h>

#include "roots_pem.h"

enum { SEQUENCE = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE };

static bool next_pem_root(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  struct wmrec_pem_roots *pem = context;
  const char *next = pem->text + *position;
  struct wmrec_pem_digits digits;

  wmrec_pem_set_digits(&digits);
  *length = wmrec_pem_decode(&digits, &next, pem->text + pem->length, pem->der, sizeof pem->der);
  if (*length == 0)
    return false;
  *der = pem->der;
  *position = (size_t)(next - pem->text);
  return true;
}

struct wmrec_roots wmrec_roots_from_pem(struct wmrec_pem_roots *pem)
{
  return (struct wmrec_roots){.next = next_pem_root, .context = pem, .is_constant = false};
}

/* A root begins where the one before ends: after bytes that are not DER, none can be found. */
static bool next_der_root(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const struct wmrec_der_roots *roots = context;
  unsigned char *content = (unsigned char *)roots->der + *position; /* only read */
  const unsigned char *const end = roots->der + roots->length;
  size_t size;

  *der = content;
  if (mbedtls_asn1_get_tag(&content, end, &size, SEQUENCE) != 0)
    return false;
  *length = (size_t)(content - *der) + size;
  *position += *length;
  return true;
}

struct wmrec_roots wmrec_roots_from_der(const struct wmrec_der_roots *der)
{
  return (struct wmrec_roots){.next = next_der_root, .context = (void *)der, .is_constant = true}; /* only read */
}

size_t wmrec_roots_decode(void *text, size_t length)
{
  const char *next = text;
  const char *const end = next + length;
  struct wmrec_der_roots root = {.der = text};
  struct wmrec_pem_digits digits;

  wmrec_pem_set_digits(&digits);
  while ((root.length = wmrec_pem_decode(&digits, &next, end, (unsigned char *)root.der, length)) > 0) {
    const unsigned char *der;
    size_t size;
    size_t position = 0;

    if (next_der_root(&root, &position, &der, &size)) /* otherwise it would end the roots in DER */
      root.der += size;
  }
  return (size_t)(root.der - (unsigned char *)text);
}

/* *position is 2 * the position in the source + the index of the source: 0 for the first, 1 for the second. */
static bool next_of_pair(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const struct wmrec_root_pair *pair = context;
  const bool is_in_second = *position % 2 != 0;
  size_t inner = *position / 2;

  if (!is_in_second && pair->first.next(pair->first.context, &inner, der, length)) {
    *position = 2 * inner;
    return true;
  }
  if (!is_in_second)
    inner = 0;
  if (!pair->second.next(pair->second.context, &inner, der, length))
    return false;
  *position = 2 * inner + 1;
  return true;
}

struct wmrec_roots wmrec_roots_from_pair(const struct wmrec_root_pair *pair)
{
  return (struct wmrec_roots){.next = next_of_pair,
                              .context = (void *)pair, /* only read */
                              .is_constant = pair->first.is_constant && pair->second.is_constant};
}

/* Finds the Name of a certificate's subject, including its DER header (RFC 5280, section 4.1). */
static bool find_subject(const unsigned char *der, size_t length, const unsigned char **subject, size_t *subject_length)
{
  static const int before_subject[] = {MBEDTLS_ASN1_INTEGER, SEQUENCE, SEQUENCE, SEQUENCE}; /* serial ... validity */
  unsigned char *next = (unsigned char *)der;                                               /* only read */
  const unsigned char *const end = der + length;
  size_t size;

  if (mbedtls_asn1_get_tag(&next, end, &size, SEQUENCE) != 0 || mbedtls_asn1_get_tag(&next, end, &size, SEQUENCE) != 0)
    return false;
  if (mbedtls_asn1_get_tag(&next, end, &size, MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED) == 0)
    next += size;
  for (size_t i = 0; i < sizeof before_subject / sizeof before_subject[0]; i++) {
    if (mbedtls_asn1_get_tag(&next, end, &size, before_subject[i]) != 0)
      return false;
    next += size;
  }
  *subject = next;
  if (mbedtls_asn1_get_tag(&next, end, &size, SEQUENCE) != 0)
    return false;
  *subject_length = (size_t)(next - *subject) + size;
  return true;
}

bool wmrec_roots_with_subject(const struct wmrec_roots *roots, const unsigned char *subject, size_t subject_length,
                              size_t *position, const unsigned char **der, size_t *length)
{
  const unsigned char *found;
  size_t found_length;

  while (roots->next(roots->context, position, der, length))
    if (find_subject(*der, *length, &found, &found_length) && found_length == subject_length &&
        memcmp(found, subject, subject_length) == 0)
      return true;
  return false;
}

bool wmrec_roots_have(const struct wmrec_roots *roots, const unsigned char *der, size_t length)
{
  const unsigned char *root;
  size_t root_length;
  size_t position = 0;

  while (roots->next(roots->context, &position, &root, &root_length))
    if (root_length == length && memcmp(root, der, length) == 0)
      return true;
  return false;
}

bool wmrec_roots_exist(const struct wmrec_roots *roots)
{
  const unsigned char *der;
  const unsigned char *subject;
  size_t length;
  size_t position = 0;

  while (roots->next != NULL && roots->next(roots->context, &position, &der, &length))
    if (find_subject(der, length, &subject, &length))
      return true;
  return false;
}
