/* The commands of wmrec. Each returns the exit status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_COMMANDS_H
#define WMREC_CLI_COMMANDS_H

#include "net/servers.h"

/* status.c: asks once. servers: open; is-recording has one. */
int command_status(struct servers *servers);
int command_is_recording(struct servers *servers);

/* wait.c: asks until a status is reached. servers: open, one. signals_catch() was called. */
int command_wait(struct servers *servers);

/* watch.c: asks repeatedly, and shows changes. servers: open. signals_catch() was called. */
int command_watch(struct servers *servers);

/* settings.c: writes or shows the settings block of a device. servers: not open. */
int command_settings(struct servers *servers, const struct options *options);

#endif
