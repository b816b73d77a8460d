/* Messages on standard error about exchanges: what happened, where, and what to do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MESSAGE_H
#define WMREC_CLI_MESSAGE_H

#include "net/client.h"

/* A result of the tool's own, beside enum wmrec_result_code: an answer came, but a cache had kept it for longer than
 * --stale-after, or for an unknown time. */
#define RESULT_OLD (-100)

/* Returns the name or the text of a result: as wmrec_result_name() and wmrec_result_text(). Static. */
const char *message_result_name(int result);
const char *message_result_text(int result);

/* Prints why the client's last exchange gave no status. result: RESULT_OLD, or that of the exchange. Call it before
 * client_end(). */
void message_failure(const struct client *client, int result);

/* Prints that the client's last exchange gave a status, after one that gave none. */
void message_recovery(const struct client *client);

/* Returns the exit status for a result. */
int message_exit_status(int result);

#endif
