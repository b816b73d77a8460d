/* Decides whether a server's certificate is acceptable.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify.h"

#include <string.h>

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform.h>
#include <mbedtls/x509_crt.h>

#include "setup.h"

static bool is_listed(const mbedtls_x509_crt *list, const unsigned char *der, size_t length)
{
  for (; list != NULL; list = list->next)
    if (list->raw.len == length && memcmp(list->raw.p, der, length) == 0)
      return true;
  return false;
}

static bool is_equal(const mbedtls_x509_buf *a, const mbedtls_x509_buf *b)
{
  return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/* Of issuers with the same name, the key identifier tells which one it is, if both certificates have it (RFC 5280,
 * section 4.2.1.1). */
static bool may_have_issued(const mbedtls_x509_crt *issuer, const mbedtls_x509_crt *child)
{
  const mbedtls_x509_buf *wanted = &child->authority_key_id.keyIdentifier;
  const mbedtls_x509_buf *key = &issuer->subject_key_id;

  return is_equal(&issuer->subject_raw, &child->issuer_raw) &&
         (wanted->len == 0 || key->len == 0 || is_equal(wanted, key));
}

/* Moves those of the server's certificates that may have issued this one directly behind it. mbedTLS searches only
 * there, and tries only the first of them that is valid now; a client should accept any order, and certificates that do
 * not belong (RFC 8446, section 4.4.2). The order decides nothing: mbedTLS verifies what it finds. */
static void put_issuers_next(mbedtls_x509_crt *child)
{
  mbedtls_x509_crt *last = child; /* of those that are in place */
  mbedtls_x509_crt *previous = child;

  while (previous->next != NULL) {
    mbedtls_x509_crt *const next = previous->next;

    if (!may_have_issued(next, child)) {
      previous = next;
      continue;
    }
    previous->next = next->next;
    next->next = last->next;
    last->next = next;
    if (previous == last)
      previous = next;
    last = next;
  }
}

int wmrec_verify_find_roots(void *context, mbedtls_x509_crt const *child, mbedtls_x509_crt **candidates)
{
  struct wmrec_tls *tls = context;
  int (*const parse)(mbedtls_x509_crt *, const unsigned char *, size_t) =
      tls->roots.is_constant ? mbedtls_x509_crt_parse_der_nocopy : mbedtls_x509_crt_parse_der;
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  put_issuers_next((mbedtls_x509_crt *)child); /* mbedTLS has allocated it */
  *candidates = NULL;
  while (wmrec_roots_with_subject(&tls->roots, child->issuer_raw.p, child->issuer_raw.len, &position, &der, &length)) {
    if (is_listed(*candidates, der, length)) /* e.g. in flash and in the settings: parse it once */
      continue;
    if (*candidates == NULL) {
      *candidates = mbedtls_calloc(1, sizeof **candidates);
      if (*candidates == NULL)
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
      mbedtls_x509_crt_init(*candidates);
    }
    wmrec_setup_note(tls, parse(*candidates, der, length)); /* a root that does not parse is skipped */
  }
  return 0;
}

static unsigned char lower(unsigned char character)
{
  return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
}

/* RFC 9525, section 6.3: without regard to case; a wildcard stands for exactly the left-most label. */
static bool matches_name(const mbedtls_x509_buf *name, const char *host)
{
  const unsigned char *bytes = name->p;
  size_t length = name->len;

  if (length > 2 && bytes[0] == '*' && bytes[1] == '.') {
    host = strchr(host + 1, '.');
    bytes++;
    length--;
  }
  if (host == NULL || strlen(host) != length)
    return false;
  for (size_t i = 0; i < length; i++)
    if (lower(bytes[i]) != lower((unsigned char)host[i]))
      return false;
  return true;
}

/* A name must match a dNSName, and an address must match an iPAddress. mbedTLS would also accept a URI. */
static bool matches_host(const mbedtls_x509_crt *certificate, const struct wmrec_tls *tls)
{
  for (const mbedtls_x509_sequence *name = &certificate->subject_alt_names; name != NULL; name = name->next) {
    const int kind = name->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;

    if (tls->address_length == 0 && kind == MBEDTLS_X509_SAN_DNS_NAME && matches_name(&name->buf, tls->host))
      return true;
    if (tls->address_length > 0 && kind == MBEDTLS_X509_SAN_IP_ADDRESS && name->buf.len == tls->address_length &&
        memcmp(name->buf.p, tls->address, tls->address_length) == 0) /* RFC 9525, section 6.5 */
      return true;
  }
  return false;
}

/* RFC 5280, section 4.2.1.10. mbedTLS refuses critical ones when it parses, ignores others, and evaluates none: so a
 * certificate with name constraints is refused. */
