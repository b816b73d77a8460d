/* What wmrec can be told to do. Each takes a client that is open, and returns the exit status;
 * command_settings() takes one that is not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_COMMANDS_H
#define WMREC_CLI_COMMANDS_H

#include "client.h"

/* once.c */
int command_status(struct client *client);
int command_is_recording(struct client *client);

/* wait.c */
int command_wait(struct client *client);

/* watch.c */
int command_watch(struct client *client);

/* settings_command.c */
int command_settings(struct client *client, const struct options *options);

#endif
