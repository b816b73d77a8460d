/* What went wrong and what to do, for people, on standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MESSAGE_H
#define WMREC_CLI_MESSAGE_H

#include "net/client.h"

/* Why the client's last exchange failed. */
void message_failure(const struct client *client);

/* That it did not fail, after one that did. */
void message_recovery(const struct client *client);

/* The exit status that a result calls for. */
int message_exit_status(int result);

#endif
