/* mbedTLS's memory and clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/tls_memory.h"

#include <stdio.h>
#include <time.h>

#include <mbedtls/platform.h>

static int64_t now(void)
{
  return time(NULL);
}

#ifdef WMREC_TLS_CONFIG_H

#include "posix.h"
#include "system/memory.h"
#include "tls_platform.h"

/* Bytes of mbedTLS's memory. Pages that mbedTLS does not write to take no physical memory.
 *
 * An open connection needs 27,000 bytes; a handshake with a chain of three certificates, 47,000. A longer list of
 * certificates needs more, so a connection has a limit. Each server has this limit, and room for its session and for
 * fragmentation. PSA's table of keys is shared, but counts for the connection that makes it grow: at most 57,344 bytes,
 * for 256 servers. */
enum { ARENA = 65536, ARENA_OF_CONNECTION = 131072, ARENA_OF_SERVER = ARENA_OF_CONNECTION + 32768 };

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};

bool tls_memory_start(size_t server_count)
{
  const size_t size = ARENA + server_count * ARENA_OF_SERVER;
  void *memory = memory_map(size);
  int result;

  if (memory == NULL)
    return false;
  wmrec_arena_init(&platform.arena, memory, size);
  result = wmrec_tls_start(&platform);
  if (result != WMREC_OK)
    fprintf(stderr, "wmrec: %s.\n", wmrec_result_text(result));
  return result == WMREC_OK;
}

void tls_memory_assign(struct wmrec_tls *tls)
{
  tls->memory_limit = ARENA_OF_CONNECTION;
}

void tls_memory_release(void)
{
  if (platform.arena.peak < platform.arena.in_use + ARENA)
    return; /* too little to be worth a system call; one server never needs as much */
  wmrec_arena_for_each_free(&platform.arena, 4096, memory_release);
  platform.arena.peak = platform.arena.in_use;
}

#else

bool tls_memory_start(size_t server_count)
{
  (void)server_count;
  return true;
}

void tls_memory_assign(struct wmrec_tls *tls)
{
  tls->now = now;
}

void tls_memory_release(void)
{
}

#endif

void *tls_memory_allocate(size_t size)
{
  return mbedtls_calloc(1, size);
}

void tls_memory_free(void *memory)
{
  mbedtls_free(memory);
}