static bool has_name_constraints(const mbedtls_x509_crt *certificate)
{
  static const unsigned char oid[] = {MBEDTLS_ASN1_OID, 3, 0x55, 0x1d, 0x1e};
  const int sequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
  unsigned char *extension = certificate->v3_ext.p;
  const unsigned char *end = extension + certificate->v3_ext.len;
  size_t length;

  if (mbedtls_asn1_get_tag(&extension, end, &length, sequence) != 0) /* there are no extensions */
    return false;
  while (mbedtls_asn1_get_tag(&extension, end, &length, sequence) == 0) {
    if (length > sizeof oid && memcmp(extension, oid, sizeof oid) == 0)
      return true;
    extension += length;
  }
  return false;
}

/* For issuers and roots: one that is trusted for e-mail, or for some names, is not trusted for more. mbedTLS checks the
 * extended key usage of the server's own certificate only. */
static uint32_t issuer_flags(const mbedtls_x509_crt *certificate)
{
  if (mbedtls_x509_crt_check_extended_key_usage(certificate, MBEDTLS_OID_SERVER_AUTH,
                                                MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) != 0)
    return MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
  return has_name_constraints(certificate) ? MBEDTLS_X509_BADCERT_OTHER : 0;
}

/* Years begin in March here, so that a leap day is the last of its year. 1970-01-01 is day 719468 since 0000-03-01. */
int64_t wmrec_tls_seconds(const mbedtls_x509_time *time)
{
  const int year = time->mon > 2 ? time->year : time->year - 1;
  const int month = time->mon > 2 ? time->mon - 3 : time->mon + 9;
  const int days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + time->day - 1 - 719468;

  return (int64_t)days * 86400 + (time->hour * 60 + time->min) * 60 + time->sec;
}

int wmrec_verify_certificate(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags)
{
  struct wmrec_tls *tls = context;
  const int64_t begin = wmrec_tls_seconds(&certificate->valid_from);
  const int64_t end = wmrec_tls_seconds(&certificate->valid_to);

  if (begin > tls->certificates_not_before)
    tls->certificates_not_before = begin;
  if (end < tls->certificates_not_after)
    tls->certificates_not_after = end;
  *flags |= wmrec_setup_date_flags(tls, begin, end);
  if (depth > 0) {
    *flags |= issuer_flags(certificate);
    return 0;
  }
  /* The server's own certificate is trusted if it is one of the roots: a self-signed one, of a server at home. */
  if ((*flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) &&
      wmrec_roots_have(&tls->roots, certificate->raw.p, certificate->raw.len))
    *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_NOT_TRUSTED;
  /* RFC 9525, section 2: the common name must not be used; mbedTLS would fall back to it. */
  if (!matches_host(certificate, tls))
    *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  return 0;
}

/* If there is more than one fault, the most serious one is returned. */
static int certificate_result(uint32_t flags)
{
  if (flags & (MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY))
    return WMREC_ERROR_CERTIFICATE_WEAK;
  if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
    return WMREC_ERROR_CERTIFICATE_ISSUER;
  if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
    return WMREC_ERROR_CERTIFICATE_EXPIRED;
  if (flags & MBEDTLS_X509_BADCERT_FUTURE)
    return WMREC_ERROR_CERTIFICATE_NOT_YET_VALID;
  if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH)
    return WMREC_ERROR_CERTIFICATE_HOST;
  return WMREC_ERROR_CERTIFICATE;
}

int wmrec_verify_result(int error, uint32_t flags)
{
  const int high_level = -(-error & 0xff80);

  if (error == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED || error == MBEDTLS_ERR_SSL_BAD_CERTIFICATE)
    return certificate_result(flags);
  if (high_level == MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG) /* MD5 and others like it are not compiled in */
    return WMREC_ERROR_CERTIFICATE_WEAK;
  if (high_level <= MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE && high_level >= MBEDTLS_ERR_X509_FATAL_ERROR)
    return WMREC_ERROR_CERTIFICATE;
  if (high_level <= MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE && high_level >= MBEDTLS_ERR_PK_KEY_INVALID_FORMAT)
    return WMREC_ERROR_CERTIFICATE; /* its key: Ed25519, an unknown curve, a point that is not on the curve */
  /* mbedTLS 4.x returns these for a certificate that does not parse. */
  if (error <= MBEDTLS_ERR_ASN1_OUT_OF_DATA && error >= MBEDTLS_ERR_ASN1_INVALID_DATA)
    return WMREC_ERROR_CERTIFICATE;
  return WMREC_ERROR_TLS;
}
