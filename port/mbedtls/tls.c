/* A transport of verified TLS over another transport.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tls.h"

#include <string.h>

#include "session.h"
#include "setup.h"
#include "verify.h"

enum { RECEIVES_MAX = 64 }; /* from the inner transport, in one call */

/* Each function of the transport runs between begin_call() and end_call(). */
static void begin_call(struct wmrec_tls *tls)
{
  wmrec_setup_enter(tls);
  tls->want = WMREC_WANT_CALL;
  tls->receives_left = RECEIVES_MAX;
}

static int end_call(int result)
{
  wmrec_setup_leave();
  return result;
}

/* Maps a result of the inner transport to mbedTLS's code `want`, or to an error. The original is stored, because
 * mbedTLS returns less: see mbedtls_result() and failure(). */
static int map_inner_result(struct wmrec_tls *tls, int result, int want)
{
  if (result > 0) {
    tls->want = result;
    return want;
  }
  tls->inner_error = result;
  return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int inner_send(void *context, const unsigned char *bytes, size_t length)
{
  struct wmrec_tls *tls = context;
  size_t sent;
  const int result = tls->inner.functions->send(tls->inner.context, bytes, length, &sent);

  return result == WMREC_OK ? (int)sent : map_inner_result(tls, result, MBEDTLS_ERR_SSL_WANT_WRITE);
}

/* mbedTLS reads on as long as it gets messages without effect: warnings, tickets. The number of receives is limited, so
 * that a server which never pauses cannot keep a call from returning: the deadline would not be checked. */
static int inner_receive(void *context, unsigned char *bytes, size_t size)
{
  struct wmrec_tls *tls = context;
  size_t received;
  int result;

  if (tls->receives_left == 0)
    return map_inner_result(tls, WMREC_WANT_CALL, MBEDTLS_ERR_SSL_WANT_READ);
  tls->receives_left--;
  result = tls->inner.functions->receive(tls->inner.context, bytes, size, &received);
  if (result == WMREC_OK && received > 0 && tls->first_byte < 0)
    tls->first_byte = bytes[0];
  tls->is_inner_ended = result == WMREC_OK && received == 0;
  return result == WMREC_OK ? (int)received : map_inner_result(tls, result, MBEDTLS_ERR_SSL_WANT_READ);
}

/* PSS is needed for TLS 1.3, but mbedTLS does not accept it under TLS 1.2: so PKCS #1 v1.5 comes first; see
 * has_chosen_pss(). (Under TLS 1.3, no server may choose PKCS #1 v1.5 for the handshake: RFC 8446, section 4.2.3.) */
static const uint16_t signature_algorithms[] = {
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,       MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384, MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,    MBEDTLS_TLS1_3_SIG_NONE};

/* P-256 first: every server has it, and a device has precomputed multiples of its base point in flash. mbedTLS skips
 * groups that its configuration does not have. */
static const uint16_t groups[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
                                  MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1,
                                  MBEDTLS_SSL_IANA_TLS_GROUP_NONE};

#ifdef MBEDTLS_SSL_PROTO_TLS1_3
/* If a server supports TLS 1.3 and negotiates TLS 1.2, its random ends with "DOWNGRD" and a byte (RFC 8446, section
 * 4.1.3). mbedTLS checks that only if the ClientHello offered TLS 1.3. */
static void detect_downgrade(void *context, mbedtls_ssl_key_export_type type, const unsigned char *secret,
                             size_t length, const unsigned char client_random[32],
                             const unsigned char server_random[32], mbedtls_tls_prf_types prf)
{
  struct wmrec_tls *tls = context;

  (void)secret, (void)length, (void)client_random, (void)prf;
  tls->is_downgraded =
      type == MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET && memcmp(server_random + 24, "DOWNGRD", 7) == 0;
}
#endif

/* Returns the WMREC_ERROR_* for an error of mbedTLS. */
static int failure(struct wmrec_tls *tls, int error)
{
  const int cause = wmrec_setup_cause(tls, error);

  tls->mbedtls_error = error;
  if (cause != WMREC_OK) /* first, because a chain that could not be parsed looks like an untrusted one */
    return cause;
  if (tls->inner_error != 0)
    return tls->inner_error;
  if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
    return WMREC_ERROR_TLS_REFUSED;
  if (tls->phase == WMREC_TLS_OPEN)
    return error == MBEDTLS_ERR_SSL_CONN_EOF || error == 0 ? WMREC_ERROR_TRUNCATED : WMREC_ERROR_RESET;
  if (error == MBEDTLS_ERR_SSL_CONN_EOF || error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
    return WMREC_ERROR_CLOSED;
  if (tls->first_byte >= 0 && tls->first_byte != MBEDTLS_SSL_MSG_HANDSHAKE && tls->first_byte != MBEDTLS_SSL_MSG_ALERT)
    return WMREC_ERROR_TLS_NOT_SPOKEN;
  tls->flags = mbedtls_ssl_get_verify_result(&tls->ssl);
  return wmrec_verify_result(error, tls->flags);
}

static int configure(struct wmrec_tls *tls)
{
  const int error = mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                                MBEDTLS_SSL_PRESET_DEFAULT);

  mbedtls_ssl_conf_authmode(&tls->config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_verify(&tls->config, wmrec_verify_certificate, tls);
  mbedtls_ssl_conf_sig_algs(&tls->config, signature_algorithms);
  mbedtls_ssl_conf_groups(&tls->config, groups);
  return error;
}

/* The final dot of a name is not part of it in SNI, and an address must not be sent (RFC 6066, section 3); nor is it in
 * a certificate. mbedTLS has copied the name, and its copy is what verify.c compares. */
static int set_host(struct wmrec_tls *tls, const char *host)
{
  const size_t length = strlen(host);
  const int error = mbedtls_ssl_set_hostname(&tls->ssl, host);
  char *const name = tls->ssl.MBEDTLS_PRIVATE(hostname);

  if (error != 0)
    return error;
  if (length > 1 && host[length - 1] == '.')
    name[length - 1] = '\0';
  tls->host = name;
  tls->address_length = mbedtls_x509_crt_parse_cn_inet_pton(name, tls->address);
  return tls->address_length > 0 ? mbedtls_ssl_set_hostname(&tls->ssl, NULL) : 0;
}

/* Resets the state that is of one connection to the server. */
static void reset_connection(struct wmrec_tls *tls)
{
  tls->phase = WMREC_TLS_CONNECTING;
  tls->mbedtls_error = 0;
  tls->inner_error = 0;
  tls->flags = 0;
  tls->first_byte = -1;
  tls->is_inner_ended = false;
  tls->is_downgraded = false;
  tls->certificates_not_before = 0;
  tls->certificates_not_after = INT64_MAX;
  tls->memory.is_exhausted = false;
}

/* If the arena has no room for the session, a full handshake may still succeed: this is not an error. */
static int offer_session(struct wmrec_tls *tls)
{
  const int error = wmrec_session_offer(tls);

  if (error == 0)
    tls->memory.is_exhausted = false;
  return error;
}

static int begin(struct wmrec_tls *tls, const char *host, uint16_t port)
{
  int result;
  int error;

  reset_connection(tls);
  tls->is_begun = true;
  tls->is_resumed = false;
  tls->is_tls_1_2_only = false;
  tls->is_session_offered = false;
  mbedtls_ssl_init(&tls->ssl);
  mbedtls_ssl_config_init(&tls->config);
  if (wmrec_setup_now(tls) < WMREC_TLS_EARLIEST)
    return WMREC_ERROR_TLS_CLOCK;
  if (!wmrec_roots_exist(&tls->roots))
    return WMREC_ERROR_TLS_ROOTS;
  error = configure(tls);
  result = wmrec_setup_configure(tls);
  if (result != WMREC_OK)
    return result;

  wmrec_session_prepare(tls, host, port);
  if (error == 0)
    error = mbedtls_ssl_setup(&tls->ssl, &tls->config);
  if (error == 0)
    error = set_host(tls, host);
  if (error == 0)
    error = offer_session(tls);
#ifdef MBEDTLS_SSL_PROTO_TLS1_3
  mbedtls_ssl_set_export_keys_cb(&tls->ssl, detect_downgrade, tls);
#endif
  mbedtls_ssl_set_bio(&tls->ssl, tls, inner_send, inner_receive, NULL);
  tls->mbedtls_error = error;
  return error == 0 ? WMREC_WANT_CALL : wmrec_setup_failure(error);
}

/* If the arena has no room to save the session, that is not an error of the connection: the flag is restored, so that a
 * later error is not taken for one of memory. */
static void keep_session(struct wmrec_tls *tls)
{
  const bool was_exhausted = tls->memory.is_exhausted;

  wmrec_session_keep(tls);
  tls->memory.is_exhausted = was_exhausted;
}

/* Returns the WMREC_WANT_* or the WMREC_ERROR_* for a result of mbedTLS that is not success. If mbedTLS wants something
 * but has not called the inner transport, tls->want is WMREC_WANT_CALL: it has bytes left, or has handled a message of
 * TLS itself. */
static int mbedtls_result(struct wmrec_tls *tls, int error)
{
  if (error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE)
    return tls->want;
  if (error == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
    keep_session(tls);
    return WMREC_WANT_CALL;
  }
  return failure(tls, error);
}

/* True if a server that supports only TLS 1.2 has chosen PSS from our list, by its own order of preference. */
static bool has_chosen_pss(struct wmrec_tls *tls, int error)
{
#ifdef MBEDTLS_SSL_PROTO_TLS1_3
  return error == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER && !tls->is_tls_1_2_only &&
         mbedtls_ssl_get_version_number(&tls->ssl) == MBEDTLS_SSL_VERSION_TLS1_2;
#else /* PSS is offered for TLS 1.3 only */
  (void)tls, (void)error;
  return false;
#endif
}

/* Certificate errors are final: another connection would get the same certificate. */
static bool is_certificate_error(int result)
{
  return result <= WMREC_ERROR_CERTIFICATE && result >= WMREC_ERROR_CERTIFICATE_WEAK;
}

/* After a handshake that failed: offers less, and returns true if it is to be tried again. An attacker on the path can
 * cause this by forging the first handshake, and must gain nothing by it:
 * - Without the session, all versions are offered, and the server is verified by its certificate.
 * - Without TLS 1.3, a server that supports it is refused: see detect_downgrade(). The server's random is authentic
 *   once the handshake is over. mbedTLS 3.6 cannot send TLS_FALLBACK_SCSV (RFC 7507): its ClientHello has only suites
 *   that mbedTLS implements.
 *
 * A session of TLS 1.2 is dropped in the same way, because mbedTLS offers only TLS 1.2 with it. */
static bool reduce_offer(struct wmrec_tls *tls, int error, int result)
{
  if (tls->is_session_offered && !is_certificate_error(result)) {
    wmrec_session_forget(tls);
    return true;
  }
  if (!has_chosen_pss(tls, error))
    return false;
  tls->is_tls_1_2_only = true;
  mbedtls_ssl_conf_max_tls_version(&tls->config, MBEDTLS_SSL_VERSION_TLS1_2);
  return true;
}

/* Begins a new handshake, with what reduce_offer() has left, on a new connection. */
static int reconnect(struct wmrec_tls *tls)
{
  tls->inner.functions->close(tls->inner.context);
  reset_connection(tls);
  return mbedtls_ssl_session_reset(&tls->ssl) == 0 ? WMREC_WANT_CALL : WMREC_ERROR_TLS_MEMORY;
}

/* Does one step only: a step may keep a small core busy for a second. */
static int handshake(struct wmrec_tls *tls)
{
  const int error = mbedtls_ssl_handshake_step(&tls->ssl);
  int result = WMREC_OK;

  if (error != 0)
    result = mbedtls_result(tls, error);
  else if (!mbedtls_ssl_is_handshake_over(&tls->ssl))
    result = WMREC_WANT_CALL;
  else if (tls->is_downgraded)
    result = WMREC_ERROR_TLS_DOWNGRADE;
  if (result != WMREC_OK)
    return result < 0 && reduce_offer(tls, error, result) ? reconnect(tls) : result;
  wmrec_session_established(tls);
  if (mbedtls_ssl_get_version_number(&tls->ssl) == MBEDTLS_SSL_VERSION_TLS1_2) /* in 1.3, a ticket may follow */
    keep_session(tls);
  tls->phase = WMREC_TLS_OPEN;
  return WMREC_OK;
}

static int connect_inner(struct wmrec_tls *tls, const char *host, uint16_t port, uint32_t time_left)
{
  const int result = tls->inner.functions->open(tls->inner.context, host, port, time_left);

  if (result != WMREC_OK)
    return result;
  tls->phase = WMREC_TLS_HANDSHAKE;
  return WMREC_WANT_CALL;
}

static int tls_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_tls *tls = context;
  const int result = tls->is_begun ? WMREC_OK : wmrec_setup_check(tls);

  if (result != WMREC_OK)
    return result;
  begin_call(tls);
  if (!tls->is_begun)
    return end_call(begin(tls, host, port));
  if (tls->phase == WMREC_TLS_HANDSHAKE)
    return end_call(handshake(tls));
  return end_call(connect_inner(tls, host, port, time_left));
}

static int tls_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct wmrec_tls *tls = context;
  int count;

  begin_call(tls);
  count = mbedtls_ssl_write(&tls->ssl, bytes, length);
  if (count < 0)
    return end_call(mbedtls_result(tls, count));
  *sent = (size_t)count;
  return end_call(WMREC_OK);
}

