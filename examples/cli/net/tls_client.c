/* TLS to the servers: the trusted roots, mbedTLS's memory, and each server's session.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/tls_client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mbedtls/platform_util.h>

#include "output/redact.h"
#include "posix.h"
#include "system/memory.h"
#include "system/read_file.h"

/* Bytes of mbedTLS's memory. Pages that mbedTLS does not write to take no physical memory.
 *
 * An open connection needs 27,000 bytes; a handshake with a chain of three certificates, 47,000. A longer list of
 * certificates needs more, so a connection has a limit. Each server has this limit, and room for its session and for
 * fragmentation. PSA's table of keys is shared, but counts for the connection that makes it grow: at most 57,344 bytes,
 * for 256 servers. */
enum { ARENA = 65536, ARENA_OF_CONNECTION = 131072, ARENA_OF_SERVER = ARENA_OF_CONNECTION + 32768 };

/* Maximum size of a file of roots: 1 MiB. A system's file has about 220,000 bytes. A mapping of 2 MiB or more could
 * take a huge page of Linux as a whole. */
enum { ROOTS_MAX = 1048576 };

static int64_t now(void)
{
  return time(NULL);
}

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
static struct wmrec_pem_roots pem; /* the roots that all servers are verified with */

/* Returns the system's file of root certificates; NULL: none of the known paths can be read. */
static const char *find_system_roots(void)
{
  static const char *const files[] = {
      "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Ubuntu, Arch, Gentoo */
      "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora, RHEL */
      "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
      "/etc/ssl/cert.pem",                      /* Alpine, OpenBSD, macOS */
      "/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
  };

  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (access(files[i], R_OK) == 0)
      return files[i];
  return NULL;
}

bool tls_client_read_roots(struct wmrec_pem_roots *roots, const char *path)
{
  const struct wmrec_roots source = wmrec_roots_from_pem(roots);
  char *text = memory_map(ROOTS_MAX);
  const char *error = NULL;
  ssize_t length;

  if (text == NULL)
    return false;
  length = read_file(path, text, ROOTS_MAX);
  roots->text = text;
  roots->length = length < 0 ? 0 : (size_t)length;
  if (length < 0)
    error = strerror(errno);
  else if (length == 0)
    error = "it is empty";
  else if (length == ROOTS_MAX)
    error = "it is too large: the maximum is 1 MiB";
  else if (!wmrec_roots_exist(&source))
    error = "it has no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  if (error != NULL)
    redact_line("the CA file %s: %s.", path, error);
  return error == NULL;
}

/* Returns 0; or the exit status, after a message. */
static int read_roots(struct wmrec_pem_roots *roots, const struct options *options)
{
  const char *path = options->ca_file != NULL ? options->ca_file : find_system_roots();

  if (path == NULL) {
    fputs("wmrec: this system has no file of trusted root certificates in a known place. Install one (on Debian: the\n"
          "package ca-certificates), or give a PEM file with --cacert FILE.\n",
          stderr);
    return EXIT_CONFIG;
  }
  return tls_client_read_roots(roots, path) ? 0 : EXIT_CONFIG;
}

bool tls_client_read_roots_again(const struct options *options)
{
  static struct wmrec_pem_roots other; /* those that are not in use */
  const struct wmrec_pem_roots old = pem;
  bool is_read;

  if (options->ca_file != NULL && !read_file_is_repeatable(options->ca_file))
    return true;
  is_read = read_roots(&other, options) == 0;
  if (is_read) {
    pem = other;
    other = old;
  } else {
    fputs("wmrec: the old root certificates stay in use.\n", stderr);
  }
  memory_unmap(other.text, ROOTS_MAX);
  other.text = NULL;
  return is_read;
}

int tls_client_start(const struct options *options)
{
  const size_t size = ARENA + (size_t)options->server_count * ARENA_OF_SERVER;
  const int status = read_roots(&pem, options);
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

struct wmrec_transport tls_client_transport(struct tls_client *tls, struct wmrec_transport tcp, bool has_session)
{
  tls->connection.inner = tcp;
  tls->connection.roots = wmrec_roots_from_pem(&pem);
  tls->connection.memory_limit = ARENA_OF_CONNECTION;
  tls->has_session = has_session;
  return wmrec_tls_transport(&tls->connection);
}

void tls_client_begin(struct tls_client *tls, void *memory, size_t size)
{
  if (!tls->has_session)
    return;
  if (tls->session != NULL)
    memcpy(memory, tls->session, tls->session_length);
  tls->connection.session = memory;
  tls->connection.session_size = size;
}

static void forget_session(struct tls_client *tls)
{
  mbedtls_platform_zeroize(tls->session, tls->session_length);
  wmrec_arena_free(&platform.arena, tls->session);
  tls->session = NULL;
  tls->session_length = 0;
}

void tls_client_set_session(struct tls_client *tls, const void *session, size_t size)
{
  const size_t length = wmrec_tls_session_length(session, size);

  if (length != tls->session_length) {
    forget_session(tls);
    tls->session = length == 0 ? NULL : wmrec_arena_allocate(&platform.arena, length);
    tls->session_length = tls->session == NULL ? 0 : length;
  }
  if (tls->session != NULL)
    memcpy(tls->session, session, length);
}

void tls_client_end(struct tls_client *tls)
{
  struct wmrec_tls *connection = &tls->connection;

  if (connection->session == NULL)
    return;
  tls_client_set_session(tls, connection->session, connection->session_size);
  mbedtls_platform_zeroize(connection->session, connection->session_size);
  connection->session = NULL;
  connection->session_size = 0;
}

void tls_client_release_memory(void)
{
  if (platform.arena.peak < platform.arena.in_use + ARENA)
    return; /* too little to be worth a system call; one server never needs as much */
  wmrec_arena_for_each_free(&platform.arena, 4096, memory_release);
  platform.arena.peak = platform.arena.in_use;
}

void tls_client_close(struct tls_client *tls)
{
  if (tls->session != NULL)
    forget_session(tls);
}
