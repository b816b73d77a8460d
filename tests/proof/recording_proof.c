/* A status of up to 13 bytes: recognised if and only if it is a word of the API
 *
 * sources: core/characters.c
 * options: --unwind 15 --unwindset utf8_character.0:4,escaped_character.0:5
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json_scalar.c"
#include "recording.c"

#include "any_wmrec.h"
#include "proof.h"

#define MAX_LENGTH 13

/* Any string without escapes (json_string_proof.c has them), with its closing quote as the last byte of the buffer; or
 * an error. */
int wmrec_json_member(struct wmrec_exchange *x, const char *name)
{
  assert(strcmp(name, "status") == 0);
  if (nondet_bool())
    return WMREC_ERROR_NO_STATUS;
  x->number = nondet_byte();
  __CPROVER_assume(x->number <= MAX_LENGTH && x->buffer[MAX_LENGTH] == '"');
  x->offset = MAX_LENGTH - x->number;
  return WMREC_OK;
}

int main(void)
{
  static const char *const words[] = {"NeverStarted", "Recording", "Stopped"};
  struct wmrec_exchange x = nondet_wmrec();
  const char *text;
  int result;

  x.buffer = any_bytes(MAX_LENGTH + 1);
  for (size_t i = 0; i <= MAX_LENGTH; i++)
    __CPROVER_assume(x.buffer[i] != '\\');
  x.recording = WMREC_UNKNOWN;
  x.offset = 0;
  result = wmrec_read_recording(&x);
  text = x.buffer + x.offset;
  assert(result == WMREC_OK || result == WMREC_ERROR_NO_STATUS || result == WMREC_ERROR_UNKNOWN_STATUS);
  assert((result == WMREC_OK) == (x.recording != WMREC_UNKNOWN) && x.recording <= WMREC_STOPPED);
  if (result != WMREC_ERROR_NO_STATUS)
    for (unsigned i = 0; i < 3; i++)
      assert((x.recording == i + 1) == (strlen(words[i]) == x.number && memcmp(text, words[i], x.number) == 0));
  reached(result == WMREC_OK && x.recording == WMREC_NEVER_STARTED);
  reached(result == WMREC_ERROR_UNKNOWN_STATUS);
}
