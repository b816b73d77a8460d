/* Asks a self-hosted server over TLS, with a clock, an arena and a session of the caller's choice, which wmrec does not
 * offer:
 *
 *   probe HOST PORT CAFILE CLOCK SESSION SIZE ARENA...
 *
 * CLOCK: seconds since 1970, 0: unknown. SESSION: a file that a session is read from, if it is there, and written to;
 * SIZE: of the buffer for it, in bytes, 0: none. For each ARENA, a size in bytes, it connects anew and prints a line:
 * the size, the result's name, how much of the arena was in use at most, and how much still was at the end; "resumed"
 * or "full", and the session's length. PROBE_TIMEOUT, in the environment: for each connection, in ms.
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

static int ask(const struct wmrec_target *target, struct wmrec_tls *tls, struct wmrec_posix *tcp)
{
  static char buffer[WMREC_BUFFER_SIZE];
  struct wmrec exchange;
  struct wmrec_drive drive;
  const char *timeout = getenv("PROBE_TIMEOUT");
  int result;

  tls->inner = wmrec_posix_transport(tcp);
  wmrec_drive_init(&drive, wmrec_tls_transport(tls));
  wmrec_drive_begin(&drive, &exchange, target, buffer, sizeof buffer, wmrec_posix_clock(),
                    (uint32_t)strtoul(timeout != NULL ? timeout : "30000", NULL, 10));
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  return result;
}

static void probe(const struct wmrec_target *target, struct wmrec_pem_roots *pem, void *session, size_t session_size,
                  size_t size)
{
  struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
  struct wmrec_tls tls = {.roots = wmrec_pem_roots(pem)};
  struct wmrec_posix tcp = {0};
  int result;

  tls.session = session_size > 0 ? session : NULL;
  tls.session_size = session_size;
  wmrec_arena_init(&platform.arena, memory, size);
  result = wmrec_tls_start(&platform);
  if (result == WMREC_OK)
    result = ask(target, &tls, &tcp);
  wmrec_tls_stop();
  printf("%lu %s %lu %lu %s %lu", (unsigned long)size, wmrec_result_name(result), (unsigned long)platform.arena.peak,
         (unsigned long)platform.arena.in_use, tls.is_resumed ? "resumed" : "full",
         (unsigned long)wmrec_tls_session_length(session, session_size));
}

int main(int argc, char **argv)
{
  struct wmrec_pem_roots pem;
  struct wmrec_target target = {0};
  unsigned char *session;
  size_t session_size;

  if (argc < 8) {
    fputs("usage: probe HOST PORT CAFILE CLOCK SESSION SIZE ARENA...\n", stderr);
    return EXIT_FAILURE;
  }
  target.host = argv[1];
  target.port = (uint16_t)strtoul(argv[2], NULL, 10);
  pem = read_roots(argv[3]);
  clock_now = strtoll(argv[4], NULL, 10);
  session_size = strtoul(argv[6], NULL, 10);
  session = (unsigned char *)calloc(1, session_size + 1) + 1; /* odd, and no longer: for sanitizers to see */
  read_session(argv[5], session, session_size);
  for (int i = 7; i < argc; i++) {
    char *failing;
    const size_t size = strtoul(argv[i], &failing, 10);

    if (*failing == '/') {
      read_session(argv[5], session, session_size);
      starve(strtoul(failing + 1, NULL, 10));
    }
    probe(&target, &pem, session, session_size, size < MOST ? size : MOST);
    if (strcmp(failing, "/0") == 0) {
      putchar(' ');
      starve_print_ways();
    }
    putchar('\n');
  }
  write_session(argv[5], session, session_size);
  free(session - 1);
  return EXIT_SUCCESS;
}
