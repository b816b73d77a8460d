/* Asks a self-hosted server over TLS, with a clock, an arena and a session of the caller's choice, which wmrec does not
 * offer:
 *
 *   probe HOST PORT CAFILE CLOCK SESSION SIZE ARENA...
 *
 * CLOCK: seconds since 1970, 0: unknown. SESSION: a file that a session is read from, if it is there, and written to;
 * SIZE: of the buffer for it, in bytes, 0: none. For each ARENA, a size in bytes, it connects anew and prints a line:
 * the size, the result's name, how much of the arena was in use at most, and how much still was at the end; "resumed"
 * or "full", the session's length, and the status. In the environment, PROBE_TIMEOUT: for each connection, in ms;
 * WMC_API_TOKEN: the key.
 *
 * With "-" for ARENA, each line of standard input is one connection: "PORT ARENA TIMEOUT".
 *
 * In an ARENA like 131072/7, the seventh allocation finds no room; the line of 131072/0 has one thing more, the numbers
 * of those that come by a way of their own. The session is read anew for either.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"
#include "posix.h"
#include "starve.h"
#include "tls.h"

enum { MOST = 1 << 20 };

static unsigned char memory[MOST] __attribute__((aligned(8)));
static char roots[65536];
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

/* Of just this size, and at an odd address, so that a sanitizer sees whatever is wrong with that. */
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

static void probe(const struct wmrec_target *target, struct wmrec_pem_roots *pem, void *session, size_t session_size,
                  size_t size)
{
  struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
  struct wmrec_tls tls = {.roots = wmrec_roots_from_pem(pem)};
  struct wmrec_posix tcp = {0};
  enum wmrec_recording recording = WMREC_UNKNOWN;
  int result;

  tls.session = session_size > 0 ? session : NULL;
  tls.session_size = session_size;
  wmrec_arena_init(&platform.arena, memory, size);
  result = wmrec_tls_start(&platform);
  if (result == WMREC_OK)
    result = ask(target, &tls, &tcp, &recording);
  wmrec_tls_stop();
  printf("%lu %s %lu %lu %s %lu %s", (unsigned long)size, wmrec_result_name(result), (unsigned long)platform.arena.peak,
         (unsigned long)platform.arena.in_use, tls.is_resumed ? "resumed" : "full",
         (unsigned long)wmrec_tls_session_length(session, session_size), wmrec_recording_name(recording));
}

/* What the next connection is to be, and in *failing what came behind its ARENA; false: that was the last one. */
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
  *size = given < MOST ? given : MOST;
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
  session_size = strtoul(argv[6], NULL, 10);
  session = (unsigned char *)calloc(1, session_size + 1) + 1; /* odd, and no longer: for sanitizers to see */
  read_session(argv[5], session, session_size);
  while (next_connection(&arenas, &target.port, &size, &failing)) {
    if (*failing == '/') {
      read_session(argv[5], session, session_size);
      starve(strtoul(failing + 1, NULL, 10));
    }
    probe(&target, &pem, session, session_size, size);
    if (strcmp(failing, "/0") == 0) {
      putchar(' ');
      starve_print_ways();
    }
    putchar('\n');
    fflush(stdout);
  }
  write_session(argv[5], session, session_size);
  free(session - 1);
  return EXIT_SUCCESS;
}
