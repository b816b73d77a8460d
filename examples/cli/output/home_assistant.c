/* Home Assistant's MQTT discovery: lines of topic and payload, for mosquitto_pub to publish.
 *
 * https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery and
 * https://www.home-assistant.io/integrations/binary_sensor.mqtt/
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/home_assistant.h"

#include <stdio.h>

/* What any id becomes in a topic and in an object's id: letters and digits, and each other byte as "-" and its code. */
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

/* Inside of JSON's quotes; names are printable ASCII. */
static void print_escaped(const char *name)
{
  for (; *name != '\0'; name++) {
    if (*name == '"' || *name == '\\')
      putchar('\\');
    putchar(*name);
  }
}

/* The id; or the server, whose host may have several; or both, where there are several servers. */
static const char *name_of(const struct subject *subject)
{
  return subject->id != NULL ? subject_name(subject) : client_server(subject->client);
}

void home_assistant_print_config(const struct subject *subject)
{
  const char *name = name_of(subject);

  fputs("homeassistant/binary_sensor/wmrec_", stdout);
  print_key(name);
  fputs("/config {\"name\":\"", stdout);
  print_escaped(name);
  fputs(" recording\",\"unique_id\":\"wmrec_", stdout);
  print_key(name);
  fputs("\",\"state_topic\":\"wmrec/", stdout);
  print_key(name);
  printf("/state\",\"payload_on\":\"ON\",\"payload_off\":\"OFF\",\"expire_after\":%lu,\"icon\":\"mdi:record-rec\","
         "\"device\":{\"identifiers\":[\"wmrec\"],\"name\":\"WireMock\"},"
         "\"origin\":{\"name\":\"wmrec\",\"sw_version\":\"" WMREC_VERSION "\"}}\n",
         (unsigned long)(subject->client->options->stale_after / 1000 +
                         (subject->client->options->stale_after % 1000 != 0)));
}

void home_assistant_print_state(const struct subject *subject)
{
  fputs("wmrec/", stdout);
  print_key(name_of(subject));
  puts(wmrec_monitor_answer(&subject->monitor) == WMREC_RECORDING ? "/state ON" : "/state OFF");
}
