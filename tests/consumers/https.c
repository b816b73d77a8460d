/* Asks a server over verified TLS whether a mock API is recording: https HOST PORT ROOTS.pem
 * It is C and C++.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wmrec/drive.h>
#include <wmrec/posix.h>
#include <wmrec/tls.h>
#include <wmrec/tls_platform.h>

static unsigned char text[1 << 20]; /* the roots in PEM, then in DER */
static unsigned char memory[65536] __attribute__((aligned(8)));
static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_der_roots roots;
static struct wmrec_tls_platform platform;
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_target target;

static int64_t now(void)
{
  return time(NULL);
}

static int start_tls(const char *roots_file)
{
  FILE *file = fopen(roots_file, "r");

  if (file == NULL)
    return WMREC_ERROR_TLS_ROOTS;
  roots.der = text;
  roots.length = wmrec_roots_decode(text, fread(text, 1, sizeof text, file));
  fclose(file);
  platform.random = wmrec_posix_random;
  platform.now = now;
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  tls.inner = wmrec_posix_transport(&tcp);
  tls.roots = wmrec_roots_from_der(&roots);
  return wmrec_tls_start(&platform);
}

static int ask(void)
{
  int result;

  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 3600000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  return result;
}

int main(int argc, char **argv)
{
  int result;

  if (argc != 4)
    return EXIT_FAILURE;
  target.host = argv[1];
  target.port = (uint16_t)atoi(argv[2]);
  target.mock_api_id = "jjl8y";
  target.token = getenv("WMC_API_TOKEN");
  result = start_tls(argv[3]);
  if (result == WMREC_OK)
    result = ask();
  puts(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_name(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