static int tls_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct wmrec_tls *tls = context;
  int count;

  begin_call(tls);
  count = mbedtls_ssl_read(&tls->ssl, bytes, size);
  *received = count > 0 ? (size_t)count : 0;
  if (count > 0 || count == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
    return end_call(WMREC_OK);
  if (count == 0 && !tls->is_inner_ended) /* an empty record (RFC 5246, section 6.2.1) is not the end */
    return end_call(WMREC_WANT_CALL);
  return end_call(mbedtls_result(tls, count));
}

/* Sends close_notify if that does not block. If the server has not answered to a session, that is wiped: it must not
 * fail each handshake until it expires. */
static void finish(struct wmrec_tls *tls)
{
  if (tls->phase == WMREC_TLS_HANDSHAKE && tls->is_session_offered)
    wmrec_session_forget(tls);
  if (tls->phase == WMREC_TLS_OPEN && tls->mbedtls_error == 0)
    mbedtls_ssl_close_notify(&tls->ssl);
  mbedtls_ssl_free(&tls->ssl);
  mbedtls_ssl_config_free(&tls->config);
  tls->is_begun = false;
}

static void tls_close(void *context)
{
  struct wmrec_tls *tls = context;

  if (tls->is_begun) {
    begin_call(tls);
    finish(tls);
    end_call(WMREC_OK);
  }
  tls->inner.functions->close(tls->inner.context);
}

struct wmrec_transport wmrec_tls_transport(struct wmrec_tls *tls)
{
  static const struct wmrec_transport_functions functions = {
      .is_verified_tls = true, .open = tls_open, .send = tls_send, .receive = tls_receive, .close = tls_close};

  if (tls->inner.functions == NULL)
    return tls->inner; /* for which the drive returns WMREC_ERROR_TRANSPORT */
  return (struct wmrec_transport){.functions = &functions, .context = tls};
}
