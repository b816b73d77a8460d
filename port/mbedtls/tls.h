/* TLS 1.2 and 1.3 by mbedTLS (3.6 or 4.x): a transport over a transport. There is no switch that turns verification
 * off: open succeeds only if the certificate's chain leads to a trusted root, its dates hold, and it bears the host's
 * name or address (RFC 9525). No issuer in the chain, nor the root, may be limited by its extended key usage to other
 * purposes than servers, or have name constraints (they are not evaluated). The server's close_notify is told from a
 * connection that was cut.
 *
 *     static unsigned char memory[65536] __attribute__((aligned(8)));
 *     struct wmrec_tls_platform platform = {.random = ..., .now = ...};
 *     struct wmrec_tls tls = {.inner = ..., .roots = ...};
 *
 *     wmrec_arena_init(&platform.arena, memory, sizeof memory);
 *     result = wmrec_tls_start(&platform);
 *     wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
 *
 * mbedTLS is one for the whole program, so its platform is, too; connections over it can be many, as far as the arena
 * goes and, in a device's profiles, MBEDTLS_PSA_KEY_SLOT_COUNT: each that is open has two keys. Not thread-safe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TLS_H
#define WMREC_TLS_H

#include <mbedtls/ssl.h>

#include "arena.h"
#include "roots.h"
#include "transport.h"

/* No clock that says a time before 2025-01-01, in seconds since 1970-01-01, UTC, has been set. */
#define WMREC_TLS_EARLIEST 1735689600

/* What mbedTLS takes from the platform. Set random and now, and make the arena, before wmrec_tls_start(). */
struct wmrec_tls_platform {
  struct wmrec_arena arena; /* all that mbedTLS allocates comes from here */

  /* Fills in random bytes, fit for keys; false: there are none. */
  bool (*random)(void *bytes, size_t length);

  /* The date, in seconds since 1970-01-01, UTC; 0: unknown. Certificates are judged by it. */
  int64_t (*now)(void);

  bool is_random_broken; /* private */
};

/* Makes mbedTLS ready. Returns WMREC_OK, WMREC_ERROR_TLS_MEMORY or WMREC_ERROR_SYSTEM (there are no random bytes). The
 * platform is borrowed until wmrec_tls_stop(). */
int wmrec_tls_start(struct wmrec_tls_platform *platform);

/* Gives back all that mbedTLS has allocated. Connections must have been closed. */
void wmrec_tls_stop(void);

enum wmrec_tls_phase { WMREC_TLS_CONNECTING, WMREC_TLS_HANDSHAKE, WMREC_TLS_OPEN };

/* In bytes, of SHA-256. */
#define WMREC_TLS_DIGEST 32

/* One connection. Set inner and roots, what else you like of what stands before phase, and zero the rest. */
struct wmrec_tls {
  struct wmrec_transport inner; /* borrowed */
  struct wmrec_roots roots;     /* borrowed */

  /* Where a session is kept for the next connection: see below. Borrowed until close; any alignment. NULL: nowhere, so
   * that none is resumed. */
  void *session;
  size_t session_size;

  /* The most that the connection may have of the arena, in bytes, headers included; 0: all that there is. For many
   * connections, so that a server which sends much leaves the others what they need. */
  size_t memory_limit;

  /* To be read, for messages; they stay until the next open. phase: how far it came. mbedtls_error: what mbedTLS
   * returned last, if it was an error. flags: what is wrong with the certificate, MBEDTLS_X509_BADCERT_*. is_resumed:
   * the server was known by a session, and sent no certificate. certificates_not_before, certificates_not_after: while
   * the phase is WMREC_TLS_OPEN and no session was resumed, the latest notBefore and the earliest notAfter of the
   * certificates that were verified, in seconds since 1970-01-01, UTC. ssl: while the phase is WMREC_TLS_OPEN, for
   * mbedtls_ssl_get_version() and the like. */
  enum wmrec_tls_phase phase;
  int mbedtls_error;
  uint32_t flags;
  bool is_resumed;
  int64_t certificates_not_before;
  int64_t certificates_not_after;
  mbedtls_ssl_context ssl;

  /* Private. */
  mbedtls_ssl_config config;
  const char *host;          /* borrowed until close */
  unsigned char address[16]; /* the host, if it is an address and no name */
  size_t address_length;
  unsigned char session_binding[WMREC_TLS_DIGEST];
  int64_t session_expiry;
  struct wmrec_arena_share memory;
  int want;
  int pieces_left;
  int inner_error;
  int first_byte; /* that the server sent; -1: none yet */
  bool is_inner_ended;
  bool is_begun;
  bool is_tls_1_2_only; /* nothing newer is offered: see offer_less() in tls.c */
  bool is_downgraded;   /* TLS 1.2 is spoken, and the server's random says that the server supports TLS 1.3 */
  bool is_session_kept;
  bool is_session_offered; /* and the handshake is not over */
};

struct wmrec_transport wmrec_tls_transport(struct wmrec_tls *tls);

/* A date of a certificate, or another one taken apart (UTC), in seconds since 1970-01-01. */
int64_t wmrec_tls_seconds(const mbedtls_x509_time *time);

/*
 * Sessions. A handshake with one costs no look at certificates, and so a fraction of the time and of the bytes: by
 * tickets or ids under TLS 1.2; by tickets under 1.3, with a fresh key exchange all the same.
 *
 * Give tls->session some memory: what outlives a device's deep sleep, or what a file held. Its content is the session;
 * there is nothing else to export. At first, zero it. Whatever is no session of this server, or was damaged, is
 * ignored. It is written to when TLS says so: under 1.2, when open returns WMREC_OK; under 1.3, by a receive, when a
 * ticket comes. It holds one session, the last one's.
 *
 * A session is offered to the same host and port only, with the same roots, and until the first certificate of the
 * chain ends, but at most for a day from when they were verified: resuming does not put it off. If the server does not
 * take it, certificates are verified as ever. If the handshake fails with it, for another reason than a certificate,
 * the server is asked once more, without it, on a new connection; also if the session is of TLS 1.2 and the server now
 * supports TLS 1.3. A session that was offered in vain is wiped; also if close ends the handshake, so that a server
 * which goes silent over a session does so once.
 *
 * session_size: 2048 does for most. What is kept is 48 bytes, and what mbedTLS has to say, without the certificates:
 * from OpenSSL, 377 bytes in all under TLS 1.3, and 352 under 1.2, of which 192 are the ticket; from Java's TLS, 169
 * and 160. A ticket can be longer: 3.5 KB are known. What does not fit is not kept, nor what the arena has no room to
 * copy: then there is no session.
 *
 * Who can read the memory can play the server to it and, under TLS 1.2, read what is said; who can write to it can name
 * a server of their own. Guard it as you guard the key.
 */

/* How many bytes of the memory, from its start, hold a session, and are all that is to be saved; 0: there is none. */
size_t wmrec_tls_session_length(const void *session, size_t size);

#endif
