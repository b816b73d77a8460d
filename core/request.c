/* The request: RFC 9112, section 3, with the fields that the API needs and no others.
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

static unsigned hex_digit(unsigned value)
{
  return value + (value < 10 ? '0' : 'A' - 10);
}

/* Puts a text of the caller's, of letters, digits and others, and at least one of them: no control byte and no space
 * goes out, which would end a line or a word. */
static void put_checked(struct wmrec_exchange *x, const char *text, const char *others, int error)
{
  if (*text == '\0')
    x->outcome = (int8_t)error;
  for (; *text != '\0'; text++) {
    const unsigned c = (unsigned char)*text;

    if (!wmrec_is_alphanumeric_or(c, others))
      x->outcome = (int8_t)error;
    put_byte(x, c);
  }
}

/* Everything but unreserved characters (RFC 3986, section 2.3) is encoded: that an id holds a delimiter does not make
 * it one. */
static void put_id(struct wmrec_exchange *x, const char *id)
{
  const char *next = id;

  for (; *next != '\0'; next++) {
    unsigned c = (unsigned char)*next;

    if (c - ' ' > '~' - ' ')
      x->outcome = WMREC_ERROR_MOCK_API_ID;
    if (!wmrec_is_alphanumeric_or(c, "-._~")) {
      put_byte(x, '%');
      put_byte(x, hex_digit(c >> 4));
      c = hex_digit(c & 15);
    }
    put_byte(x, c);
  }
  if ((size_t)(next - id) - 5 > 10 - 5)
    x->outcome = WMREC_ERROR_MOCK_API_ID;
}

/* By multiplication, as a small core has no division. The digits come from the last to the first, and go the other way
 * behind an end mark. */
static void put_port(struct wmrec_exchange *x, uint32_t port)
{
  uint32_t digits = 15;

  put_byte(x, ':');
  do {
    const uint32_t tenth = port * 52429 >> 19;

    digits = digits << 4 | (port - tenth * 10);
    port = tenth;
  } while (port != 0);
  for (; digits != 15; digits >>= 4)
    put_byte(x, '0' + (digits & 15));
}

static void put_host(struct wmrec_exchange *x, const char *host)
{
  /* RFC 3986, section 3.2.2: an IPv6 address stands in brackets, or its last group would read as a port. */
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
    put_id(x, target->mock_api_id);
    if (target->plain_http)
      x->outcome = WMREC_ERROR_PLAIN_HTTP;
  }
  put(x, "/recordings/status HTTP/1.1\r\nHost: ");
  put_host(x, target->host);
  /* RFC 9110, section 7.2: Host is the target's authority, and a default port is not part of that. */
  if (target->port != 0 && target->port != (target->plain_http ? 80 : 443))
    put_port(x, target->port);
  if (target->token != NULL) {
    put(x, "\r\nAuthorization: Token ");
    put_checked(x, target->token, NULL, WMREC_ERROR_TOKEN);
  } else if (target->mock_api_id != NULL) {
    x->outcome = WMREC_ERROR_TOKEN;
  }
  put(x, "\r\nAccept: application/json\r\n\r\n");
}
