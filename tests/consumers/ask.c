/* Asks a server over verified TLS whether a mock API is recording, by one call: ask HOST PORT
 * The environment variable SSL_CERT_FILE names the file of the roots. It is C and C++.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include <wmrec/ask.h>

int main(int argc, char **argv)
{
  static struct wmrec_target target;
  enum wmrec_recording recording;
  int result;

  if (argc < 3)
    return EXIT_FAILURE;
  target.host = argv[1];
  target.port = (uint16_t)atoi(argv[2]);
  target.mock_api_id = "jjl8y";
  target.token = getenv("WMC_API_TOKEN");
  result = wmrec_ask(&target, 3600000, &recording);
  puts(result == WMREC_OK ? wmrec_recording_name(recording) : wmrec_result_name(result));
  return result == WMREC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
