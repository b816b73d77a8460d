/* A stand-in for the Wi-Fi and the date of ESP32, ESP8266 and arduino-pico, with the calls that the example Cloud
 * makes. Its network is the second serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_WIFI_H
#define WMREC_TESTS_WIFI_H

#include <Arduino.h>
#include <time.h>

enum { WL_CONNECTED = 3 };

struct WiFiClass {
  int begin(const char *, const char *)
  {
    Serial1.begin(1000000);
    return WL_CONNECTED;
  }
  int status()
  {
    return WL_CONNECTED;
  }
};

static WiFiClass WiFi;

#ifdef ARDUINO_ARCH_RP2040
struct NTPClass {
  void begin(const char *, const char *)
  {
    set_system_time(1764590400 - UNIX_OFFSET);
  }
};

static NTPClass NTP;
#else
static inline void configTime(long, int, const char *, const char *)
{
  set_system_time(1764590400 - UNIX_OFFSET);
}
#endif

/* An AVR's time_t begins in 2000. */
#define time(pointer) (time(pointer) + UNIX_OFFSET)

#endif
