/* Names and texts of results, for logs and for people. There are two tables, as a program that uses only one is then
 * linked without the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

struct description {
  int8_t result;
  const char *text;
};

static const struct description names[] = {
    {WMREC_OK, "ok"},
    {WMREC_WANT_WRITE, "want-write"},
    {WMREC_WANT_READ, "want-read"},
    {WMREC_WANT_CALL, "want-call"},

    {WMREC_ERROR_BUFFER, "buffer"},
    {WMREC_ERROR_HOST, "host"},
    {WMREC_ERROR_MOCK_API_ID, "mock-api-id"},
    {WMREC_ERROR_TOKEN, "token"},
    {WMREC_ERROR_BASE_PATH, "base-path"},
    {WMREC_ERROR_PLAIN_HTTP, "plain-http"},

    {WMREC_ERROR_NAME, "name"},
    {WMREC_ERROR_CONNECT, "connect"},
    {WMREC_ERROR_RESET, "reset"},
    {WMREC_ERROR_CLOSED, "closed"},
    {WMREC_ERROR_TRUNCATED, "truncated"},
    {WMREC_ERROR_TIMEOUT, "timeout"},
    {WMREC_ERROR_SYSTEM, "system"},

    {WMREC_ERROR_TLS, "tls"},
    {WMREC_ERROR_TLS_NOT_SPOKEN, "tls-not-spoken"},
    {WMREC_ERROR_TLS_REFUSED, "tls-refused"},
    {WMREC_ERROR_TLS_MEMORY, "tls-memory"},
    {WMREC_ERROR_TLS_CLOCK, "tls-clock"},
    {WMREC_ERROR_TLS_ROOTS, "tls-roots"},
    {WMREC_ERROR_TLS_DOWNGRADE, "tls-downgrade"},
    {WMREC_ERROR_TLS_SETUP, "tls-setup"},
    {WMREC_ERROR_CERTIFICATE, "certificate"},
    {WMREC_ERROR_CERTIFICATE_EXPIRED, "certificate-expired"},
    {WMREC_ERROR_CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid"},
    {WMREC_ERROR_CERTIFICATE_HOST, "certificate-host"},
    {WMREC_ERROR_CERTIFICATE_ISSUER, "certificate-issuer"},
    {WMREC_ERROR_CERTIFICATE_WEAK, "certificate-weak"},

    {WMREC_ERROR_STATUS_LINE, "status-line"},
    {WMREC_ERROR_HEADER, "header"},
    {WMREC_ERROR_SECTION_LIMIT, "section-limit"},
    {WMREC_ERROR_CONTENT_LENGTH, "content-length"},
    {WMREC_ERROR_CODING, "coding"},
    {WMREC_ERROR_CHUNK, "chunk"},
    {WMREC_ERROR_BODY_LIMIT, "body-limit"},
    {WMREC_ERROR_CONTENT_ENCODING, "content-encoding"},

    {WMREC_ERROR_STATUS, "status"},
    {WMREC_ERROR_REDIRECT, "redirect"},
    {WMREC_ERROR_UNAUTHORIZED, "unauthorized"},
    {WMREC_ERROR_FORBIDDEN, "forbidden"},
    {WMREC_ERROR_NOT_FOUND, "not-found"},
    {WMREC_ERROR_TOO_MANY_REQUESTS, "too-many-requests"},
    {WMREC_ERROR_UNAVAILABLE, "unavailable"},
    {WMREC_ERROR_CLIENT, "client"},
    {WMREC_ERROR_SERVER, "server"},
    {WMREC_ERROR_ASK_AGAIN, "ask-again"},

    {WMREC_ERROR_JSON, "json"},
    {WMREC_ERROR_TOKENS, "tokens"},
    {WMREC_ERROR_NO_STATUS, "no-status"},
    {WMREC_ERROR_UNKNOWN_STATUS, "unknown-status"},
};

static const struct description texts[] = {
    {WMREC_OK, "answered"},
    {WMREC_WANT_WRITE, "waiting to send"},
    {WMREC_WANT_READ, "waiting for the answer"},
    {WMREC_WANT_CALL, "under way"},

    {WMREC_ERROR_BUFFER, "the request does not fit the buffer: the key or a name is too long"},
    {WMREC_ERROR_HOST, "the host is empty or has a character that no host name or address has"},
    {WMREC_ERROR_MOCK_API_ID, "a mock API's id is 5 to 10 printable ASCII characters"},
    {WMREC_ERROR_TOKEN, "the API key is missing, or has a character other than visible ASCII"},
    {WMREC_ERROR_BASE_PATH, "a base path begins with '/' and has no space, '?', '#' or control character"},
    {WMREC_ERROR_PLAIN_HTTP, "the Cloud is asked over verified TLS only, so that the key is not exposed"},

    {WMREC_ERROR_NAME, "the host name has no address"},
    {WMREC_ERROR_CONNECT, "no address of the host took the connection"},
    {WMREC_ERROR_RESET, "the connection broke"},
    {WMREC_ERROR_CLOSED, "the server closed the connection without an answer"},
    {WMREC_ERROR_TRUNCATED, "the connection ended before the answer was complete"},
    {WMREC_ERROR_TIMEOUT, "no complete answer within the time allowed"},
    {WMREC_ERROR_SYSTEM, "the operating system refused a socket, a thread or random bytes"},

    {WMREC_ERROR_TLS, "the TLS handshake failed"},
    {WMREC_ERROR_TLS_NOT_SPOKEN, "what answers there does not speak TLS"},
    {WMREC_ERROR_TLS_REFUSED, "the server refused the TLS handshake: no version or cipher suite in common, perhaps"},
    {WMREC_ERROR_TLS_MEMORY, "TLS needs more memory for this connection than is set aside"},
    {WMREC_ERROR_TLS_CLOCK, "the clock is not set, so no certificate can be judged"},
    {WMREC_ERROR_TLS_ROOTS, "there is no usable trusted root certificate"},
    {WMREC_ERROR_TLS_DOWNGRADE, "the server supports TLS 1.3, but something on the network forced TLS 1.2"},
    {WMREC_ERROR_TLS_SETUP, "the program has not set TLS up: no wmrec_tls_start(), or no clock"},
    {WMREC_ERROR_CERTIFICATE, "the server's certificate is not acceptable"},
    {WMREC_ERROR_CERTIFICATE_EXPIRED, "the server's certificate, or its issuer's, has expired"},
    {WMREC_ERROR_CERTIFICATE_NOT_YET_VALID,
     "the server's certificate, or its issuer's, is not valid yet by this machine's clock"},
    {WMREC_ERROR_CERTIFICATE_HOST, "the server's certificate is for another host"},
    {WMREC_ERROR_CERTIFICATE_ISSUER,
     "the server's certificate was issued by nobody trusted, or an intermediate certificate is missing"},
    {WMREC_ERROR_CERTIFICATE_WEAK, "the server's certificate has a weak key or signature"},

    {WMREC_ERROR_STATUS_LINE, "the answer is not HTTP/1.x"},
    {WMREC_ERROR_HEADER, "the answer has a malformed header line"},
    {WMREC_ERROR_SECTION_LIMIT, "the answer's header section is over 64 KiB"},
    {WMREC_ERROR_CONTENT_LENGTH, "the answer's Content-Length is malformed or contradicted"},
    {WMREC_ERROR_CODING, "the answer has a transfer coding other than one \"chunked\""},
    {WMREC_ERROR_CHUNK, "the answer has a malformed chunk"},
    {WMREC_ERROR_BODY_LIMIT, "the answer's body is larger than a status can be"},
    {WMREC_ERROR_CONTENT_ENCODING, "the answer is compressed, although the request refuses this"},

    {WMREC_ERROR_STATUS, "the answer is a success, but not a 200 with a status"},
    {WMREC_ERROR_REDIRECT, "the server redirects, which is not followed: the key goes to no other place"},
    {WMREC_ERROR_UNAUTHORIZED, "the API key is not accepted (401)"},
    {WMREC_ERROR_FORBIDDEN, "the API key may not see this mock API (403)"},
    {WMREC_ERROR_NOT_FOUND, "there is nothing of that name (404)"},
    {WMREC_ERROR_TOO_MANY_REQUESTS, "too many requests (429)"},
    {WMREC_ERROR_UNAVAILABLE, "the service is unavailable (503)"},
    {WMREC_ERROR_CLIENT, "the server calls the request wrong (4xx)"},
    {WMREC_ERROR_SERVER, "the server failed (5xx)"},
    {WMREC_ERROR_ASK_AGAIN,
     "the server did not answer on this connection and wants to be asked again (408, 421 or 425)"},

    {WMREC_ERROR_JSON, "the answer's body is not JSON"},
    {WMREC_ERROR_TOKENS, "the answer's body has more members than there is room for"},
    {WMREC_ERROR_NO_STATUS, "the answer's body has not one \"status\" with a string"},
    {WMREC_ERROR_UNKNOWN_STATUS, "the answer's status is none that this version knows"},
};

static const char *find(const struct description *descriptions, size_t count, int result, const char *otherwise)
{
  for (size_t i = 0; i < count; i++)
    if (descriptions[i].result == result)
      return descriptions[i].text;
  return otherwise;
}

const char *wmrec_result_name(int result)
{
  return find(names, sizeof names / sizeof names[0], result, "unknown");
}

const char *wmrec_result_text(int result)
{
  return find(texts, sizeof texts / sizeof texts[0], result, "an error of an unknown number");
}
