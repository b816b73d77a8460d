/* What a header section means, once it is complete: for the result, and for where the body ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* Statuses, and what they mean for the exchange up to the next one that is here (RFC 9110, section 15). */
static const uint16_t statuses[] = {0, 100, 200, 201, 300, 400, 401, 402, 403, 404, 405, 429, 430, 500, 503, 504};
static const int8_t outcomes[] = {WMREC_ERROR_SERVER,       WMREC_ERROR_STATUS,   WMREC_OK,
                                  WMREC_ERROR_STATUS,       WMREC_ERROR_REDIRECT, WMREC_ERROR_CLIENT,
                                  WMREC_ERROR_UNAUTHORIZED, WMREC_ERROR_CLIENT,   WMREC_ERROR_FORBIDDEN,
                                  WMREC_ERROR_NOT_FOUND,    WMREC_ERROR_CLIENT,   WMREC_ERROR_TOO_MANY_REQUESTS,
                                  WMREC_ERROR_CLIENT,       WMREC_ERROR_SERVER,   WMREC_ERROR_UNAVAILABLE,
                                  WMREC_ERROR_SERVER};

static int8_t outcome(unsigned status)
{
  size_t i = sizeof outcomes - 1;

  while (status < statuses[i])
    i--;
  return outcomes[i];
}

/* RFC 9112, section 6.3. */
bool wmrec_end_of_header(struct wmrec_exchange *x)
{
  const unsigned status = x->http_status;

  if (x->framing == FRAMING_CHUNKED) {
    x->fault = WMREC_ERROR_CONTENT_LENGTH;
    if (x->remaining != UNTIL_CLOSED)
      return false;
    x->state = STATE_CHUNK_START;
  }
  x->fault = WMREC_ERROR_CHUNK;
  x->error = outcome(status);
  if (status == 101) /* another protocol would follow, and nobody asked for it */
    return false;
  if (status - 100 < 100)
    wmrec_response_begin(x);
  else if (status == 204 || status == 304 || x->remaining == 0) /* behind the last chunk, nothing remains */
    wmrec_complete(x);
  return true;
}
