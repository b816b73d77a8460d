/* Asks a server, by wmrec over the mbedTLS of this program, whether a mock API is recording: https HOST PORT ROOTS.pem
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wmrec/chain.h>
#include <wmrec/drive.h>
#include <wmrec/posix.h>
#include <wmrec/tls.h>

static char buffer[WMREC_BUFFER_SIZE];
static mbedtls_x509_crt roots;
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_target target;

static int64_t now(void)
{
  return time(NULL);
}

int main(int argc, char **argv)
{
  int result;

  mbedtls_x509_crt_init(&roots);
  if (argc != 4 || mbedtls_x509_crt_parse_file(&roots, argv[3]) != 0)
    return EXIT_FAILURE;
  target.host = argv[1];
  target.port = (uint16_t)atoi(argv[2]);
  target.mock_api_id = "jjl8y";
  target.token = getenv("WMC_API_TOKEN");
  tls.inner = wmrec_posix_transport(&tcp);
  tls.roots = wmrec_roots_from_chain(&roots);
  tls.now = now;
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 3600000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  mbedtls_x509_crt_free(&roots);
  puts(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_name(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
