/* What the body says: the schema of the API's GET /v1/mock-apis/{mockApiId}/recordings/status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define JSMN_HEADER
#include "json.h"

const char *wmrec_recording_name(enum wmrec_recording recording)
{
  static const char names[][13] = {"Unknown", "NeverStarted", "Recording", "Stopped"};

  return names[recording <= WMREC_STOPPED ? recording : WMREC_UNKNOWN];
}

int wmrec_read_recording(struct wmrec *x)
{
  /* Behind the body stand its '\0' and, at the next address that is good for them, the tokens. */
  char *const end = x->buffer + x->length;
  const size_t room = x->size - x->length;
  const size_t before_tokens = sizeof(int) - (uintptr_t)end % sizeof(int);
  const jsmntok_t *status;
  int error;

  if (room < before_tokens + sizeof *status)
    return WMREC_ERROR_TOKENS;
  *end = '\0';
  error = wmrec_json_member(x->buffer, x->length, (void *)(end + before_tokens),
                            (unsigned)((room - before_tokens) / sizeof *status), "status", &status);
  if (error != WMREC_OK)
    return error;
  if (status == NULL || status->type != JSMN_STRING)
    return WMREC_ERROR_NO_STATUS;
  x->offset = (size_t)status->start;
  x->number = (uint32_t)(status->end - status->start);
  for (int i = WMREC_NEVER_STARTED; i <= WMREC_STOPPED; i++) {
    if (wmrec_json_compare(x->buffer, status, wmrec_recording_name((enum wmrec_recording)i)) > 0) {
      x->recording = (uint8_t)i;
      return WMREC_OK;
    }
  }
  return WMREC_ERROR_UNKNOWN_STATUS;
}
