/* Home Assistant's MQTT discovery: lines of topic and payload, which mosquitto_pub publishes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_HOME_ASSISTANT_H
#define WMREC_CLI_HOME_ASSISTANT_H

#include "net/mock_api.h"

/* Prints the line that makes a sensor of the mock API in Home Assistant. Its topic ends with /config. Publish it with
 * the retain flag. */
void home_assistant_print_config(const struct mock_api *mock_api);

/* Prints the line for an answer that has just arrived, ON or OFF; or for WMREC_UNKNOWN, when the last answer becomes
 * stale. Publish it without the retain flag: a new subscriber would take an old answer for a new one. */
void home_assistant_print_state(const struct mock_api *mock_api, enum wmrec_recording status);

#endif
