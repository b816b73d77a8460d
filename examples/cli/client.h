/* One server, the connection to it, and the last exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CLIENT_H
#define WMREC_CLI_CLIENT_H

#include "drive.h"
#include "options.h"
#include "posix.h"
#include "tls.h"
#include "trace.h"

/* To be read, but for what is private. Only one can be in use, as mbedTLS is one for the program. */
struct client {
  const struct options *options;
  struct wmrec_target target; /* mock_api_id: the one asked last; NULL: self-hosted */
  struct wmrec exchange;      /* with it */
  struct wmrec_posix tcp;
  struct wmrec_tls tls; /* unused with target.plain_http */

  /* Private. */
  struct wmrec_drive drive;
  struct trace trace;
  char buffer[65536];
};

/* Checks all that can be without the roots and the network: the URL, the key, the ids. Returns and wants as
 * client_open(), which begins with it. */
int client_check(struct client *client, const struct options *options);

/* Makes ready to ask, so that what is wrong with the options, the key or an id is known before anything is sent.
 * Returns 0, or the exit status, all having been said. The client was zeroed; options: borrowed until client_close().
 */
int client_open(struct client *client, const struct options *options);

/* Begins to ask about this id (NULL: a self-hosted server), for `time` ms at most. */
void client_begin(struct client *client, const char *id, uint32_t time);

/* Goes on, and waits for `time` ms at most. Returns > 0 while under way, then the result. A signal, see stop.h, ends it
 * with an error. */
int client_step(struct client *client, uint32_t time);

/* Both, to the end. */
int client_ask(struct client *client, const char *id, uint32_t time);

/* The server as "host", "host:8080" or "host:8080/path": what tells it from others on its host. Static. */
const char *client_server(const struct client *client);

/* Closes the connection, and wipes the key. */
void client_close(struct client *client);

#endif
