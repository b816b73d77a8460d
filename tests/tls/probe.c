/* Asks a self-hosted server over TLS, with a given clock, arena and session, for which wmrec has no options:
 *
 *   probe HOST PORT CAFILE CLOCK SESSION SIZE ARENA...
 *
 * CLOCK: seconds since 1970; 0: unknown; "none": the program sets no clock. SESSION: the file of the session, which is
 * read at the start if it exists, and written at the end. SIZE: the size of the buffer for the session, in bytes; 0:
 * none. Environment: PROBE_CHAIN: the program parses the roots; PROBE_TIMEOUT, the timeout of each connection, in ms;
 * WMC_API_TOKEN, the key.
 *
 * For each ARENA, a size in bytes, it makes a new connection and prints a line: the size, the name of the result, the
 * max number of bytes in use and the number in use at the end, "resumed" or "full", the length of the session, and the
 * status.
 *
 * With "-" for ARENA, each line of standard input makes one connection: "PORT ARENA TIMEOUT".
 *
 * With an ARENA like 131072/7, the seventh allocation fails. With 131072/0, none fails, and the line also has the
 * numbers of the first allocation of each call stack. Before either, the session is read again.
 *
 * With another configuration of mbedTLS than ours, its memory is the heap: ARENA's size has no effect, and the numbers
 * of bytes are 0.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "drive.h"
#include "posix.h"
#include "starve.h"
#include "tls.h"
#ifdef WMREC_TLS_CONFIG_H
#include "tls_platform.h"
#endif

enum { MAX_ARENA = 1 << 20 };

static char roots[65536];
static int64_t (*date)(void); /* NULL: the program sets none */
static int64_t clock_now;
static unsigned timeout = 30000;

static int64_t now(void)
{
  return clock_now;
}

static struct wmrec_pem_roots read_roots(const char *path)
{
  struct wmrec_pem_roots pem = {.text = roots};
  FILE *file = fopen(path, "rb");

  if (file != NULL) {
    pem.length = fread(roots, 1, sizeof roots, file);
    fclose(file);
  }
  return pem;
}

/* The buffer has exactly this size, and an odd address, so that a sanitizer sees every bad access. */
static void read_session(const char *path, unsigned char *session, size_t size)
{
  FILE *file = fopen(path, "rb");

  memset(session, 0, size);
  if (file != NULL) {
    (void)!fread(session, 1, size, file);
    fclose(file);
  }
}

static void write_session(const char *path, unsigned char *session, size_t size)
{
  FILE *file = fopen(path, "wb");

  if (file != NULL) {
    fwrite(session, 1, wmrec_tls_session_length(session, size), file);
    fclose(file);
  }
}

static int ask(const struct wmrec_target *target, struct wmrec_tls *tls, struct wmrec_posix *tcp,
               enum wmrec_recording *recording)
{
  static char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange exchange;
  struct wmrec_drive drive;
  int result;

  tls->inner = wmrec_posix_transport(tcp);
  wmrec_drive_init(&drive, wmrec_tls_transport(tls), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, target, wmrec_posix_clock(), timeout);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  *recording = wmrec_answer(&exchange);
  wmrec_drive_close(&drive);
  return result;
}

#ifndef WMREC_TLS_CONFIG_H /* ours would allocate in an arena that ends with the connection */
/* All roots as a list of mbedTLS, parsed once. */
static struct wmrec_roots parse_roots(const struct wmrec_roots *source)
{
  static mbedtls_x509_crt chain;
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  if (chain.raw.p == NULL) {
    mbedtls_x509_crt_init(&chain);
    while (source->next(source->context, &position, &der, &length))
      mbedtls_x509_crt_parse_der(&chain, der, length);
  }
  return wmrec_roots_from_chain(&chain);
}
#endif

