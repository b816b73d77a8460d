/* Messages on standard error about exchanges: what happened, where, and what to do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MESSAGE_H
#define WMREC_CLI_MESSAGE_H

#include "net/client.h"

/* Prints why the client's last exchange failed. Call it before client_end(). */
void message_failure(const struct client *client);

/* Prints that the client's last exchange succeeded, after one that failed. */
void message_recovery(const struct client *client);

/* Returns the exit status for a result. */
int message_exit_status(int result);

#endif
