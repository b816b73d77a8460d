/* Asks once for each letter that comes over the first serial line, and prints a line with the result, the recording
 * and the result's text. One connection is kept for all.
 *
 *   p   a self-hosted server, over plain HTTP
 *   t   the same, with a deadline of 2 s
 *   v   the Cloud, over a Client that is said to be verified TLS
 *   n   the Cloud, over a Client that is not
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <wmrec_arduino.h>

#include <LineClient.h>

static LineClient client(Serial1);
static struct wmrec_arduino connection;
static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_target target;

static void choose(char letter)
{
  const bool is_verified_tls = letter == 'v';

  target.plain_http = letter == 'p' || letter == 't';
  target.mock_api_id = target.plain_http ? NULL : "jjl8y";
  target.token = target.plain_http ? NULL : "wmc-4f0c8a51d2";
  target.port = target.plain_http ? 8080 : 443;
  if (connection.is_verified_tls != is_verified_tls) {
    wmrec_drive_close(&drive);
    connection.is_verified_tls = is_verified_tls;
    wmrec_drive_init(&drive, wmrec_arduino_transport(&connection), buffer, sizeof buffer);
  }
}

static int ask(uint32_t timeout)
{
  int result;

  wmrec_drive_begin(&drive, &exchange, &target, millis(), timeout);
  do
    result = wmrec_drive_step(&drive, millis());
  while (result > 0);
  return result;
}

void setup()
{
  Serial.begin(1000000);
  Serial1.begin(1000000);
  connection.client = &client;
  target.host = "mocks.example";
  wmrec_drive_init(&drive, wmrec_arduino_transport(&connection), buffer, sizeof buffer);
}

void loop()
{
  const int letter = Serial.read();
  int result;

  if (letter < 0)
    return;
  choose(letter);
  result = ask(letter == 't' ? 2000 : 3600000); /* simulated time may pass much faster than the server's */
  Serial.print(wmrec_result_name(result));
  Serial.print('\t');
  Serial.print(wmrec_recording_name(wmrec_answer(&exchange)));
  Serial.print('\t');
  Serial.println(wmrec_result_text(result));
}
