/* The request: RFC 9112, section 3, with the fields that the API needs and no others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "internal.h"

/* RFC 3986, section 2.3. */
static bool is_unreserved(unsigned c)
{
  return c - '0' < 10 || (c | 0x20) - 'a' < 26 || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_byte(struct wmrec *x, unsigned byte)
{
  if (x->length < x->size)
    x->buffer[x->length++] = (char)byte;
  else
    x->error = WMREC_ERROR_BUFFER;
}

static void put_hex_digit(struct wmrec *x, unsigned digit)
{
  put_byte(x, digit + (digit < 10 ? '0' : 'A' - 10));
}

/* Puts a text of ours, or one of the caller's, of which `error` says what it is, and what is wrong if it is empty or
 * has a byte that such a text must not have: no control byte and no space goes out, which would end a line or a word.
 * Of an id, everything but RFC 3986's unreserved characters is encoded: that it holds a delimiter does not make it one.
 */
static void put(struct wmrec *x, const char *text, int error)
{
  unsigned c = (unsigned char)*text++;

  do {
    bool is_valid = c > ' ' && c < 0x7f;
    const bool is_plain = is_unreserved(c);

    if (error == WMREC_ERROR_HOST)
      is_valid = is_plain || c == ':';
    if (error == WMREC_ERROR_BASE_PATH && (c == '?' || c == '#'))
      is_valid = false;
    if (error == WMREC_ERROR_MOCK_API_ID && !is_plain) {
      is_valid |= c == ' ';
      put_byte(x, '%');
      put_hex_digit(x, c >> 4);
      put_hex_digit(x, c & 15);
    } else {
      put_byte(x, c);
    }
    if (error != WMREC_OK && !is_valid)
      x->error = (int8_t)error;
    c = (unsigned char)*text++;
  } while (c != '\0');
}

/* From the last digit: by multiplication, as a small core has no division. */
static void put_port(struct wmrec *x, uint32_t port)
{
  char digits[6];
  char *first = digits + sizeof digits;

  *--first = '\0';
  do {
    const uint32_t tenth = port * 52429 >> 19;

    *--first = (char)('0' + (port - tenth * 10));
    port = tenth;
  } while (port != 0);
  put_byte(x, ':');
  put(x, first, WMREC_OK);
}

static void put_host(struct wmrec *x, const char *host)
{
  /* RFC 3986, section 3.2.2: an IPv6 address stands in brackets, or its last group would read as a port. */
  bool is_ipv6 = false;

  for (const char *c = host; *c != '\0'; c++)
    is_ipv6 |= *c == ':';
  if (is_ipv6)
    put_byte(x, '[');
  put(x, host, WMREC_ERROR_HOST);
  if (is_ipv6)
    put_byte(x, ']');
}

int wmrec_request(struct wmrec *x, const struct wmrec_target *target)
{
  const char *id = target->mock_api_id;
  const char *path = target->base_path;
  const uint16_t port = target->port;

  put(x, "GET ", WMREC_OK);
  if (path != NULL && *path != '\0') {
    if (*path != '/')
      x->error = WMREC_ERROR_BASE_PATH;
    put(x, path, WMREC_ERROR_BASE_PATH);
    if (x->buffer[x->length - 1] == '/')
      x->length--;
  }
  if (id == NULL) {
    put(x, "/__admin", WMREC_OK);
  } else {
    size_t length = 0;

    while (id[length] != '\0')
      length++;
    put(x, "/v1/mock-apis/", WMREC_OK);
    put(x, id, WMREC_ERROR_MOCK_API_ID);
    if (length < 5 || length > 10)
      x->error = WMREC_ERROR_MOCK_API_ID;
    if (target->plain_http)
      x->error = WMREC_ERROR_PLAIN_HTTP;
  }
  put(x, "/recordings/status HTTP/1.1\r\nHost: ", WMREC_OK);
  put_host(x, target->host);
  /* RFC 9110, section 7.2: Host is the target's authority, and a default port is not part of that. */
  if (port != 0 && port != (target->plain_http ? 80 : 443))
    put_port(x, port);
  if (target->token != NULL) {
    put(x, "\r\nAuthorization: Token ", WMREC_OK);
    put(x, target->token, WMREC_ERROR_TOKEN);
  } else if (id != NULL) {
    x->error = WMREC_ERROR_TOKEN;
  }
  put(x, "\r\nAccept: application/json\r\n\r\n", WMREC_OK);
  return x->error;
}
