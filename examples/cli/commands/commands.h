/* What wmrec can be told to do. Each takes servers that are open, and returns the exit status; command_settings() takes
 * such as are not. is-recording, wait and settings are for one server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_COMMANDS_H
#define WMREC_CLI_COMMANDS_H

#include "net/servers.h"

/* once.c */
int command_status(struct servers *servers);
int command_is_recording(struct servers *servers);

/* wait.c */
int command_wait(struct servers *servers);

/* watch.c */
int command_watch(struct servers *servers);

/* settings_command.c */
int command_settings(struct servers *servers, const struct options *options);

#endif
