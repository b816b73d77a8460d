/* A stranger's program beside the copied files: asks a WireMock on this machine for its recording status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "wmrec_posix.h"

int main(int argc, char **argv)
{
  static char buffer[WMREC_BUFFER_SIZE];
  static struct wmrec_posix tcp;
  struct wmrec_target target = {.host = "localhost", .plain_http = true};
  struct wmrec_exchange exchange;
  struct wmrec_drive drive;
  int result;

  target.port = (uint16_t)(argc == 2 ? atoi(argv[1]) : 8080);
  wmrec_drive_init(&drive, wmrec_posix_transport(&tcp), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 60000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  wmrec_drive_close(&drive);
  puts(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_text(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
