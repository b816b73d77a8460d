/* Finds trusted roots.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roots.h"

#include <string.h>

#include <mbedtls/asn1.h>
#include <mbedtls/base64.h>

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

struct wmrec_roots wmrec_pem_roots(struct wmrec_pem_roots *pem)
{
  return (struct wmrec_roots){next_pem_root, pem};
}

/* The Name of a certificate's subject, header included (RFC 5280, section 4.1). */
static bool find_subject(const unsigned char *der, size_t length, const unsigned char **subject, size_t *subject_length)
{
  enum { SEQUENCE = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE };
  static const int before_subject[] = {MBEDTLS_ASN1_INTEGER, SEQUENCE, SEQUENCE, SEQUENCE}; /* serial ... validity */
  unsigned char *next = (unsigned char *)der; /* mbedTLS only reads, but does not say so */
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
