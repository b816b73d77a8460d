/* The job with llhttp, node's parser, and a JSON parser. It builds no request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <llhttp.h>

#include "job.h"

static int on_body(llhttp_t *parser, const char *bytes, size_t length)
{
  return answer_add(parser->data, bytes, length) ? 0 : -1;
}

static int on_message_complete(llhttp_t *parser)
{
  ((struct answer *)parser->data)->is_complete = true;
  return 0;
}

enum status job(const char *bytes, size_t length, size_t piece)
{
  static const llhttp_settings_t settings = {.on_body = on_body, .on_message_complete = on_message_complete};
  struct answer answer;
  llhttp_t parser;

  answer.length = 0;
  answer.is_complete = false;
  llhttp_init(&parser, HTTP_RESPONSE, &settings);
  parser.data = &answer;
  for (size_t at = 0; at < length; at += piece)
    if (llhttp_execute(&parser, bytes + at, length - at < piece ? length - at : piece) != HPE_OK)
      return UNKNOWN;
  return answer.is_complete && parser.status_code == 200 ? json_status(answer.body, answer.length) : UNKNOWN;
}
