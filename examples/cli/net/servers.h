/* The servers that are asked: each over a connection of its own, all at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SERVERS_H
#define WMREC_CLI_SERVERS_H

#include "net/client.h"

/* Zero it; to be read, but for wake. */
struct servers {
  struct client *clients; /* as on the command line */
  int count;
  int wake; /* as in posix.h: what ends a wait */
};

/* Checks all that can be without the roots and the network: the URLs, the key, the ids. Returns and wants as
 * servers_open(), which begins with it. */
int servers_check(struct servers *servers, const struct options *options);

/* Makes ready to ask, so that what is wrong with the options, the key or an id is known before anything is sent.
 * Returns 0, or the exit status, all having been said. options: borrowed until servers_close(). */
int servers_open(struct servers *servers, const struct options *options);

/* Waits for `time` ms at most, until a server that is being asked has something to say or a signal comes; and goes on
 * with each that has. */
void servers_step(struct servers *servers, uint32_t time);

/* Gives memory back to the system that nobody needs: to be called now and then. */
void servers_rest(void);

/* Closes all connections, and wipes the key. */
void servers_close(struct servers *servers);

#endif
