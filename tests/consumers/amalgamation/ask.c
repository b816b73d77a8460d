/* A stranger's program beside the copied files: asks a WireMock on this machine, over verified TLS, in one call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "wmrec_ask.h"

int main(int argc, char **argv)
{
  struct wmrec_target target = {.host = "localhost", .port = (uint16_t)(argc == 2 ? atoi(argv[1]) : 8443)};
  enum wmrec_recording recording;
  const int result = wmrec_ask(&target, 60000, &recording);

  puts(result == WMREC_OK ? wmrec_recording_name(recording) : wmrec_result_text(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
