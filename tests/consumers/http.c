/* Asks a self-hosted WireMock, over plain HTTP, whether it is recording: http ADDRESS PORT
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include <wmrec/drive.h>
#include <wmrec/posix.h>

static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_posix tcp;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_target target;

int main(int argc, char **argv)
{
  int result;

  if (argc != 3)
    return EXIT_FAILURE;
  target.host = argv[1];
  target.port = (uint16_t)atoi(argv[2]);
  target.plain_http = true;
  wmrec_drive_init(&drive, wmrec_posix_transport(&tcp), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 3600000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  puts(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_name(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
