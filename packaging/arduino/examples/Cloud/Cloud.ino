/* Not run on a board yet, and compiled against declarations of the boards' libraries only, not against these.
 *
 * A lamp that is lit while a mock API in WireMock Cloud records. For ESP32, for ESP8266, and for the Raspberry Pi
 * Pico W with arduino-pico. The certificate of the Cloud is verified by the roots in roots.h. An ESP32 does not check
 * that it is valid today, unless its core is built with MBEDTLS_HAVE_TIME_DATE.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#if defined(ESP8266)
#include <ESP8266WiFi.h>
#elif defined(ESP32) || defined(ARDUINO_ARCH_RP2040)
#include <WiFi.h>
#else
#error "This sketch is for ESP32, ESP8266 and arduino-pico."
#endif
#include <WiFiClientSecure.h>
#include <time.h>

#include <wmrec_arduino.h>

#include "roots.h"

static const char ssid[] = "your network";
static const char password[] = "its password";
static const char mock_api_id[] = "jjl8y";
static const char key[] = "your API key";   /* anybody who has the board can read it */
static const int lamp = 2;                  /* a pin */
static const uint32_t timeout = 15000;      /* of a request, in ms */
static const uint32_t stale_after = 180000; /* the age at which an answer does not count any more, in ms */

#ifdef ESP32
static WiFiClientSecure client;
#else
static BearSSL::WiFiClientSecure client;
static BearSSL::X509List anchors(roots);
#endif
static struct wmrec_arduino connection = {&client, true}; /* true as setup() sets roots and waits for the date */
static struct wmrec_target target;
static struct wmrec_schedule schedule; /* all zero: asks once a minute */
static struct wmrec_monitor monitor;
static struct wmrec_exchange exchange;
static struct wmrec_drive drive;
static char buffer[WMREC_BUFFER_SIZE];

static uint32_t random32()
{
  return static_cast<uint32_t>(random(65536)) << 16 | static_cast<uint32_t>(random(65536));
}

/* A certificate cannot be judged without the date. */
static void wait_for_date()
{
#ifdef ARDUINO_ARCH_RP2040
  NTP.begin("pool.ntp.org", "time.nist.gov");
#else
  configTime(0, 0, "pool.ntp.org", "time.nist.gov");
#endif
  while (time(nullptr) < 1735689600) /* 2025: the date is not set */
    delay(100);
}

static int ask()
{
  int result;

  wmrec_drive_begin(&drive, &exchange, &target, millis(), timeout);
  while ((result = wmrec_drive_step(&drive, millis())) > 0)
    delay(1);
  return result;
}

void setup()
{
  Serial.begin(115200);
  pinMode(lamp, OUTPUT);
  WiFi.begin(ssid, password);
  while (WiFi.status() != WL_CONNECTED)
    delay(100);
  wait_for_date();
#ifdef ESP32
  client.setCACert(roots);
#else
  client.setTrustAnchors(&anchors);
#endif

  target.host = "api.wiremock.cloud";
  target.mock_api_id = mock_api_id;
  target.token = key;
  wmrec_drive_init(&drive, wmrec_arduino_transport(&connection), buffer, sizeof buffer);
}

void loop()
{
  if (wmrec_monitor_wait(&monitor, millis()) == 0) {
    const int result = ask();

    wmrec_monitor_update(&monitor, &schedule, &exchange, millis(), random32());
    Serial.println(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_text(result));
  }
  digitalWrite(lamp, wmrec_is_lit(wmrec_indicate(&monitor, millis(), stale_after), millis()) ? HIGH : LOW);
  delay(10);
}
