/* What a result is called, and what it means: for logs and for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

struct description {
  int8_t result;
  const char *name;
  const char *text;
};

static const struct description descriptions[] = {
    {WMREC_OK, "ok", "answered"},
    {WMREC_WANT_WRITE, "want-write", "waiting to send"},
    {WMREC_WANT_READ, "want-read", "waiting for the answer"},
    {WMREC_WANT_CALL, "want-call", "under way"},

    {WMREC_ERROR_BUFFER, "buffer", "the request does not fit the buffer: the key or a name is too long"},
    {WMREC_ERROR_HOST, "host", "the host is empty or has a character that no host name or address has"},
    {WMREC_ERROR_MOCK_API_ID, "mock-api-id", "a mock API's id is 5 to 10 printable ASCII characters"},
    {WMREC_ERROR_TOKEN, "token", "the API key is missing, or has a character other than visible ASCII"},
    {WMREC_ERROR_BASE_PATH, "base-path", "a base path begins with '/' and has no space, '?', '#' or control character"},
    {WMREC_ERROR_PLAIN_HTTP, "plain-http", "the Cloud is asked over verified TLS only, so that the key is not exposed"},

    {WMREC_ERROR_NAME, "name", "the host name has no address"},
    {WMREC_ERROR_CONNECT, "connect", "no address of the host took the connection"},
    {WMREC_ERROR_RESET, "reset", "the connection broke"},
    {WMREC_ERROR_CLOSED, "closed", "the server closed the connection without an answer"},
    {WMREC_ERROR_TRUNCATED, "truncated", "the connection ended before the answer was complete"},
    {WMREC_ERROR_TIMEOUT, "timeout", "no complete answer within the time allowed"},
    {WMREC_ERROR_SYSTEM, "system", "the operating system refused a socket, a thread or random bytes"},

    {WMREC_ERROR_TLS, "tls", "the TLS handshake failed"},
    {WMREC_ERROR_TLS_NOT_SPOKEN, "tls-not-spoken", "what answers there does not speak TLS"},
    {WMREC_ERROR_TLS_REFUSED, "tls-refused",
     "the server refused the TLS handshake: no version or cipher suite in common, perhaps"},
    {WMREC_ERROR_TLS_MEMORY, "tls-memory", "the memory set aside for TLS is too small for this server's certificates"},
    {WMREC_ERROR_TLS_CLOCK, "tls-clock", "the clock is not set, so no certificate can be judged"},
    {WMREC_ERROR_TLS_ROOTS, "tls-roots", "there is no usable trusted root certificate"},
    {WMREC_ERROR_CERTIFICATE, "certificate", "the server's certificate is not acceptable"},
    {WMREC_ERROR_CERTIFICATE_EXPIRED, "certificate-expired", "the server's certificate, or its issuer's, has expired"},
    {WMREC_ERROR_CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid",
     "the server's certificate, or its issuer's, is not valid yet by this machine's clock"},
    {WMREC_ERROR_CERTIFICATE_HOST, "certificate-host", "the server's certificate is for another host"},
    {WMREC_ERROR_CERTIFICATE_ISSUER, "certificate-issuer",
     "the server's certificate was issued by nobody trusted, or an intermediate certificate is missing"},
    {WMREC_ERROR_CERTIFICATE_WEAK, "certificate-weak", "the server's certificate has a weak key or signature"},

    {WMREC_ERROR_STATUS_LINE, "status-line", "the answer is not HTTP/1.x"},
    {WMREC_ERROR_HEADER, "header", "the answer has a malformed header line"},
    {WMREC_ERROR_SECTION_LIMIT, "section-limit", "the answer's header section is over 64 KiB"},
    {WMREC_ERROR_CONTENT_LENGTH, "content-length", "the answer's Content-Length is malformed or contradicted"},
    {WMREC_ERROR_CODING, "coding", "the answer has a transfer coding other than one \"chunked\""},
    {WMREC_ERROR_CHUNK, "chunk", "the answer has a malformed chunk"},
    {WMREC_ERROR_BODY_LIMIT, "body-limit", "the answer's body is larger than a status can be"},

    {WMREC_ERROR_STATUS, "status", "the answer is a success, but not a 200 with a status"},
    {WMREC_ERROR_REDIRECT, "redirect", "the server redirects, which is not followed: the key goes to no other place"},
    {WMREC_ERROR_UNAUTHORIZED, "unauthorized", "the API key is not accepted (401)"},
    {WMREC_ERROR_FORBIDDEN, "forbidden", "the API key may not see this mock API (403)"},
    {WMREC_ERROR_NOT_FOUND, "not-found", "there is nothing of that name (404)"},
    {WMREC_ERROR_TOO_MANY_REQUESTS, "too-many-requests", "too many requests (429)"},
    {WMREC_ERROR_UNAVAILABLE, "unavailable", "the service is unavailable (503)"},
    {WMREC_ERROR_CLIENT, "client", "the server calls the request wrong (4xx)"},
    {WMREC_ERROR_SERVER, "server", "the server failed (5xx)"},

    {WMREC_ERROR_JSON, "json", "the answer's body is not JSON"},
    {WMREC_ERROR_TOKENS, "tokens", "the answer's body has more members than there is room for"},
    {WMREC_ERROR_NO_STATUS, "no-status", "the answer's body has not one \"status\" with a string"},
    {WMREC_ERROR_UNKNOWN_STATUS, "unknown-status", "the answer's status is none that this version knows"},
};

static const struct description *describe(int result)
{
  static const struct description unknown = {0, "unknown", "an error of an unknown number"};

  for (size_t i = 0; i < sizeof descriptions / sizeof descriptions[0]; i++)
    if (descriptions[i].result == result)
      return &descriptions[i];
  return &unknown;
}

const char *wmrec_result_name(int result)
{
  return describe(result)->name;
}

const char *wmrec_result_text(int result)
{
  return describe(result)->text;
}
