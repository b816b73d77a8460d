/* What the body says: the schema of the API's GET /v1/mock-apis/{mockApiId}/recordings/status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.h"

const char *wmrec_recording_name(enum wmrec_recording recording)
{
  static const char names[][13] = {"Unknown", "NeverStarted", "Recording", "Stopped"};

  return names[recording <= WMREC_STOPPED ? recording : WMREC_UNKNOWN];
}

int wmrec_read_recording(struct wmrec *x)
{
  const int error = wmrec_json_member(x, "status");
  const char *text = x->buffer + x->offset;

  if (error != WMREC_OK)
    return error;
  for (int i = WMREC_STOPPED; i > WMREC_UNKNOWN; i--) {
    if (wmrec_json_compare(text, text + x->number, wmrec_recording_name((enum wmrec_recording)i)) > 0) {
      x->recording = (uint8_t)i;
      return WMREC_OK;
    }
  }
  return WMREC_ERROR_UNKNOWN_STATUS;
}
