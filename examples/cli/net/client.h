/* One server, the connection to it, and the last exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CLIENT_H
#define WMREC_CLI_CLIENT_H

#include "drive.h"
#include "input/endpoint.h"
#include "input/options.h"
#include "net/location.h"
#include "net/tls_client.h"
#include "net/verbose.h"
#include "posix.h"

/* The memory that a server needs only during an exchange. */
struct workspace {
  unsigned char session[8192]; /* the TLS session; a multiple of a page of 4 KiB, so that the buffer begins on a page */
  char buffer[65536];          /* the buffer of the exchange */
};

/* Read it only, except for the private fields. */
struct client {
  const struct options *options;
  const struct options_server *server; /* its URL and ids */
  struct wmrec_target target;          /* mock_api_id: the id of the last exchange; NULL: self-hosted */
  struct wmrec_exchange exchange;      /* the last exchange */
  struct wmrec_posix tcp;
  struct tls_client *tls;   /* NULL: plain HTTP */
  struct location location; /* where the last answer redirects to */
  struct verbose *verbose;  /* -v; NULL: none */
  int want;                 /* > 0: an exchange waits for this WMREC_WANT_*; else the result of the last exchange */

  /* Private. */
  struct wmrec_drive drive;
  struct workspace *workspace; /* set by servers.c; NULL: not yet */
  bool has_pages;              /* an exchange has written to the workspace, so it takes physical memory */
  struct endpoint endpoint;    /* the texts of the target */
};

/* Sets the target from the server's URL. The client was zeroed, then options and server were set. Returns 0; or the
 * exit status, after a message, as the next two functions do. */
int client_set_target(struct client *client);

/* Checks the target with each of the server's ids, before anything is sent. The workspace and target.token were set. */
int client_check(struct client *client);

/* Prepares the connection. tls: zeroed; it is not used if the URL is plain HTTP. */
int client_open(struct client *client, struct tls_client *tls);

/* Sets the token that is sent from now on, borrowed, of token_read(); NULL: none. Call it only if no exchange is under
 * way. */
void client_set_token(struct client *client, const char *token);

/* Begins an exchange about this id (NULL: self-hosted), of at most `time` ms. */
void client_begin(struct client *client, const char *id, uint32_t time);

/* Fills in what poll() must wait for before the next client_step(). Returns the maximum time to wait, in ms. */
uint32_t client_poll(const struct client *client, struct pollfd *waited_for);

/* Continues the exchange without blocking, and updates client->want. */
void client_step(struct client *client);

/* Takes the TLS session out of the workspace, and wipes the body and the location. Call it when the result has been
 * reported, as the body and the status text are in the workspace. A second call does nothing; client_begin() and
 * client_close() call it, too. The connection stays open. */
void client_end(struct client *client);

/* Gives the pages of the workspace back to the system, unless an exchange is under way. Call it now and then: after
 * each exchange, it would triple the CPU time of a poll, because the next exchange gets new pages. */
void client_release_memory(struct client *client);

/* Runs one exchange to its end, or until a signal arrives (see signals.h), and returns its result. */
int client_ask(struct client *client, const char *id, uint32_t time);

/* Returns the port, also if the URL has none. */
uint16_t client_port(const struct client *client);

/* Returns the server as "host", "host:8080" or "host:8080/path", as its URL has it. Static, until the next call. */
const char *client_server(const struct client *client);

/* Returns the server's name for messages: the host if there is one server, client_server() if there are several.
 * Static, until the next call. */
const char *client_name(const struct client *client);

/* Closes the connection; the next exchange connects again. If an exchange is under way, it is given up: its result
 * means nothing. */
void client_disconnect(struct client *client);

/* Closes the connection for good. */
void client_close(struct client *client);

#endif
