/* Names and texts of results, for logs and for people. There are two arrays, as a program that uses only one is then
 * linked without the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "flash.h"
#include "wmrec.h"

/* The longest that an AVR has room for, in bytes with the NUL. */
enum { NAME_SIZE = 32, TEXT_SIZE = 101 };

/* Each result with its name and its text. */
#define RESULTS(RESULT)                                                                                                \
  RESULT(WMREC_OK, "ok", "answered")                                                                                   \
  RESULT(WMREC_WANT_WRITE, "want-write", "waiting to send")                                                            \
  RESULT(WMREC_WANT_READ, "want-read", "waiting for the answer")                                                       \
  RESULT(WMREC_WANT_CALL, "want-call", "under way")                                                                    \
  RESULT(WMREC_ERROR_BUFFER, "buffer",                                                                                 \
         "the request does not fit the buffer: it is too small, or the key or a name is too long")                     \
  RESULT(WMREC_ERROR_HOST, "host", "the host is empty or has a character that no host name or address has")            \
  RESULT(WMREC_ERROR_MOCK_API_ID, "mock-api-id", "a mock API's id is 5 to 10 printable ASCII characters")              \
  RESULT(WMREC_ERROR_TOKEN, "token", "the API key is missing, or has a character other than visible ASCII")            \
  RESULT(WMREC_ERROR_BASE_PATH, "base-path",                                                                           \
         "a base path begins with '/' and has no space, '?', '#' or control character")                                \
  RESULT(WMREC_ERROR_PLAIN_HTTP, "plain-http",                                                                         \
         "verified TLS is needed, so that the key is not exposed; plain HTTP is for self-hosted servers")              \
  RESULT(WMREC_ERROR_TRANSPORT, "transport", "the program has set no transport, or has not begun an exchange")         \
  RESULT(WMREC_ERROR_NAME, "name", "the host name has no address")                                                     \
  RESULT(WMREC_ERROR_CONNECT, "connect", "no address of the host took the connection")                                 \
  RESULT(WMREC_ERROR_RESET, "reset", "the connection broke")                                                           \
  RESULT(WMREC_ERROR_CLOSED, "closed", "the server closed the connection without an answer")                           \
  RESULT(WMREC_ERROR_TRUNCATED, "truncated", "the connection ended before the answer was complete")                    \
  RESULT(WMREC_ERROR_TIMEOUT, "timeout", "no complete answer within the time allowed")                                 \
  RESULT(WMREC_ERROR_SYSTEM, "system", "the operating system refused a socket, a thread or random bytes")              \
  RESULT(WMREC_ERROR_TLS, "tls", "the TLS handshake failed")                                                           \
  RESULT(WMREC_ERROR_TLS_NOT_SPOKEN, "tls-not-spoken", "what answers there does not speak TLS")                        \
  RESULT(WMREC_ERROR_TLS_REFUSED, "tls-refused",                                                                       \
         "the server refused the TLS handshake: no version or cipher suite in common, perhaps")                        \
  RESULT(WMREC_ERROR_TLS_MEMORY, "tls-memory", "TLS needs more memory for this connection than is set aside")          \
  RESULT(WMREC_ERROR_TLS_CLOCK, "tls-clock", "the clock is not set, so no certificate can be judged")                  \
  RESULT(WMREC_ERROR_TLS_ROOTS, "tls-roots", "there is no usable trusted root certificate")                            \
  RESULT(WMREC_ERROR_TLS_DOWNGRADE, "tls-downgrade",                                                                   \
         "the server supports TLS 1.3, but something on the network forced TLS 1.2")                                   \
  RESULT(WMREC_ERROR_TLS_SETUP, "tls-setup", "the program has not set TLS up: no wmrec_tls_start(), or no clock")      \
  RESULT(WMREC_ERROR_CERTIFICATE, "certificate", "the server's certificate is not acceptable")                         \
  RESULT(WMREC_ERROR_CERTIFICATE_EXPIRED, "certificate-expired",                                                       \
         "the server's certificate, or its issuer's, has expired")                                                     \
  RESULT(WMREC_ERROR_CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid",                                           \
         "the server's certificate, or its issuer's, is not valid yet by this machine's clock")                        \
  RESULT(WMREC_ERROR_CERTIFICATE_HOST, "certificate-host", "the server's certificate is for another host")             \
  RESULT(WMREC_ERROR_CERTIFICATE_ISSUER, "certificate-issuer",                                                         \
         "the server's certificate was issued by nobody trusted, or an intermediate certificate is missing")           \
  RESULT(WMREC_ERROR_CERTIFICATE_WEAK, "certificate-weak", "the server's certificate has a weak key or signature")     \
  RESULT(WMREC_ERROR_STATUS_LINE, "status-line", "the answer is not HTTP/1.x")                                         \
  RESULT(WMREC_ERROR_HEADER, "header", "the answer has a malformed header line")                                       \
  RESULT(WMREC_ERROR_SECTION_LIMIT, "section-limit", "the answer's header section is over 64 KiB")                     \
  RESULT(WMREC_ERROR_CONTENT_LENGTH, "content-length", "the answer's Content-Length is malformed or contradicted")     \
  RESULT(WMREC_ERROR_CODING, "coding", "the answer has a transfer coding other than one \"chunked\"")                  \
  RESULT(WMREC_ERROR_CHUNK, "chunk", "the answer has a malformed chunk")                                               \
  RESULT(WMREC_ERROR_BODY_LIMIT, "body-limit", "the answer's body is larger than a status can be")                     \
  RESULT(WMREC_ERROR_CONTENT_ENCODING, "content-encoding",                                                             \
         "the answer is compressed, although the request refuses this")                                                \
  RESULT(WMREC_ERROR_STATUS, "status", "the answer is a success, but not a 200 with a status")                         \
  RESULT(WMREC_ERROR_REDIRECT, "redirect",                                                                             \
         "the server redirects, which is not followed: the key goes to no other place")                                \
  RESULT(WMREC_ERROR_UNAUTHORIZED, "unauthorized", "the API key is not accepted (401)")                                \
  RESULT(WMREC_ERROR_FORBIDDEN, "forbidden", "the API key may not see this mock API (403)")                            \
  RESULT(WMREC_ERROR_NOT_FOUND, "not-found", "there is nothing of that name (404)")                                    \
  RESULT(WMREC_ERROR_TOO_MANY_REQUESTS, "too-many-requests", "too many requests (429)")                                \
  RESULT(WMREC_ERROR_UNAVAILABLE, "unavailable", "the service is unavailable (503)")                                   \
  RESULT(WMREC_ERROR_CLIENT, "client", "the server calls the request wrong (4xx)")                                     \
  RESULT(WMREC_ERROR_SERVER, "server", "the server failed (5xx)")                                                      \
  RESULT(WMREC_ERROR_ASK_AGAIN, "ask-again",                                                                           \
         "the server did not answer on this connection and wants to be asked again (408, 421 or 425)")                 \
  RESULT(WMREC_ERROR_JSON, "json", "the answer's body is not JSON")                                                    \
  RESULT(WMREC_ERROR_TOKENS, "tokens", "the answer's body has more members than there is room for")                    \
  RESULT(WMREC_ERROR_NO_STATUS, "no-status", "the answer's body has not one \"status\" with a string")                 \
  RESULT(WMREC_ERROR_UNKNOWN_STATUS, "unknown-status", "the answer's status is none that this version knows")

#define CODE(code, name, text) code,
#define NAME(code, name, text) name "\0"
#define TEXT(code, name, text) text "\0"

static const IN_FLASH int8_t codes[] = {RESULTS(CODE)};
static const IN_FLASH char result_names[] = RESULTS(NAME) "unknown";
static const IN_FLASH char result_texts[] = RESULTS(TEXT) "an error of an unknown number";

/* The text of this result: each ends in NUL, and the last one is for any other number. */
static const IN_FLASH char *find(const IN_FLASH char *texts, int result)
{
  for (size_t i = 0; i < sizeof codes && codes[i] != result; i++)
    while (*texts++ != '\0')
      ;
  return texts;
}

const char *wmrec_result_name(int result)
{
  return FROM_FLASH(find(result_names, result), NAME_SIZE);
}

const char *wmrec_result_text(int result)
{
  return FROM_FLASH(find(result_texts, result), TEXT_SIZE);
}
