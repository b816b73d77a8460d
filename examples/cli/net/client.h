/* One server, the connection to it, and the last exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CLIENT_H
#define WMREC_CLI_CLIENT_H

#include "drive.h"
#include "input/endpoint.h"
#include "input/options.h"
#include "net/secure.h"
#include "net/verbose.h"
#include "posix.h"

/* To be read, but for what is private. */
struct client {
  const struct options *options;
  const struct options_server *server; /* its URL and ids */
  struct wmrec_target target;          /* mock_api_id: the one asked last; NULL: self-hosted */
  struct wmrec_exchange exchange;      /* with it */
  struct wmrec_posix tcp;
  struct secure *secure; /* NULL: plain HTTP */
  int want;              /* > 0: an exchange is under way, and waits for this; else the result of the last one */

  /* Private. */
  struct wmrec_drive drive;
  struct workspace *workspace; /* set by servers.c; its pages are released by client_end() */
  char host[ENDPOINT_HOST];
};

/* Takes the server's URL apart. The client was zeroed, and has its options and its server. Returns 0; or the exit
 * status, all having been said, as the next two do. */
int client_set_target(struct client *client);

/* Checks the ids, by what they would be asked with, before anything is sent: target.token is set, and there are
 * workspaces. */
int client_check(struct client *client);

/* Makes ready to ask. secure: zeroed, for TLS; unused if it is plain HTTP. */
int client_open(struct client *client, struct secure *secure);

/* Begins to ask about this id (NULL: a self-hosted server), for `time` ms at most. */
void client_begin(struct client *client, const char *id, uint32_t time);

/* Until client_step() is to be called at the latest, in ms; and what may be waited for till then. */
uint32_t client_poll(const struct client *client, struct pollfd *waited_for);

/* Goes on, without waiting, as far as it gets: see `want`. */
void client_step(struct client *client);

/* Gives back what an exchange needs, once its result has been looked at; so do client_begin() and client_close(). */
void client_end(struct client *client);

/* Begins, and goes on to the end. Returns the result. A signal, see stop.h, ends it with an error. */
int client_ask(struct client *client, const char *id, uint32_t time);

/* Which port it is, also if the URL does not say so. */
uint16_t client_port(const struct client *client);

/* The server as "host", "host:8080" or "host:8080/path": what tells it from others on its host. Static. */
const char *client_server(const struct client *client);

/* The server's name for people: its host, if it is the only one; else as above. Static. */
const char *client_name(const struct client *client);

/* Closes the connection. */
void client_close(struct client *client);

#endif
