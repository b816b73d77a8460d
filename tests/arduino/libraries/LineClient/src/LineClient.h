/* A Client whose network is at the other end of a serial line: arduino.test.js opens the connections. Each call is a
 * request and its answer, of 32 bytes at most, as the board can keep 64.
 *
 *   connect     'c', the port (2 bytes, the higher first), the host, NUL       0 or 1
 *   write       'w', a count, the bytes                                        the count that was written
 *   the state   '?'                                                            is it connected: 0 or 1; bytes to read
 *   read        'r', a count                                                   the bytes
 *   stop        's'                                                            0
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_LINE_CLIENT_H
#define WMREC_TESTS_LINE_CLIENT_H

#include <Arduino.h>
#include <Client.h>

class LineClient : public Client
{
public:
  explicit LineClient(HardwareSerial &serial) : line(serial)
  {
  }

  int connect(IPAddress, uint16_t)
  {
    return 0;
  }

  int connect(const char *host, uint16_t port)
  {
    line.write('c');
    line.write(static_cast<uint8_t>(port >> 8));
    line.write(static_cast<uint8_t>(port));
    line.write(host);
    line.write('\0');
    return answer();
  }

  size_t write(uint8_t byte)
  {
    return write(&byte, 1);
  }

  size_t write(const uint8_t *bytes, size_t length)
  {
    const uint8_t count = length < 255 ? length : 255;

    line.write('w');
    line.write(count);
    line.write(bytes, count);
    return answer();
  }

  int available()
  {
    ask();
    return to_read;
  }

  int read()
  {
    uint8_t byte;

    return read(&byte, 1) == 1 ? byte : -1;
  }

  int read(uint8_t *bytes, size_t size)
  {
    ask();
    const uint8_t count = to_read < size ? to_read : size;

    if (count == 0)
      return -1;
    line.write('r');
    line.write(count);
    for (uint8_t i = 0; i < count; i++)
      bytes[i] = answer();
    return count;
  }

  int peek()
  {
    return -1;
  }

  void flush()
  {
  }

  void stop()
  {
    line.write('s');
    answer();
  }

  uint8_t connected()
  {
    ask();
    return is_connected;
  }

  operator bool()
  {
    return connected();
  }

private:
  HardwareSerial &line;
  uint8_t is_connected;
  uint8_t to_read;

  uint8_t answer()
  {
    while (line.available() == 0)
      ;
    return line.read();
  }

  void ask()
  {
    line.write('?');
    is_connected = answer();
    to_read = answer();
  }
};

#endif
