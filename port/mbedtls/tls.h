/* TLS 1.2 and 1.3 by mbedTLS (3.6 or 4.x): a transport over another transport.
 *
 *     static struct wmrec_tls tls = {.roots = ...};
 *
 *     tls.inner = wmrec_posix_transport(&tcp);
 *     wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
 *
 * Verification cannot be turned off. Open succeeds only if the chain of certificates leads to a trusted root, all its
 * dates hold, and the server's certificate is for the host's name or address (RFC 9525). The server sends its own
 * certificate first, and the others in any order; without MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK, in the chain's. A
 * chain is refused if an issuer in it, or its root, has an extended key usage without servers, or name constraints
 * (they are not evaluated).
 *
 * A stream ends cleanly only by the server's close_notify; otherwise it ends with WMREC_ERROR_TRUNCATED.
 *
 * There are two ways to configure mbedTLS. Compile mbedTLS, this port, and your code that includes this header with the
 * same configuration. port/mbedtls/README.md has more.
 * - Our own: -DMBEDTLS_CONFIG_FILE='"tls_config.h"' and the same WMREC_TLS_* macros. All memory comes from an arena,
 * and you give random numbers and the date: call wmrec_tls_start() of tls_platform.h first.
 * - Yours (ESP-IDF's, Zephyr's, a system's library): memory and random numbers are mbedTLS's own, and there is no
 *   tls_platform.h. PSA is initialised if it is not, and never stopped. Only cipher suites with forward secrecy and
 *   authenticated encryption are offered. What it needs and does not have is an #error that says what to turn on.
 *
 * Threads: with our own configuration, mbedTLS has one platform in a program: call everything here, and the transports,
 * from one thread. That thread can have many connections: the arena limits their number and, in the profiles for
 * devices, MBEDTLS_PSA_KEY_SLOT_COUNT (an open connection has two keys). With yours, one thread at a time may use a
 * struct wmrec_tls; with MBEDTLS_THREADING_C, different ones may be used in different threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TLS_H
#define WMREC_TLS_H

#include <mbedtls/version.h>
#if MBEDTLS_VERSION_NUMBER < 0x03060000
#error "This mbedTLS is too old: wmrec needs 3.6 or 4.x."
#endif

#include <mbedtls/ssl.h>

#include "arena.h"
#include "roots.h"
#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A date before this one, 2025-01-01, means that the clock was not set: WMREC_ERROR_TLS_CLOCK. In seconds since
 * 1970-01-01, UTC. */
#define WMREC_TLS_EARLIEST 1735689600

enum wmrec_tls_phase { WMREC_TLS_CONNECTING, WMREC_TLS_HANDSHAKE, WMREC_TLS_OPEN };

/* The size of a SHA-256 digest, in bytes. */
#define WMREC_TLS_DIGEST 32

/* One connection. Zero it before its first use; set inner and roots, and what you need of the other fields before
 * phase. It must not move while the transport is in use. */
struct wmrec_tls {
  struct wmrec_transport inner; /* TCP; what it points to is borrowed */
  struct wmrec_roots roots;     /* what it points to is borrowed */

  /* The buffer that keeps a session for the next connection: see below. Borrowed until close; any alignment. NULL:
   * sessions are not kept, and each connection does a full handshake. session_size: in bytes. */
  void *session;
  size_t session_size;

#ifdef WMREC_TLS_CONFIG_H
  /* The maximum that the connection may allocate in the arena, in bytes, headers included; 0: all of it. With many
   * connections, a limit keeps one server from using the memory of the others. */
  size_t memory_limit;
#else
  /* With your configuration: returns the date, in seconds since 1970-01-01, UTC; 0: unknown. Certificates are verified
   * for this date, also if mbedTLS does not check dates. NULL: mbedtls_time(), which needs MBEDTLS_HAVE_TIME_DATE;
   * without that, open returns WMREC_ERROR_TLS_SETUP. */
  int64_t (*now)(void);
#endif

  /* For messages: read only, and valid until the next open. */
  enum wmrec_tls_phase phase;      /* how far open has come */
  int mbedtls_error;               /* the last error of mbedTLS; 0: none */
  uint32_t flags;                  /* what is wrong with the certificates: MBEDTLS_X509_BADCERT_* */
  bool is_resumed;                 /* a session was resumed: the server sent no certificate */
  int64_t certificates_not_before; /* if WMREC_TLS_OPEN and not resumed: the latest notBefore of the chain, ... */
  int64_t certificates_not_after;  /* ... and the earliest notAfter, in seconds since 1970-01-01, UTC */
  mbedtls_ssl_context ssl;         /* if WMREC_TLS_OPEN: for mbedtls_ssl_get_version() and the like */

