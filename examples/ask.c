#include <stdio.h>
#include <stdlib.h>
#include <wmrec/ask.h>

int main(int argc, char **argv)
{
  const char *id = argc > 1 ? argv[1] : "";
  struct wmrec_target cloud = {.host = "api.wiremock.cloud", .mock_api_id = id, .token = getenv("WMC_API_TOKEN")};
  enum wmrec_recording recording;
  int result = wmrec_ask(&cloud, 10000, &recording); /* ms */

  puts(result == WMREC_OK ? wmrec_recording_name(recording) : wmrec_result_text(result));
  return result != WMREC_OK;
}
