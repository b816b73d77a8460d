/* TLS to the servers: the roots, mbedTLS's memory, and the sessions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/secure.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mbedtls/platform_util.h>

#include "input/ca_file.h"
#include "posix.h"

/* In bytes; a page that mbedTLS does not take is none of the machine's. A connection takes 27,000 as long as it is
 * open, and 47,000 in a handshake with a chain of three certificates. A list of certificates can take more, so a
 * connection has a limit, and each server has room for that, for its session, and for gaps. PSA's table of keys is
 * shared, but counts for the connection that makes it grow: by 57,344 at the most, if there are 256 servers. */
enum { ARENA = 65536, ARENA_OF_CONNECTION = 131072, ARENA_OF_SERVER = ARENA_OF_CONNECTION + 32768 };

static int64_t now(void)
{
  return time(NULL);
}

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
static struct wmrec_pem_roots pem;

static int open_roots(const struct options *options)
{
  const char *path = options->ca_file != NULL ? options->ca_file : ca_file_of_system();

  if (path == NULL) {
    fputs(
        "wmrec: this system has no trusted root certificates where they are looked for. Install them (on Debian: the\n"
        "package ca-certificates), or give a PEM file by --cacert FILE.\n",
        stderr);
    return EXIT_CONFIG;
  }
  return ca_file_open(&pem, path) ? 0 : EXIT_CONFIG;
}

int secure_start(const struct options *options)
{
  const size_t size = ARENA + (size_t)options->server_count * ARENA_OF_SERVER;
  const int status = open_roots(options);
  void *memory;
  int result;

  if (status != 0)
    return status;
  memory = memory_map(size);
  if (memory == NULL)
    return EXIT_UNAVAILABLE;
  wmrec_arena_init(&platform.arena, memory, size);
  result = wmrec_tls_start(&platform);
  if (result == WMREC_OK)
    return 0;
  fprintf(stderr, "wmrec: %s.\n", wmrec_result_text(result));
  return EXIT_UNAVAILABLE;
}

struct wmrec_transport secure_transport(struct secure *secure, struct wmrec_transport tcp, bool has_session)
{
  secure->tls.inner = tcp;
  secure->tls.roots = wmrec_roots_from_pem(&pem);
  secure->tls.memory_limit = ARENA_OF_CONNECTION;
  secure->has_session = has_session;
  return wmrec_tls_transport(&secure->tls);
}

void secure_begin(struct secure *secure, struct workspace *workspace)
{
  if (!secure->has_session)
    return;
  if (secure->session != NULL)
    memcpy(workspace->session, secure->session, secure->session_length);
  secure->tls.session = workspace->session;
  secure->tls.session_size = sizeof workspace->session;
}

static void forget(struct secure *secure)
{
  mbedtls_platform_zeroize(secure->session, secure->session_length);
  wmrec_arena_free(&platform.arena, secure->session);
  secure->session = NULL;
  secure->session_length = 0;
}

void secure_keep(struct secure *secure, const void *session, size_t size)
{
  const size_t length = wmrec_tls_session_length(session, size);

  if (length != secure->session_length) {
    forget(secure);
    secure->session = length == 0 ? NULL : wmrec_arena_allocate(&platform.arena, length);
    secure->session_length = secure->session == NULL ? 0 : length;
  }
  if (secure->session != NULL)
    memcpy(secure->session, session, length);
}

void secure_end(struct secure *secure)
{
  if (secure->tls.session == NULL)
    return;
  secure_keep(secure, secure->tls.session, secure->tls.session_size);
  mbedtls_platform_zeroize(secure->tls.session, secure->tls.session_size);
  secure->tls.session = NULL;
  secure->tls.session_size = 0;
}

void secure_rest(void)
{
  if (platform.arena.peak < platform.arena.in_use + ARENA)
    return; /* not worth it: of one server, never */
  wmrec_arena_for_each_free(&platform.arena, 4096, memory_release);
  platform.arena.peak = platform.arena.in_use;
}

void secure_close(struct secure *secure)
{
  if (secure->session != NULL)
    forget(secure);
}