static void print_result(const struct wmrec_tls *tls, int result, enum wmrec_recording recording, size_t size,
                         size_t peak, size_t in_use)
{
  printf("%lu %s %lu %lu %s %lu %s", (unsigned long)size, wmrec_result_name(result), (unsigned long)peak,
         (unsigned long)in_use, tls->is_resumed ? "resumed" : "full",
         (unsigned long)wmrec_tls_session_length(tls->session, tls->session_size), wmrec_recording_name(recording));
}

#ifdef WMREC_TLS_CONFIG_H
static void probe(const struct wmrec_target *target, struct wmrec_tls *tls, size_t size)
{
  static unsigned char memory[MAX_ARENA] __attribute__((aligned(8)));
  struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = date};
  struct wmrec_posix tcp = {0};
  enum wmrec_recording recording = WMREC_UNKNOWN;
  int result;

  wmrec_arena_init(&platform.arena, memory, size);
  result = wmrec_tls_start(&platform);
  if (result == WMREC_OK)
    result = ask(target, tls, &tcp, &recording);
  wmrec_tls_stop();
  print_result(tls, result, recording, size, platform.arena.peak, platform.arena.in_use);
}
#else
static void probe(const struct wmrec_target *target, struct wmrec_tls *tls, size_t size)
{
  struct wmrec_posix tcp = {0};
  enum wmrec_recording recording = WMREC_UNKNOWN;
  int result;

  tls->now = date;
  result = ask(target, tls, &tcp, &recording);
  wmrec_tls_free_roots(tls);
  print_result(tls, result, recording, size, 0, 0);
}
#endif

/* Reads the port, the arena and (in *failing) the text after the arena of the next connection; false if there is none.
 */
static bool next_connection(char ***arenas, uint16_t *port, size_t *size, char **failing)
{
  static char nothing[] = "";
  unsigned long given;

  *failing = nothing;
  if (**arenas == NULL)
    return false;
  if (strcmp(**arenas, "-") != 0)
    given = strtoul(*(*arenas)++, failing, 10);
  else if (scanf("%hu %lu %u", port, &given, &timeout) != 3)
    return false;
  *size = given < MAX_ARENA ? given : MAX_ARENA;
  return true;
}

int main(int argc, char **argv)
{
  struct wmrec_pem_roots pem;
  struct wmrec_target target = {0};
  unsigned char *session;
  size_t session_size;
  char **arenas = argv + 7;
  char *failing;
  size_t size;

  if (argc < 8) {
    fputs("usage: probe HOST PORT CAFILE CLOCK SESSION SIZE ARENA...\n", stderr);
    return EXIT_FAILURE;
  }
  target.host = argv[1];
  target.port = (uint16_t)strtoul(argv[2], NULL, 10);
  target.token = getenv("WMC_API_TOKEN");
  if (getenv("PROBE_TIMEOUT") != NULL)
    timeout = (unsigned)strtoul(getenv("PROBE_TIMEOUT"), NULL, 10);
  pem = read_roots(argv[3]);
  clock_now = strtoll(argv[4], NULL, 10);
  date = strcmp(argv[4], "none") == 0 ? NULL : now;
  session_size = strtoul(argv[6], NULL, 10);
  session = (unsigned char *)calloc(1, session_size + 1) + 1; /* see read_session() */
  read_session(argv[5], session, session_size);
  while (next_connection(&arenas, &target.port, &size, &failing)) {
    struct wmrec_tls tls = {.roots = wmrec_roots_from_pem(&pem)};

#ifndef WMREC_TLS_CONFIG_H
    if (getenv("PROBE_CHAIN") != NULL)
      tls.roots = parse_roots(&tls.roots);
#endif
    tls.session = session_size > 0 ? session : NULL;
    tls.session_size = session_size;
    if (*failing == '/') {
      read_session(argv[5], session, session_size);
      starve(strtoul(failing + 1, NULL, 10));
    }
    probe(&target, &tls, size);
    if (strcmp(failing, "/0") == 0) {
      putchar(' ');
      starve_print_stacks();
    }
    putchar('\n');
    fflush(stdout);
  }
  write_session(argv[5], session, session_size);
  free(session - 1);
  return EXIT_SUCCESS;
}
