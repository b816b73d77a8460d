/* The request: RFC 9112, section 3, with the fields that the API and the proxies before it need, and no others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

static void put_byte(struct wmrec_exchange *x, unsigned byte)
{
  if (x->length < x->size)
    x->buffer[x->length++] = (char)byte;
  else
    x->outcome = WMREC_ERROR_BUFFER;
}

static void put(struct wmrec_exchange *x, const char *text)
{
  while (*text != '\0')
    put_byte(x, (unsigned char)*text++);
}

static unsigned upper_hex_digit(unsigned value)
{
  return value + (value < 10 ? '0' : 'A' - 10);
}

/* A letter, a digit or one of the others; NULL: any visible character of ASCII. */
static bool is_alphanumeric_or(unsigned c, const char *others)
{
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
    return true;
  if (others == NULL)
    return c >= '!' && c <= '~';
  while (*others != '\0')
    if ((unsigned char)*others++ == c)
      return true;
  return false;
}

static bool is_printable_ascii(unsigned c)
{
  return c >= ' ' && c <= '~';
}

/* RFC 3986, section 2.1. */
static void put_encoded(struct wmrec_exchange *x, unsigned c)
{
  put_byte(x, '%');
  put_byte(x, upper_hex_digit(c >> 4));
  put_byte(x, upper_hex_digit(c & 15));
}

/* Puts a text of the caller's and returns its length. It must have at least one character, and only letters, digits and
 * others: no control character and no space, which would end a line or a word. A mock API's id may have any printable
 * character; one that is not of the others is encoded, so that a delimiter in the id does not delimit the path. */
static size_t put_checked(struct wmrec_exchange *x, const char *text, const char *others, int error)
{
  const char *next = text;

  for (; *next != '\0'; next++) {
    const unsigned c = (unsigned char)*next;

    if (is_alphanumeric_or(c, others))
      put_byte(x, c);
    else if (error == WMREC_ERROR_MOCK_API_ID && is_printable_ascii(c))
      put_encoded(x, c);
    else
      x->outcome = (int8_t)error;
  }
  if (next == text)
    x->outcome = (int8_t)error;
  return (size_t)(next - text);
}

/* From the last digit to the first. tenth is port / 10 for each port: a small core has no instruction for a division.
 */
static void put_port(struct wmrec_exchange *x, uint32_t port)
{
  char text[sizeof ":65535"];
  char *next = text + sizeof text;

  *--next = '\0';
  do {
    const uint32_t tenth = port * 52429 >> 19;

    *--next = (char)('0' + (port - tenth * 10));
    port = tenth;
  } while (port != 0);
  *--next = ':';
  put(x, next);
}

/* RFC 3986, section 3.2.2: an IPv6 address stands in brackets, or its last group would read as a port. */
static void put_host(struct wmrec_exchange *x, const char *host)
{
  const char *colon = host;

  while (*colon != '\0' && *colon != ':')
    colon++;
  if (*colon == ':')
    put_byte(x, '[');
  put_checked(x, host, ":-._~", WMREC_ERROR_HOST);
  if (*colon == ':')
    put_byte(x, ']');
}

void wmrec_request(struct wmrec_exchange *x, const struct wmrec_target *target)
{
  const char *path = target->base_path;
  size_t length;

  put(x, "GET ");
  if (path != NULL && *path != '\0') {
    put_checked(x, path, "/%!$&'()*+,;=@:-._~", WMREC_ERROR_BASE_PATH);
    if (*path != '/')
      x->outcome = WMREC_ERROR_BASE_PATH;
    if (x->length > 0 && x->buffer[x->length - 1] == '/')
      x->length--;
  }
  if (target->mock_api_id == NULL) {
    put(x, "/__admin");
  } else {
    put(x, "/v1/mock-apis/");
    length = put_checked(x, target->mock_api_id, "-._~", WMREC_ERROR_MOCK_API_ID);
    if (length < 5 || length > 10)
      x->outcome = WMREC_ERROR_MOCK_API_ID;
    if (target->plain_http)
      x->outcome = WMREC_ERROR_PLAIN_HTTP;
  }
  put(x, "/recordings/status HTTP/1.1\r\nHost: ");
  put_host(x, target->host);
  /* RFC 9110, section 7.2: Host is the target's authority, and a default port is not part of that. */
  if (target->port != 0 && target->port != (target->plain_http ? 80 : 443))
    put_port(x, target->port);
  if (target->token != NULL) {
    put(x, "\r\nAuthorization: ");
    put_checked(x, target->scheme == NULL ? "Token" : target->scheme, NULL, WMREC_ERROR_TOKEN);
    put_byte(x, ' ');
    put_checked(x, target->token, NULL, WMREC_ERROR_TOKEN);
  } else if (target->mock_api_id != NULL) {
    x->outcome = WMREC_ERROR_TOKEN;
  }
  put(x, "\r\nUser-Agent: wmrec/" WMREC_VERSION "\r\n"
         "Accept: application/json\r\n"
         "Accept-Encoding: identity\r\n"
         "Cache-Control: no-cache\r\n\r\n");
}
