/* Where to ask: a base URL, taken apart.
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

const char *endpoint_parse(const char *url, struct wmrec_target *target, char *host)
{
  const char *next = url;
  const char *end_of_host;
  const char *end;

  target->plain_http = skip_scheme(&next, "http://");
  if (!target->plain_http && !skip_scheme(&next, "https://"))
    return "it does not begin with https:// or http://";
  if (strpbrk(next, "?#") != NULL)
    return "it has a query or a fragment, which a base URL must not have";
  end = next + strcspn(next, "/");
  if (memchr(next, '@', (size_t)(end - next)) != NULL)
    return "it has user info before an @: the key goes elsewhere (see --help)";

  end_of_host = memchr(next, ':', (size_t)(end - next));
  if (*next == '[') {
    next++;
    end_of_host = memchr(next, ']', (size_t)(end - next));
    if (end_of_host == NULL)
      return "its IPv6 address does not end in ]";
  } else if (end_of_host == NULL) {
    end_of_host = end;
  }
  if (end_of_host == next)
    return "it has no host";
  if (*end_of_host == ']' && memchr(next, ':', (size_t)(end_of_host - next)) == NULL)
    return "its brackets hold no IPv6 address"; /* RFC 3986, section 3.2.2: and nothing else can stand in them */
  if ((size_t)(end_of_host - next) >= ENDPOINT_HOST)
    return "its host is longer than any name may be";
  memcpy(host, next, (size_t)(end_of_host - next));
  host[end_of_host - next] = '\0';
  target->host = host;
  target->base_path = end;

  next = end_of_host + (*end_of_host == ']');
  target->port = next < end && *next == ':' ? endpoint_port(next + 1, end) : 0;
  return next < end && target->port == 0 ? "its port is not a number from 1 to 65535" : NULL;
}
