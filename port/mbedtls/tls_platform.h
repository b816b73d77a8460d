/* What mbedTLS needs from the platform, with our own configuration: memory, random numbers, the date.
 *
 *     static unsigned char memory[65536] __attribute__((aligned(8)));
 *     static struct wmrec_tls_platform platform = {.random = ..., .now = ...};
 *
 *     wmrec_arena_init(&platform.arena, memory, sizeof memory);
 *     result = wmrec_tls_start(&platform);
 *
 * Threads: mbedTLS has one platform in a program, and it has no lock. Call everything here, and the transports of
 * tls.h, from one thread.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TLS_PLATFORM_H
#define WMREC_TLS_PLATFORM_H

#include <mbedtls/version.h>

#ifndef WMREC_TLS_CONFIG_H
#error "tls_platform.h is for wmrec's own configuration of mbedTLS, tls_config.h. With another one, include tls.h: \
memory and random numbers come from mbedTLS itself. Use no arena, no wmrec_tls_start() and no wmrec_tls_stop()."
#endif

#include "arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero it, set random and now, and call wmrec_arena_init() for the arena, before wmrec_tls_start(). */
struct wmrec_tls_platform {
  struct wmrec_arena arena; /* all memory of mbedTLS comes from here */

  /* Fills in `length` random bytes, fit for keys. Returns false if there are none: the call fails with
   * WMREC_ERROR_SYSTEM. */
  bool (*random)(void *bytes, size_t length);

  /* Returns the date, in seconds since 1970-01-01, UTC; 0: unknown. Certificates are verified for this date. */
  int64_t (*now)(void);

  bool has_random_failed; /* private */
};

/* Makes mbedTLS ready. Returns WMREC_OK, WMREC_ERROR_TLS_SETUP (random, now or the arena is missing),
 * WMREC_ERROR_TLS_MEMORY or WMREC_ERROR_SYSTEM (no random bytes). platform: borrowed until wmrec_tls_stop(); it must
 * not move. Before it, and after wmrec_tls_stop(), mbedTLS has no memory, no random numbers and no date. */
int wmrec_tls_start(struct wmrec_tls_platform *platform);

/* Frees all that mbedTLS has allocated, also the keys that the program has in PSA. Close all connections before. Does
 * nothing if wmrec_tls_start() was not called, or has failed. */
void wmrec_tls_stop(void);

#ifdef __cplusplus
}
#endif

#endif
