/* A status of up to 14 bytes: what it is told as, and that it is told only where the API has the word
 *
 * sources: core/characters.c
 * options: --unwind 18 --unwindset utf8_character.0:5,escaped_character.0:5,jsmn_parse_string.0:6
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define wmrec_json_member whole_json_member
#include "json.c"
#undef wmrec_json_member
#include "recording.c"

#include "any_wmrec.h"
#include "memchr.h"
#include "proof.h"

#define MOST 16

/* A string, as jsmn reads it, or none. */
int wmrec_json_member(struct wmrec *x, const char *name)
{
  jsmn_parser parser;
  jsmntok_t token;

  assert(strcmp(name, "status") == 0);
  jsmn_init(&parser);
  if (*x->buffer != '"' || jsmn_parse_string(&parser, x->buffer, SIZE_MAX, &token, 1) != 0)
    return WMREC_ERROR_JSON;
  if (wmrec_json_compare(x->buffer + token.start, x->buffer + token.end, "") < 0)
    return WMREC_ERROR_JSON;
  x->offset = (size_t)token.start;
  x->number = (uint32_t)(token.end - token.start);
  return WMREC_OK;
}

int main(void)
{
  static const char *const words[] = {"NeverStarted", "Recording", "Stopped"};
  struct wmrec x = nondet_wmrec();
  const char *text;
  int result;

  x.buffer = any_string(MOST);
  x.recording = WMREC_UNKNOWN;
  x.offset = 0;
  result = wmrec_read_recording(&x);
  text = x.buffer + x.offset;
  assert(result == WMREC_OK || result == WMREC_ERROR_JSON || result == WMREC_ERROR_UNKNOWN_STATUS);
  assert((result == WMREC_OK) == (x.recording != WMREC_UNKNOWN) && x.recording <= WMREC_STOPPED);
  if (result != WMREC_ERROR_JSON && memchr(text, '\\', x.number) == NULL)
    for (unsigned i = 0; i < 3; i++)
      assert((x.recording == i + 1) == (strlen(words[i]) == x.number && memcmp(text, words[i], x.number) == 0));
  reached(result == WMREC_OK && x.recording == WMREC_NEVER_STARTED);
  reached(result == WMREC_OK && *text == '\\');
}
