/* Reads the status with jsmn, in the way of its example: a key is a string, and its value is the next token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define JSMN_STATIC
#include <jsmn.h>
#include <string.h>

#include "job.h"

enum status json_status(const char *body, size_t length)
{
  static const char name[] = "status";
  jsmn_parser parser;
  jsmntok_t tokens[20];
  int count;

  jsmn_init(&parser);
  count = jsmn_parse(&parser, body, length, tokens, sizeof tokens / sizeof tokens[0]);
  if (count < 1 || tokens[0].type != JSMN_OBJECT)
    return UNKNOWN;
  for (int i = 1; i + 1 < count; i++) {
    const size_t size = (size_t)(tokens[i].end - tokens[i].start);

    if (tokens[i].type == JSMN_STRING && size == sizeof name - 1 && memcmp(body + tokens[i].start, name, size) == 0)
      return status_of(body + tokens[i + 1].start, (size_t)(tokens[i + 1].end - tokens[i + 1].start));
  }
  return UNKNOWN;
}
