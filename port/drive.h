/* Drives exchanges over a transport, with a deadline. It never blocks: call wmrec_drive_step() again and again, from a
 * superloop, a task or a poll() loop.
 *
 *     struct wmrec_drive drive;
 *
 *     wmrec_drive_init(&drive, transport, buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &x, &target, now_ms, timeout_ms);
 *     while ((result = wmrec_drive_step(&drive, now_ms)) > 0)
 *         wait for what it wants, or do other work
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_DRIVE_H
#define WMREC_DRIVE_H

#include "transport.h"

/* What one step reads at most, in bytes; it is on the stack of wmrec_drive_step(). */
#ifndef WMREC_DRIVE_CHUNK
#define WMREC_DRIVE_CHUNK 256
#endif

/* One connection, and the exchange on it. The fields are private. */
struct wmrec_drive {
  struct wmrec_transport transport;
  const struct wmrec_target *target;
  struct wmrec_exchange *exchange;
  const char *connected_host;
  void *buffer;
  size_t size;
  uint32_t began;
  uint32_t timeout;
  uint16_t port;
  uint8_t state;
  bool is_reused;
};

/* Initialises the drive. transport: copied; what it points to is borrowed until wmrec_drive_close(). buffer, size: the
 * buffer of each exchange, borrowed until then; see wmrec_begin(). */
void wmrec_drive_init(struct wmrec_drive *drive, struct wmrec_transport transport, void *buffer, size_t size);

/*
 * Begins an exchange in the buffer, as wmrec_begin() does, which says what target means; all that is passed is
 * borrowed until the next wmrec_drive_begin(), or until wmrec_drive_close() returns. Returns WMREC_OK, or an error
 * of the target.
 *
 * A target that is not plain_http needs a transport of verified TLS: else WMREC_ERROR_PLAIN_HTTP.
 *
 * now: a monotonic clock in ms, which may wrap. timeout: for all of it, from the name's lookup to the body's last byte,
 * in ms, up to UINT32_MAX.
 *
 * The connection of the exchange before is used again if that has ended, the server left it open and silent, and host
 * (the same pointer, to the same text) and port are the same. If it turns out to be dead before a byte of the answer
 * has come, or if none has come when half of the time is over (a router in between has forgotten it, perhaps), the
 * exchange is begun once more on a new connection: a GET may be repeated (RFC 9110, section 9.2.2).
 */
int wmrec_drive_begin(struct wmrec_drive *drive, struct wmrec_exchange *exchange, const struct wmrec_target *target,
                      uint32_t now, uint32_t timeout);

/* Does one piece of work: at most one call of the transport. Returns what wmrec_result() does, and WMREC_WANT_CALL
 * where there is nothing to wait for. To be called at the latest when wmrec_drive_time_left() has passed. Once the
 * exchange has ended it does nothing, and the connection is open only if it can be used again. */
int wmrec_drive_step(struct wmrec_drive *drive, uint32_t now);

/* Until wmrec_drive_step() is to be called at the latest, in ms; 0: now. */
uint32_t wmrec_drive_time_left(const struct wmrec_drive *drive, uint32_t now);

/* Closes the connection. An exchange that is under way ends with WMREC_ERROR_CLOSED. */
void wmrec_drive_close(struct wmrec_drive *drive);

#endif
