/* Keeps TLS sessions from one connection to the next (RFC 5246, section 7.3; RFC 5077; RFC 8446, section 2.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session.h"

#include <string.h>

#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/version.h>

#include "digest.h"
#include "setup.h"

enum { LIFETIME_MAX = 24 * 60 * 60 }; /* of a session, from the verification of the certificates, in seconds */

/* The header of a session in the buffer; the data of mbedTLS follow it. */
struct header {
  unsigned char digest[WMREC_TLS_DIGEST]; /* of the session_binding, and of everything after this field */
  int64_t expiry;                         /* seconds since 1970-01-01, UTC */
  uint64_t length;                        /* of mbedTLS's data, in bytes */
};

/* Adds the length and the end of each root: that is a part of its signature, and so unique. This distinguishes sets of
 * roots without reading all of them. */
static void add_roots(struct wmrec_digest *digest, const struct wmrec_roots *roots)
{
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  while (roots->next(roots->context, &position, &der, &length)) {
    const uint32_t size = (uint32_t)length;
    const size_t tail = length < 32 ? length : 32;

    wmrec_digest_add(digest, &size, sizeof size);
    wmrec_digest_add(digest, der + length - tail, tail);
  }
}

/* A session is bound to the server whose certificate was verified, and to the roots that it was verified by. */
static bool set_binding(struct wmrec_tls *tls, const char *host, uint16_t port)
{
  struct wmrec_digest digest;

  wmrec_digest_begin(&digest);
  wmrec_digest_add(&digest, host, strlen(host) + 1);
  wmrec_digest_add(&digest, &port, sizeof port);
  add_roots(&digest, &tls->roots);
  return wmrec_digest_end(&digest, tls->session_binding);
}

static bool make_digest(const struct wmrec_tls *tls, const struct header *header, unsigned char *output)
{
  struct wmrec_digest digest;

  wmrec_digest_begin(&digest);
  wmrec_digest_add(&digest, tls->session_binding, sizeof tls->session_binding);
  wmrec_digest_add(&digest, &header->expiry, sizeof header->expiry);
  wmrec_digest_add(&digest, &header->length, sizeof header->length);
  wmrec_digest_add(&digest, (const unsigned char *)tls->session + sizeof *header, (size_t)header->length);
  return wmrec_digest_end(&digest, output);
}

static void prepare_tls_1_3(struct wmrec_tls *tls)
{
#ifdef MBEDTLS_SSL_PROTO_TLS1_3
  /* Never a pre-shared key alone: each connection does a fresh key exchange (RFC 8446, section 2.2). */
  mbedtls_ssl_conf_tls13_key_exchange_modes(&tls->config, tls->is_session_kept
                                                              ? MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ALL
                                                              : MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL);
#if MBEDTLS_VERSION_MAJOR < 4 && defined(MBEDTLS_SSL_SESSION_TICKETS) /* 4.x always signals */
  if (tls->is_session_kept)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(&tls->config,
                                                             MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
#else
  (void)tls;
#endif
}

void wmrec_session_prepare(struct wmrec_tls *tls, const char *host, uint16_t port)
{
  tls->is_session_kept =
      tls->session != NULL && tls->session_size > sizeof(struct header) && set_binding(tls, host, port);
#ifdef MBEDTLS_SSL_SESSION_TICKETS
  mbedtls_ssl_conf_session_tickets(&tls->config, tls->is_session_kept ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                                      : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
  prepare_tls_1_3(tls);
}

size_t wmrec_tls_session_length(const void *session, size_t size)
{
  struct header header;

  if (size < sizeof header)
    return 0;
  memcpy(&header, session, sizeof header);
  return header.length == 0 || header.length > size - sizeof header ? 0 : sizeof header + (size_t)header.length;
}

/* The lower bound: a clock that was set back must not prolong the lifetime. */
static bool is_within_lifetime(const struct wmrec_tls *tls, int64_t expiry)
{
  const int64_t now = wmrec_setup_now(tls);

  return now <= expiry && now >= expiry - LIFETIME_MAX;
}

static bool is_usable(const struct wmrec_tls *tls, struct header *header)
{
  unsigned char digest[WMREC_TLS_DIGEST];

  if (!tls->is_session_kept || wmrec_tls_session_length(tls->session, tls->session_size) == 0)
    return false;
  memcpy(header, tls->session, sizeof *header);
  return make_digest(tls, header, digest) && memcmp(digest, header->digest, sizeof digest) == 0 &&
         is_within_lifetime(tls, header->expiry);
}

int wmrec_session_offer(struct wmrec_tls *tls)
{
  struct header header;
  mbedtls_ssl_session session;
  int error;

  if (!is_usable(tls, &header))
    return 0;
  mbedtls_ssl_session_init(&session);
  error =
      mbedtls_ssl_session_load(&session, (const unsigned char *)tls->session + sizeof header, (size_t)header.length);
  if (error == 0)
    error = mbedtls_ssl_set_session(&tls->ssl, &session);
  mbedtls_ssl_session_free(&session);
  if (error != 0) /* from another version of mbedTLS; or there was no room, and ssl holds a part of it */
    return mbedtls_ssl_session_reset(&tls->ssl);
  tls->is_session_offered = true;
  tls->session_expiry = header.expiry;
  return 0;
}

/* A resumed session keeps its expiry: resuming does not prolong it. */
void wmrec_session_established(struct wmrec_tls *tls)
{
  const int64_t tomorrow = wmrec_setup_now(tls) + LIFETIME_MAX;

  tls->is_resumed = tls->is_session_offered && tls->certificates_not_after == INT64_MAX;
  if (!tls->is_resumed) {
    if (tls->is_session_offered)
      wmrec_session_forget(tls);
    tls->session_expiry = tls->certificates_not_after < tomorrow ? tls->certificates_not_after : tomorrow;
  }
  tls->is_session_offered = false;
}

/* They were verified, and the header has the expiry. Under TLS 1.3, mbedTLS does not save them anyway. */
static void drop_certificates(mbedtls_ssl_session *session)
{
#ifdef MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
  mbedtls_x509_crt_free(session->MBEDTLS_PRIVATE(peer_cert));
  mbedtls_free(session->MBEDTLS_PRIVATE(peer_cert));
  session->MBEDTLS_PRIVATE(peer_cert) = NULL;
#else
  (void)session;
#endif
}

void wmrec_session_keep(struct wmrec_tls *tls)
{
  struct header header = {.expiry = tls->session_expiry};
  mbedtls_ssl_session session;
  size_t length = 0;
  int error;

  if (!tls->is_session_kept)
    return;
  mbedtls_ssl_session_init(&session);
  error = mbedtls_ssl_get_session(&tls->ssl, &session);
  drop_certificates(&session);
  if (error == 0)
    error = mbedtls_ssl_session_save(&session, (unsigned char *)tls->session + sizeof header,
                                     tls->session_size - sizeof header, &length);
  mbedtls_ssl_session_free(&session);
  header.length = length;
  if (error == 0 && make_digest(tls, &header, header.digest))
    memcpy(tls->session, &header, sizeof header);
  else
    wmrec_session_forget(tls);
}

void wmrec_session_forget(struct wmrec_tls *tls)
{
  mbedtls_platform_zeroize(tls->session, tls->session_size);
  tls->is_session_offered = false;
}
