/* Finds trusted roots.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roots.h"

#include <string.h>

#include <mbedtls/asn1.h>
#include <mbedtls/base64.h>

enum { SEQUENCE = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE };

/* The place behind the next `wanted` at or after `from`; NULL: there is none. */
static const char *behind(const char *from, const char *end, const char *wanted)
{
  const size_t length = strlen(wanted);

  for (; (size_t)(end - from) >= length; from++)
    if (memcmp(from, wanted, length) == 0)
      return from + length;
  return NULL;
}

/* RFC 7468. What does not decode is passed over: one odd root in a bundle must not cost the others. */
static bool next_pem_root(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  static const char end_line[] = "-----END CERTIFICATE-----";
  struct wmrec_pem_roots *pem = context;
  const char *const end = pem->text + pem->length;
  const char *start = pem->text + *position;

  while ((start = behind(start, end, "-----BEGIN CERTIFICATE-----")) != NULL) {
    const char *after = behind(start, end, end_line);
    int error;

    if (after == NULL)
      break;
    error = mbedtls_base64_decode(pem->der, sizeof pem->der, length, (const unsigned char *)start,
                                  (size_t)(after - start) - strlen(end_line));
    if (error == 0) {
      *der = pem->der;
      *position = (size_t)(after - pem->text);
      return true;
    }
  }
  return false;
}

struct wmrec_roots wmrec_roots_from_pem(struct wmrec_pem_roots *pem)
{
  return (struct wmrec_roots){next_pem_root, pem, false};
}

/* DER tells its own length; behind what is no certificate, nothing can be found. */
static bool next_der_root(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const struct wmrec_der_roots *roots = context;
  unsigned char *content = (unsigned char *)roots->der + *position; /* mbedTLS only reads, but does not say so */
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
  return (struct wmrec_roots){next_der_root, (void *)der, true}; /* which is only read */
}

/* The position is twice that of the source which it is in, and odd in the other one. */
static bool next_of_pair(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const struct wmrec_root_pair *pair = context;
  const bool is_in_other = *position % 2 != 0;
  size_t inner = *position / 2;

  if (!is_in_other && pair->one.next(pair->one.context, &inner, der, length)) {
    *position = 2 * inner;
    return true;
  }
  if (!is_in_other)
    inner = 0;
  if (!pair->other.next(pair->other.context, &inner, der, length))
    return false;
  *position = 2 * inner + 1;
  return true;
}

struct wmrec_roots wmrec_roots_from_pair(const struct wmrec_root_pair *pair)
{
  return (struct wmrec_roots){next_of_pair, (void *)pair, pair->one.is_constant && pair->other.is_constant};
}

/* The Name of a certificate's subject, header included (RFC 5280, section 4.1). */
static bool find_subject(const unsigned char *der, size_t length, const unsigned char **subject, size_t *subject_length)
{
  static const int before_subject[] = {MBEDTLS_ASN1_INTEGER, SEQUENCE, SEQUENCE, SEQUENCE}; /* serial ... validity */
  unsigned char *next = (unsigned char *)der;                                               /* which is only read */
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

  while (roots->next(roots->context, &position, &der, &length))
    if (find_subject(der, length, &subject, &length))
      return true;
  return false;
}
