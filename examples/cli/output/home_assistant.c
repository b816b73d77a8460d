/* Home Assistant's MQTT discovery: lines of topic and payload, which mosquitto_pub publishes.
 *
 * https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery and
 * https://www.home-assistant.io/integrations/binary_sensor.mqtt/
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/home_assistant.h"

#include <stdio.h>

#include "input/duration.h"
#include "output/json.h"

/* Prints a name as a part of a topic or of a unique id: each byte that is not a letter or a digit becomes "-" and its
 * code in hexadecimal. */
static void print_key(const char *name)
{
  for (; *name != '\0'; name++) {
    const unsigned char c = (unsigned char)*name;

    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
      putchar(c);
    else
      printf("-%02x", c);
  }
}

/* Returns a name that no other sensor has: two servers may have the same host. */
static const char *unique_name(const struct mock_api *mock_api)
{
  return mock_api->id != NULL ? mock_api_name(mock_api) : client_server(mock_api->client);
}

/* Returns --stale-after in seconds, rounded up. */
static unsigned long expire_after(const struct options *options)
{
  return (options->stale_after + DURATION_SECOND - 1) / DURATION_SECOND;
}

void home_assistant_print_config(const struct mock_api *mock_api)
{
  const char *name = unique_name(mock_api);
  char title[2048 + sizeof " recording"];

  snprintf(title, sizeof title, "%s recording", name);
  fputs("homeassistant/binary_sensor/wmrec_", stdout);
  print_key(name);
  fputs("/config {\"name\":", stdout);
  json_print_string(stdout, title);
  fputs(",\"unique_id\":\"wmrec_", stdout);
  print_key(name);
  fputs("\",\"state_topic\":\"wmrec/", stdout);
  print_key(name);
  printf("/state\",\"payload_on\":\"ON\",\"payload_off\":\"OFF\",\"expire_after\":%lu,\"icon\":\"mdi:record-rec\","
         "\"device\":{\"identifiers\":[\"wmrec\"],\"name\":\"WireMock\"},"
         "\"origin\":{\"name\":\"wmrec\",\"sw_version\":\"" WMREC_VERSION "\"}}\n",
         expire_after(mock_api->client->options));
}

/* None makes the state "unknown". Home Assistant counts the time to "unavailable" from the line, not from the answer,
 * which a cache may have kept for a while. */
static const char *payload(enum wmrec_recording status)
{
  if (status == WMREC_UNKNOWN)
    return "None";
  return status == WMREC_RECORDING ? "ON" : "OFF";
}

void home_assistant_print_state(const struct mock_api *mock_api, enum wmrec_recording status)
{
  fputs("wmrec/", stdout);
  print_key(unique_name(mock_api));
  printf("/state %s\n", payload(status));
}
