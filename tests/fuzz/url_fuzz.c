/* Any text as the URL of --endpoint. The parts of an accepted URL are those of the text; a refused URL breaks a rule of
 * endpoint.h; and a request to the URL has the lines of a request and no others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "choices.h"
#include "input/endpoint.h"
#include "observe.h"

#define URL_MOST 400

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A port of 1 to 65535 after a colon, or nothing at all, up to a path or the end. */
static bool is_port_and_path(const char *text)
{
  unsigned long port = 0;

  if (*text == '\0' || *text == '/')
    return true;
  if (*text++ != ':')
    return false;
  for (; *text >= '0' && *text <= '9'; text++)
    port = port > 65535 ? port : port * 10 + (unsigned long)(*text - '0');
  return port >= 1 && port <= 65535 && (*text == '\0' || *text == '/');
}

/* Up to ']': nothing, or "%25" or "%" and a zone, which has this maximum length. */
static bool is_zone(const char *text, size_t max)
{
  size_t length = 0;

  if (*text == ']')
    return true;
  text += text[1] == '2' && text[2] == '5' && text[3] != ']' ? 3 : 1;
  while (strchr("-._~", text[length]) != NULL ? text[length] != '\0' : isalnum((unsigned char)text[length]) != 0)
    length++;
  return text[length] == ']' && length > 0 && length <= max;
}

/* http[s]://host[:port][/path], where host may be an IPv6 address in brackets; see endpoint.h. */
static bool is_base_url(const char *url)
{
  const size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
  const char *const authority = url + scheme;
  size_t length;

  if (scheme == 0 || strcspn(authority, "?#") != strlen(authority) || strcspn(authority, "@") < strcspn(authority, "/"))
    return false;
  if (*authority == '[') {
    const size_t address = strcspn(authority + 1, "]%/");

    length = strcspn(authority + 1, "]/");
    return authority[1 + length] == ']' && memchr(authority + 1, ':', address) != NULL && length < 256 &&
           (authority[1 + address] == ']' ||
            (address < ENDPOINT_ADDRESS - 2 && is_zone(authority + 1 + address, ENDPOINT_ADDRESS - 2 - address))) &&
           is_port_and_path(authority + length + 2);
  }
  length = strcspn(authority, ":/");
  return length > 0 && length < 256 && is_port_and_path(authority + length);
}

/* Puts the parts together again, the port without leading zeros. */
static void require_as_given(const char *url, const struct wmrec_target *target, const char *address)
{
  const char *next = url + (target->plain_http ? 7 : 8);
  const size_t length = strlen(target->host);
  const bool is_bracketed = *next == '[';

  require(strncasecmp(url, target->plain_http ? "http://" : "https://", target->plain_http ? 7 : 8) == 0,
          "the scheme decides on TLS");
  next += is_bracketed;
  require(strncmp(next, target->host, length) == 0, "the host is the URL's");
  next += length;
  require((*next == '%') == (*address != '\0'), "there is a zone if and only if the URL has one");
  if (*next == '%') {
    const char *end = strchr(next, ']');
    const char *zone = strchr(address, '%') + 1;

    require(strncmp(address, target->host, length) == 0 && address + length + 1 == zone, "it is the host's zone");
    require(strncmp(end - strlen(zone), zone, strlen(zone)) == 0, "the zone is the URL's");
    next = end;
  }
  next += is_bracketed;
  require((*next == ':') == (target->port != 0), "there is a port if and only if the URL has one");
  if (*next == ':') {
    char port[8];

    snprintf(port, sizeof port, "%u", target->port);
    next += 1 + strspn(next + 1, "0");
    require(strncmp(next, port, strlen(port)) == 0, "the port is the URL's");
    next += strlen(port);
  }
  require(strcmp(target->base_path, next) == 0, "the path is the URL's");
}

static size_t count(const char *bytes, size_t length, char c)
{
  size_t found = 0;

  for (size_t i = 0; i < length; i++)
    found += bytes[i] == c;
  return found;
}

/* The request line, six fields, and an empty line. */
static void require_request(struct wmrec_target *target)
{
  static char buffer[2 * URL_MOST];
  struct wmrec_exchange x;
  const char *request;
  size_t length;

  target->mock_api_id = target->plain_http ? NULL : "jjl8y";
  target->token = "wm_0123456789abcdef";
  if (wmrec_begin(&x, target, buffer, sizeof buffer) != WMREC_OK)
    return;
  request = wmrec_to_send(&x, &length);
  require(count(request, length, '\r') == 8 && count(request, length, '\n') == 8, "the URL adds no line to a request");
  require(count(request, length, ' ') == 2 + 6 + 1, "the URL adds no word to a request");
  require(memcmp(request + length - 4, "\r\n\r\n", 4) == 0, "a request ends with an empty line");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  static char room[URL_MOST + 1];
  static struct endpoint endpoint;
  char *const url = room + sizeof room - 1 - length;
  struct wmrec_target target = {0};
  const char *error;

  if (length > URL_MOST)
    return -1;
  memcpy(url, bytes, length);
  error = endpoint_parse(url, &target, &endpoint);
  require((error == NULL) == is_base_url(url), "a URL is accepted if and only if endpoint.h says so");
  if (error == NULL) {
    require_as_given(url, &target, endpoint.address);
    require_request(&target);
  }
  return 0;
}
