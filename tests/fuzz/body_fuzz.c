/* Any bytes as the body of a 200: wmrec must agree with a second reader of RFC 8259, on validity and on the status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "choices.h"
#include "json_reader.h"
#include "observe.h"

#include <string.h>

/* The longest body, in bytes: each byte could be a token of 16 bytes. */
#define BODY_MOST 1024

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* An exchange in which the header section has come; the body ends with the stream. */
static struct wmrec_exchange answered(void)
{
  static const char header[] = "HTTP/1.1 200 OK\r\n\r\n";
  static struct wmrec_exchange x;

  if (x.buffer == NULL) {
    begin_and_send(&x, 0, OBSERVED_BUFFER_MOST);
    wmrec_received(&x, header, sizeof header - 1);
  }
  return x;
}

static int result_of(const struct json_reading *reading)
{
  if (!reading->is_json)
    return WMREC_ERROR_JSON;
  if (!reading->is_object || reading->members != 1 || !reading->is_string)
    return WMREC_ERROR_NO_STATUS;
  for (enum wmrec_recording i = WMREC_NEVER_STARTED; i <= WMREC_STOPPED; i++)
    if (strcmp(reading->value, wmrec_recording_name(i)) == 0)
      return WMREC_OK;
  return WMREC_ERROR_UNKNOWN_STATUS;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  struct wmrec_exchange x = answered();
  struct json_reading reading;
  struct observed observed;

  if (length > BODY_MOST)
    return -1;
  require(wmrec_received(&x, bytes, length) == length, "a body that ends with the stream is taken");
  wmrec_closed(&x, true);
  observe_calls(&x, &observed);
  json_read(bytes, length, &reading);
  require_result(observed.result, result_of(&reading), "both readers give the same result");
  if (observed.result == WMREC_OK)
    require(strcmp(wmrec_recording_name(observed.recording), reading.value) == 0, "both readers read the same status");
  if (observed.result == WMREC_OK || observed.result == WMREC_ERROR_UNKNOWN_STATUS)
    require(observed.text_length == reading.text_length &&
                memcmp(observed.text, reading.text, reading.text_length) == 0,
            "both readers find the same text");
  require(observed.body_length == length && memcmp(observed.body, bytes, length) == 0, "the body is unchanged");
  return 0;
}
