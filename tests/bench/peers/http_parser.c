/* The job with http_parser, node's former parser, and a JSON parser. It builds no request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <http_parser.h>

#include "job.h"

static int on_body(http_parser *parser, const char *bytes, size_t length)
{
  return answer_add(parser->data, bytes, length) ? 0 : -1;
}

static int on_message_complete(http_parser *parser)
{
  ((struct answer *)parser->data)->is_complete = true;
  return 0;
}

enum status job(const char *bytes, size_t length, size_t piece)
{
  static const http_parser_settings settings = {.on_body = on_body, .on_message_complete = on_message_complete};
  struct answer answer;
  http_parser parser;

  answer.length = 0;
  answer.is_complete = false;
  http_parser_init(&parser, HTTP_RESPONSE);
  parser.data = &answer;
  for (size_t at = 0; at < length; at += piece) {
    const size_t size = length - at < piece ? length - at : piece;

    if (http_parser_execute(&parser, &settings, bytes + at, size) != size)
      return UNKNOWN;
  }
  return answer.is_complete && parser.status_code == 200 ? json_status(answer.body, answer.length) : UNKNOWN;
}
