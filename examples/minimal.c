/* Asks WireMock Cloud once: minimal ID ROOTS.pem, with the key in WMC_API_TOKEN. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drive.h"
#include "posix.h"
#include "tls.h"

static char buffer[WMREC_BUFFER_SIZE];
static unsigned char memory[65536] __attribute__((aligned(8)));
static char roots[1 << 20];
static struct wmrec_pem_roots pem = {.text = roots};
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;

static int64_t now(void)
{
  return time(NULL);
}

int main(int argc, char **argv)
{
  static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
  struct wmrec_target target = {.host = "api.wiremock.cloud", .token = getenv("WMC_API_TOKEN")};
  FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
  int result;

  if (file == NULL)
    return EXIT_FAILURE;
  pem.length = fread(roots, 1, sizeof roots, file);
  fclose(file);

  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  if (wmrec_tls_start(&platform) != WMREC_OK)
    return EXIT_FAILURE;
  tls.inner = wmrec_posix_transport(&tcp);
  tls.roots = wmrec_roots_from_pem(&pem);
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);

  target.mock_api_id = argv[1];
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 10000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);

  puts(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_text(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
