/* Splits a base URL into its parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/endpoint.h"

#include <string.h>
#include <strings.h>

uint16_t endpoint_port(const char *digits, const char *end)
{
  uint32_t port = 0;

  if (digits == end)
    return 0;
  for (; digits < end; digits++) {
    if (*digits < '0' || *digits > '9')
      return 0;
    port = port * 10 + (uint32_t)(*digits - '0');
    if (port > UINT16_MAX)
      return 0;
  }
  return (uint16_t)port;
}

static bool skip_scheme(const char **url, const char *scheme)
{
  const size_t length = strlen(scheme);

  if (strncasecmp(*url, scheme, length) != 0)
    return false;
  *url += length;
  return true;
}

bool endpoint_is_url(const char *text)
{
  return strstr(text, "://") != NULL;
}

/* Copies the host, which may be an IPv6 address in brackets, and moves *next to the first byte after it. `end` is the
 * end of the authority (RFC 3986, section 3.2). */
static const char *take_host(const char **next, const char *end, char *host)
{
  const bool is_bracketed = **next == '[';
  const char *start = *next + (is_bracketed ? 1 : 0);
  const char *end_of_host = memchr(start, is_bracketed ? ']' : ':', (size_t)(end - start));
  size_t length;

  if (is_bracketed && end_of_host == NULL)
    return "its IPv6 address does not end in ]";
  if (end_of_host == NULL)
    end_of_host = end;
  length = (size_t)(end_of_host - start);
  if (length == 0)
    return "it has no host";
  if (is_bracketed && memchr(start, ':', length) == NULL)
    return "its brackets do not contain an IPv6 address"; /* RFC 3986, section 3.2.2 */
  if (length >= ENDPOINT_HOST)
    return "its host is longer than 255 characters";
  memcpy(host, start, length);
  host[length] = '\0';
  *next = end_of_host + (is_bracketed ? 1 : 0);
  return NULL;
}

const char *endpoint_parse(const char *url, struct wmrec_target *target, char *host)
{
  const char *next = url;
  const char *end;
  const char *error;

  target->plain_http = skip_scheme(&next, "http://");
  if (!target->plain_http && !skip_scheme(&next, "https://"))
    return "it does not begin with https:// or http://";
  if (strpbrk(next, "?#") != NULL)
    return "it has a query or a fragment, which a base URL must not have";
  end = next + strcspn(next, "/");
  if (memchr(next, '@', (size_t)(end - next)) != NULL)
    return "it has user info (before the @). A URL must not contain a secret: for a key, set WMC_API_TOKEN or use "
           "--token-file; for a WireMock server with a password, use --user and --password-file";

  error = take_host(&next, end, host);
  if (error != NULL)
    return error;
  target->host = host;
  target->base_path = end;
  target->port = next < end && *next == ':' ? endpoint_port(next + 1, end) : 0;
  return next < end && target->port == 0 ? "its port is not a number from 1 to 65535" : NULL;
}
