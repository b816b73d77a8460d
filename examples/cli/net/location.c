/* A transport over another transport, which keeps where a redirect points to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/location.h"

#include <string.h>
#include <strings.h>

#include <mbedtls/platform_util.h>

static const char name[] = "location:";

enum { NAME_LENGTH = sizeof name - 1 };

static bool begins_with(const struct location *location, const char *text, size_t length)
{
  return location->length >= length && strncasecmp(location->line, text, length) == 0;
}

/* The LF has come; a CR may stand before it. */
static void end_line(struct location *location)
{
  const bool is_empty = location->length == 0 || (location->length == 1 && location->line[0] == '\r');

  if (!location->is_begun)
    location->is_1xx = begins_with(location, "HTTP/1.1 1", 10) || begins_with(location, "HTTP/1.0 1", 10);
  else if (is_empty)
    location->is_over = !location->is_1xx;
  else
    location->is_found = !location->is_1xx && begins_with(location, name, NAME_LENGTH);
  location->is_begun = !is_empty;
  if (!location->is_found)
    location->length = 0;
}

static void look_at(struct location *location, const char *bytes, size_t length)
{
  for (size_t i = 0; i < length && !location->is_found && !location->is_over; i++) {
    if (bytes[i] == '\n')
      end_line(location);
    else if (location->length < sizeof location->line)
      location->line[location->length++] = bytes[i];
    else
      location->length = sizeof location->line + 1;
  }
}

static int location_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  const struct location *location = context;

  return location->inner.functions->open(location->inner.context, host, port, time_left);
}

static int location_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct location *location = context;

  location_wipe(location);
  return location->inner.functions->send(location->inner.context, bytes, length, sent);
}

static int location_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct location *location = context;
  const int result = location->inner.functions->receive(location->inner.context, bytes, size, received);

  if (result == WMREC_OK)
    look_at(location, bytes, *received);
  return result;
}

static void location_close(void *context)
{
  const struct location *location = context;

  location->inner.functions->close(location->inner.context);
}

struct wmrec_transport location_transport(struct location *location, struct wmrec_transport inner)
{
  location->inner = inner;
  location->functions = (struct wmrec_transport_functions){inner.functions->is_verified_tls, location_open,
                                                           location_send, location_receive, location_close};
  return (struct wmrec_transport){&location->functions, location};
}

static bool is_white(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

const char *location_value(const struct location *location, size_t *length, bool *is_cut)
{
  const char *value = location->line + NAME_LENGTH;
  const char *end =
      location->line + (location->length < sizeof location->line ? location->length : sizeof location->line);

  *is_cut = location->is_found && location->length > sizeof location->line;
  *length = 0;
  if (!location->is_found)
    return value;
  while (value < end && is_white(*value))
    value++;
  while (value < end && is_white(end[-1]))
    end--;
  *length = (size_t)(end - value);
  return value;
}

void location_wipe(struct location *location)
{
  mbedtls_platform_zeroize(location->line, sizeof location->line);
  location->length = 0;
  location->is_found = location->is_begun = location->is_over = location->is_1xx = false;
}
