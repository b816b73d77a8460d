/* What a header section means, once it is complete: for the result, and for where the body ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* What a status means for the exchange. */
static int outcome(unsigned status)
{
  static const uint8_t told_apart[] = {401 - 400, 403 - 400, 404 - 400, 429 - 400, 503 - 400};

  if (status == 200)
    return WMREC_OK;
  for (int i = 0; i < 5; i++)
    if (status == 400u + told_apart[i])
      return WMREC_ERROR_UNAUTHORIZED - i;
  if (status - 100 >= 400)
    return WMREC_ERROR_SERVER;
  if (status >= 400)
    return WMREC_ERROR_CLIENT;
  return status >= 300 ? WMREC_ERROR_REDIRECT : WMREC_ERROR_STATUS;
}

/* RFC 9112, section 6.3. */
bool wmrec_end_of_header(struct wmrec *x)
{
  const unsigned status = x->http_status;
  const bool is_chunked = x->framing == FRAMING_CHUNKED;

  if (is_chunked && x->remaining != UNTIL_CLOSED) {
    x->fault = WMREC_ERROR_CONTENT_LENGTH;
    return false;
  }
  if (status - 100 < 100 && status != 101) {
    wmrec_response_begin(x);
    return true;
  }
  x->fault = WMREC_ERROR_CHUNK;
  x->error = (int8_t)outcome(status);
  if (status == 204 || status == 304 || x->remaining == 0)
    wmrec_complete(x);
  if (is_chunked) {
    x->state = STATE_CHUNK_START;
    x->remaining = 0;
  }
  return status != 101; /* another protocol would follow, and nobody asked for it */
}
