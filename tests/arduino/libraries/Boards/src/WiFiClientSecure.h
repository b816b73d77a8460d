/* A stand-in for the TLS clients of ESP32, ESP8266 and arduino-pico. arduino.test.js verifies the server, at the other
 * end of the serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_WIFI_CLIENT_SECURE_H
#define WMREC_TESTS_WIFI_CLIENT_SECURE_H

#include <LineClient.h>

#ifdef ESP32
class WiFiClientSecure : public LineClient
{
public:
  WiFiClientSecure() : LineClient(Serial1)
  {
  }
  void setCACert(const char *)
  {
  }
};
#else
namespace BearSSL
{

struct X509List {
  explicit X509List(const char *)
  {
  }
};

class WiFiClientSecure : public LineClient
{
public:
  WiFiClientSecure() : LineClient(Serial1)
  {
  }
  void setTrustAnchors(const X509List *)
  {
  }
};

} // namespace BearSSL
#endif

#endif
