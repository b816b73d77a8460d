/* Asks WireMock Cloud once. Each step returns at once, so a firmware's loop can do other work between two steps. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wmrec/drive.h>
#include <wmrec/posix.h>
#include <wmrec/tls.h>
#include <wmrec/tls_platform.h>

static unsigned char text[1 << 20]; /* trusted roots in PEM, such as /etc/ssl/certs/ca-certificates.crt */
static unsigned char memory[65536] __attribute__((aligned(8))); /* for TLS */
static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_der_roots roots = {.der = text};
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;

static int64_t now(void)
{
  return time(NULL);
}

static int fail(const char *message)
{
  fprintf(stderr, "%s\n", message);
  return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
  static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};
  struct wmrec_target target = {.host = "api.wiremock.cloud", .token = getenv("WMC_API_TOKEN")};
  FILE *file = argc == 3 && target.token != NULL ? fopen(argv[2], "r") : NULL;
  int result;

  if (file == NULL)
    return fail("usage: firmware ID ROOTS.pem, with the API key in WMC_API_TOKEN");
  roots.length = wmrec_roots_decode(text, fread(text, 1, sizeof text, file));
  fclose(file);

  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  result = wmrec_tls_start(&platform);
  if (result != WMREC_OK)
    return fail(wmrec_result_text(result));
  tls = (struct wmrec_tls){.inner = wmrec_posix_transport(&tcp), .roots = wmrec_roots_from_der(&roots)};
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);

  target.mock_api_id = argv[1];
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 10000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  if (result != WMREC_OK)
    return fail(wmrec_result_text(result));
  return puts(wmrec_recording_name(wmrec_answer(&exchange))) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
