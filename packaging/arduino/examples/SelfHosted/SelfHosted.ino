/* A lamp that is lit while your own WireMock records. For a board with an Ethernet shield (W5100, W5200, W5500): plain
 * HTTP, so only in your own network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <SPI.h>

#include <Ethernet.h>
#include <wmrec_arduino.h>

static const char host[] = "192.168.1.10"; /* your WireMock: a name or an address */
static const uint16_t port = 8080;
static byte mac[] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x01}; /* another one for each board in your network */
static const int lamp = 7;                                /* a pin; not 13, which SPI uses */
static const uint32_t timeout = 10000;                    /* of a request, in ms */
static const uint32_t stale_after = 180000; /* the age at which an answer does not count any more, in ms */

static EthernetClient client;
static struct wmrec_arduino connection = {&client, false};
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
  randomSeed(analogRead(A0));
  while (Ethernet.begin(mac) == 0)
    Serial.println("no address by DHCP");
  client.setConnectionTimeout(2000);

  target.host = host;
  target.port = port;
  target.plain_http = true;
  wmrec_drive_init(&drive, wmrec_arduino_transport(&connection), buffer, sizeof buffer);
}

void loop()
{
  Ethernet.maintain();
  if (wmrec_monitor_wait(&monitor, millis()) == 0) {
    const int result = ask();

    wmrec_monitor_update(&monitor, &schedule, &exchange, millis(), random32());
    Serial.println(result == WMREC_OK ? wmrec_recording_name(wmrec_answer(&exchange)) : wmrec_result_text(result));
  }
  digitalWrite(lamp, wmrec_is_lit(wmrec_indicate(&monitor, millis(), stale_after), millis()) ? HIGH : LOW);
}
