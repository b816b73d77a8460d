/* Splits a base URL into its parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/endpoint.h"

#include <stdio.h>
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

/* Takes the zone off an IPv6 address (RFC 6874). Before the zone is "%25", or "%", which people copy from other
 * programs;
 * "%25" alone is the zone 25, as for curl. */
static const char *take_zone(struct endpoint *endpoint)
{
  static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  char *zone = strchr(endpoint->host, '%');
  int length;

  if (zone == NULL)
    return NULL;
  *zone++ = '\0';
  if (strncmp(zone, "25", 2) == 0 && zone[2] != '\0')
    zone += 2;
  length = snprintf(endpoint->address, sizeof endpoint->address, "%s%%%s", endpoint->host, zone);
  if (*zone == '\0' || zone[strspn(zone, unreserved)] != '\0' || (size_t)length >= sizeof endpoint->address)
    return "the zone of its IPv6 address is not the name or the number of a network interface";
  return NULL;
}

/* Copies the host, which may be an IPv6 address in brackets, and moves *next to the first byte after it. `end` is the
 * end of the authority (RFC 3986, section 3.2). */
static const char *take_host(const char **next, const char *end, struct endpoint *endpoint)
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
  memcpy(endpoint->host, start, length);
  endpoint->host[length] = '\0';
  *next = end_of_host + (is_bracketed ? 1 : 0);
  endpoint->address[0] = '\0';
  return is_bracketed ? take_zone(endpoint) : NULL;
}

const char *endpoint_parse(const char *url, struct wmrec_target *target, struct endpoint *endpoint)
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

  error = take_host(&next, end, endpoint);
  if (error != NULL)
    return error;
  target->host = endpoint->host;
  target->base_path = end;
  target->port = next < end && *next == ':' ? endpoint_port(next + 1, end) : 0;
  return next < end && target->port == 0 ? "its port is not a number from 1 to 65535" : NULL;
}
