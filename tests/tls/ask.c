/* Asks a self-hosted server by wmrec_ask(), COUNT times, and prints each result with the status:
 *
 *   ask HOST PORT http|https TIMEOUT COUNT
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"

int main(int argc, char **argv)
{
  struct wmrec_target target = {0};

  if (argc != 6)
    return EXIT_FAILURE;
  target.host = argv[1];
  target.port = (uint16_t)strtoul(argv[2], NULL, 10);
  target.plain_http = strcmp(argv[3], "http") == 0;
  target.token = getenv("WMC_API_TOKEN");
  for (unsigned long left = strtoul(argv[5], NULL, 10); left > 0; left--) {
    enum wmrec_recording recording = WMREC_RECORDING;
    const int result = wmrec_ask(&target, (uint32_t)strtoul(argv[4], NULL, 10), &recording);

    printf("%s %s\n", wmrec_result_name(result), wmrec_recording_name(recording));
  }
  return EXIT_SUCCESS;
}
