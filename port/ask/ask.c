/* One call that asks once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drive.h"
#include "posix.h"
#include "roots_file.h"
#include "tls.h"
#ifdef WMREC_TLS_CONFIG_H
#include "tls_platform.h"
#endif

enum { ROOTS_MAX = 1048576, MEMORY = 131072, SESSION = 4096 }; /* bytes */

static unsigned char text[ROOTS_MAX]; /* the roots: in PEM, then in DER */
static struct wmrec_der_roots roots = {.der = text};
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static unsigned char session[SESSION];

static int64_t now(void)
{
  return time(NULL);
}

#ifdef WMREC_TLS_CONFIG_H
static int start_tls(void)
{
  static unsigned char memory[MEMORY] __attribute__((aligned(8)));
  static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};

  if (platform.arena.size > 0)
    return WMREC_OK;
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  return wmrec_tls_start(&platform);
}
#else
static int start_tls(void)
{
  tls.now = now;
  return WMREC_OK;
}
#endif

/* A file that fills all of the memory is cut: its last roots would be missing. */
static int read_roots(void)
{
  const char *path = getenv("SSL_CERT_FILE");
  FILE *file;
  size_t length;

  if (roots.length > 0)
    return WMREC_OK;
  if (path == NULL || *path == '\0')
    path = wmrec_posix_roots_file();
  file = path == NULL ? NULL : fopen(path, "r");
  if (file == NULL)
    return WMREC_ERROR_TLS_ROOTS;
  length = fread(text, 1, sizeof text, file);
  (void)fclose(file); /* it was only read */
  if (length < sizeof text)
    roots.length = wmrec_roots_decode(text, length);
  return roots.length > 0 ? WMREC_OK : WMREC_ERROR_TLS_ROOTS;
}

/* Sets *transport to verified TLS over TCP. */
static int prepare_tls(struct wmrec_transport *transport)
{
  int result = read_roots();

  if (result == WMREC_OK)
    result = start_tls();
  tls.inner = *transport;
  tls.roots = wmrec_roots_from_der(&roots);
  tls.session = session;
  tls.session_size = sizeof session;
  *transport = wmrec_tls_transport(&tls);
  return result;
}

int wmrec_ask(const struct wmrec_target *target, uint32_t timeout, enum wmrec_recording *recording)
{
  static char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_transport transport = wmrec_posix_transport(&tcp);
  const int prepared = target->plain_http ? WMREC_OK : prepare_tls(&transport);
  struct wmrec_drive drive;
  struct wmrec_exchange exchange;
  int result;

  *recording = WMREC_UNKNOWN;
  if (prepared != WMREC_OK)
    return prepared;
  wmrec_drive_init(&drive, transport, buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, target, wmrec_posix_clock(), timeout);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  *recording = wmrec_answer(&exchange);
  return result;
}