  /* Private. */
  mbedtls_ssl_config config;
  const char *host;                                /* a name, without its final dot; in ssl, until close */
  unsigned char address[16];                       /* of the host, if it is an address */
  size_t address_length;                           /* 4 or 16; 0: the host is a name */
  unsigned char session_binding[WMREC_TLS_DIGEST]; /* the host, port and roots that a session is for */
  int64_t session_expiry;                          /* of the connection's session, in seconds since 1970-01-01, UTC */
  struct wmrec_arena_share memory; /* of the connection; with your configuration, only is_exhausted is used */
#ifndef WMREC_TLS_CONFIG_H
  struct wmrec_roots parsed; /* the roots that are in `chain`; next is NULL: none are */
  mbedtls_x509_crt chain;    /* valid if parsed.next is not NULL */
  bool has_random_failed;    /* in this call */
#endif
  int want;                /* the last WMREC_WANT_* of inner in this call; WMREC_WANT_CALL: there was none */
  int receives_left;       /* how often this call may still receive from inner */
  int inner_error;         /* the WMREC_ERROR_* of inner; 0: none */
  int first_byte;          /* the first byte from the server; -1: none has come */
  bool is_inner_ended;     /* the last receive from inner found the end of the stream */
  bool is_begun;           /* open was called, and close was not */
  bool is_tls_1_2_only;    /* TLS 1.3 is not offered: see reduce_offer() in tls.c */
  bool is_downgraded;      /* TLS 1.2 was negotiated, though the server's random says that it supports TLS 1.3 */
  bool is_session_kept;    /* sessions of this connection are kept */
  bool is_session_offered; /* a session was offered, and the handshake is not over */
};

/*
 * Returns the transport over *tls, which is borrowed for as long as the transport is in use. Its functions return the
 * errors of the inner transport, WMREC_ERROR_TLS_*, WMREC_ERROR_CERTIFICATE_*, and
 * - WMREC_ERROR_CLOSED: the server closed the connection in the handshake;
 * - WMREC_ERROR_TRUNCATED: the stream ended without close_notify;
 * - WMREC_ERROR_RESET: a message after the handshake was not valid;
 * - WMREC_ERROR_SYSTEM: there are no random numbers;
 * - WMREC_ERROR_TLS_SETUP: wmrec_tls_start() was not called, or tls->now is missing.
 *
 * Open may connect twice: without a session that has failed, or with TLS 1.2 only, for servers that choose RSA-PSS in
 * TLS 1.2. One call does one step of the handshake: on a small core, a step may take a second.
 */
struct wmrec_transport wmrec_tls_transport(struct wmrec_tls *tls);

#ifndef WMREC_TLS_CONFIG_H
/* Frees the roots that open has parsed: with your configuration, and without MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK,
 * open parses all roots once, at its first call, and keeps them (3 KB each on 64 bits). To share them between
 * connections, parse them yourself: see chain.h. Close the connection before. */
void wmrec_tls_free_roots(struct wmrec_tls *tls);
#endif

/* Converts a date in UTC, such as a certificate's, to seconds since 1970-01-01. */
int64_t wmrec_tls_seconds(const mbedtls_x509_time *time);

/*
 * Sessions. A handshake that resumes a session needs no certificates, and so a fraction of the time and of the bytes.
 * TLS 1.2 resumes by tickets or session ids; TLS 1.3 by tickets, always with a fresh key exchange.
 *
 * Set tls->session to a buffer: memory that survives a device's deep sleep, or the content of a file. Zero it at first.
 * The session is the content of this buffer; nothing else needs to be exported. A session that is damaged, or for
 * another server, is ignored. The buffer holds one session, the last. It is written under TLS 1.2 when open returns
 * WMREC_OK, and under TLS 1.3 by a receive, when a ticket comes.
 *
 * A session is offered only to the same host and port, with the same roots, and until the first certificate of the
 * chain expires, at most for a day after the certificates were verified. Resuming does not prolong this. If the server
 * refuses the session, it sends its certificates, and they are verified. If the handshake fails with a session, for a
 * reason other than a certificate, the handshake is tried once more without it, on a new connection; also if the
 * session is of TLS 1.2, and the server now supports TLS 1.3. A session that was not accepted is wiped; also if close
 * ends the handshake, so that a server which does not answer to a session does so only once.
 *
 * session_size: 2048 is enough for most servers. The buffer holds 48 bytes of our own, and mbedTLS's data without the
 * certificates: from OpenSSL, 377 bytes in all under TLS 1.3, and 352 under 1.2, of which 192 are the ticket; from
 * Java's TLS, 169 and 160. A ticket can be longer: 3.5 KB were seen. A session that does not fit the buffer, or for
 * which the arena has no room, is not kept.
 *
 * Whoever can read the buffer can impersonate the server and, under TLS 1.2, decrypt the traffic. Whoever can write to
 * it can have a server of their own accepted. Protect it like the key.
 */

/* Returns the number of bytes, from the start of the buffer, that hold a session: save these. 0: there is none. */
size_t wmrec_tls_session_length(const void *session, size_t size);

#ifdef __cplusplus
}
#endif

#endif
