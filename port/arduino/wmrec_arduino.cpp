/* A transport over a Client of Arduino. PlatformIO compiles this file for other frameworks, too: then it is empty.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec_arduino.h"

#ifdef ARDUINO

static Client *client_of(void *context)
{
  return static_cast<struct wmrec_arduino *>(context)->client;
}

static int arduino_open(void *context, const char *host, uint16_t port, uint32_t)
{
  return client_of(context)->connect(host, port) > 0 ? WMREC_OK : WMREC_ERROR_CONNECT;
}

static int arduino_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  *sent = client_of(context)->write(static_cast<const uint8_t *>(bytes), length);
  return *sent > 0 && *sent <= length ? WMREC_OK : WMREC_ERROR_RESET; /* more: a core's -1 */
}

static int arduino_receive(void *context, void *bytes, size_t size, size_t *received)
{
  Client *client = client_of(context);
  const bool is_connected = client->connected(); /* first, as the last bytes may come between the two calls */
  int count = client->available();

  /* read() may block if it is asked for more than is available. Without a byte, cores return 0 or -1. */
  if (count > 0)
    count = client->read(static_cast<uint8_t *>(bytes), static_cast<size_t>(count) < size ? count : size);
  if (count <= 0)
    return is_connected ? WMREC_WANT_READ : WMREC_ERROR_TRUNCATED;
  *received = static_cast<size_t>(count);
  return WMREC_OK;
}

static void arduino_close(void *context)
{
  client_of(context)->stop();
}

struct wmrec_transport wmrec_arduino_transport(struct wmrec_arduino *connection)
{
  static const struct wmrec_transport_functions plain = {false, arduino_open, arduino_send, arduino_receive,
                                                         arduino_close};
  static const struct wmrec_transport_functions tls = {true, arduino_open, arduino_send, arduino_receive,
                                                       arduino_close};
  const struct wmrec_transport transport = {connection->is_verified_tls ? &tls : &plain, connection};

  return transport;
}

#endif
