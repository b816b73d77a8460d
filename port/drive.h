/* Drives exchanges over a transport, with a deadline. It never blocks: call wmrec_drive_step() again and again, from a
 * superloop, a task or a poll() loop.
 *
 *     static char buffer[WMREC_BUFFER_SIZE];
 *     struct wmrec_drive drive;
 *     struct wmrec_exchange exchange;
 *     struct wmrec_target target = {.host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = token};
 *
 *     wmrec_drive_init(&drive, transport, buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &exchange, &target, now_ms, timeout_ms);
 *     while ((result = wmrec_drive_step(&drive, now_ms)) > 0)
 *         wait until the transport can be read or written (result says which), or do other work
 *     if (result == WMREC_OK)
 *         use wmrec_answer(&exchange)
 *     wmrec_drive_begin(...), to ask again on the same connection; or wmrec_drive_close(&drive)
 *
 * Threads: a drive has no lock and no globals. One thread at a time may use a drive, its exchange, its buffer and its
 * transport. Different drives may run in different threads if their transports may (port/mbedtls may not).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_DRIVE_H
#define WMREC_DRIVE_H

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The maximum that one step receives, in bytes. This buffer is on the stack of wmrec_drive_step(). */
#ifndef WMREC_DRIVE_CHUNK
#define WMREC_DRIVE_CHUNK 256
#endif

/* One connection, and the exchange on it. All fields but the first are private: they are here so that you can allocate
 * it. */
struct wmrec_drive {
  /* The age at which a connection is replaced by a new one, in ms; 0: ten minutes. A name may move to another address,
   * and the old server then gives an old answer: a new connection looks the name up again. You may set it at any time
   * after wmrec_drive_init(). */
  uint32_t max_connection_age;

  struct wmrec_transport transport;
  const struct wmrec_target *target; /* of the exchange */
  struct wmrec_exchange *exchange;   /* NULL: none was begun */
  const char *connected_host;        /* the host of the open connection; NULL: it is not open */
  void *buffer;
  size_t size;           /* of the buffer */
  uint32_t began;        /* the time at which the exchange began, in ms */
  uint32_t timeout;      /* from then, in ms */
  uint32_t connected_at; /* the time at which the connection was opened, in ms; valid while it is open */
  uint16_t port;         /* of the exchange; while a connection is open, also the port of that */
  uint8_t state;
  bool is_kept;        /* the connection has carried an exchange before this one */
  bool is_reused;      /* is_kept, and no byte of the new answer has come */
  bool is_asked_again; /* the server has answered once that it wants to be asked on a new connection */
};

/*
 * Makes a drive ready. Call it once, before all others; it opens nothing.
 *
 * transport: copied; what it points to is borrowed until wmrec_drive_close() returns.
 * buffer, size: the buffer of each exchange, borrowed until then, too. wmrec_begin() says how its size, in bytes,
 * limits keys and answers.
 */
void wmrec_drive_init(struct wmrec_drive *drive, struct wmrec_transport transport, void *buffer, size_t size);

/*
 * Begins an exchange, as wmrec_begin() does. Returns WMREC_OK, or an error of the target (-1 to -9), which
 * wmrec_drive_step() then repeats.
 *
 * exchange, target and the target's strings: borrowed until the next wmrec_drive_begin(), or until wmrec_drive_close()
 * returns.
 * now: a monotonic clock in ms, which may wrap.
 * timeout: the time for the whole exchange, from the name's lookup to the last byte of the body, in ms; 0 to
 * UINT32_MAX.
 *
 * A target that is not plain_http needs a transport of verified TLS: otherwise WMREC_ERROR_PLAIN_HTTP. A transport of
 * zeros is WMREC_ERROR_TRANSPORT. A drive of zeros, without wmrec_drive_init(), has no buffer either:
 * WMREC_ERROR_BUFFER.
 *
 * An exchange that is still under way is given up, and its connection is closed.
 *
 * The connection of the previous exchange is used again if that exchange has ended, the server has left the connection
 * open and silent, the port is the same, host is the same pointer, to the same text, and the connection is younger than
 * max_connection_age. Such a connection may be dead. If it fails before a byte of the answer has come, or if none has
 * come when half of the timeout has passed (perhaps a router has forgotten the connection), then the exchange is begun
 * once more, on a new connection. That is allowed because a GET is idempotent (RFC 9110, section 9.2.2).
 *
 * It is also begun once more on a new connection after a status of 421 (the server does not answer for this host on
 * this connection; RFC 9110, section 15.5.20) or 425 (RFC 8470, section 5.2), and after a 408 on a connection that was
 * used again (RFC 9110, section 15.5.9). This happens once in an exchange.
 */
int wmrec_drive_begin(struct wmrec_drive *drive, struct wmrec_exchange *exchange, const struct wmrec_target *target,
                      uint32_t now, uint32_t timeout);

/*
 * Does one piece of work: it calls the transport at most once (and may close it). Returns what wmrec_result() returns;
 * or WMREC_WANT_CALL: there is nothing to wait for, call again.
 *
 * Call it after wmrec_drive_begin(): when the transport is ready, and at the latest when wmrec_drive_time_left() is
 * over. Once the exchange has ended, it returns the same result each time, and the connection is open only if it can be
 * used again. Without any wmrec_drive_begin(), it returns WMREC_ERROR_TRANSPORT.
 */
int wmrec_drive_step(struct wmrec_drive *drive, uint32_t now);

/* The time after which wmrec_drive_step() must be called, whatever the transport does, in ms; 0: now. */
uint32_t wmrec_drive_time_left(const struct wmrec_drive *drive, uint32_t now);

/* Closes the connection. An exchange that is under way ends with WMREC_ERROR_CLOSED. The drive may be used again, by
 * wmrec_drive_begin(). */
void wmrec_drive_close(struct wmrec_drive *drive);

#ifdef __cplusplus
}
#endif

#endif
