/* The job with wmrec. It also builds, checks and wipes the request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

#include "job.h"

enum status job(const char *answer, size_t length, size_t piece)
{
  static const struct wmrec_target target = {
      .host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = "wm_0123456789abcdef"};
  static char buffer[WMREC_BUFFER_SIZE];
  struct wmrec_exchange exchange;
  size_t to_send;

  if (wmrec_begin(&exchange, &target, buffer, sizeof buffer) != WMREC_OK)
    return UNKNOWN;
  wmrec_to_send(&exchange, &to_send);
  wmrec_sent(&exchange, to_send);
  for (size_t at = 0; at < length; at += piece)
    wmrec_received(&exchange, answer + at, length - at < piece ? length - at : piece);
  return (enum status)wmrec_answer(&exchange);
}
