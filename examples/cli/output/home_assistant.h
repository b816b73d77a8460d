/* Home Assistant's MQTT discovery: lines of topic and payload, for mosquitto_pub to publish.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_HOME_ASSISTANT_H
#define WMREC_CLI_HOME_ASSISTANT_H

#include "commands/subject.h"

/* The line that makes Home Assistant know the subject: to be published with the retain flag. Its topic ends in /config.
 */
void home_assistant_print_config(const struct subject *subject);

/* The line of an answer that has just come, ON or OFF: to be published without the flag, or an old one would look
 * fresh to who subscribes later. */
void home_assistant_print_state(const struct subject *subject);

#endif
