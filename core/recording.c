/* The body's status, by the schema of the API's GET /v1/mock-apis/{mockApiId}/recordings/status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.h"

/* Of WMREC_NEVER_STARTED, WMREC_RECORDING and WMREC_STOPPED. */
static const char names[][13] = {"NeverStarted", "Recording", "Stopped"};

const char *wmrec_recording_name(enum wmrec_recording recording)
{
  const unsigned i = (unsigned)recording - WMREC_NEVER_STARTED;

  return i < WMREC_STOPPED ? names[i] : "Unknown";
}

int wmrec_read_recording(struct wmrec_exchange *x)
{
  const int error = wmrec_json_member(x, "status");
  const char *text = x->buffer + x->offset;

  if (error != WMREC_OK)
    return error;
  for (int i = 0; i < WMREC_STOPPED; i++) {
    if (wmrec_json_compare(text, text + x->number, names[i]) > 0) {
      x->recording = (uint8_t)(WMREC_NEVER_STARTED + i);
      return WMREC_OK;
    }
  }
  return WMREC_ERROR_UNKNOWN_STATUS;
}
